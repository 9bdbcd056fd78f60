package scenario

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

// ReadReal reads a recording of real people and groups, whose ids are GUIDs, and gives everybody the readable ids that
// sentences use: people are named by what stands before the @ of their user principal name, groups by their name. The
// ids stay readable when the documents are saved.
func ReadReal(dir fs.FS) (*Tenant, error) {
	t, err := ReadTenant(dir)
	if err != nil {
		return nil, err
	}
	t.plain, t.people = true, map[string]bool{}
	handle := map[string]string{}
	for file, prefix := range map[string]string{"entra/users.json": "u-", "entra/groups.json": "g-"} {
		rows, _ := rowsOf(t.docs[file])
		for _, r := range rows {
			name, _, _ := strings.Cut(text(r, "userPrincipalName"), "@")
			if prefix == "g-" {
				name = text(r, "displayName")
			} else {
				t.people[name] = true
			}
			handle[text(r, "id")] = prefix + name
		}
	}
	for file, doc := range t.docs {
		b, err := json.Marshal(doc, json.Deterministic(true))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		b = quotedGUID.ReplaceAllFunc(b, func(id []byte) []byte {
			if h := handle[string(bytes.Trim(id, `"`))]; h != "" {
				return []byte(`"` + h + `"`)
			}
			return id
		})
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		t.docs[file] = v
	}
	return t, nil
}

var quotedGUID = regexp.MustCompile(`"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"`)

// Copy is the same tenant once more, to be changed.
func (t *Tenant) Copy() *Tenant {
	out := *t
	out.docs, out.text, out.people = map[string]any{}, maps.Clone(t.text), maps.Clone(t.people)
	for name, doc := range t.docs {
		out.docs[name] = clone(doc)
	}
	return &out
}
