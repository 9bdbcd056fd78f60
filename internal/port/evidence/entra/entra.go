// Package entra looks at Microsoft Entra ID through Microsoft Graph and records what it sees as the documents of a
// bundle: for a roll call what source/entra does not read (jobs, schema, settings, logs), for a question about a few
// people everything that touches them, in a number of requests that does not grow with the tenant.
//
// A partial recording must give the answer of a complete one. So every group of the people is recorded, and those
// above them, with the members that are theirs; beside them stands how many members there are. What an answer draws
// from other people (somebody with the same address, the newest synchronization from on-premises, that an attribute
// was read at all) is asked for by itself.
package entra

import (
	"context"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// Settings say what is looked at.
type Settings struct {
	Connection document.Connection // Application is the id of the service principal; "" where there is none

	Back  time.Duration    // how far back logs are read; 0: 30 days
	Now   func() time.Time // nil: time.Now
	Pages int              // most pages of one log that are read; 0: 500

	// Rules are those by which rollcall itself maps and filters, given the tenant's schema (nil: not read); nil where
	// another service provisions. A question about few people reads what they need.
	Rules func(schema *document.Schema) *mapping.Rules
}

// Source is Entra ID as a source of evidence. It is for one goroutine.
type Source struct {
	graph    *graph.Client
	set      Settings
	opened   opening // asked with Application
	searches map[*evidence.Focus]*search
}

var _ evidence.Source = (*Source)(nil)

// New makes a source that asks over this client.
func New(client *graph.Client, set Settings) *Source {
	if set.Back == 0 {
		set.Back = 30 * 24 * time.Hour
	}
	if set.Now == nil {
		set.Now = time.Now
	}
	if set.Pages == 0 {
		set.Pages = 500
	}
	return &Source{graph: client, set: set, searches: map[*evidence.Focus]*search{}}
}

// Name is "entra".
func (s *Source) Name() string { return "entra" }

// Fetch records the documents; see evidence.Source. Without a focus users, groups, deleted users, the service principal
// and its assignments are left out: source/entra reads them.
//
// Whom only Atlassian knows by the words that were typed is found in two steps: Find, then the other sources, then
// Fetch with what they added to the focus. Fetch may come again with the same focus; it then adds people who are new,
// but no membership of theirs in groups that were recorded before.
func (s *Source) Fetch(ctx context.Context, focus *evidence.Focus, to evidence.Recorder) error {
	if focus == nil {
		return s.whole(ctx, to)
	}
	f, err := s.find(ctx, focus)
	if err != nil {
		return err
	}
	return f.record(ctx, to)
}

// Find looks for the people and groups of a focus and adds what it found to it. It records nothing.
func (s *Source) Find(ctx context.Context, focus *evidence.Focus) error {
	_, err := s.find(ctx, focus)
	return err
}

// keep collects what is to be recorded of one document.
type kept struct {
	objects []jsontext.Value
	gaps    []document.Gap
	whole   bool
}

// sheaf is what was read of several documents before it is recorded.
type sheaf map[document.File]*kept

func (s sheaf) of(file document.File) *kept {
	if s[file] == nil {
		s[file] = &kept{}
	}
	return s[file]
}

func (s sheaf) add(file document.File, object jsontext.Value) {
	s.of(file).objects = append(s.of(file).objects, object)
}

func (s sheaf) whole(file document.File) { s.of(file).whole = true }

func (s sheaf) gap(g document.Gap) {
	k := s.of(document.File(g.File))
	k.gaps = append(k.gaps, g)
	if g.Subject == "" {
		k.whole = false
	}
}

// record hands everything over, in the order of document.Files, and forgets it.
func (s sheaf) record(to evidence.Recorder) error {
	for _, info := range document.Files {
		k := s[info.File]
		if k == nil {
			continue
		}
		for _, o := range k.objects {
			if err := to.Add(info.File, "", o); err != nil {
				return err
			}
		}
		hidden := false
		for _, g := range k.gaps {
			hidden = hidden || g.Subject == ""
			if err := to.Gap(g); err != nil {
				return err
			}
		}
		if k.whole && !hidden {
			if err := to.Whole(info.File); err != nil {
				return err
			}
		}
	}
	clear(s)
	return nil
}
