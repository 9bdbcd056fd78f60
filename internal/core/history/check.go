package history

import (
	"slices"
	"time"
)

// Check is a roll call that rollcall made, by what it found of the subject. That it found nothing says that all was well
// only before one that found something: whom nobody expects no roll call misses.
type Check struct {
	At    time.Time
	Found bool
}

// narrow brings the two moments of a break closer together: to the roll calls that found something, back from the newest,
// and the one before them that found nothing.
func (b *Break) narrow(checks []Check) {
	slices.SortFunc(checks, func(x, y Check) int { return x.At.Compare(y.At) })
	before := b.Before
	for _, c := range slices.Backward(checks) {
		if c.At.After(before) || !c.At.After(b.After) {
			continue
		}
		if !c.Found {
			if b.Checked {
				b.After = c.At
			}
			return
		}
		b.Before, b.Checked = c.At, true
	}
}
