package rules

import "testing"

func FuzzExpressionsAndClausesAreReadOrRefused(f *testing.F) {
	for _, s := range []string{active, `Replace([a], , "(?P<x>.)", "x", "y", , )`, `IIF([a] > 1, "b", Mid([c], 1, 2))`, `Word("a b", 1, " ")`, "department EQUALS Sales", `Join(",", Split([a], ","))`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := Parse(text); err == nil {
			v, _ := e.Eval(func(name string) []string { return []string{name, text} })
			for _, s := range v {
				if len(s) > max(4096, len(text)) {
					t.Errorf("%d bytes came out of %d", len(s), len(text))
				}
			}
		}
		if c, err := ParseClause(text); err == nil {
			s := &Scope{Groups: []FilterGroup{{Name: text, Clauses: []Clause{c}}}}
			v := s.Judge(func(string) []string { return []string{text} })
			_ = v.Result()
		}
	})
}
