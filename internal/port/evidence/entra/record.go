package entra

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// Pages of logs about the subjects.
const maxLogs = 3

// principal takes the application and who is assigned to it.
func (f *search) principal(opened opening) error {
	if f.set.Connection.Application == "" {
		return nil
	}
	app := opened[document.ServicePrincipals]
	for _, raw := range app.values {
		f.into.add(document.ServicePrincipals, raw)
	}
	if err := f.ended(app.err, f.into, document.ServicePrincipals, 0); err != nil || f.set.Connection.Method == document.GuardNested {
		return err
	}
	assigned := opened[document.AppRoleAssignments]
	err := assigned.each(f.assignment)
	f.roles = err == nil
	return f.ended(err, f.into, document.AppRoleAssignments, len(assigned.values))
}

func (f *search) assignment(raw jsontext.Value) error {
	var a document.AppRoleAssignment
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	f.into.add(document.AppRoleAssignments, raw)
	if !a.DeletedDateTime.IsZero() || a.ResourceID != "" && !strings.EqualFold(a.ResourceID, f.set.Connection.Application) {
		return nil
	}
	if strings.EqualFold(a.PrincipalType, "Group") {
		f.scoped[facts.Fold(a.PrincipalID)] = true
	} else {
		f.assigned[facts.Fold(a.PrincipalID)] = true
	}
	return nil
}

// record hands over what was found and is not recorded yet.
func (f *search) record(ctx context.Context, to evidence.Recorder) error {
	if err := f.witnesses(ctx); err != nil {
		return err
	}
	if !f.logged {
		f.logged = true
		if err := f.logs(ctx); err != nil {
			return err
		}
	}
	for _, p := range f.people {
		if file := document.Users; !p.recorded {
			if p.deleted {
				file = document.DeletedUsers
			}
			p.recorded = true
			f.into.add(file, p.raw)
		}
	}
	if !f.recorded[document.Groups] {
		f.recorded[document.Groups] = true
		for _, id := range sortedKeys(f.groups) {
			object, err := f.groups[id].object()
			if err != nil {
				return err
			}
			f.into.add(document.Groups, object)
		}
	}
	if err := f.total(ctx, to); err != nil {
		return err
	}
	return f.into.record(to)
}

// total says how many users there are where the subject is none of them: the answer names the number.
func (f *search) total(ctx context.Context, to evidence.Recorder) error {
	if f.lost[document.Users] || f.recorded[document.Users] || slices.ContainsFunc(f.people, func(p *person) bool { return p.subject }) {
		return nil
	}
	f.recorded[document.Users] = true
	n, err := f.graph.Count(ctx, "/users/$count", nil)
	if err != nil {
		if _, general := reason(err); general {
			return err
		}
		return nil // a number in a sentence
	}
	return evidence.Count(to, document.Users, n)
}

// plain are the attributes of which a document shows only by somebody's value that it has them at all; see
// document.Told.
var plain = []string{"displayName", "givenName", "surname", "mailNickname", "jobTitle", "department", "userType", "externalUserState"}

// witnesses adds people from whose rows an answer draws without being about them: somebody who has an attribute that
// none of the others has, so that an empty one is known to be null; and somebody who was synchronized from on-premises
// lately, so that the subject's old date is known to mean nothing.
func (f *search) witnesses(ctx context.Context) error {
	if f.lost[document.Users] || len(f.people) == 0 {
		return nil
	}
	got, err := f.all(ctx, f.witnessAsks(), 1)
	if err != nil {
		return err
	}
	f.seen(got)
	for _, v := range f.bystanders {
		if err := f.meet(v, false, false); err != nil {
			return err
		}
	}
	return f.synchronized(ctx, f.one())
}

// one asks for any one user.
func (f *search) one() url.Values { return with(selected(f.userFields), "$top", "1") }

// witnessAsks ask for somebody who has an attribute, each once.
func (f *search) witnessAsks() (asks []ask) {
	var users []document.User
	for _, p := range f.people {
		if !p.deleted {
			users = append(users, p.user)
		}
	}
	told := document.Told(users)
	for _, name := range plain {
		if !told[strings.ToLower(name)] && !f.asked["witness "+name] {
			f.asked["witness "+name] = true
			asks = append(asks, ask{path: "/users", advanced: true, first: true, query: with(with(f.one(), "$count", "true"), "$filter", name+" ne null"), of: document.Users})
		}
	}
	return asks
}

// seen keeps whom such asks found, until they are recorded: nobody asks about them. A query that the service does not
// take leaves the attribute unknown, which is true.
func (f *search) seen(got []answered) {
	for _, a := range got {
		f.bystanders = append(f.bystanders, a.values...)
	}
}

// synchronized asks for anybody, or any group, who was synchronized a day later than the oldest of the subjects.
func (f *search) synchronized(ctx context.Context, query url.Values) error {
	var newest, oldest time.Time
	take := func(on document.Opt[bool], at document.Time) {
		if !document.Is(on, true) || at.IsZero() {
			return
		}
		if newest.IsZero() || at.After(newest) {
			newest = at.Time
		}
		if oldest.IsZero() || at.Before(oldest) {
			oldest = at.Time
		}
	}
	for _, p := range f.people {
		take(p.user.OnPremisesSyncEnabled, p.user.OnPremisesLastSyncDateTime)
	}
	for _, g := range f.groups {
		take(g.doc.OnPremisesSyncEnabled, g.doc.OnPremisesLastSyncDateTime)
	}
	limit := facts.DefaultLimits.OnPremisesStale
	if oldest.IsZero() || f.set.Now().Sub(oldest) <= limit || newest.After(oldest.Add(limit)) || f.asked["witness onPremises"] {
		return nil
	}
	f.asked["witness onPremises"] = true
	later := "onPremisesLastSyncDateTime gt " + newest.Add(limit).UTC().Format(time.RFC3339)
	for _, dir := range []struct {
		path   string
		fields []string
	}{{"/users", f.userFields}, {"/groups", f.groupFields}} {
		q := with(with(query, "$select", strings.Join(dir.fields, ",")), "$filter", later)
		n := 0
		_, err := f.list(ctx, dir.path, q, nil, 1, func(v jsontext.Value) error {
			n++
			if dir.path == "/users" {
				return f.meet(v, false, false)
			}
			_, err := f.keepGroup(v)
			return err
		})
		if err != nil && !errors.Is(err, errEnough) && !unfit(err) {
			if _, refused := graph.Refused(err); !refused {
				return err
			}
		}
		if n > 0 {
			return nil
		}
	}
	return nil
}

// logs reads what the logs say of the subjects and of the groups on their ways into scope, and the few entries about the
// job as a whole. Where a group is the subject, the logs are read as for a roll call, since its members all count.
func (f *search) logs(ctx context.Context) error {
	app := f.set.Connection.Application
	provisioned, audited := f.loggedIDs()
	every := false
	for _, g := range f.groups {
		every = every || g.subject
	}
	if app != "" && f.set.Connection.Method != document.GuardNested {
		switch {
		case every:
			if err := f.provisioning(ctx, "servicePrincipal/id eq "+quoted(app), f.set.Pages, nil, f.into); err != nil {
				return err
			}
		case len(provisioned) == 0:
			f.into.whole(document.ProvisioningLogs)
		default:
			keep := func(r *document.ProvisioningRecord) bool {
				return slices.ContainsFunc(provisioned, func(id string) bool { return strings.EqualFold(id, r.SourceIdentity.ID) })
			}
			if err := f.provisioning(ctx, oneOf("sourceIdentity/id", provisioned), maxLogs, keep, f.into); err != nil {
				return err
			}
		}
	}
	if every {
		return f.everyAudit(ctx, f.into)
	}
	targets := make([]string, 0, len(audited))
	for _, id := range audited {
		targets = append(targets, "t/id eq "+quoted(id))
	}
	for _, t := range f.focus.Texts { // whoever was deleted for good is in the log only
		switch {
		case strings.Contains(t, "@"):
			targets = append(targets, "t/userPrincipalName eq "+quoted(typed(t)))
		case isID(t) && !slices.ContainsFunc(audited, func(id string) bool { return strings.EqualFold(id, t) }):
			audited = append(audited, t)
			targets = append(targets, "t/id eq "+quoted(t))
		}
	}
	filter := oneOf("activityDisplayName", settingsChanged)
	if len(targets) > 0 {
		filter += " or targetResources/any(t:" + strings.Join(targets, " or ") + ")"
	}
	keep := func(a *document.DirectoryAudit) bool {
		return slices.ContainsFunc(settingsChanged, func(name string) bool { return strings.EqualFold(name, a.ActivityDisplayName) }) ||
			slices.ContainsFunc(a.TargetResources, func(t document.Target) bool {
				return slices.ContainsFunc(audited, func(id string) bool { return strings.EqualFold(id, t.ID) }) ||
					slices.ContainsFunc(f.focus.Texts, func(text string) bool { return strings.EqualFold(typed(text), t.UserPrincipalName) })
			})
	}
	if err := f.audits(ctx, filter, maxLogs, func(a *document.DirectoryAudit) bool {
		if !keep(a) {
			return false
		}
		f.tellFormer(a)
		return true
	}, f.into); err != nil {
		return err
	}
	return f.past(ctx, audited)
}

// tellFormer adds names and addresses of the past to the focus. Guard's connector leaves a renamed group as it was called,
// and an address that it could not change, and what it syncs carries no id to be found by.
func (f *search) tellFormer(a *document.DirectoryAudit) {
	if f.set.Connection.Method != document.GuardNested {
		return
	}
	for property, list := range map[string]*[]string{"UserPrincipalName": &f.focus.Addresses, "Mail": &f.focus.Addresses, "DisplayName": &f.focus.GroupNames} {
		before, _, ok := facts.Changed(a, property)
		if group := strings.Contains(a.ActivityDisplayName, "group"); !ok || before == "" || group != (property == "DisplayName") || slices.Contains(*list, before) {
			continue
		}
		*list = append(*list, before)
	}
}

// loggedIDs are the objects whose entries matter: in the provisioning log the subjects and the groups in scope that
// reach them, in the audit log also the groups between and the application.
func (f *search) loggedIDs() (provisioned, audited []string) {
	if app := f.set.Connection.Application; app != "" {
		audited = append(audited, app)
	}
	for _, p := range f.people {
		if p.subject {
			audited = append(audited, p.user.ID)
			provisioned = append(provisioned, p.user.ID)
		}
	}
	for _, id := range sortedKeys(f.groups) {
		g := f.groups[id]
		if f.inScope(id) && len(g.members) > 0 || g.asked {
			provisioned = append(provisioned, g.doc.ID)
		}
		if g.asked || g.placed {
			audited = append(audited, g.doc.ID)
		}
	}
	return provisioned, audited
}
