package entra_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/testkit"
)

// recorded are documents as they were handed over.
type recorded struct {
	objects map[document.File][]map[string]any
	ends    []string
}

func (r *recorded) Add(f document.File, key string, object jsontext.Value) error {
	var o map[string]any
	if err := json.Unmarshal(object, &o); err != nil || key != o["id"] {
		return fmt.Errorf("%s %s %s: %w", f, key, object, err)
	}
	if r.objects == nil {
		r.objects = map[document.File][]map[string]any{}
	}
	r.objects[f] = append(r.objects[f], o)
	return nil
}

func (r *recorded) Whole(f document.File) error { r.ends = append(r.ends, string(f)); return nil }

func (r *recorded) Gap(g document.Gap) error {
	r.ends = append(r.ends, "gap "+g.File+" "+g.Subject)
	return nil
}

// TestALiveTenantIsTheBundleThatItWasLoadedFrom compares what is collected from a lab with the documents of the example
// that the lab was loaded from.
func TestALiveTenantIsTheBundleThatItWasLoadedFrom(t *testing.T) {
	root := filepath.Join(testkit.Root(t), "examples", "fabrikam")
	n := open(t, &lab.Lab{Pages: lab.Pages{DeltaObjects: 9, DeltaMembers: 5}})
	must(t, n.l.Load(os.DirFS(root)))
	n.o.Application = "3ce3d624-9142-484a-ac38-9757a41b5ff2"
	n.o.UserAttributes = []string{"employeeType", "employeeId", "companyName"}
	n.renew()
	var got recorded
	must(t, source.Collect(t.Context(), n.s, &got))
	for _, f := range []document.File{document.Users, document.Groups, document.DeletedUsers, document.AppRoleAssignments, document.ServicePrincipals} {
		b, err := os.ReadFile(filepath.Join(root, string(f)))
		must(t, err)
		var doc struct {
			Value []map[string]any `json:"value"`
		}
		must(t, json.Unmarshal(b, &doc))
		if doc.Value == nil {
			doc.Value = make([]map[string]any, 1)
			must(t, json.Unmarshal(b, &doc.Value[0]))
		}
		slices.SortFunc(doc.Value, func(a, b map[string]any) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
		for i, want := range doc.Value {
			if i >= len(got.objects[f]) {
				t.Fatalf("%s: %d objects, want %d", f, len(got.objects[f]), len(doc.Value))
			}
			byID(want["members"])
			alike(want, got.objects[f][i])
			if diff := cmp.Diff(want, got.objects[f][i]); diff != "" {
				t.Errorf("%s (-example +collected):\n%s", f, diff)
			}
		}
		if len(doc.Value) != len(got.objects[f]) {
			t.Errorf("%s: %d objects, want %d", f, len(got.objects[f]), len(doc.Value))
		}
	}
	if diff := cmp.Diff([]string{
		"entra/app-role-assignments.json", "entra/deleted-users.json", "entra/groups.json", "entra/service-principal.json", "entra/users.json",
	}, got.ends); diff != "" {
		t.Errorf("documents that are whole:\n%s", diff)
	}
}

func byID(members any) {
	if list, ok := members.([]any); ok {
		slices.SortFunc(list, func(a, b any) int {
			return strings.Compare(a.(map[string]any)["id"].(string), b.(map[string]any)["id"].(string))
		})
	}
}

// alike takes out of a collected object what the example's recording left out because it was never set.
func alike(want, got map[string]any) {
	for name, v := range got {
		list, isList := v.([]any)
		if _, told := want[name]; !told && (v == nil || isList && len(list) == 0) {
			delete(got, name)
		}
	}
}

func TestWhatCannotBeReadIsRecordedAsAGap(t *testing.T) {
	n := filled(t, &lab.Lab{Faults: []lab.Fault{{Path: "/v1.0/groups/delta", Status: 403}}}, 5)
	var got recorded
	must(t, source.Collect(t.Context(), n.s, &got))
	if !slices.Contains(got.ends, "gap entra/groups.json ") || slices.Contains(got.ends, "entra/groups.json") || len(got.objects[document.Users]) != 4 {
		t.Errorf("%v, %d users", got.ends, len(got.objects[document.Users]))
	}
}

func TestAReadingThatFailsRecordsNothing(t *testing.T) {
	n := filled(t, &lab.Lab{Faults: []lab.Fault{{Path: "*/deletedItems/*", Status: 500}}}, 5)
	var got recorded
	if err := source.Collect(t.Context(), n.s, &got); err == nil || got.objects != nil || got.ends != nil {
		t.Errorf("%v, %v, %v", err, got.ends, got.objects)
	}
}
