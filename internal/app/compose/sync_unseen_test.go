package compose

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

// A service may answer a change without showing what came of it (204). The run reads such records at its end; where it was
// killed before, the next one does.
func TestARecordThatAKilledRunChangedUnseenIsReadByTheNextOne(t *testing.T) {
	c := workshop(t)
	c.apply()
	record := c.find("/Users", "p01@shop.example")
	f, ok, _, _, err := c.store.Claim(t.Context(), "shop", "killed", c.clock.Now(), time.Second)
	if err != nil || !ok {
		t.Fatal(err)
	}
	must(t, c.store.BeginRun(t.Context(), f, ledger.Run{ID: "killed", Connection: "shop", Started: c.clock.Now(), State: ledger.Running}))
	e := ledger.Entry{
		Run: "killed", Step: "s", Op: string(plan.Update), Kind: plan.KindUser, At: c.clock.Now(), Outcome: ledger.Intended,
		Subject: ledger.Subject{ID: c.users["p01"], Name: "p01@shop.example", Target: record},
	}
	seqs, err := c.store.Intend(t.Context(), f, []ledger.Entry{e})
	must(t, err)
	c.ask(http.MethodPatch, "/Users/"+record, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"displayName","value":"Somebody Else"}]}`)
	e.Seq, e.Outcome, e.Status = seqs[0], ledger.Done, http.StatusNoContent
	must(t, c.store.Settle(t.Context(), f, []store.Settlement{{Entry: e}}))
	must(t, c.store.Release(t.Context(), f))
	c.apply()
	if now := string(c.ask(http.MethodGet, "/Users/"+record, "")); !strings.Contains(now, "Person p01") {
		t.Errorf("the mirror was believed: %s", now)
	}
}
