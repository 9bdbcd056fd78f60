package scenario

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Tenant is a bundle's documents as values that can be changed: decoded JSON by path, or text.
type Tenant struct {
	docs map[string]any
	text map[string]string
	now  time.Time
	logs int // entries added to logs so far; they get ids of their own

	people  map[string]bool // handles, where they are not those with a dot
	plain   bool            // the ids stay readable when the documents are saved
	history []Removed
}

// ReadTenant reads the documents below a folder.
func ReadTenant(dir fs.FS) (*Tenant, error) {
	t := &Tenant{docs: map[string]any{}, text: map[string]string{}}
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".txt") {
			t.text[name] = string(b)
			return nil
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		t.docs[name] = v
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the tenant: %w", err)
	}
	at, _ := find(t.docs["bundle.json"], "captured_at").(string)
	if t.now, err = time.Parse(time.RFC3339, at); err != nil {
		return nil, fmt.Errorf("captured_at of bundle.json: %w", err)
	}
	return t, nil
}

// Files lists the documents, sorted.
func (t *Tenant) Files() []string {
	return slices.Sorted(maps.Keys(mergeKeys(t.docs, t.text)))
}

func mergeKeys(docs map[string]any, text map[string]string) map[string]bool {
	all := map[string]bool{}
	for name := range docs {
		all[name] = true
	}
	for name := range text {
		all[name] = true
	}
	return all
}

// Write saves the documents below a folder. Entra's ids become GUIDs there, as real ones are.
func (t *Tenant) Write(dir string) error {
	for _, name := range t.Files() {
		b := []byte(t.text[name])
		if v, ok := t.docs[name]; ok {
			var err error
			if b, err = json.Marshal(v, json.Deterministic(true), jsontext.Multiline(true)); err != nil {
				return fmt.Errorf("writing %s: %w", name, err)
			}
		}
		if !t.plain {
			b = entraID.ReplaceAllFunc(b, guid)
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		if err := os.WriteFile(file, b, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}

// entraID finds the readable ids of Entra's users and groups.
var entraID = regexp.MustCompile(`\b[uUgG]-[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]`)

// ID gives a text as the saved bundle has it: readable ids of Entra become GUIDs.
func ID(s string) string { return string(entraID.ReplaceAllFunc([]byte(s), guid)) }

// guid makes a GUID of a readable id, in capitals where the id has them.
func guid(id []byte) []byte {
	sum := fnv.New128a()
	sum.Write(bytes.ToLower(id))
	h := fmt.Appendf(nil, "%x", sum.Sum(nil))
	h[12], h[16] = '4', 'a' // version and variant
	out := bytes.Join([][]byte{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, []byte("-"))
	if id[0] < 'a' {
		return bytes.ToUpper(out)
	}
	return out
}

// Shuffle puts every list of records, and the members of every group, into another order. Lists inside a record keep
// theirs: the order of filter clauses, mappings or steps may mean something.
func (t *Tenant) Shuffle(seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 20))
	shuffle := func(list []any) { rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] }) }
	for _, name := range t.Files() {
		records, ok := rowsOf(t.docs[name])
		if !ok {
			continue
		}
		for _, r := range records {
			for _, inner := range []string{"members", "values", "roleAssignments", "productAccess"} {
				if list, ok := find(r, inner).([]any); ok {
					shuffle(list)
				}
			}
		}
		if list, ok := listOf(t.docs[name]); ok {
			shuffle(list)
		}
	}
}

// listOf is the list of a document: the document itself or the one list that its envelope holds.
func listOf(doc any) ([]any, bool) {
	switch d := doc.(type) {
	case []any:
		return d, true
	case map[string]any:
		for _, key := range envelopes {
			if list, ok := d[key].([]any); ok {
				return list, true
			}
		}
	}
	return nil, false
}

// envelopes are the keys under which the services answer lists.
var envelopes = []string{"value", "Resources", "data", "scimLinks", "links"}

// rowsOf is the records of a document: of its list, or of an object by key.
func rowsOf(doc any) ([]any, bool) {
	if list, ok := listOf(doc); ok {
		return list, true
	}
	d, ok := doc.(map[string]any)
	if !ok {
		return nil, false
	}
	var rows []any
	for _, key := range slices.Sorted(maps.Keys(d)) {
		rows = append(rows, d[key])
	}
	return rows, true
}

// setList puts a changed list back into its document.
func (t *Tenant) setList(file string, list []any) {
	d, ok := t.docs[file].(map[string]any)
	if !ok {
		t.docs[file] = list
		return
	}
	for _, key := range envelopes {
		if _, ok := d[key].([]any); ok {
			d[key] = list
		}
	}
}

// find is the value of a key of an object, nil where there is none.
func find(v any, key string) any {
	if m, ok := v.(map[string]any); ok {
		return m[key]
	}
	return nil
}

func text(v any, key string) string {
	s, _ := find(v, key).(string)
	return s
}

func clone(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was decoded from JSON
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		panic(err)
	}
	return out
}

func same(a, b any) bool {
	x, errX := json.Marshal(a, json.Deterministic(true))
	y, errY := json.Marshal(b, json.Deterministic(true))
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
