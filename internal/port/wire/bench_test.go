package wire

import (
	"net/http"
	"testing"
)

// BenchmarkDo is what the client itself costs, with 64 workers and a service that answers at once.
func BenchmarkDo(b *testing.B) {
	c, err := New(Options{Base: base, Transport: instant{}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetParallelism(64)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := c.Do(b.Context(), post); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

type instant struct{}

func (instant) RoundTrip(*http.Request) (*http.Response, error) {
	return reply(http.StatusOK, `{}`), nil
}
