package scenario_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/testkit"
)

func TestTheOrderOfRecordsDoesNotMatterToAPlan(t *testing.T) {
	dir, all := planning(t)
	for _, s := range testkit.Sample(t, all, 10) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			want, history := world(t, dir, s)
			tenant := build(t, dir, s)
			tenant.Shuffle(1)
			got := load(t, saved(t, tenant), s)
			for _, a := range s.Plans {
				if diff := cmp.Diff(planned(t, want, a, history), planned(t, got, a, history)); diff != "" {
					t.Errorf("%s (-in order +shuffled):\n%s", a.Line, diff)
				}
			}
		})
	}
}

// What a document would tell is never taken away because the document is missing.
func TestWithoutADocumentNothingMoreIsTakenAway(t *testing.T) {
	dir, all := planning(t)
	for _, s := range testkit.Sample(t, all, 10) {
		if s.Base == kubernetes && !strings.HasSuffix(s.File, "disturbances.txt") {
			continue // a large world, and one is enough
		}
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			w, history := world(t, dir, s)
			tenant := build(t, dir, s)
			folder := saved(t, tenant)
			for _, gone := range []document.File{
				document.Users, document.DeletedUsers, document.Groups, document.AppRoleAssignments, document.ScimUsers, document.ScimGroups,
				document.OwnLinks,
			} {
				if !slices.Contains(tenant.Files(), string(gone)) {
					continue
				}
				back := putAside(t, folder, []string{string(gone)})
				less := load(t, folder, s)
				back()
				for _, a := range s.Plans {
					if a.Other != "" {
						continue
					}
					whole := taken(compute(t, w, a, a.Method, history))
					for _, what := range taken(compute(t, less, a, a.Method, history)) {
						if !slices.Contains(whole, what) {
							t.Errorf("%s, rules %q: without %s, and only then: %s", a.Line, a.Rules, gone, what)
						}
					}
				}
			}
		})
	}
}

// taken is what a plan takes away without waiting for anybody, as far as the limits let it.
func taken(p *plan.Plan) []string {
	var out []string
	for s := range p.Steps() {
		switch {
		case waits(s.Held):
		case s.Op == plan.Deactivate, s.Op == plan.Delete:
			out = append(out, string(s.Op)+" "+s.Kind+" "+s.Subject.Target)
		case s.Op == plan.RemoveMembers:
			for _, item := range s.Items {
				if !waits(item.Held) {
					out = append(out, "remove "+item.Target+" from "+s.Subject.Target)
				}
			}
		}
	}
	return out
}

// waits tells whether a person must decide, whatever else a run takes away: what is over a limit today may be below it in
// a smaller run.
func waits(h *plan.Held) bool { return h != nil && h.Code != plan.HeldLimit.String() }
