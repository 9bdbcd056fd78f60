package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder stands for a test and keeps how it ended.
type recorder struct{ skipped, failed string }

func (r *recorder) Helper()                           {}
func (r *recorder) Skipf(format string, args ...any)  { r.skipped = fmt.Sprintf(format, args...) }
func (r *recorder) Fatalf(format string, args ...any) { r.failed = fmt.Sprintf(format, args...) }

func TestSharedFindsAnEntryThroughTheEnvironment(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "contracts"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ROLLCALL_SHARED", dir)
	if got, want := Shared(t, "contracts"), filepath.Join(dir, "contracts"); got != want {
		t.Errorf("Shared = %q, want %q", got, want)
	}
}

func TestSharedLooksBesideTheRepositoryByDefault(t *testing.T) {
	t.Setenv("ROLLCALL_SHARED", "")
	t.Setenv("ROLLCALL_REQUIRE", "shared")
	var r recorder
	got := Shared(&r, "no such entry")
	want := filepath.Join(filepath.Dir(Root(t)), "shared", "no such entry")
	if got != "" || !strings.Contains(r.failed, want) {
		t.Errorf("Shared = %q, failed with %q, want it to name %s", got, r.failed, want)
	}
}

func TestAnAbsentFolderSkipsUnlessItIsRequired(t *testing.T) {
	t.Setenv("ROLLCALL_SHARED", filepath.Join(t.TempDir(), "absent"))
	for require, fails := range map[string]bool{"": false, "postgres": false, "shared": true, "postgres,shared": true} {
		t.Setenv("ROLLCALL_REQUIRE", require)
		var r recorder
		Shared(&r)
		if (r.failed != "") != fails || (r.skipped != "") == fails {
			t.Errorf("ROLLCALL_REQUIRE=%q: skipped %q, failed %q", require, r.skipped, r.failed)
		}
	}
}
