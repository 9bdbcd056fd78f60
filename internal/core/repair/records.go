package repair

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// What a person is told before letting a repair go.
const (
	meansDelete = "the record is gone for good, with its place in every synced group; the next apply makes the person's own record and puts it back into the groups"
	meansUnlink = "the other directory no longer keeps the account; if the provider behind it still has the person, it may take the account back, so take the person out there too"
)

// stale is the deletion of an old record that holds the user's name or address (C7). It must be proven to be nobody's:
// its externalId is an object id that Entra knows no living user by.
func stale(w *facts.World, u *document.User, id string) (plan.Step, string) {
	i, ok := w.ScimByID(id)
	if !ok {
		return plan.Step{}, fmt.Sprintf("the directory does not show the record %s: see which records the address has, and delete the old one where it is", cmp.Or(id, "at issue"))
	}
	r := &w.ScimUsers[i]
	switch why := owner(w, u, r); {
	case why != "":
		return plan.Step{}, why
	case !holds(r, u):
		return plan.Step{}, fmt.Sprintf("the record %s bears neither a name nor an address of %s, so that it is left alone", r.ID, u.UserPrincipalName)
	}
	account, known := accountOf(w, r)
	if !known {
		return plan.Step{}, fmt.Sprintf("whether the record %s hangs on an account was not told (%s), and that decides how it is deleted", r.ID, w.Call(document.ScimLinks))
	}
	if account == "" {
		return deletion(u, r, "", cause.StaleScimRecord, fmt.Sprintf("the old record %s holds %s, is nobody's in Entra, and hangs on no account", r.ID, cmp.Or(r.Email(), r.UserName))), ""
	}
	if why := alone(w, r, account); why != "" {
		return plan.Step{}, why
	}
	return deletion(u, r, account, cause.StaleScimRecord, fmt.Sprintf("the old record %s holds %s and is nobody's in Entra; its account %s stays as it is, and the new record takes it over", r.ID, cmp.Or(r.Email(), r.UserName), account)), ""
}

// owner says whose a record is, or why that cannot be told; "": nobody's.
func owner(w *facts.World, u *document.User, r *document.ScimUser) string {
	switch {
	case !w.Has(document.Users):
		return fmt.Sprintf("whether the record %s is somebody's cannot be told: the users of Entra were not read", r.ID)
	case strings.EqualFold(r.ExternalID, u.ID):
		return fmt.Sprintf("the record %s is %s's own", r.ID, u.UserPrincipalName)
	case !objectID(r.ExternalID):
		return fmt.Sprintf("the record %s has %s, which is no object id of Entra: whose it is only a person can tell", r.ID, cmp.Or(quoted("externalId", r.ExternalID), "no externalId"))
	}
	if other, living := w.UserByID(r.ExternalID); living {
		return fmt.Sprintf("the record %s is that of %s, who is in Entra: two people with one name or address", r.ID, w.Users[other].UserPrincipalName)
	}
	for _, l := range w.OwnLinks {
		if l.Kind != plan.KindUser || l.Target != r.ID {
			continue
		}
		if other, living := w.UserByID(l.Source); living {
			return fmt.Sprintf("the record %s was made for %s, who is in Entra: rollcall apply looks after it", r.ID, w.Users[other].UserPrincipalName)
		}
	}
	return ""
}

func quoted(name, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf("the %s %q", name, value)
}

// holds tells whether a record bears a name or an address of a user.
func holds(r *document.ScimUser, u *document.User) bool {
	own := addresses(u)
	return slices.Contains(own, document.Fold(r.UserName)) || slices.ContainsFunc(r.Emails, func(e document.ScimEmail) bool { return slices.Contains(own, document.Fold(e.Value)) })
}

// addresses are what a user is called by, folded.
func addresses(u *document.User) []string {
	out := []string{document.Fold(u.UserPrincipalName), document.Fold(u.Mail.Value)}
	for _, p := range u.ProxyAddresses {
		if i := strings.IndexByte(p, ':'); i >= 0 {
			p = p[i+1:]
		}
		out = append(out, document.Fold(p))
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// alone says why the records of an account cannot be deleted with one request; "": they can. The request takes the records
// of the account in all directories, and only of accounts that the organization manages (atlassian.md 1.2).
func alone(w *facts.World, r *document.ScimUser, account string) string {
	i, ok := w.Account(account)
	switch {
	case !w.Has(document.ScimLinks):
		return fmt.Sprintf("which records hang on account %s was not told (%s): deleting takes all of them", account, w.Call(document.ScimLinks))
	case !ok || w.OrgUsers[i].ClaimStatus == "":
		return fmt.Sprintf("whether account %s is managed was not told (%s): only records of managed accounts can be deleted without deactivating anybody", account, w.Call(document.OrgUsers))
	case !strings.EqualFold(w.OrgUsers[i].ClaimStatus, "managed"):
		return fmt.Sprintf("the record %s hangs on account %s, which the organization does not manage: only its owner, or Atlassian support, can free it", r.ID, account)
	}
	directory := w.Bundle.Connection.Directory
	for _, l := range w.LinksOf(account, "", "") {
		if l.AtlassianAccountID.Value == account && (l.ScimUserID != r.ID || l.DirectoryID != "" && directory != "" && !strings.EqualFold(l.DirectoryID, directory)) {
			return fmt.Sprintf("account %s has another record too, %s of directory %s, which the deletion would take along: find out first which of the two is used", account, l.ScimUserID, l.DirectoryID)
		}
	}
	for _, at := range w.ScimByAccount(account) {
		if other := &w.ScimUsers[at]; other.ID != r.ID {
			return fmt.Sprintf("account %s has another record too, %s, which the deletion would take along: find out first which of the two is used", account, other.ID)
		}
	}
	return ""
}

// unlinked is the deletion of the user's own record that hangs on no account, so that a new one can link (C10).
func unlinked(w *facts.World, u *document.User, id string) (plan.Step, string) {
	i, ok := w.ScimByID(id)
	if !ok {
		return plan.Step{}, fmt.Sprintf("the directory does not show the record %s", cmp.Or(id, "at issue"))
	}
	r := &w.ScimUsers[i]
	account, known := accountOf(w, r)
	switch {
	case account != "" || !known:
		return plan.Step{}, fmt.Sprintf("whether the record %s hangs on an account was not told", r.ID)
	case r.ExternalID != "" && !strings.EqualFold(r.ExternalID, u.ID):
		return plan.Step{}, fmt.Sprintf("the record %s has %s, not %s's id: whose it is only a person can tell", r.ID, quoted("externalId", r.ExternalID), u.UserPrincipalName)
	case r.ExternalID == "" && !holds(r, u):
		return plan.Step{}, fmt.Sprintf("nothing but a person can tell whether the record %s is %s's", r.ID, u.UserPrincipalName)
	}
	return deletion(u, r, "", cause.AccountUnlinked, fmt.Sprintf("the record %s hangs on no account, and no later change links it again; one that is made anew links to the account of its address", r.ID)), ""
}

func deletion(u *document.User, r *document.ScimUser, account string, c cause.Code, why string) plan.Step {
	return step(u, plan.Delete, r.ID, c, why, meansDelete, goes("userName", r.UserName), goes("externalId", r.ExternalID), goes(LinkPath, account))
}

// held is the end of a link by which a record of another directory keeps the user's account (C16).
func held(w *facts.World, u *document.User, values map[string]string) (plan.Step, string) {
	directory, record := values["other"], values["record"]
	if directory == "" || record == "" {
		return plan.Step{}, "which record of which directory holds the account was not told: " + w.Call(document.ScimLinks) + " tells; Google's own directory has no such call, take the person out there"
	}
	if strings.EqualFold(directory, w.Bundle.Connection.Directory) {
		return plan.Step{}, fmt.Sprintf("the record %s is in the connection's own directory", record)
	}
	var link document.ScimLink
	for _, l := range w.LinksOf("", record, "") {
		if l.ScimUserID == record && strings.EqualFold(l.DirectoryID, directory) && l.AtlassianAccountID.Value != "" {
			link = l
		}
	}
	account := link.AtlassianAccountID.Value
	if account == "" {
		return plan.Step{}, fmt.Sprintf("the record %s of directory %s is linked to no account, so that there is nothing to unlink: take the person out of the provider that feeds that directory", record, directory)
	}
	if !theirs(w, u, account) {
		return plan.Step{}, fmt.Sprintf("account %s, which directory %s holds, has no address of %s: it is left alone", account, directory, u.UserPrincipalName)
	}
	return step(u, plan.Update, Foreign(directory, record), cause.HeldByOtherDirectory,
		fmt.Sprintf("the record %s of directory %s keeps account %s; both stay, only the link between them ends", record, directory, account), meansUnlink, goes(LinkPath, account)), ""
}

// theirs tells whether an account is a user's: by its address, or because the user's own record hangs on it.
func theirs(w *facts.World, u *document.User, account string) bool {
	if i, ok := w.Account(account); ok && slices.Contains(addresses(u), document.Fold(w.OrgUsers[i].Email)) {
		return true
	}
	return slices.ContainsFunc(w.ScimByAccount(account), func(r uint32) bool { return w.ScimUsers[r].ExternalID == u.ID })
}

// accountOf is the account that a record hangs on, and whether that was told: by the record, by the links, or by the other
// records, where they tell theirs.
func accountOf(w *facts.World, r *document.ScimUser) (account string, known bool) {
	if id := r.Atlassian.Value.AtlassianAccountID.Value; id != "" {
		return id, true
	}
	links := w.LinksOf("", r.ID, "")
	for _, l := range links {
		if l.ScimUserID == r.ID && l.AtlassianAccountID.Value != "" {
			return l.AtlassianAccountID.Value, true
		}
	}
	return "", len(links) > 0 || r.Atlassian.Known || slices.ContainsFunc(w.ScimUsers, func(o document.ScimUser) bool { return o.Atlassian.Known })
}

// objectID recognises an object id of Entra: a GUID.
func objectID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		switch dash := i == 8 || i == 13 || i == 18 || i == 23; {
		case dash != (c == '-'), !dash && !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)):
			return false
		}
	}
	return true
}
