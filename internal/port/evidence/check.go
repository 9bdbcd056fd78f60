package evidence

import "time"

// State is how something stands with a service, a key or this machine.
type State string

// The states. Unknown is for what nobody can tell, or what could not be asked.
const (
	OK      State = "ok"
	Warning State = "warning"
	Bad     State = "bad"
	Unknown State = "unknown"
)

// Check is what one look showed. Lost and Fix are empty where the state is OK.
type Check struct {
	Name     string `json:"name"`
	State    State  `json:"state"`
	Fact     string `json:"fact"`                // what was seen
	Lost     string `json:"lost"`                // what rollcall cannot do or tell because of it
	Fix      string `json:"fix"`                 // a menu, a call or a command
	DaysLeft *int   `json:"days_left,omitempty"` // of what ends; below 0: it has ended
}

// Soon is how long before its end a key or secret is warned about.
const Soon = 30 * 24 * time.Hour

// Ends fills in a check of something that ends at a moment: bad when it has, a warning when it soon does.
func (c Check) Ends(end, now time.Time) Check {
	left := end.Sub(now)
	days := int(left / (24 * time.Hour))
	if left < 0 {
		days = min(days, -1)
	}
	c.DaysLeft = &days
	switch {
	case left <= 0:
		c.State = Bad
	case left <= Soon:
		c.State = Warning
	default:
		c.State, c.Lost, c.Fix = OK, "", ""
	}
	return c
}
