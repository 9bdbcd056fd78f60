package wire

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// bucketServer is a service that lets so many requests a second through and saves up so many.
type bucketServer struct {
	rate, burst            float64
	latency                time.Duration
	silent, jitter, counts bool
	change                 float64

	mu      sync.Mutex
	tokens  float64
	at      time.Time
	begin   time.Time
	served  map[int]int // by second
	refused map[int]int
}

func (s *bucketServer) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.jitter {
		time.Sleep(time.Duration(rand.Float64() * float64(s.latency)))
	}
	time.Sleep(s.latency / 2)
	ok, wait := s.take()
	time.Sleep(s.latency - s.latency/2)
	res := &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: -1,
		Body: io.NopCloser(strings.NewReader("{}")), Request: r,
	}
	if !ok {
		res.StatusCode = 429
		if !s.silent {
			res.Header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait))))
		}
	}
	return res, nil
}

func (s *bucketServer) take() (bool, float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.at.IsZero() {
		s.at, s.begin, s.tokens, s.served, s.refused = now, now, s.burst, map[int]int{}, map[int]int{}
	}
	s.tokens = math.Min(s.burst, s.tokens+now.Sub(s.at).Seconds()*s.rate)
	s.at = now
	second := int(now.Sub(s.begin) / time.Second)
	if s.change > 0 && second > 300 {
		s.rate *= s.change
		s.burst *= s.change
		s.change = 0
	}
	if s.tokens < 1-1e-9 {
		if s.counts {
			s.tokens = max(s.tokens-1, -.8*s.burst)
		}
		s.refused[second]++
		return false, (1 - s.tokens) / s.rate
	}
	s.tokens--
	s.served[second]++
	return true, 0
}

func (s *bucketServer) share(from, to int) (used, refused float64) {
	var served, denied float64
	for i := from; i < to; i++ {
		served += float64(s.served[i])
		denied += float64(s.refused[i])
	}
	return served / (s.rate * float64(to-from)), denied / max(1, served+denied)
}

func TestTheRateThatAServiceAllowsIsFoundAndUsed(t *testing.T) {
	for _, latency := range []time.Duration{0, 100 * time.Millisecond} {
		for _, r := range []float64{5, 25, 100} {
			t.Run(fmt.Sprintf("%v requests a second at %v", r, latency), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &bucketServer{rate: r, burst: r, latency: latency}
					run(t, s, 64, 630*time.Second)
					for _, span := range [][2]int{{0, 30}, {30, 60}, {30, 90}, {30, 330}, {330, 630}} {
						used, refused := s.share(span[0], span[1])
						t.Logf("%4d-%4d s: used %5.1f %%  refused %5.2f %%", span[0], span[1], 100*used, 100*refused)
						if span[0] >= 30 && (used < 0.9 || refused > 0.02) {
							t.Errorf("used %.3f, refused %.3f", used, refused)
						}
					}
				})
			})
		}
	}
}

func run(t *testing.T, s *bucketServer, workers int, long time.Duration) {
	t.Helper()
	c, err := New(Options{Base: "https://x.example", Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, err := c.Do(ctx, Request{Method: "POST", Path: "/x", Body: []byte("{}")}); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
