package scenario_test

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"testing"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/scenario"
)

func scenarios(t *testing.T) (fs.FS, []*scenario.Scenario) {
	t.Helper()
	dir := os.DirFS("testdata")
	all, err := scenario.ReadAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir, all
}

// asking are the scenarios that ask why and call the roll: those that only plan have tests of their own.
func asking(t *testing.T) (fs.FS, []*scenario.Scenario) {
	t.Helper()
	dir, all := scenarios(t)
	return dir, slices.DeleteFunc(all, func(s *scenario.Scenario) bool { return !s.Check })
}

func TestEverySentenceOfEveryScenarioChangesItsWorld(t *testing.T) {
	dir, all := scenarios(t)
	for _, s := range all {
		if s.Base != kubernetes {
			if _, err := s.Tenant(dir); err != nil {
				t.Error(err)
			}
		}
		if s.Title == "" || (len(s.Asks) == 0 || !s.Check) && len(s.Plans) == 0 {
			t.Errorf("%s: a scenario has a title, and at least one == why and a == check, or a == plan", s.File)
		}
	}
}

func TestEveryCauseHasTwoScenariosInItsFolder(t *testing.T) {
	_, all := asking(t)
	count := map[string]int{}
	for _, s := range all {
		folder := path.Dir(s.File)
		named := false
		for _, a := range s.Asks {
			for _, line := range a.Want {
				named = named || line == "cause: "+folder
			}
		}
		if !slices.Contains([]string{"healthy", "present", "unknown"}, folder) && !named {
			t.Errorf("%s: no answer in it names %s", s.File, folder)
		}
		count[folder]++
	}
	for _, c := range cause.All() {
		if count[string(c.Code)] < 2 {
			t.Errorf("%s has %d scenarios", c.Code, count[string(c.Code)])
		}
	}
}
