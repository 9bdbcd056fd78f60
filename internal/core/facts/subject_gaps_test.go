package facts

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

func TestTheGapOfAGroupIsTheFirstThatNamesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"", "g", "G", " g", "devs", "Devs", "ops"})
		w := &World{}
		for i := range rapid.IntRange(0, 6).Draw(t, "gaps") {
			file := rapid.SampledFrom([]document.File{document.Groups, document.ScimGroups}).Draw(t, "file")
			w.Bundle.Gaps = append(w.Bundle.Gaps, document.Gap{File: string(file), Subject: name.Draw(t, "subject"), What: string(rune('a' + i))})
		}
		id, called := name.Draw(t, "id"), name.Draw(t, "name")
		var want document.Gap
		found := false
		for _, g := range w.Bundle.Gaps {
			names := Fold(g.Subject) == Fold(id) || Fold(g.Subject) == Fold(called)
			if !found && g.File == string(document.Groups) && g.Subject != "" && names {
				want, found = g, true
			}
		}
		if got, ok := w.gapsOf(document.Groups).of(id, called); ok != found || got != want {
			t.Fatalf("it is %+v, %v, not %+v, %v", got, ok, want, found)
		}
	})
}
