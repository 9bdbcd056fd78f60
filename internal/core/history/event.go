package history

import (
	"slices"
	"time"
)

// Event is something that a log, or a date that stands beside a fact, says of the subject or of what lies on its way:
// its groups, what is assigned, the application, its job, its account, its domain.
type Event struct {
	At    time.Time `json:"at"`
	Log   string    `json:"log"`            // which log: Entra's audit log, Entra's provisioning log, …
	Seen  string    `json:"seen"`           // API path or bundle file
	ID    string    `json:"id,omitzero"`    // of the entry in its log; none: a date that stands beside a fact
	Kind  Kind      `json:"kind,omitzero"`  // empty: no cause comes from it
	About string    `json:"about,omitzero"` // the group or thing on the way; empty: the subject itself
	Text  string    `json:"text"`
	By    string    `json:"by,omitzero"`
	Bad   bool      `json:"bad,omitzero"` // it failed, was skipped or took something away

	group  string // the group that it is about: its folded id, or its name where the log tells no id
	astray bool   // that group leads nobody into scope
	doubt  bool   // or it is not known whether it does
	mark   string // what tells entries of one kind and moment apart, also where names are redacted
}

// The logs by their names.
const (
	auditLog        = "Entra's audit log"
	provisioningLog = "Entra's provisioning log"
	organizationLog = "the organization's audit log"
	ownLog          = "rollcall"
	noLog           = "a date beside the fact"
)

// entry is what two recordings have in common of one entry.
type entry struct {
	log  string
	kind Kind
	at   int64
	mark string
}

func (e *Event) entry() entry { return entry{e.Log, e.Kind, e.At.UnixNano(), e.mark} }

// entries are those of a recording.
func entries(events []Event) map[entry]bool {
	out := make(map[entry]bool, len(events))
	for i := range events {
		out[events[i].entry()] = true
	}
	return out
}

// merged puts what rollcall's own log and several recordings tell into the order of time, each entry once: as the newest
// recording has it.
func merged(moments []Moment, own []Event) []Event {
	out, told := slices.Clone(own), entries(own)
	for i := range slices.Backward(moments) {
		for j := range moments[i].Events {
			if e := moments[i].Events[j]; !told[e.entry()] {
				out = append(out, e)
			}
		}
		for k := range entries(moments[i].Events) {
			told[k] = true
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.At.Compare(b.At) })
	return out
}
