package wire_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/port/wire"
)

type dated struct {
	date   string
	status int
}

func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: d.status, Header: http.Header{"Date": {d.date}}, Body: http.NoBody, Request: r}, nil
}

func TestAServicesClockIsReadOffAnyAnswer(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 500_000_000, time.UTC)
	for date, want := range map[string]time.Duration{
		"Wed, 25 Nov 2026 12:00:00 GMT": 0,
		"Wed, 25 Nov 2026 12:02:00 GMT": 2 * time.Minute,
		"Wed, 25 Nov 2026 11:00:00 GMT": -time.Hour,
	} {
		for _, status := range []int{200, 401, 404} {
			c, err := wire.New(wire.Options{Base: "https://service.example", Transport: dated{date, status}, Attempts: 1, Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.Clock(t.Context()); err != nil || got != want {
				t.Errorf("%s with %d: %v, %v", date, status, got, err)
			}
		}
	}
	c, err := wire.New(wire.Options{Base: "https://service.example", Transport: dated{"", 200}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Clock(t.Context()); err == nil {
		t.Error("a service without a Date has a clock")
	}
}
