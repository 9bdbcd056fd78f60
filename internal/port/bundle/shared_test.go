package bundle

import (
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

func TestRecordedTeamsOfKubernetesAreReadWhole(t *testing.T) {
	b, err := Open(testkit.Shared(t, "data", "kubernetes-teams"))
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
