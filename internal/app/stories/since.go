package stories

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/history"
)

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

// told is what a tale says of a history itself, for `WHO [in GROUP]: CAUSE`.
type told struct {
	no                      int // of its line
	since, because, unknown string
	silent                  string // why nothing can know what did it, although the moment is known
}

// histories reads the lines of a section: QUESTION since "SENTENCE"[ because "SENTENCE"], QUESTION since "SENTENCE" because
// unknown: WHY, or QUESTION since unknown[ because "SENTENCE"]: WHY.
func histories(a Act) (map[string]told, error) {
	out := map[string]told{}
	for _, l := range a.Lines {
		question, rest, _ := strings.Cut(l.Text, " since ")
		t := told{no: l.No}
		if after, ok := strings.CutPrefix(rest, "unknown"); ok {
			rest, t.unknown, _ = strings.Cut(after, ": ")
		}
		since, because, _ := strings.Cut(rest, " because ")
		if why, ok := strings.CutPrefix(because, "unknown: "); ok {
			because, t.silent = "", why
		}
		t.since, t.because = strings.Trim(since, `"`), strings.Trim(because, `"`)
		if t == (told{no: l.No}) || !strings.Contains(question, ": ") {
			return nil, fmt.Errorf("line %d: %q is no history: WHO [in GROUP]: CAUSE since \"SENTENCE\"", l.No, l.Text)
		}
		out[question] = t
	}
	return out, nil
}

// idle is an error for a line of histories that is about no question.
func (s *Stage) idle() error {
	for _, question := range slices.Sorted(maps.Keys(s.told)) {
		if !s.used[question] {
			return fmt.Errorf("line %d: nobody asks %q who was well before", s.told[question].no, question)
		}
	}
	return nil
}

// adjust takes what the tale says.
func (s *Stage) adjust(e *expected, out *Since, t told) error {
	find := func(sentence string) (moment, error) {
		for _, m := range slices.Backward(s.past.moments) {
			if m.after.Text == sentence {
				return m, nil
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
	e.silent = e.unknown && t.because == "" || t.silent != ""
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
	case (e.unknown || e.silent) && b.Untold == "":
		return "it does not say what would tell"
	case !e.unknown && b.At.IsZero():
		return fmt.Sprintf("it does not know when: event %+v, change %+v, %s", b.Event, b.Change, b.Untold)
	case !e.unknown && (b.At.Before(e.at.from) || b.At.After(e.at.to)):
		return fmt.Sprintf("it broke at %s: event %+v, change %+v", b.At, b.Event, b.Change)
	case e.silent:
		return ""
	case b.Event == nil:
		return fmt.Sprintf("it names no event: %s", b.Untold)
	case !e.event.wrote(b.Event):
		return fmt.Sprintf("the event is not of %q: %+v", e.event.after.Text, *b.Event)
	}
	return ""
}
