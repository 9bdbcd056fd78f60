package compose

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// tally counts what each service has told and says so in one line.
type tally struct {
	progress engine.Progress

	mu     sync.Mutex
	counts []count
}

type count struct {
	service string
	objects int64
}

// tellEvery is how many objects go by between two lines.
const tellEvery = 64

// of is a recorder that counts for a service.
func (t *tally) of(service string, to evidence.Recorder) evidence.Recorder {
	t.begin(service)
	return &counted{to, t, service}
}

// begin says that a service is being asked.
func (t *tally) begin(service string) { t.add(service, 0) }

func (t *tally) add(service string, n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.counts, func(c count) bool { return c.service == service })
	if i < 0 {
		i = len(t.counts)
		t.counts = append(t.counts, count{service: service})
	}
	if t.counts[i].objects += n; t.progress == nil || n > 0 && t.counts[i].objects%tellEvery != 0 {
		return
	}
	var parts []string
	for _, c := range t.counts {
		parts = append(parts, fmt.Sprintf("%s %d", c.service, c.objects))
	}
	t.progress("asking  "+strings.Join(parts, "  "), t.counts[i].objects, 0)
}

type counted struct {
	evidence.Recorder
	t       *tally
	service string
}

// Add implements evidence.Recorder.
func (c *counted) Add(file document.File, key string, object jsontext.Value) error {
	c.t.add(c.service, 1)
	return c.Recorder.Add(file, key, object)
}

// Count implements evidence.Counter.
func (c *counted) Count(file document.File, n int) error {
	return evidence.Count(c.Recorder, file, n)
}
