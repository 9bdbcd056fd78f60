package cli

import (
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
)

func plain(s string) text.Cell { return text.Cell{Text: s} }

func ink(s string, i text.Ink) text.Cell { return text.Cell{Text: s, Ink: i} }

// methodName is a method of a connection in the words of its administrators.
func methodName(method string) string {
	switch method {
	case document.EntraSCIM:
		return "Entra's SCIM app → Guard"
	case document.GuardNested:
		return "Entra → Guard's nested-groups connector"
	case document.Rollcall:
		return "Entra → rollcall → Guard"
	}
	return method
}

// entraSide tells which team can mend what is decided at a hop: the one that runs Entra, or the one that runs Atlassian.
func entraSide(h cause.Hop) bool {
	switch h {
	case cause.HopSource, cause.HopAssignment, cause.HopScope, cause.HopMapping, cause.HopProvisioning:
		return true
	case cause.HopDirectory, cause.HopAccount, cause.HopGroup, cause.HopPolicy, cause.HopProduct:
	}
	return false
}

// called is how a sentence names a subject.
func called(s trace.Subject) string {
	if s.Display != "" {
		return s.Display
	}
	if s.Name != "" {
		return s.Name
	}
	return s.ID
}

// known is how a table names a subject: the UPN or the name of a group, the id where there is none.
func known(s trace.Subject) string {
	if s.Name != "" {
		return s.Name
	}
	return s.ID
}

// typed is what to type to ask about a subject: its id where the name would read as a flag or cannot be typed.
func typed(s trace.Subject) string {
	if s.ID != "" && (s.Name == "" || s.Name[0] == '-' || text.Clean(s.Name) != s.Name) {
		return s.ID
	}
	return s.Name
}

// gist is what a finding says without saying of whom, so that findings can be told together; "" where its sentence
// cannot do without the name.
func gist(f *trace.Finding) string {
	s := strings.TrimSuffix(f.Summary, ".")
	names := []string{f.Subject.Display, f.Subject.Name}
	has := func(s string) bool {
		for _, n := range names {
			if n != "" && strings.Contains(s, n) {
				return true
			}
		}
		return false
	}
	if before, after, ok := strings.Cut(s, ": "); ok && has(before) {
		s = after
	}
	if has(s) {
		return ""
	}
	return s
}

// meaning is one line for findings with one cause: what the only one says, what most of them say, else what the
// catalogue says of the cause.
func meaning(list []*trace.Finding) string {
	if len(list) == 1 {
		return strings.TrimSuffix(list[0].Summary, ".")
	}
	counts, most := map[string]int{}, ""
	for _, f := range list {
		g := gist(f)
		if counts[g]++; g != "" && (most == "" || counts[g] > counts[most]) {
			most = g
		}
	}
	if most != "" && counts[most]*2 > len(list) {
		return most
	}
	if c, ok := cause.Get(list[0].Cause); ok {
		return c.Title
	}
	return "facts are missing that would tell"
}

// label is what stands for a cause in a column.
func label(c cause.Code) string {
	if c == "" {
		return "not known"
	}
	return string(c)
}

func clean(s string) string { return text.Clean(s) }

// tint is the ink of a verdict.
func tint(v trace.Verdict) text.Ink {
	switch v {
	case trace.Present:
		return text.Good
	case trace.Unknown:
		return text.Doubt
	case trace.Missing, trace.Wrong, trace.Extra:
	}
	return text.Bad
}
