package plan

import (
	"flag"
	"testing"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/testkit"
)

var update = flag.Bool("update", false, "write docs/reasons.md anew")

func TestThePageOfReasonsIsFresh(t *testing.T) {
	testkit.Page(t, "reasons.md", Markdown(), "go test ./internal/core/plan -run Fresh -update", *update)
}

func TestReasonsHaveCodesOfTheirOwnOrOfTheCatalogue(t *testing.T) {
	own := map[string]bool{}
	for _, r := range Reasons() {
		if r.String() == "" || r.Text() == "" || r.Verdict() == "" {
			t.Errorf("reason %d is not whole: %q, %q, %q", r, r, r.Verdict(), r.Text())
		}
		if own[r.String()] {
			t.Errorf("two reasons are called %s", r)
		}
		own[r.String()] = true
		if back, ok := ReasonOf(r.String()); !ok || back != r {
			t.Errorf("%s is found as %s", r, back)
		}
	}
	catalogue := map[string]bool{}
	for _, c := range cause.All() {
		catalogue[string(c.Code)] = true
	}
	if !own[string(cause.ScopingFilter)] || !catalogue[string(cause.ScopingFilter)] {
		t.Error("the list lost the causes that it shares with the catalogue")
	}
}
