package entra

import (
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// call is one request while it is answered.
type call struct {
	l            *Lab
	r            *http.Request
	at           time.Time
	base         string // scheme and host of the request, of which links are made
	id, clientID string // request ids
	part         bool   // of a batch
	who          *bearer
	opts         options
	units        int    // what it costs
	needs        string // a permission that would let it pass
	fault        string // what was broken on purpose
}

// Handler answers both hosts of the service: the login host's paths (/{tenant}/oauth2/v2.0/token, discovery
// documents) and Graph's (/v1.0/…). They do not overlap.
func (l *Lab) Handler() http.Handler { return http.HandlerFunc(l.serve) }

func (l *Lab) serve(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<20)
	a, f := l.exchange(l.begin(r))
	f.send(l, w, r, a)
}

func (l *Lab) begin(r *http.Request) *call {
	c := &call{l: l, r: r, at: l.now(), base: origin(r), id: l.wire.requestID()}
	c.clientID = c.id
	if id := r.Header.Get("client-request-id"); id != "" {
		c.clientID = id
	}
	return c
}

// origin is the scheme and host that the request came to. A request that never was on a network has its own scheme.
func origin(r *http.Request) string {
	scheme := r.URL.Scheme
	switch {
	case scheme != "":
	case r.TLS != nil:
		scheme = "https"
	default:
		scheme = "http"
	}
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	return scheme + "://" + host
}

// exchange answers a call and writes it down. The fault is what is left to be done while sending.
func (l *Lab) exchange(c *call) (answer, *Fault) {
	f := l.fault(c)
	a, done := f.before(c)
	if !done {
		a = l.answer(c)
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	a = f.after(c, a)
	if a.body == nil && a.page != nil {
		a.body = a.page.bytes()
	}
	h := a.header
	h.Set("request-id", c.id)
	h.Set("client-request-id", c.clientID)
	h.Set("Cache-Control", "no-cache")
	if c.units > 0 {
		h.Set("x-ms-resource-unit", strconv.Itoa(c.units))
	}
	switch {
	case h.Get("Content-Type") != "" || len(a.body) == 0:
	case a.plain:
		h.Set("Content-Type", "text/plain")
	case a.status == http.StatusOK && strings.HasPrefix(c.r.URL.Path, "/v1.0/"):
		h.Set("OData-Version", "4.0")
		h.Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	default:
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	h.Set("Date", c.at.Format(http.TimeFormat))
	l.wire.record(c, a)
	return a, f
}

// answer is the service without faults.
func (l *Lab) answer(c *call) answer {
	rest, graph := strings.CutPrefix(c.r.URL.Path, "/v1.0/")
	if !graph {
		if first, _, _ := strings.Cut(strings.TrimPrefix(c.r.URL.Path, "/"), "/"); first == "v1.0" || first == "beta" {
			return badRequest("Invalid version: %s", first).answer(c)
		}
		return l.login(c)
	}
	var err *graphError
	if c.who, err = l.authenticate(c); err != nil {
		return err.answer(c)
	}
	e, err := l.route(c.r.Method, segments(rest))
	if err != nil {
		return err.answer(c)
	}
	if e.method != c.r.Method {
		return notAllowed().answer(c)
	}
	c.units, c.needs = e.units, e.needs[0]
	if c.opts, err = parseOptions(c.r.URL.RawQuery, e.takes); err != nil {
		return err.answer(c)
	}
	header := http.Header{}
	if err := l.throttle(c, e, header); err != nil {
		return err.answer(c)
	}
	if !c.who.may(e.needs) {
		return denied().answer(c)
	}
	a := e.serve(c)
	if a.header == nil {
		a.header = http.Header{}
	}
	maps.Copy(a.header, header)
	return a
}

// body reads the JSON of a request.
func (c *call) body(into any) *graphError {
	raw, err := io.ReadAll(c.r.Body)
	if err == nil {
		err = json.Unmarshal(raw, into, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	}
	if err != nil {
		return badRequest("Unable to read JSON request payload.")
	}
	return nil
}

// advanced tells whether the caller asked for the index of advanced queries.
func (c *call) advanced() bool { return c.eventual() && c.opts.count }

func (c *call) eventual() bool {
	return strings.EqualFold(c.r.Header.Get("ConsistencyLevel"), "eventual")
}

// context is @odata.context for a set, with the selected properties.
func (c *call) context(set string) string {
	if c.opts.sel != nil {
		set += "(" + strings.Join(c.opts.sel, ",") + ")"
	}
	return c.base + "/v1.0/$metadata#" + set
}
