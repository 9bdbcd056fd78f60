package compose

import (
	"path/filepath"
	"testing"

	"github.com/rollcall/rollcall/internal/app/engine"
)

func TestARecordedWorldIsReadWholeOrAroundASubject(t *testing.T) {
	example := filepath.Join("..", "..", "..", "examples", "fabrikam")
	const lena = "lena.vogel@fabrikam.example"
	for sentence, focus := range map[string]*engine.Focus{"whole": nil, "around a subject": {Subjects: []string{lena}}} {
		t.Run(sentence, func(t *testing.T) {
			worlds, err := Bundle(example, nil)
			if err != nil {
				t.Fatal(err)
			}
			w, err := worlds.Load(t.Context(), focus, func(string, int64, int64) {})
			if err != nil {
				t.Fatal(err)
			}
			if len(w.UsersByKey(lena)) != 1 {
				t.Errorf("%s is not among the %d users that were read", lena, len(w.Users))
			}
			if w.Bundle.Connection.Name != "fabrikam" {
				t.Errorf("connection %q", w.Bundle.Connection.Name)
			}
		})
	}
}

func TestAFolderThatIsNotThereIsSaidAtOnce(t *testing.T) {
	if _, err := Bundle(filepath.Join(t.TempDir(), "nowhere"), nil); err == nil {
		t.Error("a world was opened where there is none")
	}
}
