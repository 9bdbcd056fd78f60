package plan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/match"
)

// From gives everything that a plan for this world is computed from.
func From(w *facts.World, r Rules) Input {
	in := Input{At: w.At}
	in.Source = Source(w, &r, r.UserAttributes(), r.GroupAttributes())
	in.Rules = r
	columns := r.UserColumns()
	in.Target = Target{State: w.State(columns[1 : len(columns)-1]), GroupMembers: w.Limits.UsersPerGroup}
	in.Target.Users, in.Target.Groups = links(w, in.Source, in.Target.State)
	in.Target.Local, in.Target.LocalGap = locals(w)
	in.Target.Unasked = unasked(w, in.Source, in.Target.Local)
	in.Target.Accounts = accounts(w)
	if !w.Has(document.OrgUsers) {
		in.Target.AccountsGap = notRead(w, document.OrgUsers, "whether accounts have the addresses of new users is not known")
	}
	if w.Has(document.Domains) {
		in.Target.Verified = verified(w)
	} else {
		in.Target.VerifiedGap = notRead(w, document.Domains, "whether a new address is of a verified domain is not known")
	}
	if r.Method == document.EntraSCIM && !w.Has(document.SynchronizationRule) {
		in.RulesGap = notRead(w, document.SynchronizationRule, "the tenant's own attribute mapping and scoping filters may keep people out, or give other values")
	}
	in.Target.PolicyOf = map[string]string{}
	if !w.Has(document.AuthPolicies) {
		in.Target.PolicyGap = string(document.AuthPolicies) + " was not read (" + w.Call(document.AuthPolicies) + ")"
	}
	for account, p := range w.Policies {
		if p.PolicyID != "" {
			in.Target.PolicyOf[facts.Fold(account)] = p.PolicyID
		}
	}
	return in
}

// Source is the source's side of the world with these attributes of users and groups, and what is assigned under the
// rules, which are changed where it is the connection that says what is assigned.
func Source(w *facts.World, r *Rules, users, groups []string) *directory.Snapshot {
	assigned, gap := assignedIn(w, r)
	return w.Snapshot(users, groups, assigned, gap)
}

// assignedIn says who is assigned, and why that is not fully known.
func assignedIn(w *facts.World, r *Rules) (directory.Assigned, string) {
	if sel := w.Bundle.Connection.Selected; r.Method == document.GuardNested && w.Method() == document.GuardNested && sel != nil {
		r.Scope.Assigned = true
		switch {
		case strings.EqualFold(sel.Users, "groups"):
			return directory.Assigned{Groups: sel.Groups}, ""
		case len(sel.Groups) > 0: // all users, and these groups
			out := directory.Assigned{Groups: sel.Groups, Users: make([]string, len(w.Users))}
			for i := range w.Users {
				out.Users[i] = w.Users[i].ID
			}
			return out, ""
		}
		return directory.Assigned{All: true}, ""
	}
	var out directory.Assigned
	gap := w.Absence(document.AppRoleAssignments)
	for _, a := range w.Assignments {
		if app := w.Bundle.Connection.Application; app != "" && a.ResourceID != "" && !strings.EqualFold(a.ResourceID, app) || !a.DeletedDateTime.IsZero() {
			continue
		}
		if r.Method == document.EntraSCIM && !w.Offered(a.AppRoleID) {
			continue // Entra's service provisions nobody with a role that the application does not offer
		}
		switch g, known := w.GroupByID(a.PrincipalID); {
		case known && r.Method == document.EntraSCIM && document.Is(w.Groups[g].SecurityEnabled, false):
		case known:
			out.Groups = append(out.Groups, a.PrincipalID)
		case strings.EqualFold(a.PrincipalType, "Group"):
			gap = cmp.Or(gap, fmt.Sprintf("the assigned group %s was not told", cmp.Or(a.PrincipalDisplayName, a.PrincipalID)))
		default:
			out.Users = append(out.Users, a.PrincipalID)
		}
	}
	if r.Method == document.EntraSCIM {
		switch all := w.Settings["SyncAll"]; {
		case strings.EqualFold(all, "true"):
			return directory.Assigned{All: true}, ""
		case !w.Has(document.SynchronizationKeys) || all == "":
			gap = cmp.Or(gap, fmt.Sprintf("whether all users are synced was not read (%s)", w.Call(document.SynchronizationKeys)))
		}
	}
	return out, gap
}

func links(w *facts.World, s *directory.Snapshot, have *directory.State) (users, groups match.Links) {
	var u, g []match.Link
	for _, l := range w.OwnLinks {
		if strings.EqualFold(l.Kind, KindGroup) {
			g = append(g, match.Link{Source: l.Source, Target: l.Target})
		} else {
			u = append(u, match.Link{Source: l.Source, Target: l.Target})
		}
	}
	return match.Resolve(u, have.Users.Len(), s.UserRows, have.UserRows), match.Resolve(g, have.Groups.Len(), s.GroupRows, have.GroupRows)
}

// locals are the groups that a synced group of their name would meet.
func locals(w *facts.World) (map[string]Local, string) {
	out := map[string]Local{}
	for _, name := range facts.BuiltInNames() {
		out[name] = Local{Name: name, Kind: BuiltIn}
	}
	for name := range w.DefaultGroups() {
		out[name] = Local{Name: name, Kind: DefaultAccess}
	}
	for i := range w.OrgGroups {
		g := &w.OrgGroups[i]
		key := facts.Fold(g.Name)
		if document.Is(g.ExternalSynced, true) && len(w.ScimGroupsByName(g.Name)) > 0 { // it is the directory's own
			delete(out, key)
			continue
		}
		l := Local{Name: g.Name, Kind: out[key].Kind, Told: g.OrgGroup.Members.Known}
		for _, m := range g.Members {
			u := &w.OrgUsers[m]
			l.Members = append(l.Members, LocalMember{u.AccountID, cmp.Or(u.Email, u.Name, u.AccountID)})
		}
		out[key] = l
	}
	for _, g := range w.Bundle.Gaps {
		if g.File == string(document.OrgGroups) && g.Subject == "" {
			return out, fmt.Sprintf("%s: %s (%s): whether Atlassian has groups of its own with these names is not known of all of them", g.File, g.What, g.Why)
		}
	}
	if w.Has(document.OrgGroups) {
		return out, ""
	}
	return out, notRead(w, document.OrgGroups, "whether Atlassian has groups of its own with these names is not known")
}

// unasked are the names of groups of the source of which a gap says that nobody knows whether the organization has one.
func unasked(w *facts.World, s *directory.Snapshot, known map[string]Local) map[string]string {
	why := map[string]string{}
	for _, g := range w.Bundle.Gaps {
		if g.File == string(document.OrgGroups) && g.Subject != "" {
			why[document.Fold(g.Subject)] = strings.TrimSuffix(g.What+": "+g.Why, ": ")
		}
	}
	out := map[string]string{}
	for g := range uint32(s.Groups.Len()) {
		name := document.Fold(s.Groups.Text(g, 1))
		_, have := known[name]
		if text, gap := why[name]; gap && !have && len(w.ScimGroupsByName(name)) == 0 {
			out[name] = text
		}
	}
	return out
}

// accounts are words about accounts that no record of the directory is linked to. A managed one is linked when a record
// with its address is made; a 409 is documented for the same case, too (atlassian.md 1.7).
func accounts(w *facts.World) map[string]string {
	out := map[string]string{}
	for i := range w.OrgUsers {
		u := &w.OrgUsers[i]
		if u.Email == "" || len(w.ScimByAccount(u.AccountID)) > 0 {
			continue
		}
		words := fmt.Sprintf("account %s (%s) has the address already", u.AccountID, cmp.Or(u.Name, u.Email))
		if strings.EqualFold(u.ClaimStatus, "managed") {
			words += " and is managed: Atlassian links it, or refuses (409) where something else holds the address"
		} else {
			words += " and is not managed: Atlassian may refuse (409)"
		}
		out[facts.Fold(u.Email)] = words
	}
	return out
}

// notRead says that a document is missing, and what follows.
func notRead(w *facts.World, f document.File, so string) string {
	return fmt.Sprintf("%s was not read (%s): %s", f, w.Call(f), so)
}
