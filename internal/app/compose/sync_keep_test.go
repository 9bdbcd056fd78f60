package compose

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/port/store"
)

func TestTheLogIsKeptForAsLongAsTheConfigurationSays(t *testing.T) {
	const day = 24 * time.Hour
	for line, want := range map[string]store.Keep{
		"":                                 {Age: 400 * day, Entries: 10_000_000},
		"store: {sqlite: x.db}\n":          {Age: 400 * day, Entries: 10_000_000},
		"store: {keep: {days: 30}}\n":      {Age: 30 * day, Entries: 10_000_000},
		"store: {keep: {entries: 5000}}\n": {Age: 400 * day, Entries: 5000},
		"store: {sqlite: x.db, keep: {days: 36500, entries: 999999999}}\n": {Age: 36_500 * day, Entries: 999_999_999},
	} {
		path := filepath.Join(t.TempDir(), "rollcall.yaml")
		must(t, os.WriteFile(path, []byte("connections:\n  - name: acme\n    method: rollcall\n"+line), 0o600))
		file, err := config.Read(path)
		must(t, err)
		c := &Configuration{file: file}
		if got := c.kept(); got != want {
			t.Errorf("%q: %+v, not %+v", line, got, want)
		}
	}
}
