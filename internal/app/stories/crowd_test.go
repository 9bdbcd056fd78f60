package stories

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/testkit"
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

// crowd lets the troubles of several stories happen in one company, each in a branch of its own, lets time pass, and
// gives what should be found and what is.
func crowd(ctx context.Context, s *Stage, of map[string]*Story, order []string) (want, got []string, err error) {
	for _, suffix := range order {
		happens, found, ok := of[suffix].at(suffix).trouble()
		if !ok {
			return nil, nil, fmt.Errorf("nothing is wrong in the story %s", of[suffix].Name)
		}
		for _, l := range happens {
			if err := s.Say(ctx, l.Text); err != nil {
				return nil, nil, fmt.Errorf("story %s, line %d: %w", of[suffix].Name, l.No, err)
			}
		}
		want = append(want, found...)
	}
	r, _, err := s.roll(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	if said := s.findings(r, nil); said != "" {
		got = strings.Split(said, "\n")
	}
	return want, got, nil
}

// everybodys are sentences about the whole connection: they mend or break what other stories did. A month makes the logs
// of others be forgotten, and where a group in scope hides its members nobody can be said to be out of scope. A new way of
// matching starts a full cycle, a domain is everybody's in it, and an address that a tale spells out is one person's only.
var everybodys = regexp.MustCompile(`^users are matched|^the domain |@fabrikam|^(?:[3-9]\d|\d{3,}) days pass|hidden? |hides |^provisioning is |tenant URL|Atlassian (answers|works)|at most \d+|second directory|[Ss]coping filter|are mapped|rollcall takes over`)

// elsewhere is what happens in the other branch meanwhile: where the trouble is not somebody's own, it shows there.
var elsewhere = []string{
	"new.hire3 is hired into jira-developers3", "second.hire3 is hired into service-desk3", "sven.dahl3 leaves the company", "yuki.mori3 leaves finance3",
	"there is a group new-team3 in Entra", "lena.vogel3 joins new-team3", "new-team3 is assigned", "rosa.lindt3 leaves confluence-writers3",
}

// personal are the stories whose trouble is somebody's own: played in one branch, it leaves the other branches alone,
// and some time later it is still the same. A story of the whole connection, or of a moment, is none.
func personal(t *testing.T) []*Story {
	t.Helper()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	var out []*Story
	var others []string
	var mu sync.Mutex
	t.Run("alone", func(t *testing.T) {
		for _, one := range testkit.Sample(t, all, 15) {
			happens, _, ok := one.trouble()
			if !ok || one.Method != document.EntraSCIM || one.Rules != "" {
				continue
			}
			if slices.ContainsFunc(happens, func(l Line) bool { return everybodys.MatchString(l.Text) }) {
				others = append(others, one.Name)
				continue
			}
			t.Run(one.Name, func(t *testing.T) {
				t.Parallel()
				s, err := set(t.Context(), one.Method, "", branches{"2", "3"})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				want, _, err := crowd(t.Context(), s, map[string]*Story{"2": one}, []string{"2"})
				fits := err == nil
				if fits {
					for _, text := range elsewhere {
						if err := s.Say(t.Context(), text); err != nil {
							t.Fatal(err)
						}
					}
					if err := s.Pass(t.Context(), 3*entra.Interval); err != nil {
						t.Fatal(err)
					}
					r, _, err := s.roll(t.Context(), "")
					if err != nil {
						t.Fatal(err)
					}
					fits = s.findings(r, nil) == strings.Join(want, "\n")
					if !fits {
						t.Logf("not somebody's own, or of a moment:\nwant %s\ngot  %s", strings.Join(want, "\n     "), s.findings(r, nil))
					}
				} else {
					t.Log(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if fits {
					out = append(out, one)
				} else {
					others = append(others, one.Name)
				}
			})
		}
	})
	slices.SortFunc(out, func(a, b *Story) int { return strings.Compare(a.Name, b.Name) })
	slices.Sort(others)
	t.Logf("%d stories of people's own; of the whole connection or of a moment: %s", len(out), strings.Join(others, ", "))
	return out
}

func TestInACrowdEverybodysCauseIsNamedAndNobodyElses(t *testing.T) {
	seeds := 12
	if text := os.Getenv("ROLLCALL_CROWDS"); text != "" { // the nightly run
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		seeds = n
	}
	own := personal(t)
	if len(own) == 0 {
		t.Fatal("no story can be told in a crowd")
	}
	var mu sync.Mutex
	right, missed, wrong := 0, 0, 0
	t.Run("together", func(t *testing.T) {
		for seed := range testkit.Cases(t, seeds, 2) {
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(seed), 9))
				const many = 27 // three hundred people
				of := make(branches, many)
				for i := range of {
					of[i] = strconv.Itoa(i + 2)
				}
				s, err := set(t.Context(), document.EntraSCIM, "", of)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				chosen, order, told := map[string]*Story{}, []string{}, []string{}
				for range 2 + r.IntN(4) {
					suffix := of[r.IntN(many)]
					if chosen[suffix] == nil {
						chosen[suffix] = own[r.IntN(len(own))]
						order, told = append(order, suffix), append(told, chosen[suffix].Name+" "+suffix)
					}
				}
				want, got, err := crowd(t.Context(), s, chosen, order)
				if err != nil {
					t.Fatal(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, f := range want {
					if slices.Contains(got, f) {
						right++
						continue
					}
					missed++
					t.Errorf("%s: missed %s", strings.Join(told, ", "), f)
				}
				for _, f := range got {
					if !slices.Contains(want, f) {
						wrong++
						t.Errorf("%s: false %s", strings.Join(told, ", "), f)
					}
				}
			})
		}
	})
	t.Logf("%d seeds: precision %.3f, recall %.3f (%d right, %d false, %d missed)", seeds, float64(right)/float64(max(right+wrong, 1)), float64(right)/float64(max(right+missed, 1)), right, wrong, missed)
}
