package history

import (
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/ledger"
)

// FromLedger is what rollcall itself did to the subject, or would not do.
func FromLedger(list []ledger.Entry) []Event {
	var out []Event
	for i := range list {
		e := &list[i]
		words := e.Op + " " + e.Kind + " " + e.Subject.Name + ": " + string(e.Outcome)
		if e.Why != "" {
			words += ", because " + e.Why
		}
		if e.Text != "" {
			words += "; " + e.Text
		}
		out = append(out, byRollcall(e.At, e.Run, e.Step, ownKind(e.Op, e.Outcome), words, e.Approved))
	}
	return out
}

// own is what a recording has of rollcall's log: what is not done, or waits for a person.
func (y *way) own() []Event {
	var out []Event
	for i := range y.w.OwnLog {
		e := &y.w.OwnLog[i]
		member := y.is(e.Member.ID)
		_, name, on := y.on(e.Subject.ID)
		if !y.is(e.Subject.ID) && !on || on && e.Member.ID != "" && !member {
			continue
		}
		words := e.Op + " " + e.Kind + " " + e.Subject.Name + ": " + e.Outcome
		if e.Text != "" {
			words += "; " + e.Text
		}
		event := byRollcall(e.At.Time, e.Run, e.Step, ownKind(e.Op, ledger.Outcome(e.Outcome)), words, "")
		if event.Seen = string(document.OwnLog); on && !member {
			event.About = "group " + name
		}
		if on {
			event.group = facts.Fold(e.Subject.ID)
		}
		out = append(out, event)
	}
	return out
}

func byRollcall(at time.Time, run, step string, kind Kind, words, by string) Event {
	return Event{
		At: at, Log: ownLog, Seen: "rollcall log --run " + run, ID: run + "/" + step, Kind: kind, Text: strings.TrimSpace(words), By: by,
		Bad: natures[kind].takes, mark: run + "/" + step,
	}
}

func ownKind(op string, o ledger.Outcome) Kind {
	switch o {
	case ledger.Done:
		switch op {
		case "deactivate", "remove-members", "delete":
			return TakenAway
		}
		return Provisioned
	case ledger.Held:
		return HeldBack
	case ledger.Failed:
		return Refused
	case ledger.Intended: // what came of it is not known yet
		return ""
	}
	return Skipped
}
