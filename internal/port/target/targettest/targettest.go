// Package targettest is the suite that every target passes: what a plan says is done, and then a plan from what the
// target shows is empty; whatever is lost on the way is found again, and nothing that is not ours is taken.
package targettest

import (
	"context"
	"testing"

	"github.com/rollcall/rollcall/internal/port/target"
)

// Harness is a target to be tested. Each test gets one of its own, with an empty directory behind it.
type Harness struct {
	Target target.Target

	// LoseNext makes the answer to the next write be lost: the write is carried out where carried, and else it never
	// arrives. nil: answers cannot be lost here, and those cases are skipped.
	LoseNext func(carried bool)

	// Writes counts the requests so far that could have changed something; nil: they are not counted.
	Writes func() int

	// Domain of addresses that the target takes; "": fabrikam.example.
	Domain string

	// Unable names cases that the service itself gets wrong, with what it does.
	Unable map[string]string
}

// Run runs the suite. open gives a target whose directory is empty.
func Run(t *testing.T, open func(t *testing.T) *Harness) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := open(t)
			if h.Domain == "" {
				h.Domain = "fabrikam.example"
			}
			if why := h.Unable[c.name]; why != "" {
				t.Logf("not tried: the service %s", why)
				return
			}
			if c.loses && h.LoseNext == nil {
				t.Log("not tried: answers cannot be lost here")
				return
			}
			can, err := h.Target.Can(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c.run(&trial{T: t, Harness: h, can: can, ctx: t.Context(), company: newCompany(h.Domain), links: map[link]string{}})
		})
	}
}

type testCase struct {
	name  string
	loses bool
	run   func(*trial)
}

var cases = concat(userCases, groupCases, lostCases, readCases, mixedCases)

func concat(lists ...[]testCase) []testCase {
	var out []testCase
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// trial is one case under way: a company at the source, the target, and what is ours there.
type trial struct {
	*testing.T
	*Harness

	can     target.Abilities
	ctx     context.Context
	company *company
	links   map[link]string // id at the target
}

type link struct{ kind, source string }
