package stories

import (
	"context"
	"fmt"
	"regexp"
	"slices"
)

// sentence is one kind of what happens.
type sentence struct {
	pattern *regexp.Regexp
	do      func(ctx context.Context, s *Stage, m []string) error
}

// says makes a sentence: in the pattern WHO, GROUP and NAME stand for a word, TEXT for the rest of a line in quotes or
// not, N for a number.
func says(pattern string, do func(ctx context.Context, s *Stage, m []string) error) sentence {
	for _, r := range [][2]string{{`\bWHO\b`, `(\S+)`}, {`\bGROUP\b`, `(\S+)`}, {`\bNAME\b`, `(\S+)`}, {`\bTEXT\b`, `(.+)`}, {`\bN\b`, `(\d+)`}} {
		pattern = regexp.MustCompile(r[0]).ReplaceAllString(pattern, r[1])
	}
	return sentence{regexp.MustCompile("^" + pattern + "$"), do}
}

// language are all sentences; the first that fits counts.
var language = slices.Concat(timePasses, people, groupChanges, sources, service, guard, connector, organization, products, ours, jobs, keys, scim, ourselves, accounts, records, conflicts)

var timePasses = []sentence{
	says(`N (minutes?|hours?|days?) pass(?:es)?`, func(ctx context.Context, s *Stage, m []string) error {
		n := number(m[0])
		return s.Pass(ctx, span(n, m[1]))
	}),
}

// Say lets one sentence happen.
func (s *Stage) Say(ctx context.Context, text string) error {
	for _, l := range language {
		if m := l.pattern.FindStringSubmatch(text); m != nil {
			return l.do(ctx, s, m[1:])
		}
	}
	return fmt.Errorf("no sentence of the language: %q", text)
}
