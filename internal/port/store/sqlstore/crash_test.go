package sqlstore_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// victim names the store that a process writes until it is killed; then this program is not a test.
const victim = "SQLSTORE_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		fmt.Println("ended:", write(context.Background(), path)) //nolint:forbidigo // its parent reads it
		os.Exit(3)                                               //nolint:forbidigo // it should have been killed
	}
	os.Exit(m.Run()) //nolint:forbidigo // as without a TestMain
}

func TestAProcessThatIsKilledLosesNothingThatItWasToldIsKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rollcall.db")
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	told := &promises{settled: map[string]bool{}, intended: map[string]bool{}, pushed: map[string]string{}}
	for round := range rounds {
		told.watch(t, path, 1+rand.N(200))
		s, err := sqlstore.Open(t.Context(), path)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		told.kept(t, s)
		told.keptInbox(t, s.Inbox())
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(told.settled) == 0 || told.generation == 0 || len(told.pushed) == 0 {
		t.Fatalf("nothing was written before it was killed: %d settled, generation %d, %d pushed", len(told.settled), told.generation, len(told.pushed))
	}
	t.Logf("%d intents, %d settlements, %d readings, %d users pushed were acknowledged in %d lives", len(told.intended), len(told.settled), told.generation, len(told.pushed), rounds)
}

// promises are what the victim was told is kept.
type promises struct {
	intended, settled map[string]bool
	generation        int
	pushed            map[string]string // users, and how far each came
}

// watch starts a victim and kills it as soon as it has said so many lines: somewhere inside its next writes.
func (p *promises) watch(t *testing.T, path string, lines int) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	c.Env = append(os.Environ(), victim+"="+path)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(out)
	for n := 0; in.Scan(); n++ {
		word, what, _ := strings.Cut(in.Text(), " ")
		switch word {
		case "intended":
			p.intended[what] = true
		case "settled":
			p.settled[what] = true
		case "kept":
			p.generation, _ = strconv.Atoi(what)
		case "created", "joined", "left":
			p.pushed[what] = word
		default:
			t.Fatalf("the victim says: %s", in.Text())
		}
		if n == lines {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Wait(); err == nil {
		t.Fatal("the victim was not killed")
	}
}

// kept expects everything that was promised, and nothing half.
func (p *promises) kept(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Fatalf("check: %v %v", wrong, err)
	}
	links := map[string]bool{}
	all, err := s.Links(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		links[l.Source] = true
	}
	records := &held{ids: map[string]bool{}, marks: map[string]bool{}}
	if err := s.Documents(t.Context(), "acme", store.Target, records); err != nil {
		t.Fatal(err)
	}
	intended := map[string]bool{}
	for e, err := range s.Entries(t.Context(), store.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		id := e.Subject.ID
		intended[id] = true
		done := e.Outcome == ledger.Done
		if links[id] != done || records.ids["t"+id] != done {
			t.Errorf("%s is done: %v; linked: %v; in the mirror: %v", id, done, links[id], records.ids["t"+id])
		}
		if p.settled[id] && !done {
			t.Errorf("the outcome of %s is lost", id)
		}
	}
	for id := range p.intended {
		if !intended[id] {
			t.Errorf("the intent of %s is lost", id)
		}
	}
	world := &held{ids: map[string]bool{}, marks: map[string]bool{}}
	if err := s.Documents(t.Context(), "acme", store.Source, world); err != nil {
		t.Fatal(err)
	}
	if len(world.marks) > 1 {
		t.Errorf("the mirror holds pieces of several readings: %v", world.marks)
	}
	for mark := range world.marks {
		if g, _ := strconv.Atoi(mark); g < p.generation {
			t.Errorf("the mirror is that of reading %d, but %d was kept", g, p.generation)
		}
	}
}

// held records ids, and the generation that every object carries.
type held struct{ ids, marks map[string]bool }

func (h *held) Add(_ document.File, id string, object jsontext.Value) error {
	h.ids[id] = true
	if _, after, ok := strings.Cut(string(object), `"generation":"`); ok {
		mark, _, _ := strings.Cut(after, `"`)
		h.marks[mark] = true
	}
	if _, after, ok := strings.Cut(string(object), `"id":"of-`); ok { // a member, named after the generation
		mark, _, _ := strings.Cut(after, `"`)
		h.marks[mark] = true
	}
	return nil
}
func (h *held) Gap(document.Gap) error    { return nil }
func (h *held) Whole(document.File) error { return nil }

// write is the victim: it writes as fast as it can, ledger and mirror at once, and says what it was told is kept.
func write(ctx context.Context, path string) error {
	s, err := sqlstore.Open(ctx, path)
	if err != nil {
		return err
	}
	f, _, _, _, err := s.Claim(ctx, "acme", "victim", noon, time.Minute)
	if err != nil {
		return err
	}
	life := strconv.FormatInt(time.Now().UnixNano(), 36)
	if err := s.BeginRun(ctx, f, ledger.Run{ID: life, Connection: "acme", Started: noon, State: ledger.Running}); err != nil {
		return err
	}
	failed := make(chan error)
	x := s.Inbox()
	if err := x.PutDirectory(ctx, inbox.Directory{ID: "acme", Created: noon}); err != nil {
		return err
	}
	var mu sync.Mutex
	say := func(word string, what any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(word, what) //nolint:forbidigo // its parent reads it
	}
	go func() { failed <- changes(ctx, s, f, life, say) }()
	go func() { failed <- readings(ctx, s, f, say) }()
	for i := range 4 {
		go func() { failed <- pushes(ctx, x, fmt.Sprint(life, "-", i), say) }()
	}
	return <-failed
}

func changes(ctx context.Context, s *sqlstore.Store, f store.Fence, life string, say func(string, any)) error {
	for n := 0; ; n++ {
		var all []ledger.Entry
		for i := range 5 {
			id := fmt.Sprintf("%s-%d-%d", life, n, i)
			all = append(all, ledger.Entry{Run: life, Op: "create", Kind: "user", Subject: ledger.Subject{ID: id, Name: id}, At: noon, Outcome: ledger.Intended, Add: []ledger.Member{{ID: id}, {ID: "ada"}}})
		}
		seqs, err := s.Intend(ctx, f, all)
		if err != nil {
			return err
		}
		var done []store.Settlement
		for i, e := range all {
			say("intended", e.Subject.ID)
			id := e.Subject.ID
			done = append(done, store.Settlement{
				Entry: ledger.Entry{Seq: seqs[i], Outcome: ledger.Done}, Link: &store.Link{Kind: "user", Source: id, Target: "t" + id},
				Mirror: []store.Edit{{File: document.ScimUsers, ID: "t" + id, Object: jsontext.Value(`{}`)}, {File: document.ScimGroups, ID: "g", Add: []string{"t" + id}}},
			})
		}
		if err := s.Settle(ctx, f, done); err != nil {
			return err
		}
		for _, e := range all {
			say("settled", e.Subject.ID)
		}
	}
}

func readings(ctx context.Context, s *sqlstore.Store, f store.Fence, say func(string, any)) error {
	c, _, _, err := s.Cursor(ctx, "acme", store.Source)
	if err != nil {
		return err
	}
	last, _ := strconv.Atoi(string(c))
	for {
		last++
		r, err := s.Reading(ctx, f, store.Source)
		if err != nil {
			return err
		}
		mark := strconv.Itoa(last)
		if err := r.Full(document.Users, document.Groups); err != nil {
			return err
		}
		for i := range 40 {
			id := strconv.Itoa(i)
			if err := r.Put(document.Users, id, jsontext.Value(`{"generation":"`+mark+`"}`)); err != nil {
				return err
			}
			if err := r.Put(document.Groups, id, jsontext.Value(`{"generation":"`+mark+`"}`)); err != nil {
				return err
			}
			if err := r.Member(document.Groups, id, "of-"+mark, "", true); err != nil {
				return err
			}
		}
		if err := r.Keep(ctx, source.Cursor(mark), noon); err != nil {
			return err
		}
		say("kept", last)
	}
}
