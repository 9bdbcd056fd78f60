package entra

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// skipToken is what a nextLink of a list carries: where to go on, and of which query.
type skipToken struct {
	Query    string `json:"q"`
	After    uint64 `json:"s"`
	Advanced bool   `json:"a"`
}

// listing is one page to be cut from a list.
type listing struct {
	slots   func(after uint64) []slot
	keep    func(*object) bool // nil: all
	write   func([]byte, *object) []byte
	context string
	total   func() int // for $count
}

// cut gives the page that the call asks for. The caller holds the lock.
func (c *call) cut(g listing) answer {
	size, err := c.size()
	if err != nil {
		return err.answer(c)
	}
	var at skipToken
	if c.opts.skip != "" {
		if !c.l.open("list", c.opts.skip, &at) || at.Query != c.query() {
			return badRequest("Invalid skip token.").answer(c)
		}
		if at.Advanced && !c.eventual() {
			return expiredPage().answer(c) // the header is not part of the link: it must be sent with every page
		}
	}
	p := &page{context: g.context, count: -1, values: [][]byte{}}
	if c.opts.skip == "" && c.advanced() && g.total != nil {
		p.count = g.total()
	}
	list := g.slots(at.After)
	for i, s := range list {
		if s.o == nil {
			continue
		}
		if len(p.values) == size {
			p.next = c.nextLink(c.l.seal("list", skipToken{c.query(), list[i-1].seq, c.advanced() || at.Advanced}))
			break
		}
		if g.keep == nil || g.keep(s.o) {
			p.values = append(p.values, g.write(nil, s.o))
		}
	}
	return answer{status: http.StatusOK, page: p}
}

// size is how many objects a page has.
func (c *call) size() (int, *graphError) {
	most := or(c.l.Pages.Max, 999)
	if c.opts.top > most {
		return 0, unsupported(fmt.Sprintf("Invalid page size specified: '%d'. Must be between 1 and %d inclusive.", c.opts.top, most))
	}
	n := or(c.opts.top, min(or(c.l.Pages.Default, 100), most))
	if slices.Contains(c.opts.sel, "signInActivity") {
		n = min(n, 500)
	}
	return n, nil
}

// query identifies a list with its options, the place in it aside.
func (c *call) query() string {
	sum := sha256.Sum256([]byte(strings.ToLower(c.r.URL.Path) + "?" + c.rawQuery()))
	return hex.EncodeToString(sum[:8])
}

// rawQuery is the query as it was sent, without $skiptoken.
func (c *call) rawQuery() string {
	var out []string
	for part := range strings.SplitSeq(c.r.URL.RawQuery, "&") {
		low := strings.ToLower(part)
		if part != "" && !strings.HasPrefix(low, "$skiptoken=") && !strings.HasPrefix(low, "%24skiptoken=") {
			out = append(out, part)
		}
	}
	return strings.Join(out, "&")
}

func (c *call) nextLink(token string) string {
	q := c.rawQuery()
	if q != "" {
		q += "&"
	}
	return c.base + c.r.URL.EscapedPath() + "?" + q + "$skiptoken=" + token
}

// list answers a collection of users, groups or service principals.
func (l *Lab) list(kind string, from *collection) func(*call) answer {
	rules := map[string]*filterRules{"user": userFilter, "group": groupFilter, "servicePrincipal": appFilter}[kind]
	return func(c *call) answer {
		for _, err := range []*graphError{
			selectable(c.opts.sel, kind), inList(c.opts.sel, kind), c.filterable(rules), c.expandable(kind),
		} {
			if err != nil {
				return err.answer(c)
			}
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		keep := func(o *object) bool { return matcher{}.object(c.opts.filter, o) }
		slots := from.after
		if named := l.dir.pointed(from, points(c.opts.filter)); named != nil {
			slots = func(seq uint64) []slot { return after(named, seq) }
		}
		return c.cut(listing{
			slots: slots, keep: keep, context: c.context(shapes[kind].set), write: c.writer(view{fields: c.opts.sel}),
			total: func() int {
				if c.opts.filter == nil {
					return from.len()
				}
				return tally(slots(0), keep)
			},
		})
	}
}

func tally(list []slot, keep func(*object) bool) int {
	n := 0
	for _, s := range list {
		if s.o != nil && (keep == nil || keep(s.o)) {
			n++
		}
	}
	return n
}

// pointed gives the objects that a filter names by id or user principal name, in the order of the list; nil if it
// names none so.
func (d *directory) pointed(from *collection, names []literal) []slot {
	if names == nil {
		return nil
	}
	out := []slot{}
	for _, n := range names {
		o := from.find(n.text)
		if o == nil && from == &d.users {
			o = d.upn[fold(n.text)]
		} else if o == nil && from == &d.goneUsers {
			return nil // deleted users are not indexed by name
		}
		if o != nil && !slices.Contains(out, slot{o.seq, o}) {
			out = append(out, slot{o.seq, o})
		}
	}
	slices.SortFunc(out, func(a, b slot) int { return int(a.seq) - int(b.seq) })
	return out
}

func (c *call) filterable(rules *filterRules) *graphError {
	if c.opts.filter == nil {
		return nil
	}
	return rules.check(c.opts.filter, c.advanced())
}

// countOf answers /users/$count and /groups/$count: a number as plain text.
func (l *Lab) countOf(kind string, from *collection) func(*call) answer {
	rules := map[string]*filterRules{"user": userFilter, "group": groupFilter}[kind]
	return func(c *call) answer {
		if !c.eventual() {
			return noCount().answer(c)
		}
		if c.opts.filter != nil {
			if err := rules.check(c.opts.filter, true); err != nil {
				return err.answer(c)
			}
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		return number(tally(from.list, func(o *object) bool { return matcher{}.object(c.opts.filter, o) }))
	}
}

func noCount() *graphError {
	return &graphError{status: http.StatusBadRequest, code: "Request_BadRequest", message: "$count is not currently supported."}
}

func number(n int) answer {
	return answer{status: http.StatusOK, plain: true, body: []byte(strconv.Itoa(n))}
}
