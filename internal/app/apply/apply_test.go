package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// book is a ledger in memory that checks what a ledger promises: an outcome belongs to an intent that has none.
type book struct {
	mu      sync.Mutex
	entries []ledger.Entry
	links   []store.Link
	broken  error
}

func (b *book) Intend(_ context.Context, _ store.Fence, entries []ledger.Entry) ([]int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken != nil {
		return nil, b.broken
	}
	var out []int64
	for _, e := range entries {
		e.Seq = int64(len(b.entries)) + 1
		b.entries = append(b.entries, e)
		out = append(out, e.Seq)
	}
	return out, nil
}

func (b *book) Settle(_ context.Context, _ store.Fence, done []store.Settlement) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range done {
		e := &b.entries[d.Entry.Seq-1]
		if e.Outcome != ledger.Intended {
			return fmt.Errorf("entry %d is settled already", e.Seq)
		}
		*e = d.Entry
		if d.Link != nil {
			b.links = append(b.links, *d.Link)
		}
	}
	return nil
}

// lines are the entries in words.
func (b *book) lines() []string {
	var out []string
	for _, e := range b.entries {
		line := fmt.Sprintf("%s %s %s", e.Outcome, e.Op, e.Subject.Name)
		for _, m := range e.Add {
			line += " +" + m.Name
		}
		for _, m := range e.Remove {
			line += " -" + m.Name
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// server is a target that does what it is told to, and sometimes what it is told to get wrong.
type server struct {
	book *book
	t    *testing.T

	mu       sync.Mutex
	requests []string
	answer   func(c target.Change, try int) error // nil: fine
	confirm  func(c target.Change) target.Confirmation
	tries    map[string]int
}

func (s *server) Do(_ context.Context, c target.Change) (target.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := fmt.Sprintf("%s %s +%s -%s", c.Op, c.Name, strings.Join(c.Add, ","), strings.Join(c.Remove, ","))
	key = strings.TrimSuffix(strings.ReplaceAll(key, "+ ", ""), " -")
	s.requests = append(s.requests, key)
	s.book.mu.Lock()
	if !slices.ContainsFunc(s.book.entries, func(e ledger.Entry) bool { return e.Outcome == ledger.Intended && e.Subject.Name == c.Name }) {
		s.t.Errorf("%s was sent before its intent was written", key)
	}
	s.book.mu.Unlock()
	s.tries[key]++
	if s.answer != nil {
		if err := s.answer(c, s.tries[key]); err != nil {
			return target.Receipt{}, err
		}
	}
	id := c.ID
	if id == "" {
		id = "t-" + c.SourceID
	}
	return target.Receipt{ID: id, Status: 200}, nil
}

func (s *server) Confirm(_ context.Context, c target.Change) (target.Receipt, target.Confirmation, error) {
	if s.confirm == nil {
		return target.Receipt{}, target.Unsure, nil
	}
	id := c.ID
	if id == "" {
		id = "t-" + c.SourceID
	}
	return target.Receipt{ID: id}, s.confirm(c), nil
}

func carry(t *testing.T, s *server, r apply.Run, steps ...plan.Step) apply.Result {
	t.Helper()
	s.t, s.tries = t, map[string]int{}
	if s.book == nil {
		s.book = &book{}
	}
	r.ID, r.Target, r.Ledger = "run", s, s.book
	got, err := r.Do(t.Context(), slices.Values(steps))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range s.book.entries {
		if e.Outcome == ledger.Intended {
			t.Errorf("%s %s has no outcome", e.Op, e.Subject.Name)
		}
	}
	return got
}

func user(op plan.Op, name string) plan.Step {
	s := plan.Step{ID: string(op) + ":user:" + name, Op: op, Kind: plan.KindUser, Subject: plan.Subject{Kind: plan.KindUser, ID: name, Name: name}}
	if op != plan.Create {
		s.Subject.Target = "t-" + name
	}
	s.Fields = []plan.Field{{Path: "displayName", Old: document.NullValue, New: document.TextValue(name)}}
	return s
}

func group(op plan.Op, name string, items ...plan.Item) plan.Step {
	s := plan.Step{ID: string(op) + ":group:" + name, Op: op, Kind: plan.KindGroup, Subject: plan.Subject{Kind: plan.KindGroup, ID: name, Name: name}, Items: items}
	if op != plan.Create && !strings.HasPrefix(name, "new") {
		s.Subject.Target = "t-" + name
	}
	if op != plan.Create && strings.HasPrefix(name, "new") {
		s.Needs = []string{"create:group:" + name}
	}
	return s
}

func member(name string) plan.Item { return plan.Item{ID: name, Name: name, Target: "t-" + name} }

func made(name string) plan.Item {
	return plan.Item{ID: name, Name: name, Needs: "create:user:" + name}
}

func crowd(n int) []plan.Item {
	var out []plan.Item
	for i := range n {
		out = append(out, member(fmt.Sprintf("m%03d", i)))
	}
	return out
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestMembersComeAfterTheirRecordsAndAreNamedByThem(t *testing.T) {
	s := &server{}
	got := carry(t, s, apply.Run{}, user(plan.Create, "lena"), group(plan.Create, "new"), group(plan.AddMembers, "new", made("lena"), member("tom")))
	expect(t, "requests", s.requests, []string{"create lena", "create new", "add-members new +t-lena,t-tom"})
	expect(t, "links", s.book.links, []store.Link{{Kind: "user", Source: "lena", Target: "t-lena"}, {Kind: "group", Source: "new", Target: "t-new"}})
	expect(t, "counts", got.Counts, ledger.Counts{Done: 4})
}

func TestANewGroupComesWithItsMembersWhereTheTargetTakesThem(t *testing.T) {
	s := &server{}
	carry(t, s, apply.Run{Can: target.Abilities{MembersInCreate: 2, PatchMembers: 2}}, group(plan.Create, "new"), group(plan.AddMembers, "new", crowd(5)...))
	expect(t, "requests", s.requests, []string{"create new +t-m000,t-m001", "add-members new +t-m002,t-m003", "add-members new +t-m004"})
}

func TestWhoComesAndWhoGoesShareRequests(t *testing.T) {
	s := &server{}
	carry(t, s, apply.Run{Can: target.Abilities{PatchMembers: 4}}, group(plan.AddMembers, "g", crowd(3)...), group(plan.RemoveMembers, "g", member("x"), member("y"), member("z")))
	expect(t, "requests", s.requests, []string{"add-members g +t-m000,t-m001,t-m002 -t-x", "remove-members g -t-y,t-z"})
}

func TestOneUserIsWrittenWithOneRequest(t *testing.T) {
	s := &server{}
	carry(t, s, apply.Run{}, user(plan.Update, "lena"), user(plan.Reactivate, "lena"))
	expect(t, "requests", s.requests, []string{"update lena"})
}

func TestWhatIsHeldIsNotSentAndWhatNeedsItWaits(t *testing.T) {
	s := &server{}
	held := user(plan.Create, "lena")
	held.Held = &plan.Held{Code: "held-adoption"}
	stays := member("tom")
	stays.Held = &plan.Held{Code: "held-limit"}
	got := carry(t, s, apply.Run{}, held, group(plan.AddMembers, "g", made("lena"), member("eva")), group(plan.RemoveMembers, "g", stays))
	expect(t, "requests", s.requests, []string{"add-members g +t-eva"})
	expect(t, "counts", got.Counts, ledger.Counts{Done: 1, Held: 3})
}

func TestWhatAPersonLetGoIsSentAndSaysWho(t *testing.T) {
	s := &server{}
	a, b := member("tom"), member("eva")
	a.Held, b.Held = &plan.Held{Code: "held-limit"}, &plan.Held{Code: "held-limit"}
	carry(t, s, apply.Run{Approved: func(_ *plan.Step, i *plan.Item) string {
		if i != nil && i.ID == "tom" {
			return "anna"
		}
		return ""
	}}, group(plan.RemoveMembers, "g", a, b))
	expect(t, "requests", s.requests, []string{"remove-members g -t-tom"})
	expect(t, "who", s.book.entries[0].Approved, "anna")
}

func TestAnOldGroupIsNotDeletedBeforeEverybodyIsInTheNewOne(t *testing.T) {
	s := &server{answer: func(c target.Change, _ int) error {
		if c.Name == "lena" {
			return &target.Error{Class: target.Permanent, Status: 409}
		}
		return nil
	}}
	gone := group(plan.Delete, "old")
	gone.Needs = []string{"create:group:new", "add-members:group:new"}
	got := carry(t, s, apply.Run{}, user(plan.Create, "lena"), group(plan.Create, "new"), group(plan.AddMembers, "new", made("lena"), member("tom")), gone)
	expect(t, "ledger", s.book.lines(), []string{"blocked add-members new +lena", "blocked delete old", "done add-members new +tom", "done create new", "failed create lena"})
	expect(t, "counts", got.Counts, ledger.Counts{Done: 2, Failed: 1, Blocked: 2})
}

func TestOneBadMemberDoesNotKeepTheOthersOut(t *testing.T) {
	s := &server{answer: func(c target.Change, _ int) error {
		if slices.Contains(c.Add, "t-m003") {
			return &target.Error{Class: target.Permanent, Status: 400, Text: "no such user"}
		}
		return nil
	}}
	got := carry(t, s, apply.Run{}, group(plan.AddMembers, "g", crowd(8)...))
	expect(t, "counts", got.Counts, ledger.Counts{Done: 7, Failed: 1})
	if n := len(s.requests); n > 7 {
		t.Errorf("it took %d requests to find one of eight", n)
	}
}

func TestWhatFailsForTheMomentIsTriedAgainAndNeverTwiceAfterItWasDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{answer: func(c target.Change, try int) error {
			if try < 3 && c.Name != "tom" {
				return &target.Error{Class: target.Transient, Status: 503}
			}
			return nil
		}}
		got := carry(t, s, apply.Run{Workers: 1}, user(plan.Create, "tom"), user(plan.Create, "lena"), group(plan.AddMembers, "g", made("lena"), made("tom")))
		expect(t, "counts", got.Counts, ledger.Counts{Done: 4})
		expect(t, "requests", s.requests, []string{"create tom", "create lena", "create lena", "create lena", "add-members g +t-lena,t-tom", "add-members g +t-lena,t-tom", "add-members g +t-lena,t-tom"})
	})
}

func TestALostAnswerIsLookedUpBeforeAnythingIsRepeated(t *testing.T) {
	for said, want := range map[target.Confirmation][]string{
		target.Done:    {"create lena"},
		target.NotDone: {"create lena", "create lena"},
		target.Unsure:  {"create lena"},
		target.Other:   {"create lena"},
	} {
		s := &server{confirm: func(target.Change) target.Confirmation { return said }, answer: func(_ target.Change, try int) error {
			if try == 1 {
				return &target.Error{Class: target.Lost, Err: errors.New("connection reset")}
			}
			return nil
		}}
		carry(t, s, apply.Run{Retries: -1}, user(plan.Create, "lena"))
		expect(t, fmt.Sprint("requests when the target says ", said), s.requests, want)
		outcome := map[target.Confirmation]ledger.Outcome{target.Done: ledger.Done, target.NotDone: ledger.Done, target.Unsure: ledger.Unsure, target.Other: ledger.Failed}[said]
		expect(t, fmt.Sprint("outcome when the target says ", said), s.book.entries[0].Outcome, outcome)
	}
}

func TestAKeyThatIsNoLongerTakenStopsTheRun(t *testing.T) {
	s := &server{answer: func(target.Change, int) error {
		return &target.Error{Class: target.Person, Status: 401, All: true, Text: "invalid key"}
	}}
	var steps []plan.Step
	for i := range 50 {
		steps = append(steps, user(plan.Create, fmt.Sprint(i)))
	}
	got := carry(t, s, apply.Run{Workers: 4}, steps...)
	if got.Stopped == nil || len(s.requests) > 4 {
		t.Errorf("%d requests were sent with a dead key; stopped by %v", len(s.requests), got.Stopped)
	}
}

func TestNothingIsSentOnceTheLedgerCannotBeWritten(t *testing.T) {
	s := &server{book: &book{broken: store.ErrFenced}, t: t, tries: map[string]int{}}
	r := apply.Run{ID: "run", Target: s, Ledger: s.book}
	_, err := r.Do(t.Context(), slices.Values([]plan.Step{user(plan.Create, "lena")}))
	if !errors.Is(err, store.ErrFenced) || len(s.requests) > 0 {
		t.Errorf("%d requests, error %v", len(s.requests), err)
	}
}

func TestNothingIsSentOnceTheClaimIsAnothers(t *testing.T) {
	asked := 0
	s := &server{}
	var steps []plan.Step
	for i := range 10 {
		steps = append(steps, user(plan.Create, fmt.Sprint(i)))
	}
	got := carry(t, s, apply.Run{Workers: 1, Still: func(context.Context) error {
		if asked++; asked > 3 { // it went on after a long stop, between an intent and its request
			return store.ErrFenced
		}
		return nil
	}}, steps...)
	if len(s.requests) != 3 || !errors.Is(got.Stopped, store.ErrFenced) {
		t.Errorf("%d requests, stopped by %v", len(s.requests), got.Stopped)
	}
	if e := s.book.entries[3]; e.Outcome != ledger.Undone || !strings.Contains(e.Text, "another rollcall") {
		t.Errorf("%+v", e)
	}
}

func TestAChangeWhoseAnswerWasLostIsNotRepeatedUnderAnothersClaim(t *testing.T) {
	lost := false
	s := &server{
		answer:  func(target.Change, int) error { lost = true; return &target.Error{Class: target.Lost} },
		confirm: func(target.Change) target.Confirmation { return target.NotDone },
	}
	got := carry(t, s, apply.Run{Still: func(context.Context) error {
		if lost {
			return store.ErrFenced
		}
		return nil
	}}, user(plan.Create, "lena"))
	if len(s.requests) != 1 || !errors.Is(got.Stopped, store.ErrFenced) || s.book.entries[0].Outcome != ledger.Undone {
		t.Errorf("%q, stopped by %v, %+v", s.requests, got.Stopped, s.book.entries)
	}
}

func TestWhatIsNotReachedBeforeAStopIsNeitherBlockedNorFailed(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	s := &server{book: &book{}, t: t, tries: map[string]int{}}
	s.answer = func(c target.Change, _ int) error {
		if c.Name == "b" {
			cancel(errors.New("somebody pressed Ctrl-C"))
		}
		return nil
	}
	r := apply.Run{ID: "run", Target: s, Ledger: s.book, Workers: 1}
	got, err := r.Do(ctx, slices.Values([]plan.Step{
		user(plan.Create, "a"), user(plan.Create, "b"), user(plan.Create, "c"), group(plan.Create, "g"),
		group(plan.AddMembers, "g", made("a"), made("c"), member("d")), user(plan.Deactivate, "e"), group(plan.Delete, "h"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "counts", got.Counts, ledger.Counts{Done: 2})
	expect(t, "not reached", got.Left, 7)
	expect(t, "the ledger", len(s.book.entries), 2)
}

func TestOfARemovalTheLedgerSaysHowMuchAPersonLetGo(t *testing.T) {
	held := func(name string) plan.Item {
		m := member(name)
		m.Held = &plan.Held{Code: "member-not-ours"}
		return m
	}
	all := group(plan.RemoveMembers, "all", member("c"), member("d"))
	all.Held = &plan.Held{Code: "over-limit"}
	leaver, other := user(plan.Deactivate, "gone"), user(plan.Deactivate, "let")
	other.Held = &plan.Held{Code: "over-limit"}
	s := &server{}
	carry(t, s, apply.Run{Can: target.Abilities{PatchMembers: 2}, Approved: func(*plan.Step, *plan.Item) string { return "lena" }},
		group(plan.RemoveMembers, "some", member("a"), held("b"), member("e")), all, leaver, other)
	got := map[string]int{}
	for _, e := range s.book.entries {
		got[fmt.Sprint(e.Op, " ", e.Subject.Name, " ", len(e.Remove))] = e.Allowed
	}
	expect(t, "what was let go", got, map[string]int{
		"remove-members some 2": 1, "remove-members some 1": 0, "remove-members all 2": 2, "deactivate gone 0": 0, "deactivate let 0": 1,
	})
}

func TestAHalfThatIsInIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := map[string]int{}
		s := &server{answer: func(c target.Change, _ int) error {
			switch {
			case len(c.Add) == 8:
				return &target.Error{Class: target.Permanent, Status: 400}
			case slices.Contains(c.Add, "t-m006"):
				return &target.Error{Class: target.Transient, Status: 503}
			}
			for _, who := range c.Add {
				in[who]++
			}
			return nil
		}}
		got := carry(t, s, apply.Run{}, group(plan.AddMembers, "g", crowd(8)...))
		for who, n := range in {
			if n > 1 {
				t.Errorf("%s was brought in %d times", who, n)
			}
		}
		expect(t, "counts", got.Counts, ledger.Counts{Done: 4, Failed: 4})
	})
}
