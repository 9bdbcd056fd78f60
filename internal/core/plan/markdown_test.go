package plan

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/cause"
)

var update = flag.Bool("update", false, "write docs/reasons.md anew")

func TestThePageOfReasonsIsFresh(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "reasons.md")
	want := Markdown()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatalf("writing the page of reasons: %v", err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("reading the page of reasons: %v", err)
	}
	if d := cmp.Diff(want, string(have)); d != "" {
		t.Errorf("docs/reasons.md is stale; write it anew with: go test ./internal/core/plan -run Fresh -update\n(-list +page)\n%s", d)
	}
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
