package history_test

import (
	"slices"
	"testing"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/history"
	"github.com/rollcall/rollcall/internal/core/trace"
)

const (
	lena      = "00000000-0000-4000-8000-000000000001"
	omar      = "00000000-0000-4000-8000-000000000002"
	team      = "00000000-0000-4000-8000-00000000000a"
	developer = "00000000-0000-4000-8000-00000000000b"
	canteen   = "00000000-0000-4000-8000-00000000000c"
)

// audit is an entry of Entra's log about targets, in the group if one is named.
func audit(id, activity, group string, targets ...document.Target) document.DirectoryAudit {
	for i := range targets {
		if i == 0 && group != "" {
			targets[i].ModifiedProperties = []document.ModifiedProperty{{DisplayName: "Group.ObjectID", OldValue: document.Some(`"` + group + `"`)}}
		}
	}
	if group != "" {
		targets = append(targets, document.Target{ID: group, Type: "Group"})
	}
	return document.DirectoryAudit{ID: id, ActivityDateTime: document.At(day(5)), ActivityDisplayName: activity, TargetResources: targets}
}

// told are the ids of what the logs say of somebody: Lena is in team, which is in the assigned group developers; nobody
// assigned the canteen.
func told(t *testing.T, s trace.Subject, audits []document.DirectoryAudit, events ...document.Event) (ids []string, kinds map[string]history.Kind) {
	t.Helper()
	b := facts.NewBuilder(document.Bundle{
		CapturedAt: document.At(day(9)), Connection: document.Connection{Name: "small", Method: document.EntraSCIM, Application: "app"},
	}, facts.Focus{})
	for id, name := range map[string]string{lena: "lena", omar: "omar"} {
		b.User(document.User{ID: id, UserPrincipalName: name + "@small.example", Mail: document.Some(name + "@small.example"), AccountEnabled: document.Some(true)})
	}
	b.SealPeople()
	group := func(id, name string, members ...document.Member) {
		b.Group(document.Group{ID: id, DisplayName: name, SecurityEnabled: document.Some(true), Members: document.Members{Known: true, List: members}})
	}
	group(team, "team", document.Member{Type: "#microsoft.graph.user", ID: lena})
	group(developer, "developers", document.Member{Type: "#microsoft.graph.group", ID: team})
	group(canteen, "canteen")
	b.Assignment(document.AppRoleAssignment{PrincipalID: developer, PrincipalType: "Group", ResourceID: "app"})
	for _, a := range audits {
		b.Audit(a)
	}
	for _, e := range events {
		b.Event(e)
	}
	for _, f := range []document.File{document.Users, document.Groups, document.AppRoleAssignments, document.SynchronizationKeys, document.DirectoryAudits, document.Events} {
		b.Have(f)
	}
	kinds = map[string]history.Kind{}
	for _, e := range history.MomentOf(b.World(), "recording", trace.Trace{Subject: s}).Events {
		if e.ID != "" {
			ids = append(ids, e.ID)
			kinds[e.ID] = e.Kind
		}
	}
	slices.Sort(ids)
	return ids, kinds
}

var aboutLena = trace.Subject{Kind: "user", ID: lena, Name: "lena@small.example"}

func TestWhatHappensToAGroupOnTheWayIsToldAndWhatHappensToOthersIsNot(t *testing.T) {
	user := func(id string) document.Target { return document.Target{ID: id, Type: "User"} }
	group := func(id string) document.Target { return document.Target{ID: id, Type: "Group"} }
	ids, kinds := told(t, aboutLena, []document.DirectoryAudit{
		audit("1 lena left the team", "Remove member from group", team, user(lena)),
		audit("2 the team left developers", "Remove member from group", developer, group(team)),
		audit("3 developers renamed", "Update group", "", document.Target{ID: developer, Type: "Group", ModifiedProperties: []document.ModifiedProperty{{DisplayName: "DisplayName", NewValue: document.Some(`["devs"]`)}}}),
		audit("4 the job was paused", "Disable/pause provisioning configuration", "", document.Target{ID: "app", Type: "ServicePrincipal"}),
		audit("x omar left the team", "Remove member from group", team, user(omar)),
		audit("x the canteen left developers", "Remove member from group", developer, group(canteen)),
		audit("x omar was disabled", "Disable account", "", user(omar)),
		audit("x another job was paused", "Disable/pause provisioning configuration", "", document.Target{ID: "other", Type: "ServicePrincipal"}),
	})
	want := []string{"1 lena left the team", "2 the team left developers", "3 developers renamed", "4 the job was paused"}
	if !slices.Equal(ids, want) {
		t.Errorf("it tells %q", ids)
	}
	for id, kind := range map[string]history.Kind{want[0]: history.MemberRemoved, want[1]: history.MemberRemoved, want[2]: history.GroupRenamed, want[3]: history.JobPaused} {
		if kinds[id] != kind {
			t.Errorf("%s is a %s", id, kinds[id])
		}
	}
}

func TestOfOneMembershipOnlyItsGroupIsTold(t *testing.T) {
	user := document.Target{ID: lena, Type: "User"}
	s := aboutLena
	s.Kind, s.Group = "membership", "developers"
	ids, _ := told(t, s, []document.DirectoryAudit{
		audit("1 lena left the team inside", "Remove member from group", team, user),
		audit("2 lena was disabled", "Disable account", "", user),
		audit("x lena left the canteen", "Remove member from group", canteen, user),
	})
	if want := []string{"1 lena left the team inside", "2 lena was disabled"}; !slices.Equal(ids, want) {
		t.Errorf("it tells %q", ids)
	}
}

func TestOfTheOrganizationTheAccountItsGroupsAndWhatIsEverybodysAreTold(t *testing.T) {
	event := func(id, action, message string, about ...document.EventObject) document.Event {
		var e document.Event
		e.ID, e.Attributes.Action, e.Attributes.Time, e.Message.Content, e.Attributes.Context = id, action, document.At(day(5)), message, about
		return e
	}
	account := func(mail string) document.EventObject {
		return document.EventObject{Type: "users", Attributes: map[string]any{"email": mail}}
	}
	group := func(name string) document.EventObject {
		return document.EventObject{Type: "groups", Attributes: map[string]any{"name": name}}
	}
	ids, kinds := told(t, aboutLena, nil,
		event("1", "user_deactivated", "Deactivated lena", account("lena@small.example")),
		event("2", "", "Revoked product access from group developers", group("developers")),
		event("3", "scim_key_regenerated", "Regenerated the API key"),
		event("4", "domain_changed", "Domain small.example is unverified"),
		event("x deactivated", "user_deactivated", "Deactivated omar", account("omar@small.example")),
		event("x joined", "user_added_to_group", "Added omar to developers", account("omar@small.example"), group("developers")),
		event("x group", "group_deleted", "Deleted group canteen", group("canteen")),
		event("x domain", "domain_changed", "Domain other.example is unverified"),
	)
	if want := []string{"1", "2", "3", "4"}; !slices.Equal(ids, want) {
		t.Errorf("it tells %q", ids)
	}
	for id, kind := range map[string]history.Kind{"1": history.AccountDeactivated, "2": history.ProductRevoked, "3": history.KeyReplaced, "4": history.DomainChanged} {
		if kinds[id] != kind {
			t.Errorf("%s is a %s", id, kinds[id])
		}
	}
}

func TestALogThatSaysOfASettingsChangeWhichItWasIsHeeded(t *testing.T) {
	set := func(id, property string) document.DirectoryAudit {
		return audit(id, "Update provisioning setting or credentials", "", document.Target{ID: "app", Type: "ServicePrincipal", ModifiedProperties: []document.ModifiedProperty{{DisplayName: property, NewValue: document.Some(`"x"`)}}})
	}
	_, kinds := told(t, aboutLena, []document.DirectoryAudit{set("scope", "SyncAll"), set("url", "BaseAddress"), set("deletions", "SkipOutOfScopeDeletions"), set("any", "SecretToken")})
	for id, kind := range map[string]history.Kind{"scope": history.ScopeSet, "url": history.TenantURLSet, "deletions": history.DeletionsSet, "any": history.SettingsChanged} {
		if kinds[id] != kind {
			t.Errorf("%s is a %s", id, kinds[id])
		}
	}
}
