package sqlstore_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// logged takes what is recorded of rollcall's log.
type logged struct{ entries []document.OwnEntry }

func (l *logged) Add(f document.File, _ string, object jsontext.Value) error {
	if f != document.OwnLog {
		return nil
	}
	var e document.OwnEntry
	if err := json.Unmarshal(object, &e); err != nil {
		return err
	}
	l.entries = append(l.entries, e)
	return nil
}
func (*logged) Whole(document.File) error { return nil }
func (*logged) Gap(document.Gap) error    { return nil }

func TestANewGroupThatWasRefusedWithItsFirstMembersIsInTheRecordedLogItself(t *testing.T) {
	s, err := sqlstore.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f, ok, _, _, err := s.Claim(t.Context(), "acme", "here", noon, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := s.BeginRun(t.Context(), f, ledger.Run{ID: "r1", Connection: "acme", Started: noon, State: ledger.Running}); err != nil {
		t.Fatal(err)
	}
	write := func(e ledger.Entry, o ledger.Outcome) {
		t.Helper()
		e.Run, e.At, e.Outcome = "r1", noon, ledger.Intended
		seq, err := s.Intend(t.Context(), f, []ledger.Entry{e})
		if err != nil {
			t.Fatal(err)
		}
		e.Seq, e.Outcome, e.Status = seq[0], o, 409
		if err := s.Settle(t.Context(), f, []store.Settlement{{Entry: e}}); err != nil {
			t.Fatal(err)
		}
	}
	made := ledger.Entry{Step: "s", Op: string(plan.Create), Kind: plan.KindGroup, Subject: ledger.Subject{ID: "g1", Name: "devs"}, Add: []ledger.Member{{ID: "u1", Name: "ada", Target: "r1"}}}
	write(made, ledger.Failed)
	members := func() (out []string) {
		var l logged
		if err := store.RecordLog(t.Context(), s, "acme", &l); err != nil {
			t.Fatal(err)
		}
		for _, e := range l.entries {
			out = append(out, e.Op+" "+e.Subject.ID+" "+e.Member.ID+" "+e.Outcome)
		}
		return out
	}
	if got := members(); len(got) != 2 || got[0] != "create g1  failed" && got[1] != "create g1  failed" {
		t.Errorf("%q", got)
	}
	write(made, ledger.Done)
	if got := members(); len(got) != 0 {
		t.Errorf("it is there by now: %q", got)
	}
}
