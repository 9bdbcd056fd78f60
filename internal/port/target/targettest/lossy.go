package targettest

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// Lossy is a connection that loses answers when it is told to, and counts what could have changed something.
type Lossy struct {
	To http.RoundTripper

	mu     sync.Mutex
	lose   []bool
	writes int
}

// LoseNext makes the next request that writes come to nothing for the one who sent it; carried says whether it arrives.
func (l *Lossy) LoseNext(carried bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lose = append(l.lose, carried)
}

// Writes counts the requests so far that could have changed something.
func (l *Lossy) Writes() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.writes
}

var errCut = errors.New("the connection was cut")

// RoundTrip sends a request on, or loses it.
func (l *Lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return l.To.RoundTrip(r)
	}
	l.mu.Lock()
	l.writes++
	lost, carried := false, true
	if len(l.lose) > 0 {
		lost, carried, l.lose = true, l.lose[0], l.lose[1:]
	}
	l.mu.Unlock()
	if !carried {
		return nil, errCut
	}
	res, err := l.To.RoundTrip(r)
	if err != nil || !lost {
		return res, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return nil, errors.Join(errCut, err, res.Body.Close())
}
