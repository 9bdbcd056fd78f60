package scope

import (
	"testing"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// Filters name attributes as mappings do: by the names of the old Azure AD Graph, too, whatever the letter case.
func TestAFilterReadsAnAttributeByAnyOfItsNames(t *testing.T) {
	b := directory.NewSnapshot([]string{"id", "mobilePhone"}, []string{"id", "displayName"})
	b.User(document.TextValue("u1"), document.TextValue("1"))
	b.User(document.TextValue("u2"), document.TextValue("2"))
	s := b.Snapshot(directory.Assigned{All: true}, nil, directory.Gaps{})
	for name, value := range map[string]string{"objectId": "u1", "ID": "u1", "mobile": "1", "MOBILEPHONE": "1"} {
		filter := Compile(&document.Filter{Groups: []document.FilterGroup{all("one", where(name, "EQUALS", value))}})
		sel, err := Select(s, &Rules{Assigned: true, UserFilter: filter})
		if err != nil {
			t.Fatal(err)
		}
		if sel.Users[0] != In || sel.Users[1] != Filtered {
			t.Errorf("%s: they stand as %v", name, sel.Users)
		}
	}
}
