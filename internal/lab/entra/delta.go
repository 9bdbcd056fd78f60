package entra

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// deltaToken is what a deltaLink carries.
type deltaToken struct {
	Kind  string     `json:"k"`
	Query deltaQuery `json:"q"`
	Since int        `json:"v"` // changes that were seen
	Reset int        `json:"r"`
	At    int64      `json:"t"` // Unix seconds: when it was given out
}

// roundToken is what a nextLink of a delta query carries.
type roundToken struct {
	Round string `json:"r"`
	Page  int    `json:"p"`
}

// maxDeltaIDs is how many objects a $filter of a delta query may name.
const maxDeltaIDs = 50

// delta answers /users/delta and /groups/delta.
func (l *Lab) delta(kind string) func(*call) answer {
	return func(c *call) answer {
		r, n, err := l.round(c, kind)
		if err != nil {
			return err.answer(c)
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		p := &page{context: c.base + "/v1.0/$metadata#" + shapes[kind].set, count: -1, values: [][]byte{}}
		if r.first && n == 0 && r.q.Select != nil {
			p.context += "(" + strings.Join(r.q.Select, ",") + ")"
		}
		minimal := strings.Contains(fold(c.r.Header.Get("Prefer")), "return=minimal") && !r.first
		for _, part := range r.pages[n] {
			e := &r.entries[part.entry]
			if len(e.members) > 0 && c.hides(e.o) {
				part.to = part.from
			}
			p.values = append(p.values, e.write(r, part, minimal))
		}
		link := c.base + "/v1.0/" + shapes[kind].set + "/delta?"
		if n+1 < len(r.pages) {
			p.next = link + "$skiptoken=" + l.seal("round", roundToken{r.id, n + 1})
		} else {
			p.delta = link + "$deltatoken=" + l.seal("delta", deltaToken{kind, r.q, r.until, l.dir.reset, c.at.Unix()})
		}
		return answer{status: http.StatusOK, page: p}
	}
}

// round finds the round that a request continues, or plans the one that it begins, and the number of its page.
func (l *Lab) round(c *call, kind string) (*round, int, *graphError) {
	given := c.opts.sel != nil || c.opts.filter != nil
	switch {
	case c.opts.skip != "" && c.opts.delta != "", given && !c.opts.fresh && !strings.EqualFold(c.opts.delta, "latest"):
		return nil, 0, badRequest("Query options other than the token are part of it and cannot be given again.")
	case c.opts.skip != "":
		var at roundToken
		if !l.open("round", c.opts.skip, &at) {
			return nil, 0, badRequest("Badly formed token.")
		}
		r := l.wire.round(at.Round)
		if r == nil || r.kind != kind {
			return nil, 0, resync("syncStateNotFound", c.restart(kind, deltaQuery{}))
		}
		return r, at.Page, nil
	case c.opts.fresh || strings.EqualFold(c.opts.delta, "latest"):
		q, err := c.deltaQuery(kind)
		if err != nil {
			return nil, 0, err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if c.opts.fresh {
			return l.begun(l.initial(kind, q)), 0, nil
		}
		return l.begun(&round{kind: kind, q: q, first: true, until: l.visible(kind)}), 0, nil
	}
	var t deltaToken
	if !l.open("delta", c.opts.delta, &t) || t.Kind != kind {
		return nil, 0, badRequest("Badly formed token.")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	life := l.Delta.TokenLife
	if life == 0 {
		life = 7 * 24 * time.Hour
	}
	switch {
	case c.at.After(time.Unix(t.At, 0).Add(life)):
		return nil, 0, resync("syncStateNotFound", c.restart(kind, t.Query))
	case t.Reset != l.dir.reset || t.Since > len(l.dir.changes): // of another life of this lab, too
		return nil, 0, resync("resyncRequired", c.restart(kind, t.Query))
	}
	return l.begun(l.incremental(kind, t.Query, t.Since)), 0, nil
}

func (l *Lab) begun(r *round) *round {
	r.paginate(or(l.Pages.DeltaObjects, 200), or(l.Pages.DeltaMembers, 500), l.Delta.Scatter)
	l.wire.keep(r)
	return r
}

// restart is the address of the first request again, with an empty token.
func (c *call) restart(kind string, q deltaQuery) string {
	link := c.base + "/v1.0/" + shapes[kind].set + "/delta?$deltatoken="
	if q.Select != nil {
		link += "&$select=" + strings.Join(q.Select, ",")
	}
	if q.IDs != nil {
		parts := make([]string, len(q.IDs))
		for i, id := range q.IDs {
			parts[i] = "id eq '" + id + "'"
		}
		link += "&$filter=" + url.QueryEscape(strings.Join(parts, " or "))
	}
	return link
}

// deltaQuery reads $select and $filter of a first request.
func (c *call) deltaQuery(kind string) (deltaQuery, *graphError) {
	q := deltaQuery{Select: c.opts.sel}
	plain := slices.DeleteFunc(slices.Clone(c.opts.sel), func(p string) bool { return kind == "group" && p == "members" })
	if err := selectable(plain, kind); err != nil {
		return q, err
	}
	if err := inList(plain, kind); err != nil {
		return q, err
	}
	if c.opts.filter == nil {
		return q, nil
	}
	for _, n := range append([]*node{c.opts.filter}, c.opts.filter.args...) {
		leaf := n.op == "eq" && len(n.path) == 1 && n.path[0] == "id"
		if !leaf && (n.op != "or" || n != c.opts.filter) {
			return q, unsupported("Only 'id eq' is supported in the $filter of a delta query.")
		}
		if leaf {
			q.IDs = append(q.IDs, fold(n.lits[0].text))
		}
	}
	if len(q.IDs) > maxDeltaIDs {
		return q, unsupported(fmt.Sprintf("At most %d objects can be named in the $filter of a delta query.", maxDeltaIDs))
	}
	return q, nil
}

// ResetDelta makes every delta token that was given out so far answer 410 resyncRequired.
func (l *Lab) ResetDelta() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dir.reset++
	l.wire.forgetRounds()
}
