package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var (
	get    = Request{Method: http.MethodGet, Path: "/Users"}
	search = Request{Method: http.MethodPost, Path: "/search", Body: []byte(`{}`), Reads: true}
	post   = Request{Method: http.MethodPost, Path: "/Users", Body: []byte(`{"userName":"anna"}`)}
	patch  = Request{Method: http.MethodPatch, Path: "/Users/1", Body: []byte(`{}`)}
	put    = Request{Method: http.MethodPut, Path: "/Users/1", Body: []byte(`{}`)}
	remove = Request{Method: http.MethodDelete, Path: "/Users/1"}

	errReset = fmt.Errorf("read: %w", syscall.ECONNRESET)
	refusal  = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
)

func cut() *http.Response { // the connection ends in the middle of the body
	res := reply(http.StatusOK, `{"a":`)
	res.ContentLength = 100
	return res
}

func TestARequestIsRepeatedOnlyWhereItCannotBeCarriedOutTwice(t *testing.T) {
	good := says(http.StatusOK, `{}`)
	for _, c := range []struct {
		first         string
		answer        any
		reads, writes int  // requests sent
		lost          bool // for writes
	}{
		{"429", says(429, ``, "Retry-After", "1"), 2, 2, false},
		{"429 without Retry-After", says(429, ``), 2, 2, false},
		{"503", says(503, ``), 2, 2, false},
		{"503 with Retry-After", says(503, ``, "Retry-After", "3"), 2, 2, false},
		{"connection refused", refusal, 2, 2, false},
		{"unknown host", &net.DNSError{Err: "no such host", Name: "api.example"}, 2, 2, false},
		{"connection reset", errReset, 2, 1, true},
		{"connection ended", io.ErrUnexpectedEOF, 2, 1, true},
		{"408", says(408, ``), 2, 1, true},
		{"500", says(500, ``), 2, 1, true},
		{"502", says(502, ``), 2, 1, true},
		{"504", says(504, ``), 2, 1, true},
		{"a body that breaks off", cut, 2, 1, true},
		{"JSON that ends in the middle", says(200, `{"value":[`), 2, 1, true},
		{"400", says(400, `{}`), 1, 1, false},
		{"404", says(404, `{}`), 1, 1, false},
		{"409", says(409, `{}`), 1, 1, false},
		{"501", says(501, `{}`), 1, 1, false},
	} {
		for _, r := range []Request{get, search, post, patch, put, remove} {
			t.Run(fmt.Sprintf("%s %s after %s", r.Method, r.Path, c.first), func(t *testing.T) {
				s := &service{answer: script(c.answer, good)}
				res, failed, _ := ask(t, s, r)
				want, lost := c.writes, c.lost
				if repeatable(r) {
					want, lost = c.reads, false
				}
				if len(s.sent) != want {
					t.Fatalf("sent %d times, not %d (%v)", len(s.sent), want, failed)
				}
				for _, body := range s.body {
					if body != string(r.Body) {
						t.Errorf("sent the body %q", body)
					}
				}
				if want == 2 {
					if failed != nil || res.Attempts != 2 {
						t.Errorf("the second answer was good, but %v %v", res, failed)
					}
					return
				}
				if failed == nil || failed.Lost != lost || failed.Attempts != 1 {
					t.Errorf("lost should be %v: %+v", lost, failed)
				}
			})
		}
	}
}

func TestAServiceIsAskedAgainWhenItSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where time begins is synctest's
		now := time.Now()
		date := now.Add(7 * time.Second).UTC().Format(http.TimeFormat)
		skewed := now.Add(time.Hour)
		for _, c := range []struct {
			says   string
			header []string
			wait   time.Duration
		}{
			{"in whole seconds", []string{"Retry-After", "5"}, 5 * time.Second},
			{"in seconds with a fraction", []string{"Retry-After", "2.128"}, 2128 * time.Millisecond},
			{"as a date", []string{"Retry-After", date}, 7 * time.Second},
			{"as a date by a clock that is wrong", []string{
				"Retry-After", skewed.Add(9 * time.Second).UTC().Format(http.TimeFormat),
				"Date", skewed.UTC().Format(http.TimeFormat),
			}, 9 * time.Second},
			{"as the time when a limit is reset", []string{
				"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", now.Add(11 * time.Second).UTC().Format(time.RFC3339),
			}, 11 * time.Second},
			{"as such a time without seconds", []string{
				"X-RateLimit-Remaining", "0",
				"X-RateLimit-Reset", now.Add(time.Minute).UTC().Truncate(time.Minute).Format("2006-01-02T15:04Z07:00"),
			}, time.Minute},
			{"as a date that is over", []string{"Retry-After", now.Add(-time.Hour).UTC().Format(http.TimeFormat)}, time.Second},
		} {
			for _, status := range []int{429, 503} {
				got, told := retryAfter(status, reply(status, "", c.header...).Header, now)
				if !told || got != c.wait {
					t.Errorf("%d, %s: %v (%v), not %v", status, c.says, got, told, c.wait)
				}
			}
		}
		for _, header := range [][]string{
			nil,
			{"Retry-After", ""},
			{"Retry-After", "-3"},
			{"Retry-After", "NaN"},
			{"Retry-After", "soon"},
			{"X-RateLimit-Remaining", "4", "X-RateLimit-Reset", "2099-01-01T00:00:00Z"},
			{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "tomorrow"},
		} {
			if got, told := retryAfter(429, reply(429, "", header...).Header, now); told {
				t.Errorf("%v says nothing, but was read as %v", header, got)
			}
		}
	})
}

func TestARequestWaitsAsLongAsItWasTold(t *testing.T) {
	s := &service{answer: script(says(429, ``, "Retry-After", "2.128"), says(503, ``, "Retry-After", "10"), says(200, `{}`))}
	res, failed, took := ask(t, s, post)
	if failed != nil || res.Attempts != 3 {
		t.Fatal(res, failed)
	}
	if want := 12128 * time.Millisecond; took != want {
		t.Errorf("waited %v, not %v", took, want)
	}
}

func TestAPauseThatIsTooLongIsGivenBackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: script(says(429, `{"error":"slow"}`, "Retry-After", "3600", "request-id", "abc"))}
		c := client(t, s)
		began := time.Now()
		for i := range 3 { // the first hears it, the others know it already
			var failed *Error
			_, err := c.Do(t.Context(), get)
			if !errors.As(err, &failed) || failed.Status != 429 || failed.RetryAfter != time.Hour || failed.Lost {
				t.Fatalf("request %d: %+v", i, err)
			}
			if i == 0 && (failed.RequestID != "abc" || string(failed.Body) != `{"error":"slow"}`) {
				t.Errorf("the answer is not kept: %+v", failed)
			}
		}
		if len(s.sent) != 1 || time.Since(began) != 0 {
			t.Errorf("sent %d requests in %v to a service that is closed", len(s.sent), time.Since(began))
		}
		// When the time is over, it is asked again.
		s.answer = script(says(200, `{}`))
		if err := Sleep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), get); err != nil {
			t.Error(err)
		}
	})
}

func TestRepeatsWithoutAWordFromTheServiceGoFurtherAndFurtherApart(t *testing.T) {
	for _, status := range []int{429, 500, 503} {
		s := &service{answer: script(says(status, ``))}
		_, failed, took := ask(t, s, get)
		if failed == nil || failed.Status != status || failed.Attempts != usualAttempts || len(s.sent) != usualAttempts {
			t.Fatalf("%d: %+v after %d requests", status, failed, len(s.sent))
		}
		for i := 2; i < len(s.at); i++ {
			before, after := s.at[i-1].Sub(s.at[i-2]), s.at[i].Sub(s.at[i-1])
			if after < before/2 || after < backoff(i)/2 {
				t.Errorf("%d: %v after %v", status, after, before)
			}
		}
		if took < 7*time.Second || took > 90*time.Second {
			t.Errorf("%d: gave up after %v", status, took)
		}
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	for name, answer := range map[string]any{
		"for a pause":      says(429, ``, "Retry-After", "60"),
		"between attempts": says(500, ``),
		"for an answer":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{answer: func(r *http.Request, n int) (*http.Response, error) {
					if answer == nil {
						return nil, Sleep(r.Context(), time.Hour)
					}
					return script(answer)(r, n)
				}}
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				began := time.Now()
				_, err := client(t, s).Do(ctx, get)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v does not say why", err)
				}
				if took := time.Since(began); took != 100*time.Millisecond || len(s.sent) != 1 {
					t.Errorf("ended after %v and %d requests", took, len(s.sent))
				}
			})
		})
	}
}

func TestAWriteThatIsGivenUpWhileOnItsWayIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: func(r *http.Request, _ int) (*http.Response, error) {
			return nil, Sleep(r.Context(), time.Hour)
		}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var failed *Error
		if _, err := client(t, s).Do(ctx, post); !errors.As(err, &failed) || !failed.Lost {
			t.Errorf("nobody knows whether it was carried out: %+v", err)
		}
		if _, err := client(t, s).Do(ctx, post); !errors.As(err, &failed) || failed.Lost {
			t.Errorf("it was never sent: %+v", err)
		}
	})
}

func TestASlowLorisIsLeft(t *testing.T) {
	for _, r := range []Request{get, post} {
		s := &service{answer: func(r *http.Request, n int) (*http.Response, error) {
			if n > 2 {
				return reply(200, `{}`), nil
			}
			res := reply(200, `{}`)
			res.Body, res.ContentLength = stalled{r.Context()}, -1
			return res, nil
		}}
		res, failed, took := ask(t, s, r, func(o *Options) { o.Timeout = 90 * time.Second })
		if r.Method == http.MethodPost {
			if failed == nil || !failed.Lost || !errors.Is(failed, context.DeadlineExceeded) || took != 90*time.Second {
				t.Errorf("after %v: %+v", took, failed)
			}
			continue
		}
		if failed != nil || res.Attempts != 3 || took < 3*time.Minute || took > 4*time.Minute {
			t.Errorf("after %v: %v %v", took, res, failed)
		}
	}
}

func TestAnAnswerThatIsTooLargeIsRefused(t *testing.T) {
	s := &service{answer: script(says(200, `"`+string(make([]byte, 2000))+`"`))}
	res, failed, _ := ask(t, s, get, func(o *Options) { o.MaxBody = 1000 })
	if failed == nil || !errors.Is(failed, errTooLarge) || len(s.sent) != 1 {
		t.Errorf("%v, %v after %d requests", res, failed, len(s.sent))
	}
	s = &service{answer: script(says(400, string(make([]byte, 200_000))))}
	if _, failed, _ = ask(t, s, get); failed == nil || failed.Status != 400 || len(failed.Body) != 64<<10 {
		t.Errorf("%v", failed)
	}
}

func TestTheServicesNameOfARequestIsFound(t *testing.T) {
	for _, name := range []string{"request-id", "client-request-id", "x-request-id", "atl-traceid", "X-Trace-Id"} {
		res, _, _ := ask(t, &service{answer: script(says(200, `{}`, name, "id-1"))}, get)
		_, failed, _ := ask(t, &service{answer: script(says(404, `{}`, name, "id-2"))}, get)
		if res.RequestID != "id-1" || failed.RequestID != "id-2" {
			t.Errorf("%s: %q, %q", name, res.RequestID, failed.RequestID)
		}
	}
}
