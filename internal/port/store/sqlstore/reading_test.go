package sqlstore_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/store"
)

// model is what a mirror should be, as plainly as it can be said.
type model struct {
	objects map[document.File]map[string]map[string]any
	members map[document.File]map[string]map[string]string // group, member, kind
	whole   map[document.File]bool
	gaps    map[document.File][]string
}

func (m *model) clone() *model {
	c := &model{map[document.File]map[string]map[string]any{}, map[document.File]map[string]map[string]string{}, maps.Clone(m.whole), map[document.File][]string{}}
	for f, all := range m.objects {
		c.objects[f] = map[string]map[string]any{}
		for id, o := range all {
			c.objects[f][id] = maps.Clone(o)
		}
	}
	for f, all := range m.members {
		c.members[f] = map[string]map[string]string{}
		for g, who := range all {
			c.members[f][g] = maps.Clone(who)
		}
	}
	for f, gaps := range m.gaps {
		c.gaps[f] = slices.Clone(gaps)
	}
	return c
}

func newModel() *model { return (&model{whole: map[document.File]bool{}}).clone() }

func (m *model) of(f document.File) map[string]map[string]any {
	if m.objects[f] == nil {
		m.objects[f], m.members[f] = map[string]map[string]any{}, map[string]map[string]string{}
	}
	return m.objects[f]
}

func (m *model) lines() []string {
	var out []string
	for _, f := range []document.File{document.Users, document.Groups} { // the order of a bundle
		for _, id := range slices.Sorted(maps.Keys(m.objects[f])) {
			o := maps.Clone(m.objects[f][id])
			if f == document.Groups {
				all := []any{}
				for _, who := range slices.Sorted(maps.Keys(m.members[f][id])) {
					all = append(all, map[string]any{"@odata.type": m.members[f][id][who], "id": who})
				}
				o["members"] = all
			}
			text, _ := json.Marshal(o, json.Deterministic(true))
			out = append(out, fmt.Sprint(f, id, string(text)))
		}
		for _, g := range m.gaps[f] {
			out = append(out, fmt.Sprint(f, "gap", g))
		}
		if m.whole[f] {
			out = append(out, fmt.Sprint(f, "whole"))
		}
	}
	return out
}

// lines records the mirror of the store in the model's words.
type lines struct{ all []string }

func (l *lines) Add(f document.File, id string, object jsontext.Value) error {
	var o map[string]any
	if err := json.Unmarshal(object, &o); err != nil {
		return err
	}
	text, err := json.Marshal(o, json.Deterministic(true))
	l.all = append(l.all, fmt.Sprint(f, id, string(text)))
	return err
}

func (l *lines) Gap(g document.Gap) error {
	l.all = append(l.all, fmt.Sprint(g.File, "gap", g.Subject))
	return nil
}

func (l *lines) Whole(f document.File) error {
	l.all = append(l.all, fmt.Sprint(f, "whole"))
	return nil
}

func TestAMirrorIsWhatAPlainModelSays(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		connection := "c" + strconv.Itoa(n)
		f, ok, _, _, err := s.Claim(t.Context(), connection, "x", noon, 1)
		if err != nil || !ok {
			rt.Fatal(ok, err)
		}
		kept := newModel()
		for range rapid.IntRange(1, 4).Draw(rt, "readings") {
			r, err := s.Reading(t.Context(), f, store.Source)
			if err != nil {
				rt.Fatal(err)
			}
			now := tell(rt, r, kept.clone())
			if rapid.IntRange(0, 3).Draw(rt, "forget") == 0 {
				err = r.Forget()
			} else {
				err = r.Keep(t.Context(), "", noon)
				kept = now
			}
			if err != nil {
				rt.Fatal(err)
			}
			got := &lines{}
			if err := s.Documents(t.Context(), connection, store.Source, got); err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(kept.lines(), got.all); diff != "" {
				rt.Fatal(diff)
			}
		}
	})
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Error(wrong, err)
	}
}

// tell tells a reading random things, and the model the same. It gives the model.
func tell(rt *rapid.T, r store.Reading, m *model) *model {
	ids := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	props := rapid.MapOfN(rapid.SampledFrom([]string{"x", "y", "z"}), rapid.SampledFrom([]any{nil, "1", "2", true}), 0, 3)
	mine := map[document.File][]string{} // gaps of this reading
	for range rapid.IntRange(0, 25).Draw(rt, "words") {
		f := rapid.SampledFrom([]document.File{document.Users, document.Groups}).Draw(rt, "file")
		id := ids.Draw(rt, "id")
		var err error
		switch rapid.IntRange(0, 11).Draw(rt, "word") {
		case 0:
			if rapid.IntRange(0, 2).Draw(rt, "really full") > 0 {
				continue
			}
			err = r.Full(f)
			delete(m.objects, f)
			delete(m.gaps, f)
			delete(mine, f)
			m.whole[f] = false
		case 1, 2:
			o := props.Draw(rt, "object")
			text, _ := json.Marshal(o)
			err = r.Put(f, id, text)
			m.of(f)[id] = o
		case 3, 4:
			o := props.Draw(rt, "changes")
			text, _ := json.Marshal(o)
			err = r.Merge(f, id, text)
			if m.of(f)[id] == nil {
				m.of(f)[id] = map[string]any{}
			}
			maps.Copy(m.of(f)[id], o)
		case 5:
			err = r.Drop(f, id)
			delete(m.of(f), id)
			delete(m.members[f], id)
		case 6, 7, 8, 9:
			who, kind, in := ids.Draw(rt, "who"), rapid.SampledFrom([]string{"#u", "#g"}).Draw(rt, "kind"), rapid.IntRange(0, 2).Draw(rt, "in") > 0
			err = r.Member(document.Groups, id, who, kind, in)
			m.of(document.Groups)
			if all := m.members[document.Groups]; !in {
				delete(all[id], who)
			} else if all[id] == nil {
				all[id] = map[string]string{who: kind}
			} else {
				all[id][who] = kind
			}
		case 10:
			err = r.Gap(document.Gap{File: string(f), Subject: id})
			if !slices.Contains(m.gaps[f], id) {
				m.gaps[f] = append(m.gaps[f], id)
			}
			if !slices.Contains(mine[f], id) {
				mine[f] = append(mine[f], id)
			}
		case 11:
			err = r.Whole(f)
			m.whole[f] = true
			m.gaps[f] = slices.Clone(mine[f])
		}
		if err != nil {
			rt.Fatal(err)
		}
	}
	return m
}
