package stories

import (
	"regexp"
	"slices"
	"strings"
)

// at gives a story that happens in another branch of the company: everybody and every group of it gets the suffix.
func (s *Story) at(suffix string) *Story {
	out := *s
	out.Acts = nil
	names := s.names()
	for _, a := range s.Acts {
		act := Act{Kind: a.Kind}
		for _, l := range a.Lines {
			text, answer := l.Text, ""
			if a.Kind != Happens { // the cause keeps its name, whatever groups are called
				if q, c, ok := strings.Cut(text, ": "); ok {
					text, answer = q, ": "+c
				}
			}
			text = word.ReplaceAllStringFunc(text, func(w string) string {
				for _, name := range names {
					if w == name || strings.HasPrefix(w, name+".") { // lena.vogel, and lena.vogel.2
						return name + suffix + strings.TrimPrefix(w, name)
					}
				}
				return w
			})
			act.Lines = append(act.Lines, Line{text + answer, l.No})
		}
		out.Acts = append(out.Acts, act)
	}
	return &out
}

var (
	word   = regexp.MustCompile(`[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*`)
	handle = regexp.MustCompile(`^[a-z]+\.[a-z]+$`)
	group  = regexp.MustCompile(`(?:group|into|joins|leaves|renamed|in) ([A-Za-z0-9]+(?:-[A-Za-z0-9]+)+)`)
)

// names are everybody and every group that a story speaks of.
func (s *Story) names() []string {
	var out []string
	for _, t := range teams {
		out = append(out, t.name)
	}
	for _, a := range s.Acts {
		for _, l := range a.Lines {
			text := l.Text
			if a.Kind != Happens {
				text, _, _ = strings.Cut(text, ": ")
			}
			for _, w := range word.FindAllString(text, -1) {
				if handle.MatchString(w) && !strings.HasSuffix(w, ".example") {
					out = append(out, w)
				}
			}
			for _, m := range group.FindAllStringSubmatch(text, -1) {
				out = append(out, m[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// trouble is a story until something is wrong: what happens before its first roll call that finds something, and what
// that one finds. There may be none.
func (s *Story) trouble() (happens []Line, found []string, ok bool) {
	for _, a := range s.Acts {
		switch {
		case a.Kind == Happens:
			happens = append(happens, a.Lines...)
		case a.Kind == RollCall && wanted(a) != "":
			return happens, strings.Split(wanted(a), "\n"), true
		}
	}
	return nil, nil, false
}
