package entra

import (
	"net/http"
	"time"
)

// logToken is where a page of a log ended.
type logToken struct {
	Query string `json:"q"`
	At    int64  `json:"t"` // Unix nanoseconds of the last entry
	Seq   uint64 `json:"s"`
}

// logs answers a page of a log: the newest first, or the oldest with $orderby=activityDateTime asc.
func (l *Lab) logs(j *journal, kind string, rules *filterRules, m matcher) func(*call) answer {
	return func(c *call) answer {
		for _, err := range []*graphError{selectable(c.opts.sel, kind), c.filterable(rules), c.sortable()} {
			if err != nil {
				return err.answer(c)
			}
		}
		size, err := c.logSize()
		if err != nil {
			return err.answer(c)
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		up := c.opts.order == "activitydatetime asc" || c.opts.order == "activitydatetime"
		rest := j.entries
		if c.opts.skip != "" {
			var at logToken
			if !l.open("log", c.opts.skip, &at) || at.Query != c.query() {
				return badRequest("Invalid skip token.").answer(c)
			}
			last := logged{at: time.Unix(0, at.At).UTC(), seq: at.Seq}
			if up {
				rest = j.newer(last)
			} else {
				rest = j.older(last)
			}
		}
		p := &page{context: c.context(shapes[kind].set), count: -1, values: [][]byte{}}
		oldest := time.Time{}
		if l.LogRetention > 0 {
			oldest = c.at.Add(-l.LogRetention)
		}
		write := c.writer(view{fields: c.opts.sel})
		var last logged
		for i := range rest {
			e := rest[i]
			if !up {
				e = rest[len(rest)-1-i]
			}
			if e.at.Before(oldest) || !m.object(c.opts.filter, e.o) {
				continue
			}
			if len(p.values) == size {
				p.next = c.nextLink(l.seal("log", logToken{c.query(), last.at.UnixNano(), last.seq}))
				break
			}
			p.values = append(p.values, write(nil, e.o))
			last = e
		}
		return answer{status: http.StatusOK, page: p}
	}
}

func (c *call) logSize() (int, *graphError) {
	most := or(c.l.Pages.Logs, 1000)
	if c.opts.top > most {
		return 0, badRequest("Invalid page size specified: '%d'. Must be between 1 and %d inclusive.", c.opts.top, most)
	}
	return or(c.opts.top, most), nil
}

func (c *call) sortable() *graphError {
	switch c.opts.order {
	case "", "activitydatetime", "activitydatetime asc", "activitydatetime desc":
		return nil
	}
	return unsupported("Sorting by '" + c.opts.order + "' is not supported.")
}

// logEntry answers one entry of a log.
func (l *Lab) logEntry(j *journal, kind, id string) func(*call) answer {
	return func(c *call) answer {
		if err := selectable(c.opts.sel, kind); err != nil {
			return err.answer(c)
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		o := j.byID[id]
		if o == nil {
			return notFound(id).answer(c)
		}
		return entity(c.context(shapes[kind].set)+"/$entity", c.writer(view{fields: c.opts.sel})(nil, o))
	}
}
