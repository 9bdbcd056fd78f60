package stories

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// Answer is what rollcall said in a story, three ways: asking the services, from a recording of them, and from a
// redacted recording.
type Answer struct {
	Line     Line
	Want     string
	Live     string
	Recorded string
	Redacted string
	Requests int // of the live answer
	Trace    *trace.Trace
	Roll     *trace.RollCall
	Since    *Since // when it broke; nil: it never was otherwise, or all is well
}

// Right tells whether all three answers are as wanted, and so is their history.
func (a *Answer) Right() bool {
	return a.Live == a.Want && a.Recorded == a.Want && a.Redacted == a.Want && (a.Since == nil || a.Since.Right())
}

// Play lets a story happen and hands every act and every answer over as they come.
func Play(ctx context.Context, s *Story, happens func(Line), answered func(Answer)) (err error) {
	stage, err := Set(ctx, s.Method, s.Rules)
	if err != nil {
		return fmt.Errorf("story %s: %w", s.Name, err)
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	if stage.past.folder, err = os.MkdirTemp("", "rollcall-story-*"); err != nil {
		return fmt.Errorf("recording the services: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage.past.folder)) }()
	stage.told, stage.used = s.Histories, map[string]bool{}
	if err := stage.remember(ctx, Line{}, stage.Clock.Now()); err != nil {
		return fmt.Errorf("story %s: %w", s.Name, err)
	}
	for _, act := range s.Acts {
		switch act.Kind {
		case Happens:
			for _, l := range act.Lines {
				happens(l)
				from := stage.Clock.Now()
				if err := stage.Say(ctx, l.Text); err != nil {
					return fmt.Errorf("story %s, line %d: %w", s.Name, l.No, err)
				}
				if err := stage.remember(ctx, l, from); err != nil {
					return fmt.Errorf("story %s, line %d: %w", s.Name, l.No, err)
				}
			}
		case Asked, RollCall:
			answers, err := stage.ask(ctx, act)
			if err != nil {
				return fmt.Errorf("story %s, line %d: %w", s.Name, act.Lines[0].No, err)
			}
			for _, a := range answers {
				answered(a)
			}
		}
	}
	if err := stage.idle(); err != nil {
		return fmt.Errorf("story %s, %w", s.Name, err)
	}
	return nil
}

// ask puts the questions of an act.
func (s *Stage) ask(ctx context.Context, act Act) (out []Answer, err error) {
	folder, err := os.MkdirTemp("", "rollcall-story-*")
	if err != nil {
		return nil, fmt.Errorf("recording the services: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	recorded, redacted := filepath.Join(folder, "recorded"), filepath.Join(folder, "redacted")
	if err := errors.Join(s.record(ctx, recorded, false), s.record(ctx, redacted, true)); err != nil {
		return nil, err
	}
	if act.Kind == RollCall {
		a := Answer{Line: act.Lines[0], Want: wanted(act)}
		live, n, err := s.roll(ctx, "")
		if err != nil {
			return nil, err
		}
		a.Roll, a.Live, a.Requests = &live, s.findings(live, nil), n
		for path, to := range map[string]*string{recorded: &a.Recorded, redacted: &a.Redacted} {
			r, _, err := s.roll(ctx, path)
			if err != nil {
				return nil, err
			}
			*to = s.findings(r, live.Findings)
		}
		return []Answer{a}, nil
	}
	for _, l := range act.Lines {
		a, err := s.why(ctx, l, recorded, redacted)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func (s *Stage) record(ctx context.Context, path string, redact bool) error {
	worlds, err := s.Worlds()
	if err != nil {
		return err
	}
	_, err = (&engine.Engine{Worlds: worlds}).Capture(ctx, engine.CaptureRequest{Path: path, Redact: redact})
	return err
}

// worlds are the recorded ones, or without a path the services.
func (s *Stage) worlds(path string) (w engine.Worlds, err error) {
	if path == "" {
		w, err = s.Worlds()
	} else {
		w, err = compose.Bundle(path, nil)
	}
	return measured{w}, err
}

func (s *Stage) roll(ctx context.Context, path string) (trace.RollCall, int, error) {
	worlds, err := s.worlds(path)
	if err != nil {
		return trace.RollCall{}, 0, err
	}
	s.forget()
	r, err := (&engine.Engine{Worlds: worlds}).Check(ctx, engine.CheckRequest{})
	return r, s.requests(), err
}

// why asks about one person, live by name, in recordings by the id, which a redaction keeps.
func (s *Stage) why(ctx context.Context, l Line, recorded, redacted string) (Answer, error) {
	question, want, ok := strings.Cut(l.Text, ": ")
	if !ok {
		return Answer{}, fmt.Errorf("%q is no question: WHO [in GROUP]: CAUSE", l.Text)
	}
	who, group, _ := strings.Cut(question, " in ")
	a := Answer{Line: l, Want: want}
	for path, to := range map[string]*string{"": &a.Live, recorded: &a.Recorded, redacted: &a.Redacted} {
		q := trace.Query{Subject: s.called(who), Group: group}
		if path != "" {
			q.Subject = orElse(s.ids[strings.ToLower(who)], q.Subject)
			q.Group = s.ids[strings.ToLower(group)]
		}
		worlds, err := s.worlds(path)
		if err != nil {
			return a, err
		}
		s.forget()
		got, err := (&engine.Engine{Worlds: worlds}).Why(ctx, []trace.Query{q})
		if err != nil {
			return a, err
		}
		if path == "" {
			a.Requests = s.requests()
		}
		if err := got.Answers[0].Err; err != nil {
			*to = err.Error()
			continue
		}
		t := got.Answers[0].Trace
		if *to = string(t.Cause); t.Cause == "" {
			*to = string(t.Verdict)
		}
		if strings.Contains(want, orElseOf) {
			*to += orElseOf + others(t)
		}
		if path == "" {
			a.Trace = &t
		}
	}
	if want == string(trace.Present) {
		return a, nil
	}
	var err error
	a.Since, err = s.since(ctx, l, trace.Query{Subject: who, Group: group}, cause.Code(want), recorded, redacted)
	return a, err
}

// orElseOf stands before the causes that an answer names as alternatives.
const orElseOf = ", or else "

// others are the alternatives of an answer.
func others(t trace.Trace) string {
	var out []string
	for _, a := range t.Alternatives {
		out = append(out, string(a.Cause))
	}
	return strings.Join(out, ", ")
}

// called is how a person types somebody: a group by its name, a person by the user principal name.
func (s *Stage) called(who string) string {
	if id := s.ids[strings.ToLower(who)]; id != "" && strings.Contains(who, ".") && !strings.Contains(who, "@") {
		return id
	}
	return who
}

func (s *Stage) forget() {
	s.Entra.ForgetRequests()
	s.Atlassian.ForgetRequests()
}

func (s *Stage) requests() int {
	n := len(s.Atlassian.Requests())
	for _, r := range s.Entra.Requests() {
		if !r.Part {
			n++
		}
	}
	return n
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// wanted is what the roll call of a tale says, sorted.
func wanted(act Act) string {
	if len(act.Lines) == 1 && act.Lines[0].Text == "nothing" {
		return ""
	}
	var out []string
	for _, l := range act.Lines {
		out = append(out, l.Text)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// findings writes a roll call as tales do. Where its names are redacted, those of the same subjects in another one are
// taken.
func (s *Stage) findings(r trace.RollCall, named []trace.Finding) string {
	var out []string
	free := slices.Clone(named)
	for _, f := range r.Findings {
		who, group := f.Subject.Name, f.Subject.Group
		for _, alike := range []func(n trace.Finding) bool{
			func(n trace.Finding) bool { return n.Subject.Group == group }, // not redacted, or of no group
			func(n trace.Finding) bool { return n.Cause == f.Cause },
			func(trace.Finding) bool { return true },
		} {
			i := slices.IndexFunc(free, func(n trace.Finding) bool {
				return n.Subject.ID == f.Subject.ID && n.Subject.Kind == f.Subject.Kind && (group == "") == (n.Subject.Group == "") && alike(n)
			})
			if i >= 0 {
				who, group = free[i].Subject.Name, free[i].Subject.Group
				free = slices.Delete(free, i, i+1)
				break
			}
		}
		handle, _, _ := strings.Cut(who, "@")
		line := fmt.Sprintf("%s %s %s", f.Verdict, f.Subject.Kind, handle)
		if group != "" {
			line += " in " + group
		}
		c := string(f.Cause)
		if f.Cause == cause.Code("") {
			c = "?"
		}
		out = append(out, line+": "+c)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

var _ fs.FS = tales
