package stories

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/testkit"
)

// wide is a trouble of the whole connection, which meets those of single people.
type wide struct {
	name   string
	method string
	cause  cause.Code
	begins []string // the trouble; what single people have is there already
	meets  string   // what happens then in a quiet branch, whose suffix stands for #
	shows  string   // how the roll call shows that branch
	goesOn []string // what time does afterwards
	anew   bool     // it makes Entra look at everybody again, which mends what only waits for that
	all    bool     // it touches everybody, not only those to whom something happens
}

// newcomer is what most of them do to somebody who is hired.
const (
	newcomer = "new.hire# is hired into jira-developers#"
	absent   = "missing user new.hire#: "
)

var wides = []wide{
	{name: "paused", cause: cause.ProvisioningStopped, begins: []string{"provisioning is paused"}, meets: newcomer, shows: absent, goesOn: []string{"2 hours pass"}},
	{name: "key", cause: cause.CredentialExpired, begins: []string{"somebody makes a new SCIM key", "rollcall is given the new key"}, meets: newcomer, shows: absent, goesOn: []string{"2 hours pass"}},
	{
		name: "quarantine", cause: cause.Quarantine, begins: []string{"Atlassian answers 404 to GET of Users"}, meets: newcomer, shows: absent,
		goesOn: []string{"2 days pass", "Atlassian works again"},
	},
	{
		name: "threshold", cause: cause.DeletionThresholdHeld, begins: []string{"more than 1 deletion waits for a person"}, meets: "jon.berg# leaves the company",
		shows: "extra user jon.berg#: ", goesOn: []string{"2 hours pass"},
	},
	{name: "throttled", cause: cause.Throttled, begins: []string{"Atlassian answers 429 to POST of Users"}, meets: newcomer, shows: absent, goesOn: []string{"2 hours pass"}},
	{
		name: "filter", cause: cause.ScopingFilter, anew: true, begins: []string{"a scoping filter lets only displayName NOT REGEX MATCH ^New through"}, meets: newcomer,
		shows: absent, goesOn: []string{"2 hours pass"},
	},
	{
		name: "creation", cause: cause.ObjectTypeDisabled, anew: true, begins: []string{"provisioning of users does only Update, Delete"}, meets: newcomer, shows: absent,
		goesOn: []string{"2 hours pass"},
	},
	{
		name: "active", cause: cause.NotDeprovisioned, anew: true, meets: "jon.berg# leaves the company", shows: "extra user jon.berg#: ",
		begins: []string{"provisioning of users does only Add, Update", "the mapping of users to active is removed"}, goesOn: []string{"1 day passes"},
	},
	{
		name: "domain", cause: cause.DomainNotVerified, all: true, begins: []string{"the claim of the domain fabrikam.example lapses"}, goesOn: []string{"2 hours pass"},
	},
	{
		name: "consent", method: document.GuardNested, cause: cause.ConnectorConsentLost, begins: []string{"the application is disabled in Entra"}, meets: newcomer,
		shows: absent, goesOn: []string{"9 hours pass"},
	},
}

// under is what may be found of somebody with a cause of their own when the connection has one too: theirs, or the
// connection's where that outranks it in the catalogue. Which of these two depends on whether the service has anything to
// do about theirs: of a record that somebody switched off it has, of an account that is to be deleted it has not.
func (w *wide) under(found string) []string {
	head, own, _ := strings.Cut(found, ": ")
	if w.all && strings.HasPrefix(head, "wrong user ") { // two of one weight: the catalogue's order decides, the other one stands under also
		return []string{found, head + ": " + string(w.cause)}
	}
	if c, known := cause.Get(w.cause); known && outranks(c, cause.Code(own)) {
		may := []string{found, head + ": " + string(w.cause)}
		if words := strings.Fields(head); words[1] == "membership" { // what the person suffers from explains it
			may = append(may, "wrong user "+words[2]+": "+string(w.cause))
		}
		return may
	}
	return []string{found}
}

func outranks(above cause.Cause, below cause.Code) bool {
	for _, code := range above.Outranks {
		if c, known := cause.Get(code); code == below || known && outranks(c, below) {
			return true
		}
	}
	return false
}

// meet lets the stories of single people happen, then the trouble of the connection, which touches quiet branches.
func (w *wide) meet(ctx context.Context, s *Stage, in map[string]*Story, order, quiet []string) (want, got []string, err error) {
	var own [][]string
	found, _, err := crowd(ctx, s, in, order)
	if err != nil {
		return nil, nil, err
	}
	happens := slices.Clone(w.begins)
	for _, f := range found {
		own = append(own, w.under(f))
	}
	for _, suffix := range quiet {
		if w.all {
			continue
		}
		happens = append(happens, strings.ReplaceAll(w.meets, "#", suffix))
		want = append(want, strings.ReplaceAll(w.shows, "#", suffix)+string(w.cause))
	}
	said, err := s.said(ctx, append(happens, w.goesOn...)...)
	if said != "" {
		got = strings.Split(said, "\n")
	}
	for _, may := range own {
		i := slices.IndexFunc(may, func(f string) bool { return slices.Contains(got, f) })
		want = append(want, may[max(i, 0)])
	}
	if w.all {
		want, got = w.everybody(s, in, want, got)
	}
	return want, got, err
}

// everybody adds those whom the trouble alone touches. Where stories happen, who else is there is the stories' affair.
func (w *wide) everybody(s *Stage, in map[string]*Story, want, got []string) (all, others []string) {
	mine := ": " + string(w.cause)
	others = slices.DeleteFunc(got, func(f string) bool {
		name, _, _ := strings.Cut(strings.Fields(f)[2], ":")
		_, told := in[strings.TrimLeftFunc(name, func(r rune) bool { return r < '0' || r > '9' })]
		return told && strings.HasSuffix(f, mine) && !slices.Contains(want, f)
	})
	for _, suffix := range s.branches {
		if in[suffix] != nil {
			continue
		}
		for _, one := range (branches{suffix}).staff() {
			if one.groups != "" {
				want = append(want, "wrong user "+one.handle+mine)
			}
		}
	}
	return want, others
}

// lasting are stories whose trouble is the same after Entra has looked at everybody again.
func lasting(t *testing.T, own []*Story) []*Story {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(own), func(one *Story) bool {
		s, err := set(t.Context(), document.EntraSCIM, "", branches{"2", "3"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		want, _, err := crowd(t.Context(), s, map[string]*Story{"2": one}, []string{"2"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.said(t.Context(), "provisioning is restarted", "2 hours pass")
		if err != nil {
			t.Fatal(err)
		}
		return got != strings.Join(want, "\n")
	})
}

func TestInACrowdWithATroubleOfAllEverybodyKeepsTheirOwn(t *testing.T) {
	own := map[string][]*Story{"": ways[0].personal(t), document.GuardNested: ways[1].personal(t)}
	anew := lasting(t, own[""])
	n := seeds(t, 1, 10)
	var all score
	t.Run("together", func(t *testing.T) {
		for i := range wides {
			w := &wides[i]
			for seed := range testkit.Cases(t, n, 1) {
				t.Run(w.name+" "+strconv.Itoa(seed), func(t *testing.T) {
					t.Parallel()
					r := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
					of := threeHundred()
					s, err := set(t.Context(), orElse(w.method, document.EntraSCIM), "", of)
					if err != nil {
						t.Fatal(err)
					}
					defer s.Close()
					from := own[w.method]
					if w.anew {
						from = anew
					}
					in, order := chosen(r, of[:20], from, 2+r.IntN(4))
					want, got, err := w.meet(t.Context(), s, in, order, of[20:20+2+r.IntN(4)])
					if err != nil {
						t.Fatal(err)
					}
					all.count(t, w.name+", "+which(in, order), want, got)
				})
			}
		}
	})
	all.tell(t, "a trouble of all", n*len(wides))
}
