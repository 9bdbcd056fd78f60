package match

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// The columns of both sides: the id, externalId, userName.
const (
	external = 1
	userName = 2
)

// row is somebody of either side. "" is null.
type row struct{ id, external, userName string }

func table(rows ...row) *directory.Table {
	r := directory.NewRows(len(rows), "id", "externalId", "userName")
	for _, x := range rows {
		r.Add(document.TextValue(x.id), value(x.external), value(x.userName))
	}
	return r.Table()
}

func value(s string) document.AttributeValue {
	if s == "" {
		return document.NullValue
	}
	return document.TextValue(s)
}

// user is a wanted user whose externalId is the id.
func user(id, userName string) row { return row{id, id, userName} }

type sides struct {
	wanted, present []row
	links           []Link
	out             []string // ids of wanted ones that are not in scope
}

func (s sides) match() *Pairs {
	find := func(rows []row) Rows {
		return func(ids []string, to []uint32) {
			for i, id := range ids {
				to[i] = directory.NoRow
				if at := slices.IndexFunc(rows, func(r row) bool { return r.id == id }); at >= 0 {
					to[i] = uint32(at)
				}
			}
		}
	}
	return Match(Sides{
		Wanted: table(s.wanted...), Present: table(s.present...), External: external, Keys: []int{external, userName},
		First: func(w uint32) bool { return !slices.Contains(s.out, s.wanted[w].id) },
	}, Resolve(s.links, len(s.present), find(s.wanted), find(s.present)))
}

// pair is who belongs to whom, by ids, and how.
type pair struct {
	Wanted, Present string
	How             How
}

func (s sides) pairs() (out []pair) {
	p := s.match()
	for w, h := range p.Present {
		if h != None {
			out = append(out, pair{s.wanted[w].id, s.present[h].id, p.How[w]})
		}
	}
	return out
}

func TestPairsAreMadeByTheSurestSign(t *testing.T) {
	tests := map[string]struct {
		sides
		want []pair
	}{
		"a link says it, whatever the values": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "bob", "bob"}}, links: []Link{{"ada", "r1"}}},
			[]pair{{"ada", "r1", ByLink}},
		},
		"a link is surer than the externalId": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "", "x"}, {"r2", "ada", "ada"}}, links: []Link{{"ada", "r1"}}},
			[]pair{{"ada", "r1", ByLink}},
		},
		"the externalId is surer than the user name": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "", "ada"}, {"r2", "ada", "old"}}},
			[]pair{{"ada", "r2", ByExternalID}},
		},
		"the user name, where the record carries no id": {
			sides{wanted: []row{user("ada", "Ada")}, present: []row{{"r1", "", "ada"}}},
			[]pair{{"ada", "r1", ByValue}},
		},
		"who is out of scope is found by the id": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "ada", "x"}}, out: []string{"ada"}},
			[]pair{{"ada", "r1", ByExternalID}},
		},
		"and by nothing else": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "", "ada"}}, out: []string{"ada"}}, nil,
		},
		"who is in scope comes before who is not": {
			sides{wanted: []row{{"ada", "x", "ada"}, {"bob", "x", "bob"}}, present: []row{{"r1", "x", "old"}}, out: []string{"ada"}},
			[]pair{{"bob", "r1", ByExternalID}},
		},
		"a lost link is no pair": {
			sides{wanted: []row{user("ada", "ada")}, links: []Link{{"ada", "r1"}}}, nil,
		},
		"an empty value matches nobody": {
			sides{wanted: []row{{"ada", "", ""}}, present: []row{{"r1", "", ""}}}, nil,
		},
		"of two linked records the first is the one, and the other nobody's": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "", ""}, {"r2", "ada", "ada"}}, links: []Link{{"ada", "r2"}, {"ada", "r1"}}},
			[]pair{{"ada", "r1", ByLink}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, tt.pairs()); d != "" {
				t.Errorf("the pairs differ (-want +got):\n%s", d)
			}
		})
	}
}

func TestWhereThereIsNoPairTheTroubleIsNamed(t *testing.T) {
	tests := map[string]struct {
		sides
		want      []Trouble
		contested []bool
	}{
		"several records have the name": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "", "ada"}, {"r2", "", "ADA"}, {"r3", "", "x"}}},
			[]Trouble{{0, Several, userName, 0, None}},
			[]bool{true, true, false},
		},
		"several records carry the id": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "ada", "x"}, {"r2", "ada", "y"}}},
			[]Trouble{{0, Several, external, 0, None}},
			[]bool{true, true},
		},
		"two people have the name of one record": {
			sides{wanted: []row{user("ada", "ada"), user("bob", "Ada")}, present: []row{{"r1", "", "ada"}}},
			[]Trouble{{0, Shared, userName, 0, 1}, {1, Shared, userName, 0, 0}},
			[]bool{true},
		},
		"three people": {
			sides{wanted: []row{user("ada", "x"), user("bob", "x"), user("cleo", "x")}, present: []row{{"r1", "", "x"}}},
			[]Trouble{{0, Shared, userName, 0, 1}, {1, Shared, userName, 0, 0}, {2, Shared, userName, 0, 0}},
			[]bool{true},
		},
		"the record is somebody else's by its id": {
			sides{wanted: []row{user("ada", "ada"), user("bob", "bob")}, present: []row{{"r1", "bob", "ada"}}, out: []string{"bob"}},
			[]Trouble{{0, Taken, userName, 0, 1}},
			[]bool{false},
		},
		"the record carries the id of nobody": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "foreign", "ada"}}},
			[]Trouble{{0, Stale, userName, 0, None}},
			[]bool{false},
		},
		"the record is linked to somebody who has left, and has the name": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "", "ada"}}, links: []Link{{"gone", "r1"}}},
			[]Trouble{{0, Stale, userName, 0, None}},
			[]bool{false},
		},
		"or even the id": {
			sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "ada", "x"}}, links: []Link{{"gone", "r1"}}},
			[]Trouble{{0, Stale, external, 0, None}},
			[]bool{false},
		},
		"the id in another letter case": {
			sides{wanted: []row{user("ada", "x")}, present: []row{{"r1", "ADA", "y"}}},
			[]Trouble{{0, OtherCase, external, 0, None}},
			[]bool{true},
		},
		"who has no externalId takes no record that carries one": {
			sides{wanted: []row{{"ada", "", "ada"}}, present: []row{{"r1", "foreign", "ada"}}},
			[]Trouble{{0, Stale, userName, 0, None}},
			[]bool{false},
		},
		"least of all another's": {
			sides{wanted: []row{{"ada", "", "ada"}, user("bob", "bob")}, present: []row{{"r1", "bob", "ada"}}, out: []string{"bob"}},
			[]Trouble{{0, Taken, userName, 0, 1}},
			[]bool{false},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := tt.match()
			if d := cmp.Diff(tt.want, p.Trouble); d != "" {
				t.Errorf("the trouble differs (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.contested, p.Contested); d != "" {
				t.Errorf("the contested records differ (-want +got):\n%s", d)
			}
			for _, k := range tt.want {
				if got, ok := p.Of(k.Wanted); !ok || got != k || p.Present[k.Wanted] != None {
					t.Errorf("of %d it says %+v, %v", k.Wanted, got, ok)
				}
			}
		})
	}
}

func TestTwoLinksToOneRecordGiveItToNobodyInWhateverOrder(t *testing.T) {
	for _, links := range [][]Link{
		{{"ada", "r1"}, {"bob", "r1"}},
		{{"bob", "r1"}, {"ada", "r1"}},
		{{"gone", "r1"}, {"ada", "r1"}},
		{{"ada", "r1"}, {"gone", "r1"}},
	} {
		s := sides{wanted: []row{user("ada", "ada"), user("bob", "bob")}, present: []row{{"r1", "ada", "ada"}}, links: links}
		p := s.match()
		if got := s.pairs(); got != nil || !p.Contested[0] {
			t.Errorf("%v gives %v; contested: %v", links, got, p.Contested)
		}
	}
	s := sides{wanted: []row{user("ada", "ada")}, present: []row{{"r1", "", ""}}, links: []Link{{"ada", "r1"}, {"ada", "r1"}}}
	if d := cmp.Diff([]pair{{"ada", "r1", ByLink}}, s.pairs()); d != "" {
		t.Errorf("one link told twice (-want +got):\n%s", d)
	}
}

func TestOfTwoLinkedGroupsThePreferredOneIsTaken(t *testing.T) {
	wanted := table(user("devs", "developers"))
	for _, names := range [][2]string{{"devs", "developers"}, {"developers", "devs"}} {
		present := table(row{"g1", "", names[0]}, row{"g2", "", names[1]})
		p := Match(Sides{
			Wanted: wanted, Present: present, External: external, Keys: []int{external, userName},
			First:  func(uint32) bool { return true },
			Prefer: func(w, h uint32) bool { return wanted.Text(w, userName) == present.Text(h, userName) },
		}, Links{Wanted: []uint32{0, 0}})
		if h := p.Present[0]; present.Text(h, userName) != "developers" || !p.Contested[1-h] || p.Wanted[1-h] != None {
			t.Errorf("of %v it takes %d; contested: %v", names, h, p.Contested)
		}
	}
}

func draw(t *rapid.T) sides {
	var s sides
	id := rapid.SampledFrom([]string{"", "a", "A", "b", "c", "x"})
	for _, w := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 4, rapid.ID).Draw(t, "wanted") {
		r := user(w, rapid.SampledFrom([]string{"", "n", "N", "m", w}).Draw(t, "user name"))
		if rapid.IntRange(0, 4).Draw(t, "no externalId") == 0 {
			r.external = ""
		}
		s.wanted = append(s.wanted, r)
		if rapid.IntRange(0, 3).Draw(t, "out of scope") == 0 {
			s.out = append(s.out, w)
		}
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "present") {
		r := row{string(rune('p' + i)), id.Draw(t, "external"), rapid.SampledFrom([]string{"", "n", "N", "m", "a", "b"}).Draw(t, "user name")}
		s.present = append(s.present, r)
		if rapid.Bool().Draw(t, "linked") {
			s.links = append(s.links, Link{rapid.SampledFrom([]string{"a", "b", "c", "d", "gone"}).Draw(t, "to"), r.id})
		}
	}
	return s
}

// Whatever the sides, a pair rests on a link, on the id, or on the name of a record that carries no id of another; nobody is
// paired twice; and a record that is linked to somebody is paired with nobody else.
func TestNoPairIsAGuess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t)
		linked := map[string]string{}
		for _, l := range s.links {
			linked[l.Target] = l.Source
		}
		p := s.match()
		for w, h := range p.Present {
			if h == None {
				if p.How[w] != Unpaired {
					t.Fatalf("%s has no pair, by %d", s.wanted[w].id, p.How[w])
				}
				continue
			}
			a, b := s.wanted[w], s.present[h]
			if p.Wanted[h] != uint32(w) || p.Contested[h] {
				t.Fatalf("%s has %s, which has %d; contested: %v", a.id, b.id, p.Wanted[h], p.Contested[h])
			}
			if l := linked[b.id]; l != "" && l != a.id && (l == "gone" || slices.ContainsFunc(s.wanted, func(r row) bool { return r.id == l })) {
				t.Fatalf("%s has %s, which is linked to %s", a.id, b.id, l)
			}
			switch p.How[w] {
			case ByLink:
				if linked[b.id] != a.id {
					t.Fatalf("%s has %s by a link that is not there", a.id, b.id)
				}
			case ByExternalID:
				if a.external == "" || a.external != b.external {
					t.Fatalf("%s has %s by an id that it does not carry", a.id, b.id)
				}
			case ByValue:
				if b.external != "" && a.external != b.external || document.Fold(a.userName) != document.Fold(b.userName) || slices.Contains(s.out, a.id) {
					t.Fatalf("%s has %s by a guess", a.id, b.id)
				}
			case Unpaired:
				t.Fatalf("%s has %s, by nothing", a.id, b.id)
			}
		}
		for h, w := range p.Wanted {
			if w != None && p.Present[w] != uint32(h) {
				t.Fatalf("%s has %s, which has another", s.present[h].id, s.wanted[w].id)
			}
		}
	})
}

// Nobody comes first by the order of the rows: in another order the pairs are the same.
func TestTheOrderOfRowsDecidesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t)
		seen := map[string]bool{}
		s.links = slices.DeleteFunc(s.links, func(l Link) bool { twice := seen[l.Source]; seen[l.Source] = true; return twice }) // of two linked the first row is taken
		other := s
		other.wanted = rapid.Permutation(s.wanted).Draw(t, "order of wanted")
		other.present = rapid.Permutation(s.present).Draw(t, "order of present")
		sorted := func(p []pair) []pair {
			slices.SortFunc(p, func(a, b pair) int { return int(a.Wanted[0]) - int(b.Wanted[0]) })
			return p
		}
		if d := cmp.Diff(sorted(s.pairs()), sorted(other.pairs())); d != "" {
			t.Fatalf("in another order the pairs differ:\n%s", d)
		}
	})
}
