package demo

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/bundle"
)

// What is wrong with whom at Kestrel: written down by hand, beside the program and beside the company. Nobody else has
// anything.
const intended = `
nested-group          missing  amelie.moreau elodie.fontaine ewa.baran fiona.pritchard hakon.friis hakon.nygard ife.eze iker.nunez ingrid.solberg jun.luo
nested-group          missing  lorenzo.marchetti marta.nunez meera.sethi mikkel.moen minseo.park oliver.hughes priya.bose rohan.nair solveig.lindahl tao.sun
group-name-conflict   missing  divya.raman/design-guild gareth.barlow/design-guild oliver.doyle/design-guild sigrid.sorensen/design-guild
default-access-group  missing  robert.quist/confluence-users selma.kaya/confluence-users
duplicate-account     missing  daniel.whitaker rosa.ibarra hugh.ashdown
stale-scim-record     missing  petra.novotna
guest-user            missing  jules.picard_atelier-nord.example#EXT# nadia.sorel_atelier-nord.example#EXT#
scoping-filter        missing  leo.barlow tessa.winkler
cycle-delay           missing  emeka.obi clara.voss
identity-mismatch     wrong    maya.brandt
domain-not-verified   wrong    sanjay.kapoor@kestrel-optics.example lotte.visser@kestrel-optics.example
account-deactivated   wrong    goran.babic
wrong-authentication-policy  wrong  amira.haddad owen.pryce yara.costa
seat-limit            wrong    sunniva.aas/service-desk dario.melis/service-desk
product-access-not-granted   wrong  declan.ashworth/legal jonas.moen/legal kavya.pillai/legal
not-deprovisioned     extra    viktor.hale
orphaned-record       extra    frank.rowe
`

// finding is what is wrong with a person, or with a person in a group.
type finding struct {
	Cause   cause.Code
	Verdict trace.Verdict
}

func wanted() map[string]finding {
	out := map[string]finding{}
	for line := range strings.Lines(strings.TrimSpace(intended)) {
		words := strings.Fields(line)
		for _, who := range words[2:] {
			name, group, _ := strings.Cut(who, "/")
			if !strings.Contains(name, "@") {
				name += "@kestrel.example"
			}
			out[strings.TrimSuffix(name+" "+group, " ")] = finding{cause.Code(words[0]), trace.Verdict(words[1])}
		}
	}
	return out
}

func documents(t *testing.T, at time.Time) fs.FS {
	t.Helper()
	files, err := Documents(at)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func world(t *testing.T, at time.Time) *facts.World {
	t.Helper()
	b, err := bundle.OpenFS(documents(t, at), "kestrel")
	if err != nil {
		t.Fatal(err)
	}
	w, err := b.Load(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestEverybodyHasTheTroubleThatWasIntended(t *testing.T) {
	for _, at := range []time.Time{At, time.Date(2031, 3, 1, 0, 4, 9, 0, time.UTC)} {
		roll := trace.New(world(t, at)).Check(trace.CheckOptions{Workers: 2})
		got, groups := map[string]finding{}, map[string]cause.Code{}
		for _, f := range roll.Findings {
			if f.Subject.Kind == "group" {
				groups[f.Subject.Name] = f.Cause
				continue
			}
			got[strings.TrimSuffix(f.Subject.Name+" "+f.Subject.Group, " ")] = finding{f.Cause, f.Verdict}
			if len(f.Also) > 0 {
				t.Errorf("%s has more than one trouble: %s and %v", f.Subject.Name, f.Cause, f.Also)
			}
		}
		if d := cmp.Diff(wanted(), got); d != "" {
			t.Errorf("at %s (-intended +found):\n%s", at, d)
		}
		inTrouble := map[string]cause.Code{
			"confluence-users": cause.DefaultAccessGroup, "design-guild": cause.GroupNameConflict, "quality-lab": cause.GroupRenamed, "legal": cause.ProductAccessNotGranted,
		}
		if d := cmp.Diff(inTrouble, groups); d != "" {
			t.Errorf("groups (-intended +found):\n%s", d)
		}
		if len(roll.Notes) > 0 {
			t.Errorf("the documents are not clean: %q", roll.Notes)
		}
		if n := roll.Counts.Expected; n < 290 || n > 320 {
			t.Errorf("%d people, and the company is of some three hundred", n)
		}
	}
}

func TestWhySaysOfEverybodyInTroubleWhatTheRollCallSays(t *testing.T) {
	w := world(t, At)
	e := &engine.Engine{Worlds: ready{w}}
	for who, want := range wanted() {
		name, group, _ := strings.Cut(who, " ")
		answers, err := e.Why(t.Context(), []trace.Query{{Subject: name, Group: group}})
		if err != nil {
			t.Fatal(err)
		}
		a := answers.Answers[0]
		if got := (finding{a.Trace.Cause, a.Trace.Verdict}); a.Err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", who, got, a.Err, want)
		}
	}
}

func TestAllSevenFamiliesOccurAndNestingMostOften(t *testing.T) {
	families, many := map[cause.Family]bool{}, map[cause.Code]int{}
	for _, f := range wanted() {
		c, ok := cause.Get(f.Cause)
		if !ok {
			t.Fatalf("no cause %s", f.Cause)
		}
		families[c.Family] = true
		many[f.Cause]++
	}
	if len(families) != 7 || len(many) < 12 {
		t.Errorf("%d families and %d causes", len(families), len(many))
	}
	for c, n := range many {
		if c != cause.NestedGroup && n >= many[cause.NestedGroup] {
			t.Errorf("%s is as frequent as nesting: %d", c, n)
		}
	}
}

func TestTheSameMomentGivesTheSameCompany(t *testing.T) {
	a, b := documents(t, At), documents(t, At)
	n := 0
	for _, d := range document.Files {
		x, errA := fs.ReadFile(a, string(d.File))
		y, errB := fs.ReadFile(b, string(d.File))
		if (errA == nil) != (errB == nil) || !slices.Equal(x, y) {
			t.Errorf("%s differs", d.File)
		}
		if errA == nil {
			n++
		}
	}
	if n < 18 {
		t.Errorf("only %d documents", n)
	}
}

func TestTheDocumentsAreAFileSystem(t *testing.T) {
	if err := fstest.TestFS(documents(t, At), "bundle.json", "entra/users.json", "jira/"+site+"/groups.json"); err != nil {
		t.Error(err)
	}
}

func TestBothLabsTakeTheCompany(t *testing.T) {
	files := documents(t, At)
	var e entra.Lab
	if err := e.Load(files); err != nil {
		t.Error(err)
	}
	var a atlassian.Lab
	if err := a.Load(files); err != nil {
		t.Error(err)
	}
}

// ready is a world that is there.
type ready struct{ w *facts.World }

func (r ready) Load(context.Context, *engine.Focus, engine.Progress) (*facts.World, error) {
	return r.w, nil
}
