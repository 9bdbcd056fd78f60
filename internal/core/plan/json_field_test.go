package plan_test

import (
	"bytes"
	"testing"

	"github.com/rollcall/rollcall/internal/core/plan"
)

func TestAValueWithBytesThatAreNoTextIsWrittenAndReadAgain(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada")
	w.person("ada").name = "Ada \xff Lovelace"
	var b bytes.Buffer
	if err := compute(t, w).Write(&b, plan.Extract{}); err != nil {
		t.Fatal(err)
	}
	s, err := plan.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Steps[0].Fields {
		if f.New.Text == "Ada \ufffd Lovelace" {
			return
		}
	}
	t.Errorf("the name is in none of %+v", s.Steps[0].Fields)
}
