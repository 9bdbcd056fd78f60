package memory_test

import (
	"testing"

	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/memory"
	"github.com/rollcall/rollcall/internal/port/target/targettest"
)

func TestTheSuite(t *testing.T) {
	for name, can := range map[string]*target.Abilities{
		"everything":            nil,
		"few members at a time": {Patch: true, PatchMembers: 7, MembersInCreate: 3},
	} {
		t.Run(name, func(t *testing.T) {
			targettest.Run(t, func(*testing.T) *targettest.Harness {
				m := &memory.Target{Abilities: can}
				return &targettest.Harness{Target: m, LoseNext: m.LoseNext, Writes: func() int { return len(m.Changes()) }}
			})
		})
	}
}
