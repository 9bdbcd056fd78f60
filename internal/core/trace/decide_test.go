package trace

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/cause"
)

func found(state outcome, group int32, codes ...cause.Code) []*finding {
	var out []*finding
	for _, c := range codes {
		out = append(out, &finding{code: c, state: state, verdict: Missing, hop: home(c), group: group})
	}
	return out
}

func TestTheMostSpecificProvenCauseIsNamed(t *testing.T) {
	join := func(lists ...[]*finding) []*finding {
		var all []*finding
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	type want struct {
		Main cause.Code
		Also []cause.Code
		Open []cause.Code
	}
	for name, c := range map[string]struct {
		found []*finding
		want  want
	}{
		"nothing found": {nil, want{}},
		"a fallback falls to what explains it": {
			found(proven, noGroup, cause.RecordMissing, cause.ProvisioningFailed, cause.DuplicateAccount), want{Main: cause.DuplicateAccount},
		},
		"another directory comes before a second account": {
			found(proven, noGroup, cause.DuplicateAccount, cause.HeldByOtherDirectory), want{Main: cause.HeldByOtherDirectory},
		},
		"a cause stays open while one that outranks it could not be refuted": {
			join(found(proven, noGroup, cause.DuplicateAccount), found(unknown, noGroup, cause.HeldByOtherDirectory)),
			want{Open: []cause.Code{cause.HeldByOtherDirectory, cause.DuplicateAccount}},
		},
		"what could not be refuted matters only where it outranks": {
			join(found(proven, noGroup, cause.NestedGroup), found(unknown, noGroup, cause.Quarantine)), want{Main: cause.NestedGroup},
		},
		"independent causes stand beside each other, one's own before everybody's": {
			found(proven, noGroup, cause.Quarantine, cause.DuplicateAccount), want{Main: cause.DuplicateAccount, Also: []cause.Code{cause.Quarantine}},
		},
		"what is wrong with one membership says nothing of another": {
			join(found(proven, 1, cause.MembershipMissing), found(proven, 2, cause.LateScopeMember)),
			want{Main: cause.LateScopeMember, Also: []cause.Code{cause.MembershipMissing}},
		},
		"what is wrong with the person explains every membership": {
			join(found(proven, 1, cause.MembershipMissing), found(proven, noGroup, cause.SourceDisabled)), want{Main: cause.SourceDisabled},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := decide(c.found)
			var got want
			if r.main != nil {
				got.Main = r.main.code
			}
			for _, f := range r.also {
				got.Also = append(got.Also, f.code)
			}
			for _, a := range r.alternatives {
				got.Open = append(got.Open, a.Cause)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("ruling (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheOrderOfFindingsNeverChangesTheCause(t *testing.T) {
	var codes []cause.Code
	for _, c := range cause.All() {
		codes = append(codes, c.Code)
	}
	rapid.Check(t, func(t *rapid.T) {
		var all []*finding
		for range rapid.IntRange(1, 8).Draw(t, "findings") {
			state := rapid.SampledFrom([]outcome{proven, unknown}).Draw(t, "state")
			group := rapid.Int32Range(noGroup, 2).Draw(t, "group")
			all = append(all, found(state, group, rapid.SampledFrom(codes).Draw(t, "cause"))...)
		}
		first := decide(all)
		other := decide(rapid.Permutation(all).Draw(t, "order"))
		if (first.main == nil) != (other.main == nil) || first.main != nil && first.main.code != other.main.code || first.open != other.open {
			t.Fatalf("%+v and, in another order, %+v", first.main, other.main)
		}
		if len(first.also) != len(other.also) {
			t.Fatalf("also: %d and, in another order, %d", len(first.also), len(other.also))
		}
	})
}
