package history

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// guid is the part of an entry's id that stays where names are redacted.
var guid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// activities are those of Entra's audit log that a cause can come from (entra.md 7.4), folded.
var activities = map[string]Kind{
	"add user": UserCreated, "delete user": UserDeleted, "hard delete user": UserForgotten, "restore user": UserRestored,
	"disable account": UserDisabled, "enable account": UserEnabled, "update user": UserChanged,
	"add member to group": MemberAdded, "remove member from group": MemberRemoved,
	"add group": GroupCreated, "update group": GroupChanged, "delete group": GroupDeleted, "hard delete group": GroupDeleted, "restore group": GroupRestored,
	"add app role assignment to group": Assigned, "add app role assignment grant to user": Assigned,
	"remove app role assignment from group": Unassigned, "remove app role assignment from user": Unassigned,
	"update service principal": ApplicationChanged, "remove service principal": ApplicationChanged, "delete service principal": ApplicationChanged,
	"hard delete service principal": ApplicationChanged,
	"consent to application":        ConsentGiven, "add delegated permission grant": ConsentGiven, "add app role assignment to service principal": ConsentGiven,
	"remove delegated permission grant": ConsentTaken, "remove oauth2permissiongrant": ConsentTaken, "revoke consent": ConsentTaken,
	"remove app role assignment from service principal": ConsentTaken,
	"add provisioning configuration":                    JobStarted, "enable/start provisioning configuration": JobStarted,
	"enable/restart provisioning configuration": JobRestarted, "restart provisioning configuration": JobRestarted,
	"disable/pause provisioning configuration": JobPaused, "delete provisioning configuration": JobPaused,
	"quarantine": JobQuarantined, "update attribute mappings or scope": RulesChanged, "update provisioning setting or credentials": SettingsChanged,
}

// settings are the properties by which an entry about settings or credentials says which of them changed. That the log
// names them so is not documented; where it names none, the entry is about any of them.
var settings = []struct {
	property string
	kind     Kind
}{{"SyncAll", ScopeSet}, {"SkipOutOfScopeDeletions", DeletionsSet}, {"SyncNotificationSettings", ThresholdSet}, {"BaseAddress", TenantURLSet}}

// kindOf says what an entry of the audit log is.
func kindOf(a *document.DirectoryAudit) Kind {
	text := strings.ToLower(strings.TrimSpace(a.ActivityDisplayName))
	kind := activities[text]
	if kind == "" && (strings.EqualFold(a.LoggedByService, "PIM") || strings.Contains(text, "pim")) {
		switch { // Privileged Identity Management; its words are unverified
		case strings.Contains(text, "eligible"):
			return MemberEligible
		case strings.Contains(text, "expire"), strings.Contains(text, "deactivat"), strings.Contains(text, "remove"):
			return MemberExpired
		}
		return ""
	}
	switch kind {
	case UserChanged:
		return userChange(a)
	case GroupChanged:
		if _, _, renamed := facts.Changed(a, "DisplayName"); renamed {
			return GroupRenamed
		}
	case SettingsChanged:
		for _, s := range settings {
			if _, _, changed := facts.Changed(a, s.property); changed {
				return s.kind
			}
		}
	}
	return kind
}

func userChange(a *document.DirectoryAudit) Kind {
	if _, after, ok := facts.Changed(a, "AccountEnabled"); ok {
		if strings.Contains(strings.ToLower(after), "false") {
			return UserDisabled
		}
		return UserEnabled
	}
	for _, property := range []string{"UserPrincipalName", "Mail", "ProxyAddresses"} {
		if _, _, ok := facts.Changed(a, property); ok {
			return UserRenamed
		}
	}
	return UserChanged
}

// named are the values of a property, old or new, that an entry's targets carry.
func named(a *document.DirectoryAudit, property string) (out []string) {
	for _, t := range a.TargetResources {
		for _, p := range t.ModifiedProperties {
			if strings.EqualFold(p.DisplayName, property) {
				if v := cmp.Or(facts.Unquote(p.NewValue.Value), facts.Unquote(p.OldValue.Value)); v != "" {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// targets are the ids of an entry's targets of a type.
func targets(a *document.DirectoryAudit, kind string) (out []string) {
	for _, t := range a.TargetResources {
		if strings.EqualFold(t.Type, kind) && t.ID != "" {
			out = append(out, t.ID)
		}
	}
	return out
}

// concerns tells whether an entry names the person.
func (y *way) concerns(a *document.DirectoryAudit) bool {
	return slices.ContainsFunc(a.TargetResources, func(t document.Target) bool { return y.is(t.ID, t.UserPrincipalName) }) ||
		y.is(named(a, "User.ObjectID")...) || y.is(named(a, "User.UPN")...)
}

// audited is an entry of the audit log, if it lies on the way.
func (y *way) audited(a *document.DirectoryAudit) (Event, bool) {
	kind := kindOf(a)
	e := Event{At: a.ActivityDateTime.Time, Log: auditLog, Seen: string(document.DirectoryAudits), ID: a.ID, Kind: kind, Text: words(a), By: initiator(a), Bad: natures[kind].takes, mark: guid.FindString(a.ID)}
	for _, t := range a.TargetResources {
		e.mark += " " + facts.Fold(t.ID)
	}
	if a.Result != "" && !strings.EqualFold(a.Result, "success") {
		e.Kind, e.Bad = "", true // it was tried
	}
	groups := append(named(a, "Group.ObjectID"), targets(a, "Group")...)
	var on bool
	var name string
	e.group, name, on = y.on(groups...)
	switch {
	case y.concerns(a):
		if len(groups) > 0 {
			y.of(&e, groups[0])
		}
		return e, y.subject.Group == "" || len(groups) == 0 || on
	case (kind == MemberAdded || kind == MemberRemoved) && len(groups) > 0:
		// A group that came into another or left it; other people's memberships are their own.
		outer := facts.Fold(groups[0])
		inner, _, inside := y.on(slices.DeleteFunc(targets(a, "Group"), func(id string) bool { return facts.Fold(id) == outer })...)
		if inside && on && len(targets(a, "User")) == 0 {
			y.of(&e, outer)
			e.group, e.About = e.group+" "+inner, "group "+y.groups[inner]
			return e, true
		}
		if y.subject.Kind == "group" && on {
			e.Kind, e.Bad = "", false
			return e, true
		}
		return e, false
	case on:
		y.of(&e, e.group)
		e.About = "group " + name
		return e, true
	case y.ofTheWhole(a, kind):
		e.About = cmp.Or(firstName(a), "the application")
		return e, true
	}
	return e, false
}

// ofTheWhole tells whether an entry is about the application or its job: the job is told by its words, since what its
// entries name as their target is not documented.
func (y *way) ofTheWhole(a *document.DirectoryAudit, kind Kind) bool {
	app := y.application()
	ours := slices.ContainsFunc(a.TargetResources, func(t document.Target) bool { return t.ID != "" && facts.Fold(t.ID) == facts.Fold(app) })
	switch kind {
	case JobStarted, JobRestarted, JobPaused, JobQuarantined, RulesChanged, ScopeSet, DeletionsSet, ThresholdSet, TenantURLSet, SettingsChanged:
		return ours || app == "" || len(a.TargetResources) == 0
	case ApplicationChanged, ConsentGiven, ConsentTaken:
		return ours || app == "" && y.w.Method() == document.GuardNested
	}
	return false
}

func firstName(a *document.DirectoryAudit) string {
	for _, t := range a.TargetResources {
		if t.DisplayName != "" {
			return t.DisplayName
		}
	}
	return ""
}

// words say what an entry says: the activity, what changed, and whom it names.
func words(a *document.DirectoryAudit) string {
	var names, changes []string
	for _, t := range a.TargetResources {
		names = append(names, present(cmp.Or(t.DisplayName, t.UserPrincipalName))...)
		for _, p := range t.ModifiedProperties {
			was, is := facts.Unquote(p.OldValue.Value), facts.Unquote(p.NewValue.Value)
			switch {
			case was == is:
			case p.DisplayName == "Group.DisplayName":
				names = append(names, cmp.Or(is, was))
			case !strings.Contains(p.DisplayName, ".") && p.DisplayName != "Included Updated Properties":
				changes = append(changes, fmt.Sprintf("%s: %s → %s", p.DisplayName, cmp.Or(was, "nothing"), cmp.Or(is, "nothing")))
			}
		}
	}
	text := strings.Join(slices.Concat([]string{a.ActivityDisplayName}, changes), "; ")
	if len(names) > 0 {
		text += " (" + strings.Join(unique(names), ", ") + ")"
	}
	if a.Result != "" && !strings.EqualFold(a.Result, "success") {
		text += ": " + a.Result
	}
	return text
}

func initiator(a *document.DirectoryAudit) string {
	switch {
	case a.InitiatedBy.User != nil:
		return cmp.Or(a.InitiatedBy.User.UserPrincipalName, a.InitiatedBy.User.DisplayName)
	case a.InitiatedBy.App != nil:
		return a.InitiatedBy.App.DisplayName
	}
	return ""
}

// provisioning are the entries of the provisioning log about the subject; of a person also what went wrong with the groups
// on the way.
func (y *way) provisioning() []Event {
	var out []Event
	for _, r := range y.w.RecordsOf(y.subject.ID) {
		out = append(out, provisioned(r))
	}
	if y.subject.Kind == "group" {
		return out
	}
	for i := range y.w.Groups {
		g := &y.w.Groups[i]
		_, name, on := y.on(g.ID)
		if !on {
			continue
		}
		for _, r := range y.w.RecordsOf(g.ID) {
			e := provisioned(r)
			if e.Kind != Refused && e.Kind != Skipped && e.Kind != HeldBack && y.subject.Group == "" {
				continue
			}
			y.of(&e, g.ID)
			e.About = "group " + name
			out = append(out, e)
		}
	}
	return out
}

// provisioned is an entry of the provisioning log.
func provisioned(r *document.ProvisioningRecord) Event {
	e := Event{At: r.ActivityDateTime.Time, Log: provisioningLog, Seen: string(document.ProvisioningLogs), ID: r.ID, mark: facts.Fold(r.SourceIdentity.ID) + r.Action}
	e.Text = strings.TrimSpace(r.Action + " at " + cmp.Or(r.TargetSystem.DisplayName, "the target") + ": " + r.Status.Status)
	if err := r.Status.Error(); err != nil {
		e.Text += ", " + strings.Join(present(err.ErrorCode, err.Reason), ": ")
	}
	switch {
	case strings.EqualFold(r.Status.Status, "failure"):
		e.Kind = Refused
	case strings.EqualFold(r.Action, "stagedDelete"):
		e.Kind = HeldBack
	case !strings.EqualFold(r.Status.Status, "success"):
		e.Kind = Skipped
	case strings.EqualFold(r.Action, "disable"), strings.EqualFold(r.Action, "delete"):
		e.Kind = TakenAway
	default:
		e.Kind = Provisioned
	}
	e.Bad = natures[e.Kind].takes
	return e
}

func present(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func unique(all []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
