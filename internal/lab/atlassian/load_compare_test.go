package atlassian

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lacking lists what of a document an answer does not tell in the same way.
func lacking(want, got any, where string) []string {
	switch want := want.(type) {
	case object:
		g, _ := got.(object)
		var out []string
		for _, k := range sortedKeys(want) {
			if v, there := g[k]; there {
				out = append(out, lacking(want[k], v, where+"."+k)...)
			} else if want[k] != nil {
				out = append(out, where+"."+k+" is missing")
			}
		}
		return out
	case []any:
		g, _ := got.([]any)
		if len(g) != len(want) {
			return []string{fmt.Sprintf("%s has %d elements, want %d", where, len(g), len(want))}
		}
		var out []string
		for i := range want {
			out = append(out, lacking(want[i], g[i], fmt.Sprintf("%s[%d]", where, i))...)
		}
		return out
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return []string{fmt.Sprintf("%s is %v, want %v", where, got, want)}
	}
	return nil
}

// document reads a file of a bundle, nil if it is absent.
func document(t testing.TB, files fs.FS, name string) any {
	t.Helper()
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil
	}
	var v any
	must(t, json.Unmarshal(text, &v))
	return v
}

// bundles are recorded worlds of this repository.
func bundles(t *testing.T) map[string]fs.FS {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	return map[string]fs.FS{
		"examples/fabrikam": os.DirFS(filepath.Join(root, "examples", "fabrikam")),
		"healthy":           os.DirFS(filepath.Join(root, "internal", "scenario", "testdata", "healthy", "entra-scim")),
	}
}

// sameSite compares the groups, their members and the products of a site.
func (w *testWorld) sameSite(files fs.FS, s Site, say func([]string)) {
	w.t.Helper()
	base, key := "https://"+s.Host+"/rest/api/3", basic(DefaultEmail, DefaultToken)
	roles := w.ask("GET", base+"/applicationrole", key, nil).want(w.t, 200)
	say(lacking(document(w.t, files, "jira/"+s.Host+"/application-roles.json"), any(roles.list), s.Host+" roles"))
	groups, _ := document(w.t, files, "jira/"+s.Host+"/groups.json").(object)
	if len(groups) == 0 {
		w.t.Errorf("%s has no recorded groups", s.Host)
	}
	for name, want := range groups {
		var got []any
		for next := base + "/group/member?includeInactiveUsers=true&groupname=" + url.QueryEscape(name); next != ""; {
			r := w.ask("GET", next, key, nil).want(w.t, 200)
			page, _ := r.object["values"].([]any)
			got = append(got, page...)
			next = str(r.object["nextPage"])
		}
		byID := func(list any) object {
			out := object{}
			for _, v := range list.([]any) {
				out[str(at(v, "accountId"))] = v
			}
			return out
		}
		recorded, shown := byID(at(want, "values")), byID(any(append([]any{}, got...)))
		for id, v := range shown {
			if _, there := recorded[id]; !there && at(v, "active") == true {
				say([]string{fmt.Sprintf("%s: %s lists %s too", s.Host, name, id)})
			}
		}
		say(lacking(recorded, shown, s.Host+" "+name))
	}
}

// allOf reads all pages of a SCIM list.
func (w *testWorld) allOf(address, name string) []any {
	w.t.Helper()
	out := []any{}
	for {
		r := w.ask("GET", fmt.Sprintf("%s?startIndex=%d", address, len(out)+1), "Bearer "+DefaultKey, nil).want(w.t, 200)
		page, _ := r.object[name].([]any)
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
	}
}

// searched reads all pages of a search.
func (w *testWorld) searched(address string, body object) []any {
	w.t.Helper()
	out := []any{}
	for {
		r := w.admin("POST", address, body).want(w.t, 200)
		page, _ := r.object["data"].([]any)
		out = append(out, page...)
		next := str(at(r.object, "links", "next"))
		if next == "" {
			return out
		}
		body["cursor"] = next
	}
}
