package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/testkit"
)

func TestAnEmptyRollCallHasListsNotNulls(t *testing.T) {
	var b bytes.Buffer
	if err := writeRollCall(&b, trace.RollCall{Connection: "c", Method: "rollcall", At: noon}); err != nil {
		t.Fatal(err)
	}
	want := `{"connection":"c","method":"rollcall","at":"2026-11-20T12:00:00Z","counts":{"expected":0,"present":0,"missing":0,"wrong":0,"unknown":0,"extra":0},"findings":[],"notes":[]}` + "\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func TestAHundredThousandFindingsAreOneDocument(t *testing.T) {
	roll := trace.RollCall{Connection: "big", Method: "entra-scim", At: noon}
	one := exampleRoll().Findings[0]
	n := testkit.Cases(t, 100_000, 10_000)
	for i := range n {
		f := one
		f.Subject.Name = fmt.Sprintf("user%d@big.example", i)
		roll.Findings = append(roll.Findings, f)
	}
	var b bytes.Buffer
	if err := writeRollCall(&b, roll); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(b.String(), "\n"); got != n+1 {
		t.Errorf("%d lines, want one for each finding and one for the head", got)
	}
	if !jsontext.Value(b.Bytes()).IsValid() {
		t.Error("the document is no JSON")
	}
	if !strings.Contains(b.String(), fmt.Sprintf(`"name":"user%d@big.example"`, n-1)) {
		t.Error("the last finding is lost")
	}
}

func TestBytesThatAreNoTextDoNotLoseTheAnswer(t *testing.T) {
	var b bytes.Buffer
	if err := writeJSON(&b, trace.Subject{Kind: "user", Name: "caf\xe9"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "caf\uFFFD") {
		t.Error(b.String())
	}
}
