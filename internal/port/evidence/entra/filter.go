package entra

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// mostClauses is how many clauses an or may have, values of an in counted (observed of directory objects).
const mostClauses = 15

// quoted is a text of a filter: quotes inside are doubled. Whoever sends it encodes it for the URL.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func oneOf(property string, values []string) string {
	clauses := make([]string, len(values))
	for i, v := range values {
		clauses[i] = property + " eq " + quoted(v)
	}
	return strings.Join(clauses, " or ")
}

// byIDs are filters that name objects by id.
func byIDs(ids []string) []string {
	var out []string
	for some := range slices.Chunk(ids, mostClauses) {
		texts := make([]string, len(some))
		for i, id := range some {
			texts[i] = quoted(id)
		}
		out = append(out, "id in ("+strings.Join(texts, ",")+")")
	}
	return out
}

// byKey are the clauses that find whoever has a key as a name or address. What facts fold to lower case the directory
// compares without regard to case.
func byKey(key string) []string {
	k := quoted(key)
	if !strings.Contains(key, "@") {
		return []string{"mailNickname eq " + k, "startswith(userPrincipalName," + quoted(key+"#EXT#") + ")"}
	}
	return []string{
		"userPrincipalName eq " + k, "mail eq " + k, "proxyAddresses/any(p:p eq " + quoted("smtp:"+key) + ")",
		"otherMails/any(m:m eq " + k + ")",
	}
}

// byText are the clauses that find whom a person means by what they typed.
func byText(text string) []string {
	clauses := append(byKey(text), "displayName eq "+quoted(text))
	if !strings.Contains(text, "@") {
		clauses = append(clauses, "userPrincipalName eq "+quoted(text), "mail eq "+quoted(text))
	}
	if isID(text) {
		clauses = append(clauses, "id eq "+quoted(text))
	}
	return clauses
}

// isID recognises the id of an object: the service refuses a filter on anything else.
func isID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range []byte(strings.ToLower(text)) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}

// keysOf are the folded keys of a user beside the id and the display name: those by which a focused world finds who
// shares something with somebody.
func keysOf(u *document.User) []string {
	var keys []string
	add := func(k string) {
		if k = facts.Fold(k); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	add(u.UserPrincipalName)
	if before, after, guest := strings.Cut(u.UserPrincipalName, "#EXT#"); guest {
		add(before)
		add(before + after)
	}
	add(u.Mail.Value)
	add(u.MailNickname)
	for _, p := range u.ProxyAddresses {
		add(facts.Address(p))
	}
	for _, m := range u.OtherMails {
		add(m)
	}
	return keys
}

// typed is what a person typed as it is looked for: blanks gone, and the kind of an address as copied from proxyAddresses.
func typed(text string) string {
	text = strings.TrimSpace(text)
	if kind, address, ok := strings.Cut(text, ":"); ok && strings.EqualFold(kind, "smtp") {
		return address
	}
	return text
}
