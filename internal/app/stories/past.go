package stories

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/history"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/store"
)

// past is what was recorded while a tale was told: one moment before its first sentence and one after each. From it the
// right answers of history are known without the tale saying so: somebody broke with the sentence after which they were
// no longer where they should be.
type past struct {
	folder  string
	moments []moment
}

// moment is the world after a sentence.
type moment struct {
	after    Line // the sentence; of the first moment none
	from, to time.Time
	path     string          // of the recording
	logged   map[string]bool // ids of the entries that are in the logs since this sentence
}

// remember records the world as it is after a sentence that began at a moment.
func (s *Stage) remember(ctx context.Context, after Line, from time.Time) error {
	p := &s.past
	m := moment{after: after, from: from, to: s.Clock.Now(), path: filepath.Join(p.folder, fmt.Sprintf("moment-%d", len(p.moments))), logged: map[string]bool{}}
	if err := s.record(ctx, m.path, false); err != nil {
		return err
	}
	worlds, err := s.worlds(m.path)
	if err != nil {
		return err
	}
	w, err := worlds.Load(ctx, nil, nil)
	if err != nil {
		return err
	}
	var ids []string
	for i := range w.Audits {
		ids = append(ids, w.Audits[i].ID)
	}
	for i := range w.Events {
		ids = append(ids, w.Events[i].ID)
	}
	for i := range w.Records {
		ids = append(ids, w.Records[i].ID)
	}
	if s.Sync != nil {
		for e, err := range s.Sync.Store.Entries(ctx, store.Query{Connection: s.Connection.Name}) {
			if err != nil {
				return err
			}
			ids = append(ids, e.Run+"/"+e.Step)
		}
	}
	for i := range w.OwnLog {
		ids = append(ids, w.OwnLog[i].Run+"/"+w.OwnLog[i].Step)
	}
	for _, id := range ids {
		id = kept(id)
		if !slices.ContainsFunc(p.moments, func(m moment) bool { return m.logged[id] }) {
			m.logged[id] = true
		}
	}
	p.moments = append(p.moments, m)
	return nil
}

// kept is the part of an id that is the same in a redacted recording: Entra's audit log adds a number.
func kept(id string) string {
	if i := strings.LastIndexByte(id, '_'); i > 0 {
		return id[:i]
	}
	return id
}

// wrote tells whether an event is of the sentence: by its id, or where it has none that can be known, by its time.
func (m *moment) wrote(e *history.Event) bool {
	if e.ID == "" || strings.HasPrefix(e.Seen, "rollcall/") { // the numbers of runs are redacted
		return !e.At.Before(m.from) && !e.At.After(m.to)
	}
	return m.logged[kept(e.ID)]
}

// lastPresent is the newest moment in which somebody was where they should be; -1: none.
func (s *Stage) lastPresent(ctx context.Context, q trace.Query) (int, error) {
	for i := len(s.past.moments) - 1; i >= 0; i-- {
		worlds, err := s.worlds(s.past.moments[i].path)
		if err != nil {
			return 0, err
		}
		got, err := (&engine.Engine{Worlds: worlds}).Why(ctx, []trace.Query{q})
		if err != nil {
			return 0, err
		}
		if a := got.Answers[0]; a.Err == nil && a.Trace.Verdict == trace.Present {
			return i, nil
		}
	}
	return -1, nil
}

// Since is what history should say of a question, and what it said: of two recordings, the last one of when all was well
// and one of now; of one of now alone; of the services; of two redacted recordings. An answer that is right is empty.
type Since struct {
	Sentence string // after which it was no longer well; of a tale that says so another one
	Because  string // the sentence of the event that is to be named, where it is another one
	Unknown  string // why nothing can know the moment

	Captures, Alone, Live, Redacted string
}

// Right tells whether all four answers are.
func (s *Since) Right() bool { return s.Captures+s.Alone+s.Live+s.Redacted == "" }

// since asks for the history of somebody who is no longer where they were; nil: they never were, in this tale.
func (s *Stage) since(ctx context.Context, l Line, q trace.Query, want cause.Code, recorded, redacted string) (*Since, error) {
	who := q.Subject
	byID := trace.Query{Subject: orElse(s.ids[strings.ToLower(q.Subject)], q.Subject)}
	if q.Group != "" {
		byID.Group = s.ids[strings.ToLower(q.Group)]
	}
	i, err := s.lastPresent(ctx, byID)
	if err != nil || i < 0 {
		return nil, err
	}
	was := s.past.moments[i]
	e := expected{want: want, was: was.to, is: s.Clock.Now(), at: s.past.moments[i+1]}
	e.event = e.at
	out := &Since{Sentence: e.at.after.Text}
	if told, ok := s.told[l.Text]; ok {
		if err := s.adjust(&e, out, told); err != nil {
			return nil, err
		}
	}
	before := filepath.Join(s.past.folder, fmt.Sprintf("redacted-%d-%d", l.No, i))
	worlds, err := compose.Bundle(was.path, nil)
	if err != nil {
		return nil, err
	}
	if _, err := (&engine.Engine{Worlds: worlds}).Capture(ctx, engine.CaptureRequest{Path: before, Redact: true}); err != nil {
		return nil, err
	}
	if q.Subject = s.called(q.Subject); want == cause.NotInSource { // whom Entra forgot nobody knows by the id
		q.Subject = mail(who)
	}
	for _, way := range []struct {
		q      trace.Query
		paths  []string
		answer *string
	}{
		{byID, []string{was.path, recorded}, &out.Captures}, {byID, []string{recorded}, &out.Alone}, {q, []string{""}, &out.Live}, {byID, []string{before, redacted}, &out.Redacted},
	} {
		h, err := s.history(ctx, way.q, way.paths)
		if err != nil {
			return nil, err
		}
		*way.answer = e.judge(h, len(way.paths) > 1)
	}
	return out, nil
}

// history asks for it, with what rollcall's own log says where there is one.
func (s *Stage) history(ctx context.Context, q trace.Query, paths []string) (history.History, error) {
	var recordings []engine.Recording
	for _, path := range paths {
		worlds, err := s.worlds(path)
		if err != nil {
			return history.History{}, err
		}
		recordings = append(recordings, engine.Recording{From: path, Worlds: worlds})
	}
	var own engine.Past
	if s.Sync != nil {
		own = s.Sync.Store
	}
	return engine.History(ctx, recordings, q, s.Connection.Name, own, nil)
}

// told is what a tale says of a history itself, for `WHO [in GROUP]: CAUSE`.
type told struct{ since, because, unknown string }

// histories reads the lines of a section: QUESTION since "SENTENCE"[ because "SENTENCE"], or QUESTION since unknown[
// because "SENTENCE"]: WHY.
func histories(a Act) (map[string]told, error) {
	out := map[string]told{}
	for _, l := range a.Lines {
		question, rest, ok := strings.Cut(l.Text, " since ")
		var t told
		if rest, ok = strings.CutPrefix(rest, "unknown"); ok {
			rest, t.unknown, _ = strings.Cut(rest, ": ")
		}
		since, because, _ := strings.Cut(rest, " because ")
		t.since, t.because = strings.Trim(since, `"`), strings.Trim(because, `"`)
		if t == (told{}) || !strings.Contains(question, ": ") {
			return nil, fmt.Errorf("line %d: %q is no history: WHO [in GROUP]: CAUSE since \"SENTENCE\"", l.No, l.Text)
		}
		out[question] = t
	}
	return out, nil
}

// adjust takes what the tale says.
func (s *Stage) adjust(e *expected, out *Since, t told) error {
	find := func(sentence string) (moment, error) {
		for i := len(s.past.moments) - 1; i >= 0; i-- {
			if s.past.moments[i].after.Text == sentence {
				return s.past.moments[i], nil
			}
		}
		return moment{}, fmt.Errorf("no sentence of the tale so far: %q", sentence)
	}
	var errs [2]error
	if t.unknown == "" {
		e.at, errs[0] = find(t.since)
		out.Sentence = t.since
	}
	e.event, e.unknown, out.Unknown = e.at, t.unknown != "", t.unknown
	e.silent = e.unknown && t.because == ""
	if t.because != "" {
		e.event, errs[1] = find(t.because)
		out.Because = t.because
	}
	return errors.Join(errs[:]...)
}

// expected is what a history is to say.
type expected struct {
	want      cause.Code
	was, is   time.Time
	at, event moment
	unknown   bool // nothing can know the moment
	silent    bool // nor what did it
}

// judge says what is wrong with a history.
func (e *expected) judge(h history.History, captures bool) string {
	b := h.Broke
	switch {
	case b == nil:
		return "it says that nothing broke"
	case b.Cause != e.want:
		return fmt.Sprintf("it broke by %s", b.Cause)
	case !captures && !b.After.IsZero():
		return fmt.Sprintf("of one moment it says that all was well at %s", b.After)
	case captures && (!b.After.Equal(e.was) || !b.Before.Equal(e.is)):
		return fmt.Sprintf("it broke between %s and %s, not between the recordings", b.After, b.Before)
	case captures && len(b.Was) == 0:
		return "it does not say what was otherwise"
	case len(b.Is) == 0:
		return "it does not say what is wrong"
	}
	var home cause.Hop
	for _, hop := range h.Moments[len(h.Moments)-1].Trace.Hops {
		if hop.Cause == e.want && home == "" {
			home = hop.Hop
		}
	}
	if k, ok := cause.Get(e.want); ok && home == "" {
		home = k.Home
	}
	switch {
	case b.Hop != home:
		return fmt.Sprintf("the difference is at the station %s, the cause at %s", b.Hop, home)
	case e.unknown && !b.At.IsZero(), e.silent && b.Event != nil:
		return fmt.Sprintf("it names %s, %+v, which nothing can know", b.At, b.Event)
	case e.unknown && b.Untold == "":
		return "it does not say what would tell"
	case e.silent:
		return ""
	case !e.unknown && b.At.IsZero():
		return fmt.Sprintf("it does not know when: event %+v, change %+v, %s", b.Event, b.Change, b.Untold)
	case !e.unknown && (b.At.Before(e.at.from) || b.At.After(e.at.to)):
		return fmt.Sprintf("it broke at %s: event %+v, change %+v", b.At, b.Event, b.Change)
	case b.Event == nil:
		return fmt.Sprintf("it names no event: %s", b.Untold)
	case !e.event.wrote(b.Event):
		return fmt.Sprintf("the event is not of %q: %+v", e.event.after.Text, *b.Event)
	}
	return ""
}
