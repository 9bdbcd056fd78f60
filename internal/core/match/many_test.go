package match

import (
	"strconv"
	"testing"

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
