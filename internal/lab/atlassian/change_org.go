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

// TroubleshootingLog is the log of the page of that name, a line each, the oldest first.
func (l *Lab) TroubleshootingLog() string {
	w := l.lock()
	defer l.mu.Unlock()
	return strings.Join(w.lines, "\n")
}
