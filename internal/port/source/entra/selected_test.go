package entra_test

import (
	"slices"
	"strings"
	"testing"

	lab "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/source/entra"
)

func TestGroupsAreFoundByIDOrByTheOneNameTheyHave(t *testing.T) {
	l := &lab.Lab{}
	n := open(t, l)
	add := func(name string) string {
		id, err := l.AddGroup(lab.Props{"displayName": name})
		must(t, err)
		return id
	}
	crew, quoted := add("crew"), add("Ana's crew")
	add("twins")
	add("twins")
	got, err := entra.Groups(t.Context(), n.o.Graph, []string{"Ana's crew", crew, " crew "})
	must(t, err)
	if !slices.Equal(got, []string{quoted, crew, crew}) {
		t.Errorf("found %v, want %v", got, []string{quoted, crew, crew})
	}
	for name, want := range map[string]string{"twins": "several groups", "nobody": "no group"} {
		if _, err := entra.Groups(t.Context(), n.o.Graph, []string{name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
