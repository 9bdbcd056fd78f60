package compose

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/testkit/mortal"
	"github.com/rollcall/rollcall/internal/testkit/promise"
)

// client asks the directory beside rollcall.
func (s *storm) client() promise.Client {
	return promise.Client{Through: s.guard.Transport(), Base: "https://api.atlassian.com/scim/directory/" + labatlassian.DefaultDirectory, Key: labatlassian.DefaultKey}
}

// stranger sends a write of somebody else.
func (s *storm) stranger(method, path, body string) (status int) {
	s.t.Helper()
	status, _, err := s.client().Send(method, path, body)
	if err == nil && status/100 == 2 {
		s.strange++
	}
	return status
}

// directory is what there is at Atlassian.
func (s *storm) directory() promise.Directory {
	s.t.Helper()
	v, err := s.client().Read()
	must(s.t, err)
	return v
}

func (s *storm) look(method, path string, body []byte) {
	w := s.watch.Load()
	if w == nil {
		return
	}
	for _, broken := range w.Broken(method, path, body) {
		s.fail("%s", broken)
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
		r.Body = mortal.Again(text, cut)
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

func (s *storm) observe() *promise.Run {
	r, err := promise.Begin(s.t.Context(), s.store, "shop", promise.Run{Want: s.wanted(), Now: s.directory, Name: s.nameOf})
	must(s.t, err)
	return r
}

// nameOf is what somebody or a group at Entra is called.
func (s *storm) nameOf(id string) string {
	if p := s.people[id]; p != nil {
		return p.name
	}
	if g := s.teams[id]; g != nil {
		return g.name
	}
	return id
}
