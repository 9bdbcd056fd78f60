package compose

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

const asHolder = "ROLLCALL_TEST_HOLDER"

// Started by another test, it says who it is and lives until it is killed.
func TestAProcessSaysWhoItIs(t *testing.T) {
	if os.Getenv(asHolder) == "" {
		if who := engine.Who(holder()); !regexp.MustCompile(`^host [^ ]+, process [0-9]+, since 2[-0-9]+T[:0-9]+Z$`).MatchString(who) {
			t.Errorf("%q", who)
		}
		return
	}
	_, err := os.Stdout.WriteString(holder() + "\n")
	must(t, err)
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
}

// another starts another process and gives what it calls itself.
func another(t *testing.T) (name string, kill func()) {
	t.Helper()
	if machine() == "" {
		t.Skip("this system does not tell whether a process is gone")
	}
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAProcessSaysWhoItIs$")
	c.Env = append(os.Environ(), asHolder+"=1")
	in, err := c.StdinPipe()
	must(t, err)
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	name, err = bufio.NewReader(out).ReadString('\n')
	must(t, err)
	kill = func() {
		_ = c.Process.Kill()
		_ = c.Wait() // killed: an error in any case
		_ = in.Close()
	}
	t.Cleanup(kill)
	return strings.TrimSpace(name), kill
}

func TestAProcessIsDeadOnlyWhereThatIsCertain(t *testing.T) {
	name, kill := another(t)
	m := holderText.FindStringSubmatch(name)
	if m == nil {
		t.Fatalf("it calls itself %q", name)
	}
	if dead(name) {
		t.Error("a process that lives is called dead")
	}
	if dead(holder()) {
		t.Error("this process calls itself dead")
	}
	if !dead(strings.Replace(name, "/"+m[4]+"/", "/"+m[4]+"1/", 1)) {
		t.Error("a process that began at another time is taken for the one that held the claim")
	}
	kill()
	if !dead(name) {
		t.Errorf("a process that was killed is not known to be: %s", name)
	}
	for _, unknown := range []string{
		strings.Replace(name, "host ", "host x", 1), strings.Replace(name, "#", "#0", 1), strings.Replace(name, "#"+m[3], "#", 1),
		strings.Replace(name, "/"+m[4]+"/", "//", 1), engine.Who(name), "another", "",
		strings.Replace(name, "process "+m[2], "process 0", 1), strings.Replace(name, "process "+m[2], "process 99999999999", 1),
	} {
		if dead(unknown) {
			t.Errorf("%q cannot be told, and is called dead", unknown)
		}
	}
}

// interrupted is a connection that another process had begun to sync.
func interrupted(t *testing.T, name string) (*company, store.Fence) {
	t.Helper()
	c := workshop(t)
	c.sync.Dead = dead
	c.clock.Stand() // what is measured is waiting, and not how busy the machine is
	f, ok, _, _, err := c.store.Claim(t.Context(), "shop", name, c.clock.Now(), time.Minute)
	if err != nil || !ok {
		t.Fatal(err)
	}
	must(t, c.store.BeginRun(t.Context(), f, ledger.Run{ID: "before", Connection: "shop", Started: c.clock.Now(), State: ledger.Running}))
	_, err = c.store.Intend(t.Context(), f, []ledger.Entry{{Run: "before", Step: "s", Op: string(plan.Create), Kind: plan.KindGroup, Subject: ledger.Subject{ID: "x", Name: "nowhere"}, Outcome: ledger.Intended, At: c.clock.Now()}})
	must(t, err)
	return c, f
}

func TestTheClaimOfAProcessThatIsGoneIsTakenOverAtOnce(t *testing.T) {
	name, kill := another(t)
	c, old := interrupted(t, name)
	kill()
	before := c.clock.Now()
	got := c.apply()
	if waited := c.clock.Now().Sub(before); waited > 15*time.Second || waited < 5*time.Second {
		t.Errorf("it waited for %s: neither for a minute, nor not at all for what was on its way", waited)
	}
	if len(got.Settled) != 1 || got.Run.Counts.Done < 60 {
		t.Errorf("%+v, settled %+v", got.Run.Counts, got.Settled)
	}
	for what, err := range map[string]error{
		"a run":  c.store.EndRun(t.Context(), old, ledger.Run{ID: "before", Connection: "shop", State: ledger.Ended}),
		"a link": c.store.PutLinks(t.Context(), old, []store.Link{{Kind: plan.KindUser, Source: "a", Target: "b"}}),
	} {
		if !errors.Is(err, store.ErrFenced) {
			t.Errorf("with the claim that was lost %s was written: %v", what, err)
		}
	}
}

func TestAProcessThatLivesIsWaitedForUntilItsClaimRunsOut(t *testing.T) {
	name, _ := another(t)
	c, _ := interrupted(t, name)
	var said string
	c.sync.Progress = func(step string, _, total int64) {
		if strings.Contains(step, "another rollcall") {
			said = fmt.Sprint(step, " ", total)
		}
	}
	before := c.clock.Now()
	c.apply()
	if waited := c.clock.Now().Sub(before); waited < time.Minute {
		t.Errorf("it took over after %s", waited)
	}
	if want := "another rollcall (" + engine.Who(name) + ") is working on shop; waiting up to 1m10s 70"; said != want || strings.Contains(said, "#") {
		t.Errorf("it said %q, not %q", said, want)
	}
}

func TestAProcessThatGoesOnIsNamedInTheEnd(t *testing.T) {
	c := workshop(t)
	c.clock.Stand()
	claim := func() {
		if _, ok, _, _, err := c.store.Claim(t.Context(), "shop", "another", c.clock.Now(), time.Minute); err != nil || !ok {
			t.Fatal(err)
		}
	}
	claim()
	sleep := c.sync.Sleep
	c.sync.Sleep = func(ctx context.Context, d time.Duration) error {
		claim()
		return sleep(ctx, d)
	}
	before := c.clock.Now()
	_, err := c.sync.Apply(t.Context(), engine.ApplyRequest{})
	if busy, refused := errors.AsType[*engine.ErrBusy](err); !refused || busy.Holder != "another" {
		t.Errorf("%v", err)
	}
	if waited := c.clock.Now().Sub(before); waited < 70*time.Second || waited > 80*time.Second {
		t.Errorf("it waited for %s", waited)
	}
	if writes, _ := c.requests(); writes > 0 {
		t.Errorf("%d writes", writes)
	}
}

func TestWhoeverIsStoppedWhileWaitingGivesUp(t *testing.T) {
	c := workshop(t)
	if _, ok, _, _, err := c.store.Claim(t.Context(), "shop", "another", c.clock.Now(), time.Hour); err != nil || !ok {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	c.sync.Progress = func(string, int64, int64) { cancel(errDisk) }
	if _, err := c.sync.Apply(ctx, engine.ApplyRequest{}); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "another") {
		t.Errorf("%v", err)
	}
}
