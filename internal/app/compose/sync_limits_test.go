package compose

import (
	"fmt"
	"testing"
	"time"
)

func TestALargeRemovalThatAPersonLetGoDoesNotHoldUpTheRestOfTheDay(t *testing.T) {
	c := workshop(t)
	c.apply()
	for i := range 10 { // of sixty: more than a day's limit
		must(t, c.entra.DeleteUser(c.users[fmt.Sprintf("p%02d", 10+i)]))
	}
	if got := c.apply(); !held(got.Holds, "over-limit") || len(c.removals()) > 0 {
		t.Fatalf("%d wait, %v was taken away", len(got.Holds), c.removals())
	}
	c.let("")
	c.apply()
	before := len(c.removals())
	if before < 10 {
		t.Fatalf("what was let go is not done: %v", c.removals())
	}
	c.clock.Pass(time.Hour)
	must(t, c.entra.DeleteUser(c.users["p30"]))
	if got := c.apply(); held(got.Holds, "over-limit") || len(c.removals()) == before {
		t.Errorf("%d wait: one leaver is held up by what somebody let go; taken away %v", len(got.Holds), c.removals()[before:])
	}
	// What nobody looked at counts all the same.
	for i := range 5 {
		c.clock.Pass(time.Hour)
		must(t, c.entra.DeleteUser(c.users[fmt.Sprintf("p%02d", 40+i)]))
		c.apply()
	}
	if got := c.apply(); !held(got.Holds, "over-limit") {
		t.Errorf("six leavers one by one passed a day's limit of five: %v", c.removals()[before:])
	}
}
