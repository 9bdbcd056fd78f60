package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Check is what one look of the doctor showed.
type Check = evidence.Check

// Probe looks at one service, or at this machine, and changes nothing there.
type Probe struct {
	Name string // what it looks at
	Look func(context.Context) []Check
}

// Doctor asks everything that a connection needs how it is.
type Doctor struct {
	Probes   []Probe
	Patience time.Duration // for one probe; 0: a minute
	Progress Progress      // may be nil
}

// Examined is what the probe of a name showed.
type Examined struct {
	Name   string
	Checks []Check
}

// Examine lets all probes look, side by side, and gives what they showed in their order. One that does not come to an
// end in time shows that.
func (d *Doctor) Examine(ctx context.Context) ([]Examined, error) {
	patience := d.Patience
	if patience == 0 {
		patience = time.Minute
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make([]Examined, len(d.Probes))
	var mu sync.Mutex
	done := 0
	var wg sync.WaitGroup
	for i, p := range d.Probes {
		wg.Go(func() {
			out[i] = Examined{p.Name, p.within(ctx, patience)}
			mu.Lock()
			defer mu.Unlock()
			if done++; d.Progress != nil {
				d.Progress("asked "+p.Name, int64(done), int64(len(d.Probes)))
			}
		})
	}
	if d.Progress != nil {
		d.Progress("asking", 0, int64(len(d.Probes)))
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("looking at what the connection needs: %w", err)
	}
	return out, nil
}

func (p Probe) within(ctx context.Context, patience time.Duration) []Check {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	seen := make(chan []Check, 1)
	go func() { seen <- p.Look(ctx) }()
	select {
	case checks := <-seen:
		return checks
	case <-ctx.Done():
		return []Check{{
			Name: p.Name, State: evidence.Unknown, Fact: fmt.Sprintf("no end after %v", patience),
			Fix: "try again; -v shows every request",
		}}
	}
}

// Writers judges Entra's provisioning job: with rollcall's own method it is a second writer, with Entra's it must run.
// known is false where its jobs could not be read; nothing is said where a method has no job.
func Writers(method string, jobs []document.Job, known bool, application string) []Check {
	c := Check{Name: "provisioning job", State: evidence.OK}
	if application == "" {
		application = "the application"
	}
	menu := "Entra admin center › Enterprise applications › " + application + " › Provisioning"
	switch {
	case !known && method == document.GuardNested:
		return nil
	case !known:
		c.State, c.Fact = evidence.Unknown, "whether there is one could not be read"
		c.Lost, c.Fix = "whether Entra's service writes the directory", "grant what is missing above, or look at "+menu
	case method == document.EntraSCIM:
		provisions(&c, jobs, menu)
	default:
		if w := otherJob(jobs, application); w != nil {
			c.State, c.Fact, c.Fix = evidence.Bad, w.Who, w.Do
			c.Lost = "apply: rollcall refuses to write beside it, since each would undo what the other does"
			if method != document.Rollcall {
				c.State, c.Lost = evidence.Warning, "two services write the same people"
			}
			return []Check{c}
		}
		c.Fact = "off, or never set up: Entra's service writes nothing"
		if method == document.Rollcall {
			c.Fact += ". Guard's own connector cannot be seen from here"
		}
	}
	return []Check{c}
}

// provisions judges the job that is to do the work.
func provisions(c *Check, jobs []document.Job, menu string) {
	c.Lost, c.Fix = "nobody is provisioned", menu+" › Start provisioning"
	if len(jobs) == 0 {
		c.State, c.Fact, c.Fix = evidence.Bad, "there is none", menu+" › New configuration"
		return
	}
	for i := range jobs {
		if !active(&jobs[i]) {
			continue
		}
		s := &jobs[i].Status
		if s.Quarantine != nil || s.Code == "Quarantine" {
			c.State, c.Fact = evidence.Bad, "in quarantine"
			if s.Quarantine != nil {
				c.Fact += ": " + s.Quarantine.Reason
			}
			c.Lost, c.Fix = "changes arrive late or never", menu+" › Overview tells why; rollcall causes quarantine"
			return
		}
		c.Fact, c.Lost, c.Fix = "runs", "", ""
		if last := s.LastExecution; last != nil && !last.TimeEnded.IsZero() {
			c.Fact += "; its last cycle ended " + last.TimeEnded.UTC().Format("2 Jan 2006 15:04") + " (" + last.State + ")"
		}
		return
	}
	c.State, c.Fact = evidence.Bad, "stopped ("+words(jobs[0].Schedule.State, jobs[0].Status.Code)[0]+")"
}
