package facts

import (
	"hash/maphash"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Fold is how keys are compared: lower case, surrounding blanks gone.
func Fold(s string) string { return document.Fold(s) }

// eachUserKey gives the keys beside the id that belong to one user of Entra; the display name, which does not, is
// apart. Of a
// guest's user principal name Entra maps the part before #EXT#.
func eachUserKey(u *document.User, take func(string)) {
	take(u.UserPrincipalName)
	if before, after, guest := strings.Cut(u.UserPrincipalName, "#EXT#"); guest {
		take(before)
		take(before + after)
	}
	take(u.Mail.Value)
	take(u.MailNickname)
	for _, p := range u.ProxyAddresses {
		take(Address(p))
	}
	for _, m := range u.OtherMails {
		take(m)
	}
}

// eachRecordKey gives the keys beside the id of a record of the Guard directory.
func eachRecordKey(u *document.ScimUser, take func(string)) {
	take(u.ExternalID)
	take(u.UserName)
	take(u.Atlassian.Value.AtlassianAccountID.Value)
	for _, e := range u.Emails {
		take(e.Value)
	}
}

// Address strips the kind (smtp:, SMTP:) from a proxy address; other kinds (X500:, SIP:) give "".
func Address(proxy string) string {
	kind, rest, ok := strings.Cut(proxy, ":")
	if !ok {
		return proxy
	}
	if strings.EqualFold(kind, "smtp") {
		return rest
	}
	return ""
}

// Domain is the domain of an address, folded.
func Domain(mail string) string {
	_, d, _ := strings.Cut(Fold(mail), "@")
	return d
}

// seed is different in every process, so that nobody can prepare documents whose keys have one hash.
var seed = maphash.MakeSeed()

// hash is the hash of a folded key; 0 is the empty key. Two keys with one hash only mean that somebody is kept who
// need not be.
func hash(key string) uint64 {
	key = Fold(key)
	if key == "" {
		return 0
	}
	return max(maphash.String(seed, key), 1)
}

// exactHash is the hash of a key as it is written.
func exactHash(key string) uint64 { return maphash.String(seed, key) }
