package stories

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/testkit"
)

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
// matching starts a full cycle, a domain is everybody's in it, and an address that a tale spells out is one person's only, as payroll is one group's only.
var everybodys = regexp.MustCompile(`^users are matched|people are hired into|^the domain |@fabrikam|^(?:[3-9]\d|\d{3,}) days pass|hidden? |hides |^provisioning is |tenant URL|Atlassian (answers|works)|at most \d+|second directory|[Ss]coping filter|are mapped|rollcall takes over|^the connector's consent|^automatic|^the application|is killed|more than \d+ |payroll`)

// way is a method with what makes it do its work once more, and a while later still.
type way struct {
	method string
	joins  string // how a group comes into scope
	passes []string

	seeds, part int // how many crowds, see seeds
}

var ways = []way{
	{document.EntraSCIM, "is assigned", []string{"2 hours pass"}, 8, 1},
	{document.GuardNested, "is selected", []string{"5 hours pass", "5 hours pass"}, 4, 4},
	{document.Rollcall, "is assigned", []string{"rollcall applies", "2 hours pass", "rollcall applies"}, 4, 4},
}

// elsewhere is what happens in the other branch meanwhile: where the trouble is not somebody's own, it shows there.
func (w way) elsewhere() []string {
	return append([]string{
		"new.hire3 is hired into jira-developers3", "second.hire3 is hired into service-desk3", "sven.dahl3 leaves the company", "yuki.mori3 leaves finance3",
		"there is a group new-team3 in Entra", "lena.vogel3 joins new-team3", "new-team3 " + w.joins, "rosa.lindt3 leaves confluence-writers3",
	}, w.passes...)
}

// said lets sentences happen and gives the roll call after them.
func (s *Stage) said(ctx context.Context, sentences ...string) (string, error) {
	for _, text := range sentences {
		if err := s.Say(ctx, text); err != nil {
			return "", err
		}
	}
	r, _, err := s.roll(ctx, "")
	return s.findings(r, nil), err
}

// personal are the stories whose trouble is somebody's own: played in one branch, it leaves the other branches alone,
// and some time later it is still the same. A story of the whole connection, or of a moment, is none.
func (w way) personal(t *testing.T) []*Story {
	t.Helper()
	if out := tried[w.method]; out != nil {
		return out
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(s *Story) bool { return s.Method != w.method || s.Rules != "" })
	var out []*Story
	var others []string
	var mu sync.Mutex
	t.Run("alone", func(t *testing.T) {
		for _, one := range testkit.Sample(t, all, 8) {
			happens, _, ok := one.trouble()
			if !ok {
				continue
			}
			if slices.ContainsFunc(happens, func(l Line) bool { return everybodys.MatchString(l.Text) }) {
				others = append(others, one.Name)
				continue
			}
			t.Run(one.Name, func(t *testing.T) {
				t.Parallel()
				s, err := set(t.Context(), w.method, "", branches{"2", "3"})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				want, _, err := crowd(t.Context(), s, map[string]*Story{"2": one}, []string{"2"})
				fits := err == nil
				if fits {
					got, err := s.said(t.Context(), w.elsewhere()...)
					if err != nil {
						t.Fatal(err)
					}
					if fits = got == strings.Join(want, "\n"); !fits {
						t.Logf("not somebody's own, or of a moment:\nwant %s\ngot  %s", strings.Join(want, "\n     "), got)
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
	t.Logf("%s: %d stories of people's own; of the whole connection or of a moment: %s", w.method, len(out), strings.Join(others, ", "))
	if len(out) == 0 {
		t.Fatal("no story can be told in a crowd")
	}
	tried[w.method] = out
	return out
}

// tried are the personal stories by method: two tests, one after the other, want them.
var tried = map[string][]*Story{}

func TestInACrowdEverybodysCauseIsNamedAndNobodyElses(t *testing.T) {
	for _, w := range ways {
		t.Run(w.method, func(t *testing.T) {
			own := w.personal(t)
			n := seeds(t, w.seeds, w.part)
			var all score
			t.Run("together", func(t *testing.T) {
				for seed := range testkit.Cases(t, n, 2) {
					t.Run(strconv.Itoa(seed), func(t *testing.T) {
						t.Parallel()
						r := rand.New(rand.NewPCG(uint64(seed), 9))
						of := threeHundred()
						s, err := set(t.Context(), w.method, "", of)
						if err != nil {
							t.Fatal(err)
						}
						defer s.Close()
						in, order := chosen(r, of, own, 2+r.IntN(4))
						want, got, err := crowd(t.Context(), s, in, order)
						if err != nil {
							t.Fatal(err)
						}
						all.count(t, which(in, order), want, got)
					})
				}
			})
			all.tell(t, w.method, n)
		})
	}
}

// which says which stories happen where.
func which(in map[string]*Story, order []string) string {
	var out []string
	for _, suffix := range order {
		out = append(out, in[suffix].Name+" "+suffix)
	}
	return strings.Join(out, ", ")
}
