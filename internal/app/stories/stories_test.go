package stories

import (
	"flag"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/testkit"
)

var update = flag.Bool("update", false, "write docs/diagnosis.md anew")

func TestEveryStoryIsUnderstoodFromTheOutsideAndMended(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	played, mu := []Row{}, sync.Mutex{}
	t.Run("stories", func(t *testing.T) {
		for _, s := range testkit.Sample(t, all, 8) {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				row := play(t, s)
				mu.Lock()
				defer mu.Unlock()
				played = append(played, row)
			})
		}
	})
	if len(played) == len(all) { // neither a part of them for the race detector, nor those that -run names
		testkit.Page(t, "diagnosis.md", Markdown(played), "go test ./internal/app/stories -update", *update)
	}
}

// play plays a story, and says where an answer is not as the tale has it.
func play(t *testing.T, s *Story) Row {
	t.Helper()
	row := Row{Story: s}
	err := Play(t.Context(), s, func(Line) {}, func(a Answer) {
		row.take(&a)
		for how, got := range map[string]string{"live": a.Live, "recorded": a.Recorded, "redacted": a.Redacted} {
			if diff := cmp.Diff(a.Want, got); diff != "" {
				t.Errorf("line %d, %s, %s (- wanted, + said)\n%s", a.Line.No, a.Line.Text, how, diff)
				if a.Trace != nil && how == "live" {
					for _, h := range a.Trace.Hops {
						t.Logf("%s %s %s %v", h.Hop, h.Status, h.Summary, h.Evidence)
					}
				}
				if a.Roll != nil && how == "live" {
					for _, f := range a.Roll.Findings {
						t.Logf("%+v", f)
					}
				}
			}
		}
		if a.Since == nil {
			return
		}
		for how, wrong := range map[string]string{"of two captures": a.Since.Captures, "of one capture": a.Since.Alone, "live": a.Since.Live, "of two redacted captures": a.Since.Redacted} {
			if wrong != "" {
				t.Errorf("line %d, %s since %q, history %s: %s", a.Line.No, a.Line.Text, a.Since.Sentence, how, wrong)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestOnTheStageEverybodyIsWhereTheyShouldBe(t *testing.T) {
	for _, method := range []string{document.EntraSCIM, document.GuardNested, document.Rollcall} {
		t.Run(method, func(t *testing.T) {
			s, err := Set(t.Context(), method, "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			r, _, err := s.roll(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Findings) > 0 || r.Counts.Present != r.Counts.Expected || r.Counts.Expected != len(staff)-1 {
				t.Errorf("%+v", r.Counts)
				for _, f := range r.Findings {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}
