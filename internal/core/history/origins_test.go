package history

import (
	"slices"
	"testing"

	"github.com/rollcall/rollcall/internal/core/cause"
)

func TestItIsKnownOfEveryCauseWhatItComesFrom(t *testing.T) {
	for _, c := range cause.All() {
		o, ok := origins[c.Code]
		if !ok || o.by == nil && o.keeps == nil && !o.waits && o.untold == "" {
			t.Errorf("nothing says what %s comes from, or why nothing records it", c.Code)
		}
	}
	for code := range origins {
		if _, known := cause.Get(code); !known {
			t.Errorf("%s is no cause of the catalogue", code)
		}
	}
}

func TestEveryKindThatACauseComesFromIsToldBySomething(t *testing.T) {
	var told []Kind
	for _, k := range activities {
		told = append(told, k)
	}
	for _, s := range settings {
		told = append(told, s.kind)
	}
	for _, h := range happenings {
		told = append(told, h.kind)
	}
	told = append(told,
		UserRenamed, GroupRenamed, MemberEligible, MemberExpired, // by what an entry says beside its activity
		Provisioned, TakenAway, Refused, Skipped, HeldBack, // by the provisioning logs
		JobFailed, ReadOnPremises, RefusedByConnect, RecordMade, // by a date beside a fact
	)
	named := func(where string, kinds []Kind) {
		for _, k := range kinds {
			if !slices.Contains(told, k) {
				t.Errorf("%s: nothing tells of %s", where, k)
			}
		}
	}
	for code, o := range origins {
		named(string(code), slices.Concat(o.by, o.keeps, o.from))
	}
	for k, n := range natures {
		named(string(k), slices.Concat([]Kind{k}, n.undone, n.after))
	}
	named("changes", slices.Concat(comesIn, goesOut, fallsOut))
}
