package atlassian

import (
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong for the requests it fits. What is zero does not happen; several parts of one
// fault happen together, and several faults to one request as well.
type Fault struct {
	Method string // empty: all
	Path   string // of the request, * stands for any run of characters; empty: all
	Skip   int    // so many fitting requests pass unharmed first
	Times  int    // then so many are hit; zero: all

	Latency    time.Duration // before the request is looked at
	Status     int           // answered in place of serving: 500, 503, 429 …
	RetryAfter time.Duration // with Status; sent in whole seconds, zero: no header
	Cut        Cut
	Truncate   int           // so many bytes of the body arrive, then the connection ends
	Stall      time.Duration // in the middle of the body

	IgnoreStart bool // a list begins at its start whatever was asked
	IgnoreCount bool // a list takes its own page size whatever was asked
	LosePage    bool // a list comes without the things of this page, and says nothing
}

// Cut is when a connection ends without an answer.
type Cut int

// CutBefore loses a request before it is carried out, CutAfter the answer after that.
const (
	CutBefore Cut = iota + 1
	CutAfter
)

// faults counts what each fault has done.
type faults struct {
	mu   sync.Mutex
	read bool
	list []*armed
}

type armed struct {
	Fault
	seen int
}

// Inject adds a fault to those in the field Faults.
func (l *Lab) Inject(f Fault) {
	l.faults.mu.Lock()
	defer l.faults.mu.Unlock()
	l.faults.begin(l.Faults)
	l.faults.list = append(l.faults.list, &armed{Fault: f})
}

// ClearFaults ends all faults.
func (l *Lab) ClearFaults() {
	l.faults.mu.Lock()
	defer l.faults.mu.Unlock()
	l.faults.begin(nil)
	l.faults.list = nil
}

func (f *faults) begin(list []Fault) {
	if f.read {
		return
	}
	f.read = true
	for _, x := range list {
		f.list = append(f.list, &armed{Fault: x})
	}
}

// hitting gives all faults for one request as one.
func (l *Lab) hitting(method, path string) Fault {
	l.faults.mu.Lock()
	defer l.faults.mu.Unlock()
	l.faults.begin(l.Faults)
	var all Fault
	for _, f := range l.faults.list {
		if f.Method != "" && !strings.EqualFold(f.Method, method) || f.Path != "" && !matches(f.Path, path) {
			continue
		}
		if f.seen++; f.seen <= f.Skip || f.Times > 0 && f.seen > f.Skip+f.Times {
			continue
		}
		all.merge(f.Fault)
	}
	return all
}

func (f *Fault) merge(other Fault) {
	f.Latency += other.Latency
	f.Stall += other.Stall
	if f.Status == 0 {
		f.Status, f.RetryAfter = other.Status, other.RetryAfter
	}
	if f.Cut == 0 {
		f.Cut = other.Cut
	}
	if f.Truncate == 0 {
		f.Truncate = other.Truncate
	}
	f.IgnoreStart = f.IgnoreStart || other.IgnoreStart
	f.IgnoreCount = f.IgnoreCount || other.IgnoreCount
	f.LosePage = f.LosePage || other.LosePage
}

// matches compares a path with a pattern in which * stands for any run of characters.
func matches(pattern, path string) bool {
	pieces := strings.Split(pattern, "*")
	rest, found := strings.CutPrefix(path, pieces[0])
	if !found {
		return false
	}
	if len(pieces) == 1 {
		return rest == ""
	}
	for _, p := range pieces[1 : len(pieces)-1] {
		_, after, found := strings.Cut(rest, p)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, pieces[len(pieces)-1])
}
