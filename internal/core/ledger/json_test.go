package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/ledger"
)

func TestAnEntryComesBackFromJSONAsItWent(t *testing.T) {
	t.Parallel()
	e := ledger.Entry{
		Seq: 7, Run: "r", Step: "s", Op: "add-members", Kind: "group", Subject: ledger.Subject{ID: "g", Name: "Devs"},
		Fields: []byte(`[{"path":"x"}]`), Add: []ledger.Member{{ID: "u", Name: "Ada", Target: "t"}}, Reason: "in-scope", Why: "assigned",
		At: time.Date(2026, 11, 20, 12, 0, 0, 1, time.UTC), Took: 1500 * time.Millisecond, Outcome: ledger.Failed, Status: 500,
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"took":1500000000`) {
		t.Errorf("how long it took is not in nanoseconds: %s", text)
	}
	var back ledger.Entry
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, back); diff != "" {
		t.Error(diff)
	}
}
