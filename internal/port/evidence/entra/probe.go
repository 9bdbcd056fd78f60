package entra

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// Probe looks whether a tenant lets rollcall in, what it may read there, and how the provisioning job stands. It only
// reads, and little: a dozen requests whatever the tenant's size.
type Probe struct {
	Graph       *graph.Client
	ClientID    string
	Hint        string                                // the first three characters of the client secret, by which the tenant lists it; "": another credential
	Application func(context.Context) (string, error) // id of the enterprise application's service principal; nil: none is configured
	Method      string                                // of the connection
	Directory   string                                // id of the Guard directory; "": not said
	Brief       bool                                  // no permissions: they were looked at before
	Now         func() time.Time
	Patience    time.Duration // for one call; 0: 20 s
}

// Tenant is what a probe saw.
type Tenant struct {
	Checks      []evidence.Check // sign-in, the credential's end, permissions, the enterprise application
	Application string           // its display name
	Jobs        []document.Job
	Found       bool             // the enterprise application
	JobsRead    bool             // false: whether there is a job is not known
	After       []evidence.Check // what the job has stored
}

// Look asks the tenant.
func (p *Probe) Look(ctx context.Context) Tenant {
	if p.Patience == 0 {
		p.Patience = 20 * time.Second
	}
	signIn, in := p.signIn(ctx)
	if !in {
		return Tenant{Checks: []evidence.Check{signIn}}
	}
	id, application := p.application(ctx)
	t := Tenant{Found: id != ""}
	var looks []func(context.Context) evidence.Check
	if !p.Brief {
		looks = append(looks, p.credential)
		for _, n := range p.needs(id) {
			looks = append(looks, func(ctx context.Context) evidence.Check { return p.permission(ctx, n, id) })
		}
		looks = append(looks, p.hidden)
	}
	checks := make([]evidence.Check, len(looks))
	var wg sync.WaitGroup
	for i, look := range looks {
		wg.Go(func() { checks[i] = look(ctx) })
	}
	if t.Found {
		wg.Go(func() { t.Jobs, t.JobsRead = p.jobs(ctx, id) })
	}
	wg.Wait()
	checks = slices.DeleteFunc(checks, func(c evidence.Check) bool { return c.Name == "" })
	t.Checks = append([]evidence.Check{signIn}, checks...)
	if application != nil {
		t.Checks, t.Application = append(t.Checks, application.Check), application.name
	}
	if t.JobsRead && len(t.Jobs) > 0 && p.Method == document.EntraSCIM {
		t.After = append(t.After, p.stored(ctx, id, t.Jobs, t.Application))
	}
	return t
}

const registrations = "Entra admin center › App registrations › the application with the id "

// signIn asks for a token by the first call that needs one. Whether the call itself is allowed is another question.
func (p *Probe) signIn(ctx context.Context) (c evidence.Check, in bool) {
	c = evidence.Check{Name: "sign-in", State: evidence.OK, Fact: "a token was given to " + p.ClientID + " in tenant " + p.Graph.Tenant()}
	_, err := p.get(ctx, "/users", url.Values{"$select": {"id"}, "$top": {"1"}})
	if err == nil || replied(err) {
		return c, true
	}
	c.State, c.Fact, c.Lost = evidence.Bad, err.Error(), "everything that Entra knows"
	c.Fix = "let this machine reach Microsoft's login host and Graph (a proxy is taken from HTTPS_PROXY)"
	if token, ok := errors.AsType[*graph.TokenError](err); ok && token.Code != "" {
		c.Fix = registrations + p.ClientID + " › Certificates & secrets, and tenant, client_id and the secret in the configuration"
	}
	return c, false
}

func replied(err error) bool {
	e, ok := errors.AsType[*graph.Error](err)
	return ok && e.Status != 0 && e.Status != http.StatusUnauthorized
}

// credential finds when the secret that signs in ends. A certificate carries its own end, and is judged elsewhere.
func (p *Probe) credential(ctx context.Context) evidence.Check {
	c := evidence.Check{Name: "client secret's end", Lost: "from then on everything that Entra knows"}
	look := registrations + p.ClientID + " › Certificates & secrets"
	if p.Hint == "" {
		return evidence.Check{}
	}
	raw, err := p.get(ctx, "/applications(appId='"+url.PathEscape(p.ClientID)+"')", url.Values{"$select": {"passwordCredentials"}})
	var app struct {
		Secrets []document.PasswordCredential `json:"passwordCredentials"`
	}
	if err == nil && json.Unmarshal(raw, &app) != nil {
		err = errors.New("the answer cannot be read")
	}
	if err != nil {
		return unknown(c, "not readable: "+why(err), "look at "+look)
	}
	// Several secrets may begin alike; then the one that ends first is the safe guess, of those that have not ended: one
	// of them has just signed in.
	now, found := p.Now(), document.PasswordCredential{}
	for _, s := range app.Secrets {
		if s.Hint != p.Hint || s.EndDateTime.IsZero() || s.EndDateTime.Before(now) {
			continue
		}
		if found.EndDateTime.IsZero() || s.EndDateTime.Before(found.EndDateTime.Time) {
			found = s
		}
	}
	if found.EndDateTime.IsZero() {
		return unknown(c, "the registration lists no secret that begins like ours", "look at "+look)
	}
	if found.EndDateTime.Sub(now) > 20*365*24*time.Hour { // secrets of old had no end, and are given this one
		c.State, c.Fact, c.Lost = evidence.OK, "does not end", ""
		return c
	}
	c.Fact = "ends " + day(found.EndDateTime.Time)
	c.Fix = "make a new one and put it in place of the old: " + look + " › New client secret"
	return c.Ends(found.EndDateTime.Time, now)
}

// application finds the enterprise application; its id is empty where there is none.
func (p *Probe) application(ctx context.Context) (id string, found *named) {
	c := evidence.Check{Name: "enterprise application", State: evidence.OK, Lost: "who is assigned, and everything about provisioning"}
	if p.Application == nil {
		if p.Method == document.GuardNested {
			return "", nil
		}
		c.State, c.Fact = evidence.Warning, "the configuration names none"
		c.Fix = "write `application:` with its name or id below source.entra"
		return "", &named{Check: c}
	}
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	id, err := p.Application(ctx)
	if err != nil {
		c.State, c.Fact, c.Fix = evidence.Bad, why(err), "compare `application` with Entra admin center › Enterprise applications"
		if replied(err) {
			c.State, c.Fix = evidence.Unknown, "grant what is missing above"
		}
		return "", &named{Check: c}
	}
	raw, err := p.get(ctx, "/servicePrincipals/"+url.PathEscape(id), url.Values{"$select": {"id,appId,displayName,accountEnabled"}})
	var sp document.ServicePrincipal
	if err == nil && json.Unmarshal(raw, &sp) != nil {
		err = errors.New("the answer cannot be read")
	}
	if err != nil {
		return id, &named{Check: unknown(c, "not readable: "+why(err), "grant what is missing above")}
	}
	c.Fact = sp.DisplayName
	if document.Is(sp.AccountEnabled, false) {
		c.Fact += ", sign-in to it is switched off"
	}
	c.Lost = ""
	return id, &named{c, sp.DisplayName}
}

type named struct {
	evidence.Check
	name string
}

func (p *Probe) jobs(ctx context.Context, id string) ([]document.Job, bool) {
	raw, err := p.get(ctx, "/servicePrincipals/"+url.PathEscape(id)+"/synchronization/jobs", nil)
	var list struct {
		Value []document.Job `json:"value"`
	}
	if graph.Missing(err) {
		return nil, true // provisioning was never set up
	}
	if err != nil || json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	return list.Value, true
}

// stored tells of the address and key that Entra's job has: the key itself cannot be read, but a cycle that it was
// refused in says so.
func (p *Probe) stored(ctx context.Context, id string, jobs []document.Job, name string) evidence.Check {
	c := evidence.Check{Name: "job's SCIM key", State: evidence.Unknown, Lost: "Entra's service can write nothing"}
	c.Fix = "Entra admin center › Enterprise applications › " + name + " › Provisioning › Admin Credentials: tenant URL and a new secret token, Test Connection"
	for i := range jobs {
		s := &jobs[i].Status
		for _, e := range []*document.JobError{quarantined(s), executed(s)} {
			if e != nil && strings.Contains(strings.ToLower(e.Code), "credential") {
				c.State, c.Fact = evidence.Bad, "refused: "+e.Code
				return c
			}
		}
	}
	raw, err := p.get(ctx, "/servicePrincipals/"+url.PathEscape(id)+"/synchronization/secrets", nil)
	var list struct {
		Value []document.KeyValue `json:"value"`
	}
	if err == nil && json.Unmarshal(raw, &list) != nil {
		err = errors.New("the answer cannot be read")
	}
	if err != nil {
		return unknown(c, "not readable: "+why(err), c.Fix)
	}
	i := slices.IndexFunc(list.Value, func(v document.KeyValue) bool { return v.Key == "BaseAddress" })
	switch {
	case i >= 0 && p.Directory != "" && !strings.Contains(strings.ToLower(list.Value[i].Value), strings.ToLower(p.Directory)):
		c.State, c.Fact = evidence.Bad, "the job writes to "+withoutKeys(list.Value[i].Value)+", not to the directory "+p.Directory
		c.Lost = "whom Entra provisions arrives somewhere else"
	case i >= 0:
		c.State, c.Fact, c.Lost, c.Fix = evidence.OK, "for "+withoutKeys(list.Value[i].Value)+"; no cycle was refused, and when it ends cannot be read", "", ""
	default:
		c.Fact = "no cycle was refused; the address it writes to is not told"
		c.Lost, c.Fix = "", ""
	}
	return c
}

func quarantined(s *document.JobStatus) *document.JobError {
	if s.Quarantine == nil {
		return nil
	}
	return s.Quarantine.Error
}

func executed(s *document.JobStatus) *document.JobError {
	if s.LastExecution == nil || s.LastExecution.State == "Succeeded" {
		return nil
	}
	return s.LastExecution.Error
}

func (p *Probe) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	return p.Graph.Get(ctx, path, query)
}

func unknown(c evidence.Check, fact, fix string) evidence.Check {
	c.State, c.Fact, c.Fix = evidence.Unknown, fact, fix
	return c
}

func why(err error) string {
	if e, ok := errors.AsType[*graph.Error](err); ok {
		return e.Why()
	}
	return err.Error()
}

func day(t time.Time) string { return t.UTC().Format("2 Jan 2006") }
