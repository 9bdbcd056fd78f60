// Package promise holds runs of rollcall to what they promise, request by request, whatever goes wrong meanwhile: nobody
// is taken out of a group in which Entra has them, nobody who is in scope is switched off, no user is ever deleted, no
// group is that nobody let go, and a group that is replaced by another one goes when everybody is in that. It is imported
// by tests alone.
package promise

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Run is what is known when a run begins.
type Run struct {
	Want map[string]map[string]bool // group at Entra -> its users there, nested ones with it; false: disabled, who stays where they are
	Now  func() Directory           // what there is at the target
	Name func(id string) string     // what people call somebody or a group at Entra

	scope  map[string]bool   // users at Entra who should be there
	owner  map[string]string // record -> user at Entra, by link
	groups map[string]string // group at the target -> group at Entra, by link
	let    map[string]bool   // groups at the target whose deletion somebody let go
}

// Begin reads what is ours, and what somebody let go.
func Begin(ctx context.Context, st store.Store, connection string, r Run) (*Run, error) {
	r.scope = Scope(r.Want)
	r.owner, r.groups, r.let = map[string]string{}, map[string]string{}, map[string]bool{}
	links, err := st.Links(ctx, connection)
	if err != nil {
		return nil, fmt.Errorf("reading what is ours: %w", err)
	}
	for _, l := range links {
		if l.Kind == plan.KindUser {
			r.owner[l.Target] = l.Source
		} else {
			r.groups[l.Target] = l.Source
		}
	}
	holds, err := st.Holds(ctx, connection)
	if err != nil {
		return nil, fmt.Errorf("reading what waits: %w", err)
	}
	for _, h := range holds {
		if h.Approved != "" && h.Op == string(plan.Delete) {
			r.let[h.Subject.Target] = true
		}
	}
	return &r, nil
}

// Broken says which promises a write to a SCIM directory breaks that is about to be sent.
func (r *Run) Broken(method, path string, body []byte) []string {
	slash := strings.LastIndexByte(path, '/')
	id, what := path[slash+1:], path[:slash]
	switch {
	case method == http.MethodDelete && strings.HasSuffix(what, "/Groups"):
		out := r.replaced(id)
		if !r.let[id] {
			out = append(out, fmt.Sprintf("the group %s was deleted, which nobody let go", id))
		}
		return out
	case method == http.MethodDelete:
		return []string{"DELETE " + path}
	case method == http.MethodPatch:
		return r.patched(id, body)
	}
	return nil
}

func (r *Run) patched(id string, body []byte) (out []string) {
	var sent struct {
		Operations []struct {
			Op, Path string
			Value    jsontext.Value
		}
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		return []string{fmt.Sprintf("a PATCH of %s that nobody can read: %v", id, err)}
	}
	for _, o := range sent.Operations {
		switch {
		case o.Path == "members" && strings.EqualFold(o.Op, "remove"):
			var refs []struct{ Value string }
			if err := json.Unmarshal(o.Value, &refs); err != nil {
				return append(out, fmt.Sprintf("members are removed from %s, and nobody can read which: %v", id, err))
			}
			g := r.groups[id]
			for _, ref := range refs {
				if u := r.owner[ref.Value]; g != "" && u != "" && r.Want[g][u] {
					out = append(out, fmt.Sprintf("%s was taken out of %s although Entra has them there", r.Name(u), r.Name(g)))
				}
			}
		case o.Path == "active" && string(o.Value) == "false":
			if u := r.owner[id]; u != "" && r.scope[u] {
				out = append(out, r.Name(u)+" was deactivated, who is in scope")
			}
		}
	}
	return out
}

// replaced holds that whoever is in a renamed group's old one, and should be, is in the new one before the old one goes.
func (r *Run) replaced(old string) (out []string) {
	g := r.groups[old]
	if r.Want[g] == nil {
		return nil
	}
	v := r.Now()
	in := map[string]bool{}
	for id, other := range v.Groups {
		if id != old && other.ExternalID == g {
			for _, m := range other.Members {
				in[m.Value] = true
			}
		}
	}
	for _, m := range v.Groups[old].Members {
		if u := r.owner[m.Value]; r.Want[g][u] && !in[m.Value] {
			out = append(out, fmt.Sprintf("%s was deleted before %s was in the group that replaces it", v.Groups[old].DisplayName, r.Name(u)))
		}
	}
	return out
}
