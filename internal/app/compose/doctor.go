package compose

import (
	"context"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	entralog "github.com/rollcall/rollcall/internal/port/evidence/entra"
	"github.com/rollcall/rollcall/internal/port/evidence/guard"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source/entra"
)

// The parts that a doctor looks at, in the order in which it tells of them.
const (
	PartConfiguration = "Configuration"
	PartEntra         = "Entra ID"
	PartGuard         = "Atlassian"
	PartSites         = "Jira"
	PartMachine       = "This machine"
)

// Doctor gives a doctor for the connection that is meant, with the connection's name and method. Nothing is asked yet,
// and later nothing but reads.
func Doctor(c *Configuration) (d *engine.Doctor, name, method string, err error) {
	of, err := c.file.Connection(c.connection)
	if err != nil {
		return nil, "", "", err
	}
	s := services{c.file, of, c.clockwork, c.within}
	if s.now == nil {
		s.now = time.Now
	}
	d = &engine.Doctor{Probes: []engine.Probe{{Name: PartConfiguration, Look: s.probeConfiguration}}}
	if of.Source.Entra != nil {
		d.Probes = append(d.Probes, engine.Probe{Name: PartEntra, Look: func(ctx context.Context) []engine.Check { return s.probeEntra(ctx, false) }})
	}
	if of.Target.Atlassian != nil {
		d.Probes = append(d.Probes, engine.Probe{Name: PartGuard, Look: s.probeGuard})
		if len(of.Target.Atlassian.Sites) > 0 {
			d.Probes = append(d.Probes, engine.Probe{Name: PartSites, Look: s.probeSites})
		}
	}
	d.Probes = append(d.Probes, engine.Probe{Name: PartMachine, Look: func(ctx context.Context) []engine.Check {
		return s.probeMachine(ctx, c.storePath())
	}})
	return d, of.Name, of.Method, nil
}

// notAsked is a check of a service that could not be asked because something of the configuration is not there.
func notAsked(name string, err error) []engine.Check {
	return []engine.Check{{Name: name, State: evidence.Unknown, Fact: "not asked: " + err.Error()}}
}

func (s services) probeEntra(ctx context.Context, brief bool) []engine.Check {
	client, err := s.graph()
	if err != nil {
		return notAsked("sign-in", err)
	}
	e := s.of.Source.Entra
	p := &entralog.Probe{Graph: client, ClientID: e.ClientID, Method: s.of.Method, Brief: brief, Now: s.now}
	if e.Application != "" {
		p.Application = func(ctx context.Context) (string, error) { return entra.Application(ctx, client, e.Application) }
	}
	if a := s.of.Target.Atlassian; a != nil {
		p.Directory = a.Directory
	}
	if secret, err := s.readSecret(e.ClientSecret); err == nil && len(secret) >= 3 {
		p.Hint = secret[:3]
	}
	t := p.Look(ctx)
	out := t.Checks
	if !e.Certificate.IsZero() && !brief {
		out = append(out[:1:1], append([]engine.Check{s.certificate()}, out[1:]...)...)
	}
	if t.Found {
		out = append(out, engine.Writers(s.of.Method, t.Jobs, t.JobsRead, t.Application)...)
	}
	return append(out, t.After...)
}

// certificate tells when the certificate ends that signs in, which it says itself.
func (s services) certificate() engine.Check {
	c := engine.Check{Name: "certificate's end", Lost: "from then on everything that Entra knows"}
	text, err := s.readSecret(s.of.Source.Entra.Certificate)
	var end time.Time
	if err == nil {
		end, err = graph.Credential{Certificate: []byte(text)}.Ends()
	}
	if err != nil {
		c.State, c.Fact = evidence.Bad, err.Error()
		return c
	}
	c.Fact = "ends " + end.UTC().Format("2 Jan 2006")
	c.Fix = "Entra admin center › App registrations › the application with the id " + s.of.Source.Entra.ClientID + " › Certificates & secrets › Certificates › Upload certificate, then put it in place of the old one"
	return c.Ends(end, s.now())
}

// probeGuard asks with the keys that are there: one that is not must not hide what the other shows.
func (s services) probeGuard(ctx context.Context) []engine.Check {
	without, a := *s.of, *s.of.Target.Atlassian
	without.Target.Atlassian = &a
	missing := map[string]error{}
	keys := map[string]config.Secret{guard.ScimKey: a.SCIMKey, guard.AdminKey: a.AdminKey}
	for name, at := range map[string]*config.Secret{guard.ScimKey: &a.SCIMKey, guard.AdminKey: &a.AdminKey} {
		if _, err := s.readSecret(*at); err != nil && !at.IsZero() {
			missing[name], *at = err, config.Secret{}
		}
	}
	left := services{s.file, &without, s.clockwork, s.within}
	source, err := left.guard(document.Connection{Method: s.of.Method, Directory: a.Directory, Org: a.Org}, nil)
	if err != nil {
		return notAsked(guard.ScimKey, err)
	}
	var out []engine.Check
	for _, c := range source.Probe(ctx) {
		if err := missing[c.Name]; err != nil {
			c = notAsked(c.Name, err)[0]
		}
		out = append(out, c)
		if secret, is := keys[c.Name]; is && c.State == evidence.OK {
			out = append(out, guard.KeyEnd(c.Name, s.written(secret), s.now()))
		}
	}
	return out
}

func (s services) probeSites(ctx context.Context) []engine.Check {
	source, err := s.jira()
	if err != nil {
		return notAsked(strings.ToLower(PartSites), err)
	}
	return source.Probe(ctx)
}
