package trace

import (
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Evaluation is a connection's rules applied to one user or group, step by step: what each clause of the scoping filter
// compared, and how each attribute mapping came to its value, beside what the target has. Values are cut at a
// thousand characters; what Redact hides is hidden here too.
type Evaluation struct {
	Method string `json:"method"` // of the connection
	Object string `json:"object"` // User, Group
	Rules  string `json:"rules"`  // FromSchema, FromDefaults, FromOwn

	Scope ScopeEvaluation `json:"scope"`

	Record     string              `json:"record,omitzero"`      // id of the target's record that the values are compared with
	RecordNote string              `json:"record_note,omitzero"` // in place of Record: why there is none
	Mapping    []MappingEvaluation `json:"mapping"`              // in the order of the rules
}

// Where the rules of an evaluation come from.
const (
	FromSchema   = "schema"   // the tenant's own synchronization schema
	FromDefaults = "defaults" // of the method
	FromOwn      = "rules"    // rollcall's own, as rollcall.yaml has them
)

// ScopeEvaluation is the scoping filter. One of the groups must pass, and one of the input groups, where there are any.
type ScopeEvaluation struct {
	Outcome Status        `json:"outcome"`       // Pass, Fail, NotKnown; Skipped where the method has no filter
	Note    string        `json:"note,omitzero"` // where there are no groups: why
	Groups  []ClauseGroup `json:"groups"`
}

// ClauseGroup is a named set of clauses, all of which must pass.
type ClauseGroup struct {
	Name    string   `json:"name"`
	Input   bool     `json:"input,omitzero"` // who fails an input filter is dropped, and not deprovisioned
	Outcome Status   `json:"outcome"`
	Clauses []Clause `json:"clauses"`
}

// Clause compares one attribute.
type Clause struct {
	Attribute string   `json:"attribute"`
	Operator  string   `json:"operator"`
	Values    []string `json:"values"`
	Text      string   `json:"text"`   // the three together
	Actual    Shown    `json:"actual"` // the attribute's value
	Outcome   Status   `json:"outcome"`
	Reason    string   `json:"reason,omitzero"` // why the outcome is unknown
}

// Evaluate applies the rules to whom a query is about. ok is false where there is nobody to apply them to: unknown to
// Entra, or not told apart.
func (t *Tracer) Evaluate(query Query) (e Evaluation, ok bool) {
	c, ok, err := t.findOne(query.Subject)
	switch {
	case err != nil || !ok:
		return Evaluation{}, false
	case c.isGroup():
		return t.evaluateGroup(c)
	}
	return t.evaluateUser(c)
}

func (t *Tracer) evaluateUser(c candidate) (Evaluation, bool) {
	q := &inquiry{Tracer: t, p: t.personOf(c), subject: c.subject, asked: orElse(c.subject.Display, c.subject.Name), quiet: true}
	user := q.p.source()
	if user == nil {
		return Evaluation{}, false
	}
	get := user.AttributeOf(t.told)
	hidden := secretsOf(t.rules.User)
	e := Evaluation{Method: t.w.Method(), Object: "User", Rules: t.rulesFrom(), Scope: t.evaluateScope(t.userFilter, get, "users", hidden)}
	gone, why := q.softDeleted(e.Scope.Outcome)
	ev := evaluator{rules: t.rules.User, get: withSoftDeleted(get, gone), hidden: hidden, softDeleted: why, nullStays: t.entra()}
	e.Record, e.RecordNote, ev.have = q.recordReader()
	e.Mapping = ev.rows(t.rules.User.Map(get, gone))
	return e, true
}

func (t *Tracer) evaluateGroup(c candidate) (Evaluation, bool) {
	if c.group < 0 {
		return Evaluation{}, false
	}
	doc := &t.w.Groups[c.group]
	hidden := secretsOf(t.rules.Group)
	e := Evaluation{Method: t.w.Method(), Object: "Group", Rules: t.rulesFrom(), Scope: t.evaluateScope(t.groupFilter, doc.Attribute, "groups", hidden)}
	ev := evaluator{rules: t.rules.Group, get: withSoftDeleted(doc.Attribute, false), hidden: hidden, skip: "members", nullStays: t.entra()}
	e.Record, e.RecordNote, ev.have = t.groupReader(uint32(c.group))
	e.Mapping = ev.rows(t.rules.Group.Map(doc.Attribute, false))
	return e, true
}

func (t *Tracer) rulesFrom() string {
	if t.own != nil && t.w.OwnRules != nil {
		return FromOwn
	}
	if t.own == nil && t.rules.Known || t.own != nil && t.own.rules.Mapping.Known {
		return FromSchema
	}
	return FromDefaults
}

// evaluateScope evaluates a scoping filter as the hop of that name does: Entra's own service applies the filters of its
// schema, rollcall those of its rules.
func (t *Tracer) evaluateScope(f *scope.Filter, get scope.Reader, whom string, hidden secrets) ScopeEvaluation {
	out := ScopeEvaluation{Outcome: Skipped, Groups: []ClauseGroup{}}
	switch {
	case t.guard():
		out.Note = "Guard's connector has no scoping filters"
		return out
	case t.own != nil && f.Evaluate(get).Groups == nil:
		out.Note = "rollcall's rules have no scoping filter on " + whom
		return out
	case t.own != nil:
	case !t.w.Has(document.SynchronizationRule):
		out.Outcome, out.Note = NotKnown, "scoping filters were not read: "+t.tell(document.SynchronizationRule)
		return out
	case !t.rules.Known:
		out.Note = "the synchronization schema has no mapping from Entra's users to the application"
		return out
	}
	result := f.Evaluate(get)
	out.Outcome = Status(result.Outcome)
	if len(result.Groups) == 0 {
		out.Note = "no scoping filter on " + whom
	}
	for _, g := range result.Groups {
		out.Groups = append(out.Groups, clauseGroup(g, hidden))
	}
	return out
}

// softDeleted tells what Entra computes as IsSoftDeleted, and why: deleted, disabled, or not in scope any more.
func (q *inquiry) softDeleted(filter Status) (gone bool, why string) {
	switch {
	case q.p.user == nil:
		return true, "deleted in Entra"
	case document.Is(q.p.user.AccountEnabled, false):
		return true, "disabled in Entra"
	case filter == Fail:
		return true, "the scoping filter keeps the user out"
	}
	q.r = q.reachOf(q.p.ord, q.p.user.ID)
	switch in := q.assignment(q.r); {
	case in == refuted:
		return true, "not in scope"
	case in == unknown || filter == NotKnown:
		return false, "taken as in scope, which is not known for certain"
	case !q.p.user.AccountEnabled.Known:
		return false, "taken as enabled; accountEnabled was not read"
	}
	return false, "enabled and in scope"
}

// withSoftDeleted adds the attribute that is computed, not stored.
func withSoftDeleted(get mapping.Reader, gone bool) mapping.Reader {
	return func(name string) document.AttributeValue {
		if same(name, isSoftDeleted) {
			return document.BoolValue(gone)
		}
		return get(name)
	}
}

const isSoftDeleted = "IsSoftDeleted"
