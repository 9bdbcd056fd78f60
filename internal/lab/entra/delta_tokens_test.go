package entra

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSyncFromNowGivesNoData(t *testing.T) {
	g := open(t, &Lab{})
	g.user("ana")
	r := g.get("/users/delta?$deltatoken=latest&$select=displayName")
	if len(r.values()) != 0 {
		t.Errorf("latest: %s", r.raw)
	}
	ben := g.user("ben")
	got, _ := g.all(r.link("deltaLink"))
	if diff := cmp.Diff([]map[string]any{{"id": ben, "displayName": "ben"}}, got); diff != "" {
		t.Errorf("afterwards (-want +got):\n%s", diff)
	}
}

func TestADeltaQueryCanBeNarrowedToObjects(t *testing.T) {
	g := open(t, &Lab{})
	ana, ben := g.user("ana"), g.user("ben")
	got, last := g.all("/users/delta?$select=displayName&$filter=id eq '" + ben + "' or id eq 'x'")
	if diff := cmp.Diff([]string{ben}, ids(got)); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
	must(t, g.l.UpdateUser(ana, Props{"displayName": "Ana"}))
	must(t, g.l.UpdateUser(ben, Props{"displayName": "Ben"}))
	got, _ = g.all(last.link("deltaLink"))
	if diff := cmp.Diff([]string{ben}, ids(got)); diff != "" {
		t.Errorf("then (-want +got):\n%s", diff)
	}
	many := strings.Repeat("id eq 'x' or ", 50) + "id eq 'x'"
	for _, bad := range []string{
		"?$filter=displayName eq 'x'", "?$filter=" + many, "?$top=5", "?$expand=members", "?$orderby=displayName", "?$select=shoeSize",
		"?$deltatoken=rubbish", "?$skiptoken=rubbish", "?$skiptoken=x&$select=id",
	} {
		if r := g.get("/users/delta" + bad); r.status != 400 {
			t.Errorf("users/delta%.60s: %d", bad, r.status)
		}
	}
}

func TestAnExpiredTokenIsGoneAndSaysWhereToBeginAgain(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now})
	ana := g.user("ana")
	_, last := g.all("/users/delta?$select=displayName&$filter=id eq '" + ana + "'")
	c.pass(7*24*time.Hour + time.Second)
	g.token = g.l.Token(DefaultClient)
	r := g.get(last.link("deltaLink"))
	if r.status != 410 || r.code() != "syncStateNotFound" {
		t.Fatalf("an old token: %d %s", r.status, r.raw)
	}
	at := r.header.Get("Location")
	if !strings.Contains(at, "/v1.0/users/delta?$deltatoken=&$select=displayName") {
		t.Errorf("Location = %q", at)
	}
	got, last := g.all(at)
	if diff := cmp.Diff([]map[string]any{{"id": ana, "displayName": "ana"}}, got); diff != "" {
		t.Errorf("from there (-want +got):\n%s", diff)
	}
	g.l.ResetDelta()
	if r := g.get(last.link("deltaLink")); r.status != 410 || r.code() != "resyncRequired" {
		t.Errorf("after a reset: %d %s", r.status, r.raw)
	}
}

func TestGroupsCanBeAheadOfUsers(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now, Delta: Delta{UsersLag: time.Minute}})
	team := g.group("team")
	c.pass(time.Minute * 30)
	_, users := g.all("/users/delta")
	_, groups := g.all("/groups/delta")
	ana := g.user("ana")
	must(t, g.l.AddMember(team, ana))
	got, _ := g.all(groups.link("deltaLink"))
	if diff := cmp.Diff([]any{member(ana)}, got[0]["members@delta"]); diff != "" {
		t.Errorf("groups/delta (-want +got):\n%s", diff)
	}
	got, users = g.all(users.link("deltaLink"))
	if len(got) != 0 {
		t.Errorf("users/delta is to lag behind, but has %v", got)
	}
	c.pass(2 * time.Minute)
	if got, _ = g.all(users.link("deltaLink")); len(got) != 1 {
		t.Errorf("users/delta a minute later: %v", got)
	}
}

func TestReplaysBringKnownChangesOnceMore(t *testing.T) {
	g := open(t, &Lab{Delta: Delta{Replay: 2}})
	ana, ben, cleo := g.user("ana"), g.user("ben"), g.user("cleo")
	_, last := g.all("/users/delta?$select=displayName")
	got, _ := g.all(last.link("deltaLink"))
	if diff := cmp.Diff([]string{ben, cleo}, ids(got)); diff != "" {
		t.Errorf("nothing changed, two come again (-want +got):\n%s", diff)
	}
	g.l.Delta = Delta{Removed: true, KeepsDeletedMembers: true}
	team := g.group("team", ana)
	_, groups := g.all("/groups/delta")
	must(t, g.l.DeleteUser(ana))
	got, _ = g.all("/users/delta?$select=displayName")
	if diff := cmp.Diff(map[string]any{"id": ana, "@removed": map[string]any{"reason": "changed"}}, got[2]); diff != "" {
		t.Errorf("a first round may show deleted users (-want +got):\n%s", diff)
	}
	if got, _ = g.all(groups.link("deltaLink")); len(got) != 0 {
		t.Errorf("the deleted member of %s should not be reported: %v", team, got)
	}
}
