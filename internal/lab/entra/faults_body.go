package entra

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// String names what the fault does, for the log of requests.
func (f *Fault) String() string {
	var does []string
	for _, x := range []struct {
		name string
		is   bool
	}{
		{"delay", f.Delay > 0},
		{"clock", f.Clock != 0},
		{"status " + strconv.Itoa(f.Status), f.Status != 0},
		{"expired delta token", f.ExpireDelta},
		{"empty page", f.EmptyPage},
		{"lost page", f.LosePage},
		{"foreign link", f.Host != ""},
		{"no body", f.Empty},
		{"truncated", f.Truncate},
		{"cut", f.Cut},
		{"slow", f.Slow > 0},
	} {
		if x.is {
			does = append(does, x.name)
		}
	}
	return strings.Join(does, ", ")
}

// after changes an answer: first what it holds, then its bytes.
func (f *Fault) after(c *call, a answer) answer {
	if p := a.page; p != nil && a.status == http.StatusOK {
		switch {
		case f.EmptyPage:
			p.values, p.count, p.delta = nil, -1, ""
			p.next = c.base + c.r.URL.EscapedPath() + "?" + c.r.URL.RawQuery
		case f.LosePage:
			p.values = nil
		}
		if f.Host != "" {
			if p.next != "" {
				p.next = f.Host + strings.TrimPrefix(p.next, c.base)
			}
			if p.delta != "" {
				p.delta = f.Host + strings.TrimPrefix(p.delta, c.base)
			}
		}
	}
	if !f.Empty && !f.Truncate {
		return a
	}
	if a.body == nil && a.page != nil {
		a.body = a.page.bytes()
	}
	a.page = nil
	if f.Empty {
		a.body = nil
	} else {
		a.body = a.body[:len(a.body)/2]
	}
	return a
}

// send writes an answer, slowly or not to its end if the fault says so.
func (f *Fault) send(l *Lab, w http.ResponseWriter, r *http.Request, a answer) {
	h := w.Header()
	maps.Copy(h, a.header)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	flush := func() {
		_ = http.NewResponseController(w).Flush() // not every writer can
	}
	switch {
	case f.Cut:
		_, _ = w.Write(a.body[:len(a.body)/2])
		flush()
		panic(http.ErrAbortHandler)
	case f.Slow > 0:
		const pieces = 8
		for i := range pieces {
			if err := l.wait(r.Context(), f.Slow); err != nil {
				panic(http.ErrAbortHandler)
			}
			if _, err := w.Write(a.body[len(a.body)*i/pieces : len(a.body)*(i+1)/pieces]); err != nil {
				return
			}
			flush()
		}
	default:
		_, _ = w.Write(a.body) // the client went away
	}
}
