package bundle

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Limits bound what is read. They hold for what comes out of a zip, not for what its headers say.
type Limits struct {
	Document int64 // bytes of one document
	Total    int64 // bytes of all documents
}

// DefaultLimits leave room for the largest directory that Atlassian allows in one recording of people and groups.
var DefaultLimits = Limits{Document: 1 << 30, Total: 4 << 30}

// Progress hears how far reading is. It is called by one goroutine at a time, about every hundred megabytes a second
// of reading allows; done and total are bytes of all documents, file is the one that is being read.
type Progress func(file string, done, total int64)

// bounds refuses at once what says by its own size that it is too large.
func (b *Bundle) bounds() error {
	var total int64
	for _, e := range b.files {
		if e.size > b.Limits.Document {
			return b.wrap(e.file, tooLarge(e.file, e.size, b.Limits.Document))
		}
		if total += e.size; total > b.Limits.Total {
			return &Error{Path: b.path, What: fmt.Sprintf("its documents are larger than %s together", size(b.Limits.Total)), Do: "record fewer groups, or take out documents that the question does not need"}
		}
	}
	return nil
}

func tooLarge(f document.File, got, limit int64) error {
	what := "it is larger than " + size(limit)
	if got > limit {
		what = fmt.Sprintf("it is %s, and a document may be %s", size(got), size(limit))
	}
	return &Error{File: f, What: what, Do: "record it again with fewer properties, or take it out: what it would tell is then unknown"}
}

func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d bytes", n)
}

// gauge counts what all readers of one Load have read.
type gauge struct {
	limits Limits
	report Progress
	total  int64

	mu       sync.Mutex
	done     int64
	reported int64
}

func (g *gauge) add(f document.File, n int64) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.done += n
	if g.done > g.limits.Total {
		return &Error{What: fmt.Sprintf("its documents are larger than %s together", size(g.limits.Total)), Do: "this is not a recording of a directory; do not use it"}
	}
	if g.report != nil && (g.done-g.reported >= 1<<20 || n == 0) {
		g.reported = g.done
		g.report(string(f), min(g.done, g.total), g.total)
	}
	return nil
}

// metered counts what is read of one document and stops at the limits, or when the caller gave up.
type metered struct {
	ctx  context.Context
	r    io.ReadCloser
	g    *gauge
	file document.File
	read int64
}

func (m *metered) Read(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(p)
	m.read += int64(n)
	if m.read > m.g.limits.Document {
		return 0, tooLarge(m.file, 0, m.g.limits.Document)
	}
	if n > 0 {
		if err := m.g.add(m.file, int64(n)); err != nil {
			return 0, err
		}
	}
	return n, err
}

func (m *metered) Close() error { return m.r.Close() }
