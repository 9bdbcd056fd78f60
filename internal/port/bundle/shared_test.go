package bundle

import (
	"os"
	"path/filepath"
	"testing"
)

// shared finds the folder of shared data beside the repository, or skips.
func shared(t testing.TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("ROLLCALL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs the shared data (set ROLLCALL_SHARED): %v", err)
	}
	return path
}

func TestRecordedTeamsOfKubernetesAreReadWhole(t *testing.T) {
	b, err := Open(shared(t, "data", "kubernetes-teams"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Load(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	members := 0
	for _, g := range w.Groups {
		members += g.Count
	}
	if len(w.Users) != 1494 || len(w.Groups) != 694 || members != 5825 {
		t.Errorf("read %d users, %d groups, %d memberships; recorded were 1494, 694, 5825", len(w.Users), len(w.Groups), members)
	}
}
