package atlassian

import (
	"strings"
	"time"
)

// SetSeats changes how many people may use a product; zero is unlimited.
func (l *Lab) SetSeats(host, product string, seats int) error {
	return l.change(func(w *world) error {
		p, err := w.product(host, product)
		if err != nil {
			return err
		}
		p.Seats = seats
		w.fill(p)
		w.touch()
		w.happened(administrator, "seats_changed", nil, "%s on %s has %d seats", product, host, seats)
		return nil
	})
}

// SetPropagation changes how long the way from the directory to the sites takes. What is under way is not overtaken.
func (l *Lab) SetPropagation(d time.Duration) {
	w := l.lock()
	defer l.mu.Unlock()
	w.propagation = d
}

// SetLimits changes how many users the directories take, and how many members a group; zero is the vendor's number.
// Who is there already stays.
func (l *Lab) SetLimits(users, groupMembers int) {
	w := l.lock()
	defer l.mu.Unlock()
	limits := Limits{Users: users, GroupMembers: groupMembers}.withDefaults()
	w.limits.Users, w.limits.GroupMembers = limits.Users, limits.GroupMembers
}

// TroubleshootingLog is the log of the page of that name, a line each, the oldest first.
func (l *Lab) TroubleshootingLog() string {
	w := l.lock()
	defer l.mu.Unlock()
	return strings.Join(w.lines, "\n")
}
