package entra_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
)

func TestSplitGroupsComeTogetherWhereverTheirPartsAre(t *testing.T) {
	for _, scatter := range []bool{false, true} {
		n := filled(t, &lab.Lab{Pages: lab.Pages{DeltaObjects: 3, DeltaMembers: 4}, Delta: lab.Delta{Scatter: scatter}}, 50)
		n.reads()
		n.same()
	}
}

func TestADeletedUserLeavesAndARestoredOneComesBack(t *testing.T) {
	for sentence, delta := range map[string]lab.Delta{"tidy": {}, "groups do not tell of deleted members": {KeepsDeletedMembers: true}} {
		t.Run(sentence, func(t *testing.T) {
			n := open(t, &lab.Lab{Delta: delta})
			ana, ben := n.user("ana"), n.user("ben")
			team := n.group("team", ana, ben)
			n.reads()
			must(t, n.l.DeleteUser(ana))
			n.reads()
			n.same()
			if n.mirror.objects[document.Users][ana] != nil || n.mirror.objects[document.DeletedUsers][ana] == nil {
				t.Error("a soft-deleted user is among the users, or not among the deleted ones")
			}
			must(t, n.l.Restore(ana))
			n.reads()
			n.same()
			if !n.mirror.members[team][ana] {
				t.Error("her membership did not come back")
			}
			must(t, n.l.DeleteUser(ben))
			must(t, n.l.HardDelete(ben))
			n.reads()
			n.same()
			if n.mirror.objects[document.Users][ben] != nil || n.mirror.objects[document.DeletedUsers][ben] != nil {
				t.Error("a user who is gone for good is still there")
			}
		})
	}
}

func TestADeletedGroupGoesWithItsMembersAndComesBackWithThem(t *testing.T) {
	n := open(t, &lab.Lab{})
	team := n.group("team", n.user("ana"), n.user("ben"))
	n.reads()
	must(t, n.l.DeleteGroup(team))
	n.reads()
	n.same()
	if len(n.mirror.members[team]) > 0 {
		t.Error("members of a group that is gone")
	}
	must(t, n.l.Restore(team))
	n.reads()
	n.same()
}

func TestAGroupMayNameUsersWhoAreToldLater(t *testing.T) {
	n := open(t, &lab.Lab{Delta: lab.Delta{UsersLag: 5 * time.Minute}})
	team := n.group("team")
	n.c.Pass(time.Hour)
	n.reads()
	ana := n.user("ana")
	must(t, n.l.AddMember(team, ana))
	n.reads()
	if n.mirror.objects[document.Users][ana] != nil || !n.mirror.members[team][ana] {
		t.Fatal("the lag does not show what it should: the user late, the membership at once")
	}
	n.c.Pass(time.Hour)
	n.reads()
	n.same()
}

func TestRemovedObjectsOfAFirstRoundAreNotThere(t *testing.T) {
	n := filled(t, &lab.Lab{Delta: lab.Delta{Removed: true}}, 20)
	n.reads()
	n.same()
}

func TestATokenThatIsTakenBackLeadsToAFullReading(t *testing.T) {
	for sentence, spoil := range map[string]func(*tenant){
		"after a week":   func(n *tenant) { n.c.Pass(8 * 24 * time.Hour) },
		"by the service": func(n *tenant) { n.l.ResetDelta() },
		"410":            func(n *tenant) { n.l.Break(lab.Fault{ExpireDelta: true}) },
		"in the middle of a round": func(n *tenant) {
			n.l.Break(lab.Fault{Path: "*/delta", Skip: 3, Times: 1, Status: 410, Code: "SyncStateNotFound"})
		},
		"as a page that is too old": func(n *tenant) {
			n.l.Break(lab.Fault{Path: "*/delta", Skip: 3, Times: 1, Status: 400, Code: "Directory_ExpiredPageToken"})
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			n := filled(t, &lab.Lab{Pages: lab.Pages{DeltaObjects: 4}}, 40)
			n.reads()
			for i := range 12 { // several pages of changes, and one that is seen in no page of them
				must(t, n.l.UpdateUser(fmt.Sprint("user", i, "@fabrikam.example"), lab.Props{"department": "Board"}))
			}
			must(t, n.l.HardDelete(gone(n, "user20")))
			spoil(n)
			n.reads()
			n.same()
			if len(n.mirror.gaps) > 0 || !slices.Contains(n.mirror.fulls, document.Users) {
				t.Errorf("gaps %v, read in full: %v", n.mirror.gaps, n.mirror.fulls)
			}
		})
	}
}

func gone(n *tenant, name string) string {
	id := n.list("/users?$filter=userPrincipalName%20eq%20'" + name + "@fabrikam.example'")[0]["id"].(string)
	must(n.t, n.l.DeleteUser(id))
	return id
}

func TestAServiceThatAlwaysWantsToBeginAnewIsAnError(t *testing.T) {
	n := filled(t, &lab.Lab{Faults: []lab.Fault{{Path: "/v1.0/users/delta", Status: 410, Code: "resyncRequired"}}}, 20)
	asked := n.requests(func() {
		if n.try() == nil {
			t.Error("no error")
		}
	})
	if len(asked) > 20 {
		t.Errorf("%d requests", len(asked))
	}
}

// TestAnyChangesAreFollowed changes a tenant at random, with everything that delta queries do, and compares the mirror
// with the tenant's plain lists.
func TestAnyChangesAreFollowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &lab.Lab{
			Limits: lab.Limits{Off: true},
			Pages:  lab.Pages{DeltaObjects: rapid.IntRange(1, 5).Draw(t, "objects"), DeltaMembers: rapid.IntRange(1, 5).Draw(t, "members")},
			Delta: lab.Delta{
				Replay: rapid.IntRange(0, 9).Draw(t, "replay"), Scatter: rapid.Bool().Draw(t, "scatter"),
				KeepsDeletedMembers: rapid.Bool().Draw(t, "keeps"), Removed: rapid.Bool().Draw(t, "removed"),
				UsersLag: time.Duration(rapid.IntRange(0, 2).Draw(t, "lag")) * time.Minute,
			},
		}
		n := open(t, l)
		var users, groups, dead []string
		one := func(list []string) string { return rapid.SampledFrom(list).Draw(t, "which") }
		for i := range rapid.IntRange(5, 40).Draw(t, "steps") {
			n.c.Pass(20 * time.Second)
			what := rapid.IntRange(0, 11).Draw(t, "what")
			switch {
			case what == 0 || len(users) == 0:
				users = append(users, n.user(fmt.Sprint("user", i)))
			case what == 1 || len(groups) == 0:
				groups = append(groups, n.group(fmt.Sprint("group", i)))
			case what < 5:
				if to, who := one(groups), one(append(slices.Clone(users), groups...)); to != who {
					must(t, l.AddMember(to, who))
				}
			case what == 5:
				_ = l.RemoveMember(one(groups), one(users)) // who may be none
			case what == 6:
				must(t, l.UpdateUser(one(users), lab.Props{"department": fmt.Sprint(i), "jobTitle": nil}))
			case what == 7:
				id := one(users)
				users, dead = slices.DeleteFunc(users, func(u string) bool { return u == id }), append(dead, id)
				must(t, l.DeleteUser(id))
			case what == 8 && len(dead) > 0:
				id := one(dead)
				users, dead = append(users, id), slices.DeleteFunc(dead, func(u string) bool { return u == id })
				must(t, l.Restore(id))
			case what == 9 && len(groups) > 1:
				id := one(groups)
				groups = slices.DeleteFunc(groups, func(g string) bool { return g == id })
				must(t, l.DeleteGroup(id))
				if rapid.Bool().Draw(t, "restored") {
					groups = append(groups, id)
					must(t, l.Restore(id))
				}
			case what == 10:
				n.reads()
			case what == 11:
				l.ResetDelta()
			}
		}
		n.reads()
		n.c.Pass(time.Hour)
		n.reads()
		n.same()
	})
}
