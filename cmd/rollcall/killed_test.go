package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// killsWanted names the number of kills; .ci/nightly asks for more than the gate does.
const killsWanted = "ROLLCALL_TEST_KILLS"

// The program is killed over and over while it creates a directory and brings changes into it: at random moments, before a
// request is carried out, after it but before its answer, and right after the answer. Each time it is started again. In
// the end the directory must be the one that runs which nobody disturbed make of the same company, every write must be
// in the ledger once, and no write may have been made twice.
func TestApplyThatIsKilledAtAnyInstantAndStartedAgainLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	kills := 20
	if text := os.Getenv(killsWanted); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("%s is %q, not a number of kills", killsWanted, text)
		}
		kills = n
	}
	program := built(t)
	harmed, spared := newShop(t), newShop(t)
	rnd := rand.New(rand.NewPCG(7, 20261126)) // of the kills; changes have their own, which are the same on both sides
	began, perRound := time.Now(), 10
	for round := 0; harmed.kills < kills; round++ {
		for _, s := range []*shop{harmed, spared} {
			s.change(round)
			s.repeated = map[string]int{}
		}
		for lives := 0; ; lives++ {
			if lives > 10*perRound {
				t.Fatalf("round %d: it does not come to its end in %d lives", round, lives)
			}
			var d death
			if n := min(perRound, kills-harmed.kills); lives < n {
				d = newDeath(rnd)
			}
			if !harmed.live(program, d) {
				break
			}
		}
		if spared.live(program, death{}) {
			t.Fatal("a run that nobody kills was killed")
		}
		harmed.compare(spared, fmt.Sprint("round ", round))
		if t.Failed() {
			break
		}
	}
	harmed.rests(program)
	harmed.ledger()
	t.Logf("killed %d times in %s (%s); %d writes, each of them once; %d of them were looked up after a kill",
		harmed.kills, time.Since(began).Round(time.Second), harmed.told(), len(harmed.writes), harmed.recovered)
}

// The claim of a process that was killed lasts for a minute. On Linux the next one sees that it is gone, and lets what it
// had sent come to its end.
func TestWhoeverStartsApplyAgainAfterAKillDoesNotWaitForItsClaim(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("here nothing tells for certain that a process is gone")
	}
	program, s := built(t), newShop(t)
	s.atOnce, s.repeated = true, map[string]int{}
	s.change(0)
	if !s.live(program, death{kind: "after a write", nth: 5}) {
		t.Fatal("it was not killed")
	}
	again := time.Now()
	if s.live(program, death{}) {
		t.Fatal("it was killed once more")
	}
	if took := time.Since(again); took > 45*time.Second {
		t.Errorf("it took %s", took)
	}
	s.rests(program)
	s.ledger()
}

// death says when a life ends. The zero value never does.
type death struct {
	kind string // one of deaths
	nth  int    // request or write at the directory that it comes with
	in   time.Duration
}

var deaths = []string{"at a moment", "with a request", "before a write", "after a write", "after its answer"}

func newDeath(r *rand.Rand) death {
	d := death{kind: deaths[r.IntN(len(deaths))]}
	switch d.kind {
	case "at a moment":
		d.in = time.Duration(r.IntN(400)) * time.Millisecond
	case "with a request":
		d.nth = 1 + r.IntN(120)
	default:
		d.nth = 1 + r.IntN(40)
	}
	return d
}

// built is the program as people run it.
func built(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rollcall")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("building rollcall: %v\n%s", err, out)
	}
	return path
}

// live runs apply once and tells whether it was killed. Afterwards nothing of it is under way any more: a request that
// outlives its sender is what the lease is for, which this then ends as a minute of waiting would.
func (s *shop) live(program string, d death) (killed bool) {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), program, "apply", "--config", s.config, "--json")
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	started := make(chan struct{})
	s.arm(d, func() {
		<-started
		_ = c.Process.Kill()
	})
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	close(started)
	if d.in > 0 {
		timer := time.AfterFunc(d.in, func() { _ = c.Process.Kill() })
		defer timer.Stop()
	}
	err := c.Wait()
	s.disarm()
	s.quiet()
	switch code := c.ProcessState.ExitCode(); {
	case code == -1:
		s.kills++
		s.deaths[d.kind]++
		if !s.atOnce {
			s.expire()
		}
		return true
	case code != 0:
		s.t.Fatalf("%v\n%s%s", err, complaint.String(), out.String())
	}
	s.finished++
	return false
}

// expire takes over the claim of a process that is gone, later than it lasts, and gives it back.
func (s *shop) expire() {
	s.t.Helper()
	if _, err := os.Stat(s.db); err != nil {
		return // it did not come so far
	}
	st := s.open()
	defer st.Close()
	f, ok, other, _, err := st.Claim(s.t.Context(), shopName, "the test", time.Now().Add(time.Hour), time.Second)
	if err != nil || !ok {
		s.t.Fatalf("the claim of a process that is gone stays with %s: %v", other, err)
	}
	if err := st.Release(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) open() *sqlstore.Store {
	s.t.Helper()
	st, err := sqlstore.Open(s.t.Context(), s.db)
	if err != nil {
		s.t.Fatalf("after %d kills: %v", s.kills, err)
	}
	return st
}

// rests has the program run once more, on both sides as they are: there must be nothing to do.
func (s *shop) rests(program string) {
	s.t.Helper()
	before := len(s.writes)
	if s.live(program, death{}); len(s.writes) > before {
		s.t.Errorf("it does not rest: %q", s.writes[before:])
	}
}

// compare holds the directory against that of a company which nothing happened to.
func (s *shop) compare(other *shop, when string) {
	s.t.Helper()
	if diff := cmp.Diff(other.holds(), s.holds()); diff != "" {
		s.t.Errorf("%s, after %d kills (- undisturbed, + killed):\n%s", when, s.kills, diff)
	}
	for _, what := range slices.Sorted(maps.Keys(s.repeated)) {
		if n := s.repeated[what]; n > 1 {
			s.t.Errorf("%s: carried out %d times: %s", when, n, what)
		}
	}
}

// ledger holds what was carried out at the directory against what is written down.
func (s *shop) ledger() {
	s.t.Helper()
	st := s.open()
	defer st.Close()
	open, err := st.Open(s.t.Context(), shopName)
	if err != nil || len(open) > 0 {
		s.t.Errorf("%d intents have no outcome, %v", len(open), err)
	}
	if wrong, err := st.Check(s.t.Context()); err != nil || len(wrong) > 0 {
		s.t.Errorf("the store: %q %v", wrong, err)
	}
	runs, err := st.Runs(s.t.Context(), shopName, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := range runs {
		if runs[i].State == ledger.Running {
			s.t.Errorf("run %s never ended", runs[i].ID)
		}
	}
	var entries []string
	for e, err := range st.Entries(s.t.Context(), store.Query{Connection: shopName}) {
		if err != nil {
			s.t.Fatal(err)
		}
		switch e.Outcome {
		case ledger.Done:
			entries = append(entries, said(&e))
			if strings.Contains(e.Text, "interrupted") {
				s.recovered++
			}
		case ledger.Undone, ledger.Stale: // nothing was sent, or it was lost on its way
		default:
			s.t.Errorf("entry %d is %s: %s", e.Seq, e.Outcome, e.Text)
		}
	}
	writes := slices.Sorted(slices.Values(s.writes))
	slices.Sort(entries)
	if diff := cmp.Diff(writes, entries); diff != "" {
		s.t.Errorf("(- carried out, + in the ledger):\n%s", diff)
	}
}

// said is an entry in the words of shop.writes.
func said(e *ledger.Entry) string {
	ids := func(all []ledger.Member) (out []string) {
		for _, m := range all {
			out = append(out, m.Target)
		}
		return out
	}
	op := "change"
	if e.Op == "create" || e.Op == "adopt" || e.Op == "delete" {
		op = e.Op
	}
	return wrote(op, e.Kind, e.Subject.Target, ids(e.Add), ids(e.Remove))
}

func wrote(op, kind, id string, add, remove []string) string {
	slices.Sort(add)
	slices.Sort(remove)
	return strings.Join([]string{op, kind, id, "+" + strings.Join(add, ","), "-" + strings.Join(remove, ",")}, " ")
}

func (s *shop) told() string {
	var out []string
	for _, k := range deaths {
		out = append(out, fmt.Sprintf("%s %d", k, s.deaths[k]))
	}
	return strings.Join(out, ", ")
}
