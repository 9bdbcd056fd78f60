package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// change is what rollcall would have to do about somebody who is not as they should be.
type change struct {
	verdict Verdict
	group   int32  // of a membership; noGroup
	kind    string // plan.KindUser, plan.KindGroup
	id      string // of the user or group
	member  string // of a membership: the user
	what    string // in words: "Ada's record", "the group devs"
}

// awaits says why rollcall has not done what it would have to: it waits for a person, it failed, or nobody let it be
// done yet. What neither the log nor the plan of the moment holds is left to the causes that follow.
func (q *inquiry) awaits(c change) {
	if q.own == nil || c.id == "" {
		return
	}
	if !q.w.Has(document.OwnLog) && c.verdict == Extra {
		// Still active is still active: it is named, and beside it what the log would make of it.
		q.alternatives = append(q.alternatives, Alternative{cause.HeldForApproval, "it may wait for a person: " + q.tell(document.OwnLog)}, Alternative{cause.NotApplied, "the next run may do it: " + q.tell(document.OwnLog)})
		return
	}
	if c.verdict == Extra && !q.w.Has(document.ScimUsers) {
		q.alternatives = append(q.alternatives, Alternative{cause.NotApplied, "if the record is rollcall's, the next run does it: " + q.tell(document.ScimUsers)})
	}
	if c.verdict == Extra && !q.w.Has(document.OwnLinks) { // nothing is known to be rollcall's
		q.alternatives = append(q.alternatives, Alternative{cause.NotApplied, "if the record is rollcall's, the next run does it: " + q.tell(document.OwnLinks)})
	}
	if c.verdict != Extra && q.w.OwnRules == nil {
		q.maybe(c.group, document.OwnRulesFile, cause.ScopingFilter, cause.NestedGroup)
	}
	if !q.w.Has(document.OwnLog) {
		q.maybe(c.group, document.OwnLog, cause.HeldForApproval, cause.NotApplied, cause.ProvisioningFailed)
		return
	}
	if e := q.logged(c); e != nil {
		q.unsettled(c, e)
		return
	}
	p := q.own.plan()
	would, ok := p.steps[c.kind+" "+facts.Fold(c.id)]
	if c.member != "" {
		would, ok = p.members[facts.Fold(c.id)+" "+facts.Fold(c.member)]
	}
	if !ok {
		return
	}
	last, ev := q.lastRun()
	summary := fmt.Sprintf("rollcall would %s %s when it runs next: %s.", verb(would.op), c.what, last)
	hop := "not applied yet: " + last
	if would.held != "" {
		summary = fmt.Sprintf("rollcall has not touched %s yet (%s), and will ask first: %s.", c.what, last, would.held)
	}
	q.fail(cause.NotApplied, c.verdict, c.group, hop, summary, q.ownValues(c), ev, Evidence{"rollcall plan", strings.TrimSpace(would.op + ": " + would.why)})
}

// verb is what an operation does to a record, a group or a membership.
func verb(op string) string {
	switch plan.Op(op) {
	case plan.Create, plan.AddMembers:
		return "make"
	case plan.Deactivate:
		return "deactivate"
	case plan.Reactivate:
		return "activate"
	case plan.Delete:
		return "delete"
	case plan.RemoveMembers:
		return "end"
	}
	return "mend"
}

// unsettled says what the log has.
func (q *inquiry) unsettled(c change, e *document.OwnEntry) {
	ev := seen(document.OwnLog, "%s, run %s: %s %s: %s", moment(e.At.Time), e.Run, e.Op, e.Outcome, orElse(e.Text, orElse(e.Code, "no text")))
	vals := q.ownValues(c)
	vals["run"], vals["step"] = e.Run, e.Step
	if e.Member.ID != "" {
		vals["step"] += "/" + e.Member.ID
	}
	switch e.Outcome {
	case "held":
		q.fail(cause.HeldForApproval, c.verdict, c.group, "waits for a person: "+orElse(e.Code, "held"),
			fmt.Sprintf("What rollcall would do about %s waits for a person: %s.", c.what, strings.TrimSuffix(e.Text, ".")), vals, ev)
	case "failed", "unsure":
		q.fail(cause.ProvisioningFailed, c.verdict, c.group, e.Op+" "+e.Outcome,
			fmt.Sprintf("rollcall could not mend %s: %s.", c.what, strings.TrimSuffix(orElse(e.Text, fmt.Sprintf("status %d", e.Status)), ".")), vals, ev)
	case "intended":
		q.fail(cause.NotApplied, c.verdict, c.group, "a run is at it, or was interrupted",
			fmt.Sprintf("A run had begun on %s, and nobody has said what came of it: it is at work, or was interrupted.", c.what), vals, ev)
	default: // blocked by what was not done, no longer as it had been read, or interrupted: the next run does it
		q.fail(cause.NotApplied, c.verdict, c.group, "not done by the last run: "+e.Outcome,
			fmt.Sprintf("The last run did not get to %s: %s.", c.what, strings.TrimSuffix(orElse(e.Text, e.Outcome), ".")), vals, ev)
	}
}

func (q *inquiry) ownValues(c change) values {
	v := values{}
	if c.kind == plan.KindGroup {
		if g, ok := q.w.GroupByID(c.id); ok {
			v["group"] = q.w.Groups[g].DisplayName
		}
	}
	return v
}

// takesAway tells whether a change takes something away from somebody: one that does cannot mend what is missing, and
// nobody may be told to let it go for that.
func takesAway(op string) bool {
	switch plan.Op(op) {
	case plan.Deactivate, plan.Delete, plan.RemoveMembers:
		return true
	}
	return false
}

// logged is the newest entry about a change.
func (q *inquiry) logged(c change) *document.OwnEntry {
	for _, i := range slices.Backward(q.own.log[facts.Fold(orElse(c.member, c.id))]) {
		e := &q.w.OwnLog[i]
		if e.Kind == c.kind && same(e.Subject.ID, c.id) && same(e.Member.ID, c.member) && takesAway(e.Op) == (c.verdict == Extra) {
			return e
		}
	}
	return nil
}

// lastRun says when rollcall last ran.
func (q *inquiry) lastRun() (string, Evidence) {
	if !q.w.Has(document.OwnRuns) {
		return "when it last ran was not told", Evidence{q.w.Call(document.OwnRuns), "not read"}
	}
	var last *document.OwnRun
	for i := range q.w.OwnRuns {
		if r := &q.w.OwnRuns[i]; last == nil || r.Started.After(last.Started.Time) {
			last = r
		}
	}
	if last == nil {
		return "no run of it is known here", seen(document.OwnRuns, "no run")
	}
	words := fmt.Sprintf("its last run began %s", moment(last.Started.Time))
	return words, seen(document.OwnRuns, "%s: %s, %s", last.ID, last.Command, join(": ", last.State, last.Text))
}

// ownRecord marks an entry of rollcall's own log.
const ownRecord = "rollcall"

// refusal is a conflict (409) that rollcall itself met: the causes behind it are those that Entra's service meets.
func (q *inquiry) refusal() (attempt, bool) {
	if q.own == nil || q.p.user == nil {
		return attempt{}, false
	}
	e := q.logged(change{kind: plan.KindUser, id: q.p.user.ID})
	if e == nil || e.Outcome != "failed" || e.Status != 409 {
		return attempt{}, false
	}
	rec := document.ProvisioningRecord{ID: ownRecord, Action: e.Op}
	rec.Status.Status = "failure"
	rec.ActivityDateTime = e.At
	rec.Status.ErrorInformation = &document.ErrorDetails{ErrorCode: "409", Reason: e.Text}
	return attempt{known: true, record: &rec, kind: conflict}, true
}
