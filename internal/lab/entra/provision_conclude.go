package entra

import (
	"fmt"
	"slices"
	"time"
)

// conclude writes what a cycle was into the job's state. The caller holds the tenant's lock.
func (c *cycle) conclude(through bool) {
	now := c.l.now()
	s := &c.state.Status
	run := c.run
	run.Activity, run.Began, run.Ended = c.id, precise(c.began), precise(now)
	run.Escrowed, run.EscrowedRaw = len(c.escrow), len(c.escrow)
	run.State = "Succeeded"
	switch {
	case !through:
		run.State, run.Error = "Failed", c.stop
	case len(c.escrow) > 0 || c.held(): // what TooManyDeletes looks like here was not found
		run.State = "EntryLevelErrors"
	}
	s.Last = &run
	c.due = later(c.began.Add(Interval), now)
	reason := c.reason()
	if reason != "" {
		c.isolate(reason, now)
	} else {
		s.Quarantine = nil
		s.Failures = 0
		if c.state.on() {
			s.Code = "Active"
		}
		s.LastGood = &run
		if run.Exports > 0 {
			s.LastExports = &run
		}
		if s.SteadyFirst == never {
			s.SteadyFirst = precise(now)
		}
		s.SteadyLast = precise(now)
	}
	c.count()
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// reason tells why the job belongs into quarantine after this cycle, "" if it does not. Before an attempt in
// quarantine succeeds as a whole, it stays.
func (c *cycle) reason() string {
	r := &c.set.Readings
	references := 0
	for _, e := range c.escrow {
		if e.members != nil {
			references++
		}
	}
	plain := len(c.escrow) - references
	switch {
	case c.held():
		return "TooManyDeletes"
	case c.stop != nil:
		return "EncounteredQuarantineException"
	case len(c.escrow) > or(r.EscrowTotal, 60_000):
		return "EncounteredTotalEscrowThreshold"
	case plain > or(r.EscrowMost, 40_000):
		return "EncounteredBaseEscrowThreshold"
	case plain >= or(r.EscrowFrom, 5_000) && 10*plain > 4*(plain+len(c.links)):
		return "EncounteredEscrowProportionThreshold"
	}
	return ""
}

// isolate puts the job into quarantine, or notes one more failed attempt. Cycles become rarer, down to one a day: five
// minutes after the first failure (a real answer of 2021), then in doubling steps, which is a guess that also fits the
// six attempts in five and a half hours of an answer of 2017. An initial cycle with too many errors is another matter:
// it ends, its errors are thrown away, and the job pauses.
func (c *cycle) isolate(reason string, now time.Time) {
	s := &c.state.Status
	if c.full && c.stop == nil {
		s.EscrowsPruned = true
		clear(c.escrow)
		c.state.Schedule.State, s.Code = "Paused", "Paused"
		return
	}
	s.Failures++
	q := s.Quarantine
	if q == nil || q.Reason != reason {
		series, count := precise(now), 0
		if q != nil {
			series, count = q.SeriesBegan, q.SeriesCount
		}
		q = &quarantine{Reason: reason, CurrentBegan: precise(now), SeriesBegan: series, SeriesCount: count}
		s.Quarantine = q
		c.l.auditOf(provisioningService, now, quarantined, about(c.app, modified{DisplayName: "QuarantineReason", NewValue: quoted(reason)}))
	}
	q.SeriesCount++
	pause := 5 * time.Minute << min(q.SeriesCount-1, 9)
	c.due = now.Add(min(pause, 24*time.Hour))
	q.NextAttempt, q.Error, s.Code = precise(c.due), c.stop, "Quarantine"
	if c.stop == nil {
		q.Error = &jobError{reason, fmt.Sprintf("%d objects could not be provisioned.", len(c.escrow)), true}
	}
}

// quarantineLife is how long a job stays in quarantine before it is switched off.
const quarantineLife = 28 * 24 * time.Hour

// overdue tells whether the job has been in quarantine for four weeks.
func (j *Job) overdue(now time.Time) bool {
	q := j.state.Status.Quarantine
	return q != nil && now.Sub(moment(q.SeriesBegan)) >= quarantineLife
}

// count tells how many objects are at the target, by type.
func (c *cycle) count() {
	n := map[string]int{}
	for _, ln := range c.links {
		if !ln.inactive {
			n[ln.kind]++
		}
	}
	c.state.Status.Counts = slices.DeleteFunc([]keyCount{{"User", n["User"]}, {"Group", n["Group"]}}, func(k keyCount) bool { return k.Value == 0 })
	c.state.Status.Progress = []progress{}
}
