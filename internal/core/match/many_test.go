package match

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// A rule that matches by department instead of by name gives every value to many on both sides.
func TestManyWhoShareAValueArePairedWithNobodyAndTakeNoTime(t *testing.T) {
	const n = 30_000 // looking at everybody for everybody takes half a minute for this
	for _, linked := range []bool{false, true} {
		wanted, present := directory.NewRows(0, "id", "department"), directory.NewRows(0, "id", "department")
		links := Links{Wanted: make([]uint32, n)}
		sales := document.TextValue("Sales")
		for i := range n {
			wanted.Add(document.TextValue("w"+strconv.Itoa(i)), sales)
			wanted.Add(document.TextValue("v"+strconv.Itoa(i)), sales)
			present.Add(document.TextValue("p"+strconv.Itoa(i)), sales)
			links.Wanted[i] = None
			if linked {
				links.Wanted[i] = uint32(2 * i)
			}
		}
		p := Match(Sides{Wanted: wanted.Table(), Present: present.Table(), External: -1, Keys: []int{1}, First: func(uint32) bool { return true }}, links)
		for i := range n {
			for w := 2 * i; w <= 2*i+1; w++ {
				trouble, bad := p.Of(uint32(w))
				if paired := linked && w == 2*i; paired != (p.How[w] == ByLink) || bad == linked || bad && (trouble.Kind != Several || trouble.Present != 0) {
					t.Fatalf("linked %v: wanted one %d is paired by %d, trouble %+v %v", linked, w, p.How[w], trouble, bad)
				}
			}
			if p.Contested[i] == linked {
				t.Fatalf("linked %v: present one %d is contested: %v", linked, i, p.Contested[i])
			}
		}
	}
}

// Letter case does not count in names, and counts in ids: in either column many who write one value in their own way
// are looked at a few times each.
func TestOneValueInManyLetterCasesIsLookedAtOnce(t *testing.T) {
	const n = 8192
	written := func(i int) string {
		value := []byte("abcdefghijklm")
		for bit := range value {
			if i>>bit&1 != 0 {
				value[bit] -= 'a' - 'A'
			}
		}
		return string(value)
	}
	for _, external := range []int{-1, 1} {
		wanted, present := directory.NewRows(0, "id", "key"), directory.NewRows(0, "id", "key")
		for i := range n {
			wanted.Add(document.TextValue("w"+strconv.Itoa(i)), document.TextValue(written(i)))
			present.Add(document.TextValue("p"+strconv.Itoa(i)), document.TextValue(written(n-1-i/2*2))) // every other one, twice
		}
		p := Match(Sides{Wanted: wanted.Table(), Present: present.Table(), External: external, Keys: []int{1}, First: func(uint32) bool { return true }}, Links{})
		if p.looks > 8*n {
			t.Errorf("by column %d: %d looks at %d records", external, p.looks, n)
		}
		for w := range uint32(n) {
			want := Trouble{w, Several, 1, 0, None}
			switch {
			case external < 0:
			case w%2 != 0: // written n-1-2k: found at 2k
				want.Present = n - 1 - w
			default:
				want.Kind = OtherCase
			}
			if got, bad := p.Of(w); !bad || got != want {
				t.Fatalf("by column %d: of %d it says %+v, %v, not %+v", external, w, got, bad, want)
			}
		}
	}
}

// However many have an id in whatever letter case, and whoever of them is linked to somebody else, what is found is what
// looking at each of them finds.
func TestAmongManyLetterCasesTheSameIsFoundAsAmongFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{"ab", "aB", "Ab", "AB"})
		s := sides{wanted: []row{{"w", id.Draw(t, "id"), ""}}}
		var exact, others []uint32
		for i := range rapid.IntRange(0, 3*few).Draw(t, "records") {
			r := row{"p" + strconv.Itoa(i), id.Draw(t, "its id"), ""}
			s.present = append(s.present, r)
			switch {
			case rapid.Bool().Draw(t, "linked"):
				s.wanted = append(s.wanted, row{"v" + strconv.Itoa(i), "", ""})
				s.links = append(s.links, Link{"v" + strconv.Itoa(i), r.id})
			case r.external == s.wanted[0].external:
				exact = append(exact, uint32(i))
			default:
				others = append(others, uint32(i))
			}
		}
		p := s.match()
		trouble, bad := p.Of(0)
		switch {
		case len(exact) == 1:
			if p.Present[0] != exact[0] {
				t.Fatalf("paired with %d, not with %d", p.Present[0], exact[0])
			}
		case len(exact) > 1:
			if want := (Trouble{0, Several, external, exact[0], None}); trouble != want {
				t.Fatalf("it says %+v, not %+v", trouble, want)
			}
		case len(others) > 0:
			if want := (Trouble{0, OtherCase, external, others[0], None}); trouble != want {
				t.Fatalf("it says %+v, not %+v", trouble, want)
			}
		case bad:
			t.Fatalf("it says %+v of what is not there", trouble)
		}
	})
}
