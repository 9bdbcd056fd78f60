package compose

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
	"github.com/rollcall/rollcall/internal/testkit"
)

// hiring is a company of so many new people, all of them assigned, whose directory answers after a while and lets so
// many requests through in a second. Its clocks are those of a synctest bubble.
func hiring(t *testing.T, people, perSecond int, latency time.Duration) *company {
	t.Helper()
	c := &company{t: t, entra: &labentra.Lab{Limits: labentra.Limits{Off: true}}, clock: clock{waits: true}}
	app, err := c.entra.AddServicePrincipal(labentra.Props{"displayName": "Atlassian Cloud"})
	must(t, err)
	everybody, err := c.entra.AddGroup(labentra.Props{"displayName": "everybody"})
	must(t, err)
	for i := range people {
		name := fmt.Sprintf("p%05d@shop.example", i)
		id, err := c.entra.AddUser(labentra.Props{"displayName": fmt.Sprint("Person ", i), "userPrincipalName": name, "mail": name})
		must(t, err)
		must(t, c.entra.AddMember(everybody, id))
	}
	_, err = c.entra.Assign(app, everybody, "")
	must(t, err)
	c.guard = &labatlassian.Lab{
		Domains: []labatlassian.Domain{{Name: "shop.example"}}, Faults: []labatlassian.Fault{{Latency: latency}},
		Rate: labatlassian.Rate{PerSecond: float64(perSecond), Burst: perSecond},
	}
	c.store, err = sqlstore.Open(t.Context(), "")
	must(t, err)
	c.connect(document.Connection{Name: "shop", Method: document.Rollcall, Application: app, Directory: labatlassian.DefaultDirectory})
	return c
}

// From source to target with everything in between: nobody tells the client what a directory lets through, and it uses
// it all the same.
func TestTheRateThatADirectoryAllowsIsFoundAndUsed(t *testing.T) {
	for _, d := range testkit.Sample(t, []struct {
		perSecond int
		latency   time.Duration
	}{{5, 40 * time.Millisecond}, {25, 200 * time.Millisecond}, {100, 100 * time.Millisecond}}, 2) {
		perSecond, latency := d.perSecond, d.latency
		t.Run(fmt.Sprintf("%d a second, answers after %s", perSecond, latency), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				people := perSecond * 70 // about as many seconds
				c := hiring(t, people, perSecond, latency)
				defer c.store.Close()
				got, err := c.sync.Apply(t.Context(), engine.ApplyRequest{})
				must(t, err)
				if n := got.Run.Counts; n.Done != people+1+people || n.Failed+n.Blocked > 0 {
					t.Errorf("%+v, stopped by %v", n, got.Stopped)
				}
				all := c.guard.Requests()
				begin, end := all[0].At, all[len(all)-1].At
				first := tallied(all, begin, begin.Add(30*time.Second))
				later := tallied(all, begin.Add(30*time.Second), end)
				t.Logf("the first 30 s: %s; the %.0f s after: %s", first.told(perSecond), later.seconds, later.told(perSecond))
				if later.seconds < 30 {
					t.Errorf("it ran for %.0f s after the first 30, which is too short to tell", later.seconds)
				}
				if later.used(perSecond) < 0.9 {
					t.Errorf("%.1f %% of the rate are used after 30 s, want 90", 100*later.used(perSecond))
				}
				if later.share() > 0.02 {
					t.Errorf("%.1f %% of requests are refused after 30 s, want at most 2", 100*later.share())
				}
			})
		})
	}
}

// rate is what a directory let through in a part of a run.
type rate struct {
	seconds          float64
	through, refused int
}

func tallied(all []labatlassian.Request, from, to time.Time) rate {
	r := rate{seconds: to.Sub(from).Seconds()}
	for _, q := range all {
		switch {
		case q.At.Before(from) || !q.At.Before(to):
		case q.Status == http.StatusTooManyRequests:
			r.refused++
		default:
			r.through++
		}
	}
	return r
}

func (r rate) used(perSecond int) float64 { return float64(r.through) / r.seconds / float64(perSecond) }

func (r rate) share() float64 { return float64(r.refused) / float64(max(1, r.through+r.refused)) }

func (r rate) told(perSecond int) string {
	return fmt.Sprintf("%.1f %% of the rate used, %.2f %% refused", 100*r.used(perSecond), 100*r.share())
}
