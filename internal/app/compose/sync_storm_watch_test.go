package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/plan"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
)

type directoryView struct {
	users  map[string]viewedUser
	groups map[string]viewedGroup
}

type viewedUser struct {
	ID, UserName, ExternalID string
	Active                   bool
}

type viewedGroup struct {
	ID, DisplayName, ExternalID string
	Members                     []struct{ Value string }
}

func (s *storm) ask(method, path, body string, into any) (status int) {
	s.t.Helper()
	for range 100 { // reading goes on until the faults of the moment are used up
		r, err := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), method, "https://api.atlassian.com/scim/directory/"+labatlassian.DefaultDirectory+path, strings.NewReader(body))
		must(s.t, err)
		r.Header.Set("Authorization", "Bearer "+labatlassian.DefaultKey)
		r.Header.Set("Content-Type", "application/json")
		got, err := s.guard.Transport().RoundTrip(r)
		if err != nil {
			continue
		}
		status = got.StatusCode
		if into == nil {
			if status/100 == 2 {
				s.strange++
			}
			return status
		}
		if status == http.StatusNotFound {
			return status
		}
		err = json.NewDecoder(got.Body).Decode(into)
		_ = got.Body.Close()
		if err == nil && status == http.StatusOK {
			return status
		}
	}
	s.t.Fatalf("%s %s: the lab does not answer", method, path)
	return status
}

// directory is what there is at Atlassian.
func (s *storm) directory() directoryView {
	s.t.Helper()
	out := directoryView{map[string]viewedUser{}, map[string]viewedGroup{}}
	for start := 1; ; start += 100 {
		var page struct{ Resources []viewedUser }
		s.ask("GET", fmt.Sprintf("/Users?startIndex=%d&count=100", start), "", &page)
		for _, u := range page.Resources {
			out.users[u.ID] = u
		}
		if len(page.Resources) == 0 {
			break
		}
	}
	for start := 1; ; start += 100 {
		var page struct{ Resources []viewedGroup }
		s.ask("GET", fmt.Sprintf("/Groups?startIndex=%d&count=100", start), "", &page)
		for _, g := range page.Resources {
			if s.ask("GET", "/Groups/"+g.ID, "", &g) == http.StatusOK { // another one may be deleted at the same time
				out.groups[g.ID] = g
			}
		}
		if len(page.Resources) == 0 {
			return out
		}
	}
}

// watch holds what a run may do, by what there was before it.
type watch struct {
	before directoryView
	want   map[string]map[string]bool // group at Entra -> users at Entra
	scope  map[string]bool            // users at Entra
	owner  map[string]string          // record -> user, by link
	groups map[string]string          // group at the target -> group at Entra, by link
	let    map[string]bool            // groups whose deletion somebody let go
}

func (s *storm) look(method, path string, body []byte) {
	w := s.watch.Load()
	if w == nil {
		return
	}
	id := path[strings.LastIndexByte(path, '/')+1:]
	what := path[:strings.LastIndexByte(path, '/')]
	switch {
	case method == http.MethodDelete && strings.HasSuffix(what, "/Groups"):
		if !w.let[id] {
			s.fail("the group %s was deleted, which nobody let go", id)
		}
		s.replaced(w, id)
	case method == http.MethodDelete:
		s.fail("DELETE %s", path)
	case method == http.MethodPatch:
		var sent struct {
			Operations []struct {
				Op, Path string
				Value    jsontext.Value
			}
		}
		must(s.t, json.Unmarshal(body, &sent))
		for _, o := range sent.Operations {
			switch {
			case o.Path == "members" && strings.EqualFold(o.Op, "remove"):
				var refs []struct{ Value string }
				must(s.t, json.Unmarshal(o.Value, &refs))
				for _, r := range refs {
					g := w.groups[id]
					u := w.owner[r.Value]
					if g != "" && u != "" && w.want[g][u] {
						s.fail("%s was taken out of %s although Entra has them there", s.people[u].name, s.teams[g].name)
					}
				}
			case o.Path == "active" && string(o.Value) == "false":
				if u := w.owner[id]; u != "" && w.scope[u] {
					s.fail("%s was deactivated, who is in scope", s.people[u].name)
				}
			}
		}
	}
}

// replaced holds that whoever is in a renamed group's old one, and should be, is in the new one before the old one goes.
func (s *storm) replaced(w *watch, old string) {
	g := w.groups[old]
	if w.want[g] == nil {
		return
	}
	v := s.directory()
	in := map[string]bool{}
	for id, other := range v.groups {
		if id != old && other.ExternalID == g {
			for _, m := range other.Members {
				in[m.Value] = true
			}
		}
	}
	for _, m := range v.groups[old].Members {
		if u := w.owner[m.Value]; w.want[g][u] && !in[m.Value] {
			s.fail("%s was deleted before %s was in the group that replaces it", v.groups[old].DisplayName, s.people[u].name)
		}
	}
}

// saw keeps what the directory confirmed: it is not sent once more.
func (s *storm) saw(method, path string, body []byte, r *http.Response, err error) {
	if method != http.MethodPatch || !strings.Contains(path, "/Groups/") || err == nil && r.StatusCode/100 != 2 {
		return
	}
	lost := err != nil
	if !lost {
		text, cut := io.ReadAll(r.Body)
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), failing{cut}))
		lost = cut != nil
	}
	var sent struct {
		Operations []struct {
			Op, Path string
			Value    []struct{ Value string }
		}
	}
	must(s.t, json.Unmarshal(body, &sent))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range sent.Operations {
		for _, m := range o.Value {
			key := path + " " + m.Value
			if lost { // whether it was done, and with it what was confirmed before, nobody was told
				delete(s.told, key)
				continue
			}
			if s.told[key] == o.Op && !s.drifted && !s.liar {
				s.fail("confirmed before, and sent once more: %s %s", o.Op, key)
			}
			s.told[key] = o.Op
		}
	}
}

func (s *storm) observe() *watch {
	w := &watch{before: s.directory(), want: s.wanted(), scope: s.scope(), owner: map[string]string{}, groups: map[string]string{}, let: map[string]bool{}}
	links, err := s.store.Links(s.t.Context(), "shop")
	must(s.t, err)
	for _, l := range links {
		if l.Kind == plan.KindUser {
			w.owner[l.Target] = l.Source
		} else {
			w.groups[l.Target] = l.Source
		}
	}
	holds, err := s.store.Holds(s.t.Context(), "shop")
	must(s.t, err)
	for _, h := range holds {
		if h.Approved != "" && h.Op == string(plan.Delete) {
			w.let[h.Subject.Target] = true
		}
	}
	return w
}
