package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/testkit"
)

func TestARecordingInAnyFileSystemIsReadLikeAFolder(t *testing.T) {
	path := filepath.Join(testkit.Root(t), "examples", "fabrikam")
	folder, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	files, err := OpenFS(os.DirFS(path), path)
	if err != nil {
		t.Fatal(err)
	}
	roll := func(b *Bundle) trace.RollCall {
		t.Helper()
		w, err := b.Load(t.Context(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return trace.New(w).Check(trace.CheckOptions{Workers: 1})
	}
	want := roll(folder)
	for range 2 { // it may be loaded again
		if d := cmp.Diff(want, roll(files)); d != "" {
			t.Errorf("(-folder +files)\n%s", d)
		}
	}
	if err := files.Close(); err != nil {
		t.Error(err)
	}
}

func TestAFileSystemWithoutAManifestIsRefusedByItsName(t *testing.T) {
	_, err := OpenFS(fstest.MapFS{"entra/users.json": {Data: []byte("{}")}, "other/bundle.json": {Data: []byte("{}")}}, "the demo")
	if err == nil || !strings.Contains(err.Error(), "the demo: it has no bundle.json") {
		t.Errorf("%v", err)
	}
}
