package facts

import "github.com/rollcall/rollcall/internal/core/document"

// subjectGaps are the gaps of one document that hide facts of one subject each, found by the subject: there may be as
// many gaps as groups.
type subjectGaps struct {
	gaps  []document.Gap
	first map[string]int // folded subject -> its first gap
}

func (w *World) gapsOf(f document.File) *subjectGaps {
	s := &subjectGaps{gaps: w.Bundle.Gaps, first: map[string]int{}}
	for i := range s.gaps {
		if s.gaps[i].File != string(f) || s.gaps[i].Subject == "" {
			continue
		}
		if key := Fold(s.gaps[i].Subject); key != "" && !s.has(key) {
			s.first[key] = i
		}
	}
	return s
}

func (s *subjectGaps) has(key string) bool { _, ok := s.first[key]; return ok }

// of is the first gap that names a subject by any of these names.
func (s *subjectGaps) of(names ...string) (document.Gap, bool) {
	at := len(s.gaps)
	for _, name := range names {
		if i, ok := s.first[Fold(name)]; ok {
			at = min(at, i)
		}
	}
	if at == len(s.gaps) {
		return document.Gap{}, false
	}
	return s.gaps[at], true
}
