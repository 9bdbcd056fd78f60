package compose

import (
	"testing"

	labentra "github.com/rollcall/rollcall/internal/lab/entra"
)

// Groups may go on naming somebody who was deleted. Whoever leaves the group at the same time must not wait for the next
// reading in full.
func TestADeletedUserWhomAGroupStillNamesHoldsNobodyElseUp(t *testing.T) {
	for name, lingering := range map[string]bool{"groups tell of it": false, "groups name them still": true} {
		t.Run(name, func(t *testing.T) {
			c := workshop(t)
			c.entra.Delta.KeepsDeletedMembers = lingering
			c.apply()
			must(t, c.entra.DeleteUser(c.users["p01"]))
			must(t, c.entra.RemoveMember(c.groups["team-1"], c.users["p07"]))
			got := c.apply()
			took := map[string]int{}
			for _, what := range c.removals() {
				took[what]++
			}
			if took["deactivate Person p01"]+took["deactivate p01@shop.example"] != 1 || took["remove-members team-1"] != 1 || took["remove-members team-0"] != 1 {
				t.Errorf("taken away: %v; gaps %q", took, got.Plan.Plan.Gaps)
			}
			if again := c.apply(); again.Run.ID != "" {
				t.Errorf("it does not rest: %+v", again.Run.Counts)
			}
			c.settled()
		})
	}
}

func TestWhoWasDeletedOnceIsAGapWhereWhoIsDeletedNowIsNotTold(t *testing.T) {
	c := workshop(t)
	c.entra.Delta.KeepsDeletedMembers = true
	c.apply()
	must(t, c.entra.DeleteUser(c.users["p01"]))
	c.apply()
	before := len(c.removals())
	must(t, c.entra.RemoveMember(c.groups["team-1"], c.users["p07"]))
	c.entra.Break(labentra.Fault{Path: "*/directory/deletedItems/*", Status: 403})
	if c.apply(); len(c.removals()) > before {
		t.Errorf("taken away because of a gap: %v", c.removals()[before:])
	}
	c.settled()
}
