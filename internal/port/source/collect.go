package source

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Collect reads a source in full and records its documents, each sorted by id, groups with their members in them. It is
// for looking without a store. Everything is in memory until the reading has ended well; a reading that fails records
// nothing. A membership takes four bytes, so that a million of them weigh less than the people in them.
func Collect(ctx context.Context, s Source, to evidence.Recorder) error {
	m := &memory{files: map[document.File]*table{}, names: map[string]uint32{}}
	if _, err := s.Read(ctx, "", m); err != nil {
		return fmt.Errorf("reading %s: %w", s.Name(), err)
	}
	for _, f := range slices.Sorted(maps.Keys(m.files)) {
		if err := m.record(f, to); err != nil {
			return fmt.Errorf("recording %s: %w", f, err)
		}
	}
	return nil
}

// memory is a Mirror in memory.
type memory struct {
	files map[document.File]*table
	names map[string]uint32 // ids of members, each once
	ids   []string
	kinds []string
}

type table struct {
	objects map[string]jsontext.Value
	edges   map[string][]uint32 // by group, as they were told: number of the member, and a last bit that says in
	gaps    []document.Gap
	whole   bool
}

func (m *memory) table(f document.File) *table {
	t := m.files[f]
	if t == nil {
		t = &table{objects: map[string]jsontext.Value{}, edges: map[string][]uint32{}}
		m.files[f] = t
	}
	return t
}

// Full implements Mirror.
func (m *memory) Full(files ...document.File) error {
	for _, f := range files {
		delete(m.files, f)
		m.table(f)
	}
	return nil
}

// Put implements Mirror.
func (m *memory) Put(f document.File, id string, object jsontext.Value) error {
	m.table(f).objects[id] = slices.Clip(bytes.Clone(object))
	return nil
}

// Merge implements Mirror.
func (m *memory) Merge(f document.File, id string, properties jsontext.Value) error {
	t := m.table(f)
	if t.objects[id] == nil {
		return m.Put(f, id, properties)
	}
	merged, err := merge(t.objects[id], properties)
	if err != nil {
		return fmt.Errorf("%s, object %s: %w", f, id, err)
	}
	t.objects[id] = merged
	return nil
}

// Drop implements Mirror.
func (m *memory) Drop(f document.File, id string) error {
	t := m.table(f)
	delete(t.objects, id)
	delete(t.edges, id)
	return nil
}

// Member implements Mirror.
func (m *memory) Member(f document.File, group, member, kind string, in bool) error {
	n, known := m.names[member]
	if !known {
		if len(m.ids) == 1<<31 {
			return errors.New("more than two billion members")
		}
		n = uint32(len(m.ids))
		m.names[member], m.ids, m.kinds = n, append(m.ids, member), append(m.kinds, kind)
	}
	if kind != "" {
		m.kinds[n] = kind
	}
	edge := n << 1
	if in {
		edge |= 1
	}
	t := m.table(f)
	t.edges[group] = append(t.edges[group], edge)
	return nil
}

// Gap implements Mirror.
func (m *memory) Gap(g document.Gap) error {
	t := m.table(document.File(g.File))
	t.gaps = append(t.gaps, g)
	return nil
}

// Whole implements Mirror.
func (m *memory) Whole(f document.File) error {
	t := m.table(f)
	t.whole, t.gaps = true, nil
	return nil
}

func (m *memory) record(f document.File, to evidence.Recorder) error {
	t := m.files[f]
	for _, id := range slices.Sorted(maps.Keys(t.objects)) {
		object := t.objects[id]
		if f == document.Groups {
			object = m.withMembers(object, t.edges[id])
		}
		if err := to.Add(f, id, object); err != nil {
			return err
		}
	}
	if t.whole {
		if err := to.Whole(f); err != nil {
			return err
		}
	}
	for _, g := range t.gaps {
		if err := to.Gap(g); err != nil {
			return err
		}
	}
	return nil
}

// withMembers adds {"members":[…]}, sorted by id, to a group. Of what was told of one membership the last counts.
func (m *memory) withMembers(group jsontext.Value, edges []uint32) jsontext.Value {
	slices.SortStableFunc(edges, func(a, b uint32) int { return cmp.Compare(a>>1, b>>1) })
	in := edges[:0]
	for i, e := range edges {
		if e&1 == 1 && (i+1 == len(edges) || edges[i+1]>>1 != e>>1) {
			in = append(in, e>>1)
		}
	}
	slices.SortFunc(in, func(a, b uint32) int { return cmp.Compare(m.ids[a], m.ids[b]) })
	out := make(jsontext.Value, 0, len(group)+16+96*len(in))
	out = append(out, bytes.TrimSuffix(bytes.TrimSpace(group), []byte("}"))...)
	if len(out) > 1 {
		out = append(out, ',')
	}
	out = append(out, `"members":[`...)
	for i, n := range in {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		if m.kinds[n] != "" {
			out = append(quote(append(out, `"@odata.type":`...), m.kinds[n]), ',')
		}
		out = append(quote(append(out, `"id":`...), m.ids[n]), '}')
	}
	return append(out, "]}"...)
}

func quote(b []byte, s string) []byte {
	out, err := jsontext.AppendQuote(b, s)
	if err != nil { // text that is not UTF-8, which no decoder lets through
		return append(b, `""`...)
	}
	return out
}

// merge puts properties over those of an object. Its order stays; what is new comes last. Null stays null: it was told.
func merge(object, properties jsontext.Value) (jsontext.Value, error) {
	var have, add []property
	for _, part := range []struct {
		raw  jsontext.Value
		into *[]property
	}{{object, &have}, {properties, &add}} {
		var err error
		if *part.into, err = parse(part.raw); err != nil {
			return nil, err
		}
	}
	for _, p := range add {
		if i := slices.IndexFunc(have, func(h property) bool { return h.name == p.name }); i >= 0 {
			have[i] = p
		} else {
			have = append(have, p)
		}
	}
	out := jsontext.Value("{")
	for i, p := range have {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(quote(out, p.name), ':'), p.value...)
	}
	return append(out, '}'), nil
}

type property struct {
	name  string
	value jsontext.Value
}

func parse(raw jsontext.Value) ([]property, error) {
	d := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true))
	if k := d.PeekKind(); k != '{' {
		return nil, fmt.Errorf("expected a JSON object, found %v", k)
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var out []property
	for d.PeekKind() == '"' {
		var p property
		if err := json.UnmarshalDecode(d, &p.name); err != nil {
			return nil, err
		}
		v, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		p.value = v.Clone()
		out = append(out, p)
	}
	_, err := d.ReadToken()
	return out, err
}
