package stories

import (
	"context"
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
	for i, m := range slices.Backward(s.past.moments) {
		worlds, err := s.worlds(m.path)
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
		s.used[l.Text] = true
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
