package labkit_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

func TestAWaitTakesNoTimeAndTheClockGoesOn(t *testing.T) {
	c := labkit.At(labkit.Noon)
	if err := c.Sleep(t.Context(), time.Hour); err != nil || !c.Now().Equal(labkit.Noon.Add(time.Hour)) {
		t.Errorf("%v, %v", c.Now(), err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := c.Sleep(ended, -time.Hour); !errors.Is(err, context.Canceled) || !c.Now().Equal(labkit.Noon.Add(time.Hour)) {
		t.Errorf("%v, %v", c.Now(), err)
	}
	if c.Back(); !c.Now().Equal(labkit.Noon) {
		t.Errorf("it went back to %v", c.Now())
	}
	var machine labkit.Clock
	machine.Pass(time.Hour)
	if ahead := time.Until(machine.Now()); ahead > time.Hour || ahead < 0 {
		t.Errorf("the machine's clock is %v ahead", ahead)
	}
	machine.Stand()
	if before := machine.Now(); !machine.Now().Equal(before) {
		t.Error("a clock that stands goes on by itself")
	}
}

func TestWhatIsRecordedIsLoaded(t *testing.T) {
	manifest := document.Bundle{Version: 1}
	manifest.CapturedAt.Time, manifest.Connection = labkit.Noon, document.Connection{Name: "acme", Method: document.EntraSCIM, Application: "app", Directory: "dir"}
	ana := []byte(`{"id":"1","userPrincipalName":"ana@acme.example"}`)
	folder, err := labkit.Record(t, manifest, func(to evidence.Recorder) error {
		return errors.Join(to.Add(document.Users, "", ana), to.Whole(document.Users))
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := labkit.Load(t, folder); len(w.Users) != 1 || !w.At.Equal(labkit.Noon) {
		t.Errorf("%d users at %v", len(w.Users), w.At)
	}
	copied := t.TempDir()
	labkit.Copy(t, folder, copied, "entra", "jira", "bundle.json")
	for name, there := range map[string]bool{"entra/users.json": true, "bundle.json": true, "jira": false} {
		if _, err := os.Stat(filepath.Join(copied, name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("no answer")
	if folder, err := labkit.Record(t, manifest, func(evidence.Recorder) error { return broken }); !errors.Is(err, broken) || folder != "" {
		t.Errorf("%q, %v", folder, err)
	}
}

func TestARecorderKeepsWhatItIsHanded(t *testing.T) {
	var k labkit.Kept
	var to evidence.Recorder = &k
	if err := errors.Join(to.Add(document.Users, "", []byte(`1`)), to.Add(document.Users, "", []byte(`2`)), to.Add(document.Manage, "a", []byte(`3`)), to.Whole(document.Users), to.Gap(document.Gap{Why: "why"})); err != nil {
		t.Fatal(err)
	}
	if string(k.Objects[document.Users]["1"]) != "2" || string(k.Objects[document.Manage]["a"]) != "3" || !k.Read[document.Users] || k.Read[document.Manage] || len(k.Gaps) != 1 {
		t.Errorf("%+v", k)
	}
}
