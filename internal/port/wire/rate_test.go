package wire

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rollcall/rollcall/internal/testkit"
)

// bucketed is a service with a bucket of tokens: so many come a second, and so many can be saved up.
type bucketed struct {
	rate, burst float64
	latency     time.Duration
	uneven      bool          // latency is between half and one and a half of that
	silent      bool          // without Retry-After
	counts      bool          // refused requests count, as at Microsoft Graph
	changes     float64       // the rate changes by this factor
	at          time.Duration // then

	mu      sync.Mutex
	dice    *rand.Rand
	tokens  float64
	last    time.Time
	begin   time.Time
	served  map[int]int // by second
	refused map[int]int
}

func (b *bucketed) RoundTrip(r *http.Request) (*http.Response, error) {
	there, back := b.ways()
	if err := Sleep(r.Context(), there); err != nil {
		return nil, err
	}
	ok, wait := b.take()
	if err := Sleep(r.Context(), back); err != nil {
		return nil, err
	}
	switch {
	case ok:
		return reply(http.StatusOK, `{}`), nil
	case b.silent:
		return reply(http.StatusTooManyRequests, ``), nil
	}
	return reply(http.StatusTooManyRequests, ``, "Retry-After", strconv.Itoa(int(math.Ceil(wait)))), nil
}

func (b *bucketed) ways() (there, back time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dice == nil {
		b.dice = rand.New(rand.NewPCG(1, 2))
	}
	there = b.latency / 2
	if b.uneven {
		there = time.Duration(b.dice.Float64() * float64(b.latency))
	}
	return there, b.latency / 2
}

// take takes a token, or tells in how many seconds there will be one.
func (b *bucketed) take() (bool, float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.last.IsZero() {
		b.last, b.begin, b.tokens, b.served, b.refused = now, now, b.burst, map[int]int{}, map[int]int{}
	}
	b.tokens = math.Min(b.burst, b.tokens+now.Sub(b.last).Seconds()*b.rate)
	b.last = now
	since := now.Sub(b.begin)
	if b.changes > 0 && since >= b.at {
		b.rate, b.burst, b.changes = b.rate*b.changes, b.burst*b.changes, 0
	}
	if b.tokens < 1-1e-9 {
		b.refused[int(since/time.Second)]++
		wait := (1 - b.tokens) / b.rate
		if b.counts {
			b.tokens = max(b.tokens-1, -0.8*b.burst)
		}
		return false, wait
	}
	b.tokens--
	b.served[int(since/time.Second)]++
	return true, 0
}

// share tells which part of the allowed rate was used, and which part of the requests was refused.
func (b *bucketed) share(from, to int) (used, refused float64) {
	var served, denied float64
	for i := from; i < to; i++ {
		served += float64(b.served[i])
		denied += float64(b.refused[i])
	}
	return served / (b.rate * float64(to-from)), denied / max(1, served+denied)
}

// crowd lets workers send writes for a while, as many as they can.
func crowd(t *testing.T, s http.RoundTripper, workers int, long time.Duration, change ...func(*Options)) {
	t.Helper()
	c := client(t, s, change...)
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, err := c.Do(ctx, post); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestTheRateThatAServiceAllowsIsFoundAndUsed(t *testing.T) {
	for _, latency := range []time.Duration{0, 100 * time.Millisecond} {
		for _, r := range []float64{5, 25, 100} {
			for _, workers := range []int{16, 64} {
				t.Run(fmt.Sprintf("%v requests a second at %v with %d workers", r, latency, workers), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						b := &bucketed{rate: r, burst: r, latency: latency}
						end := testkit.Cases(t, 330, 120)
						crowd(t, b, workers, time.Duration(end+2)*time.Second)
						for _, span := range [][2]int{{0, 30}, {30, 60}, {60, 90}, {30, end}} {
							used, refused := b.share(span[0], span[1])
							t.Logf("second %3d to %3d: used %5.1f %%, refused %4.2f %%", span[0], span[1], 100*used, 100*refused)
							if span[0] >= 30 && (used < 0.9 || refused > 0.02) {
								t.Error("that is too little used or too much refused")
							}
						}
					})
				})
			}
		}
	}
}

func TestServicesOfOtherKindsAreUsedToo(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		service *bucketed
		used    float64 // at least, from the 120th to the 300th second
		refused float64 // at most
	}{
		"without Retry-After":              {&bucketed{rate: 25, burst: 25, latency: 100 * ms, silent: true}, 0.9, 0.02},
		"with uneven latency":              {&bucketed{rate: 100, burst: 100, latency: 100 * ms, uneven: true}, 0.9, 0.02},
		"that saves up ten seconds":        {&bucketed{rate: 100, burst: 1000, latency: 100 * ms, uneven: true}, 0.9, 0.02},
		"that counts what it refuses":      {&bucketed{rate: 100, burst: 1000, latency: 100 * ms, counts: true}, 0.9, 0.02},
		"that saves up a tenth of one":     {&bucketed{rate: 100, burst: 10, latency: 100 * ms}, 0.75, 0.02},
		"that saves up nothing":            {&bucketed{rate: 25, burst: 1, latency: 100 * ms}, 0.75, 0.02},
		"that becomes strict":              {&bucketed{rate: 100, burst: 100, latency: 50 * ms, changes: 0.2, at: 100 * time.Second}, 0.9, 0.02},
		"that becomes a little generous":   {&bucketed{rate: 50, burst: 50, latency: 50 * ms, changes: 1.3, at: 100 * time.Second}, 0.85, 0.02},
		"that allows one in two seconds":   {&bucketed{rate: 0.5, burst: 5, latency: 100 * ms}, 0.9, 0.08},
		"that allows hundreds, far away":   {&bucketed{rate: 400, burst: 400, latency: 100 * ms}, 0.9, 0.02},
		"that allows hundreds, next to us": {&bucketed{rate: 400, burst: 400}, 0.9, 0.02},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				end := 300
				if c.service.rate > 1 { // minutes of few requests cost nothing
					end = testkit.Cases(t, 300, 180)
				}
				crowd(t, c.service, 64, time.Duration(end+2)*time.Second)
				used, refused := c.service.share(120, end)
				t.Logf("used %5.1f %%, refused %4.2f %%", 100*used, 100*refused)
				if used < c.used || refused > c.refused {
					t.Error("that is too little used or too much refused")
				}
			})
		})
	}
}

func TestWithoutALimitEverybodySendsAfterASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bucketed{rate: 1e6, burst: 1e6, latency: 100 * time.Millisecond}
		crowd(t, b, 64, 3500*time.Millisecond)
		if got := b.served[2]; got < 630 {
			t.Errorf("64 workers sent %d requests in the third second, not 640", got)
		}
	})
}

func TestWhenOneIsToldToWaitAllWait(t *testing.T) {
	for _, status := range []int{429, 503} {
		for _, pace := range []Pace{{}, {Fixed: 50, Burst: 10}} {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var told atomic.Int64 // when, after the beginning
				s := &service{answer: func(r *http.Request, _ int) (*http.Response, error) {
					if err := Sleep(r.Context(), 50*time.Millisecond); err != nil {
						return nil, err
					}
					if since := time.Since(begin); since > 2*time.Second && told.CompareAndSwap(0, int64(since)) {
						return reply(status, ``, "Retry-After", "20"), nil
					}
					return reply(200, `{}`), nil
				}}
				crowd(t, s, 16, 30*time.Second, func(o *Options) { o.Lanes = map[string]Pace{"": pace} })
				quiet, loud := 0, 0
				for _, at := range s.at {
					switch since := at.Sub(begin) - time.Duration(told.Load()); {
					case since > 0 && since < 20*time.Second:
						quiet++
					case since >= 20*time.Second:
						loud++
					}
				}
				if quiet > 0 || loud == 0 {
					t.Errorf("%d, %+v: %d requests were sent in the pause, %d after it", status, pace, quiet, loud)
				}
			})
		}
	}
}

func TestLanesDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: func(r *http.Request, _ int) (*http.Response, error) {
			if r.URL.Path == "/scim/logs" {
				return reply(429, ``, "Retry-After", "100"), nil
			}
			return reply(200, `{}`), nil
		}}
		c := client(t, s)
		var wg sync.WaitGroup
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		wg.Go(func() { _, _ = c.Do(ctx, Request{Path: "/logs", Lane: "logs"}) })
		synctest.Wait()
		began := time.Now()
		if _, err := c.Do(ctx, get); err != nil || time.Since(began) != 0 {
			t.Errorf("waited %v: %v", time.Since(began), err)
		}
		wg.Wait()
	})
}

func TestAGivenPaceIsNeverExceeded(t *testing.T) {
	for _, c := range []struct {
		pace   Pace
		window time.Duration // in any of these
		most   int           // are so many requests at most
		least  int           // and in a minute at least so many
	}{
		{Pace{Fixed: 5, Window: 10 * time.Second}, 10 * time.Second, 5, 29},
		{Pace{Fixed: 5, Window: 10 * time.Second, Burst: 5}, 10 * time.Second, 5, 29},
		{Pace{Fixed: 20}, time.Second, 21, 1190},
		{Pace{Fixed: 20, Burst: 10}, time.Second, 30, 1190},
		{Pace{Fixed: 0.5}, 2 * time.Second, 2, 30},
	} {
		t.Run(fmt.Sprintf("%+v", c.pace), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var arrived []time.Time
				n := 0
				s := &service{answer: func(r *http.Request, _ int) (*http.Response, error) {
					mu.Lock()
					n++
					late := time.Duration(n*7919%100) * time.Millisecond // the way there is of uneven length
					mu.Unlock()
					if c.pace.Window == 0 {
						late = 0
					}
					err := Sleep(r.Context(), late)
					mu.Lock()
					arrived = append(arrived, time.Now())
					mu.Unlock()
					return reply(200, `{}`), err
				}}
				crowd(t, s, 64, time.Minute, func(o *Options) { o.Lanes = map[string]Pace{"": c.pace} })
				for i := range arrived {
					if j := i + c.most; j < len(arrived) && arrived[j].Sub(arrived[i]) < c.window {
						t.Fatalf("%d requests within %v", c.most+1, arrived[j].Sub(arrived[i]))
					}
				}
				if len(arrived) < c.least {
					t.Errorf("%d requests in a minute", len(arrived))
				}
			})
		})
	}
}

func TestAPaceThatMakesNoSenseIsRefused(t *testing.T) {
	for _, p := range []Pace{{Fixed: -1}, {Fixed: math.NaN()}, {Fixed: math.Inf(1)}, {Fixed: 1, Burst: -1}, {Fixed: 1, Window: -1}} {
		if _, err := New(Options{Base: base, Lanes: map[string]Pace{"x": p}}); err == nil {
			t.Errorf("%+v was taken", p)
		}
	}
}

func TestWhoGivesUpInTheQueueHoldsNobodyUp(t *testing.T) {
	for _, pace := range []Pace{{}, {Fixed: 10}} {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, &service{answer: func(r *http.Request, _ int) (*http.Response, error) {
				return reply(200, `{}`), Sleep(r.Context(), time.Second)
			}}, func(o *Options) { o.Lanes = map[string]Pace{"": pace} })
			var wg sync.WaitGroup
			for i := range 100 {
				wg.Go(func() {
					ctx := t.Context()
					if i%2 == 0 {
						impatient, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
						defer cancel()
						ctx = impatient
					}
					if _, err := c.Do(ctx, get); (err == nil) != (i%2 == 1) {
						t.Errorf("request %d: %v", i, err)
					}
				})
			}
			began := time.Now()
			wg.Wait()
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("%+v: fifty requests took %v", pace, took)
			}
		})
	}
}
