// Package mapping says which value each target attribute should have: by the mappings of a synchronization schema, or
// by the defaults of a method where no schema is at hand. It computes values and names what is missing or cannot
// work; it compares nothing with the target and decides no cause.
package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
)

// Rules are the mappings of a connection.
type Rules struct {
	Known       bool // from the tenant's own schema; false: the defaults of the method
	User, Group ObjectRules
}

// ObjectRules map one object type.
type ObjectRules struct {
	Object              string // User, Group
	Name                string // the object mapping's name in the schema
	Present             bool   // there is such a mapping
	Enabled             bool
	Add, Update, Delete bool
	Scope               *document.Filter
	Attributes          []AttributeRule
	Matching            []string // target attributes, in the order in which they are tried
}

// AttributeRule fills one target attribute.
type AttributeRule struct {
	Target   string
	Source   string               // the expression as stored; empty where only a default is written
	Expr     *expr.Expr           // nil where there is no source or Err says why it cannot be read
	Err      error                // the expression could not be read
	Default  document.Opt[string] // written when the source is null, on creation only
	Matching int                  // 0: not used for matching
	FlowType string               // Always, ObjectAddOnly, …
	Flow     bool                 // the row writes something: it has a source or a default
}

// Reader gives a source attribute by name.
type Reader func(name string) document.AttributeValue

// Result holds the values of one object by target attribute, as the rules spell it.
type Result struct {
	Values map[string]Mapped
	order  []string
}

// Mapped is the value of one target attribute.
type Mapped struct {
	Text    string
	Values  []string // not nil: a list
	Null    bool     // nothing is written: Entra does not flow null
	Known   bool
	Default bool   // the default; it is written on creation only
	Err     error  // the expression fails; *expr.NotEvaluatedError where there is only no answer here
	From    string // the expression
	Why     string // why it is not known
}

// Empty tells whether the value is known to be missing.
func (m Mapped) Empty() bool { return m.Known && len(m.Values) == 0 && (m.Null || m.Text == "") }

// Map computes the values of one object. softDeleted is what Entra computes as IsSoftDeleted: not assigned, filtered
// out, soft-deleted or disabled.
func (o ObjectRules) Map(get func(name string) document.AttributeValue, softDeleted bool) Result {
	read := func(name string) document.AttributeValue {
		if strings.EqualFold(name, "IsSoftDeleted") {
			return document.BoolValue(softDeleted)
		}
		return get(name)
	}
	r := Result{Values: map[string]Mapped{}}
	for _, a := range o.Attributes {
		if _, twice := r.Values[a.Target]; twice || !a.Flow {
			continue
		}
		r.Values[a.Target] = a.value(read)
		r.order = append(r.order, a.Target)
	}
	return r
}

// Sources are the source attributes that the scoping filter and the mappings read, each once.
func (o ObjectRules) Sources() []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			names = append(names, name)
		}
	}
	if o.Scope != nil {
		for _, g := range slices.Concat(o.Scope.Groups, o.Scope.InputFilterGroups) {
			for _, c := range g.Clauses {
				add(c.SourceOperandName)
			}
		}
	}
	for _, a := range o.Attributes {
		if a.Expr != nil {
			for _, name := range a.Expr.Attributes() {
				add(name)
			}
		}
	}
	return names
}

func (a AttributeRule) value(read Reader) Mapped {
	m := Mapped{From: a.Source}
	switch {
	case a.Err != nil:
		m.Err, m.Why = a.Err, a.Err.Error()
		return m
	case a.Expr == nil:
		m.Known, m.Null = true, true
	default:
		v, err := a.Expr.Eval(read)
		if err != nil {
			m.Err, m.Why = fmt.Errorf("%s ← %s: %w", a.Target, a.Source, err), err.Error()
			return m
		}
		if !v.Known {
			m.Why = a.untold(read)
			return m
		}
		m.Text, m.Values, m.Null, m.Known = v.Text, v.Values, v.Null, true
	}
	if m.Null && a.Default.Known && !a.Default.Null {
		m.Text, m.Values, m.Null, m.Default = a.Default.Value, nil, false, true
	}
	return m
}

// untold names the attributes that the documents do not carry.
func (a AttributeRule) untold(read Reader) string {
	var names []string
	for _, name := range a.Expr.Attributes() {
		if !read(name).Known {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ") + ": not in the documents"
}

// Unanswered tells whether an error only means that there is no answer here; Entra itself may have one.
func Unanswered(err error) bool {
	var n *expr.NotEvaluatedError
	var p *expr.ParseError
	return errors.As(err, &n) || errors.As(err, &p)
}

// UserName is the value of userName. Like the others it is not known, with a reason, where no row fills it.
func (r Result) UserName() Mapped { return r.find("username") }

// ExternalID is the value of externalId.
func (r Result) ExternalID() Mapped { return r.find("externalid") }

// DisplayName is the value of displayName.
func (r Result) DisplayName() Mapped { return r.find("displayname") }

// Active is the value of active, "True" or "False".
func (r Result) Active() Mapped { return r.find("active") }

func (r Result) find(key string) Mapped {
	for _, target := range r.order {
		if document.TargetKey(target) == key {
			return r.Values[target]
		}
	}
	return Mapped{Why: "no mapping fills it"}
}

// Email is the e-mail address that Atlassian takes as the account's: the primary one, else the one of type work, else
// any other address, however the target path is spelled.
func (r Result) Email() Mapped {
	if target := r.emailTarget(); target != "" {
		return r.Values[target]
	}
	return Mapped{Why: "no mapping fills it"}
}

func (r Result) emailTarget() string {
	if i := EmailTarget(r.order); i >= 0 {
		return r.order[i]
	}
	return ""
}

// emailRank orders the spellings of an e-mail target: emails[primary eq true].value, emails[type eq "work"].value, any
// other address; 0 is no address.
func emailRank(target string) int {
	key := document.TargetKey(target)
	base, rest := key, ""
	if at := strings.IndexAny(key, "[."); at >= 0 {
		base, rest = key[:at], key[at:]
	}
	filter, part := "", rest
	if at := strings.LastIndex(rest, "]"); at >= 0 {
		filter, part = rest[:at], rest[at+1:]
	}
	switch {
	case base != "emails" && base != "email" && base != "mail" || part != "" && part != ".value":
		return 0
	case strings.Contains(filter, "primaryeq"):
		return 3
	case strings.Contains(filter, `typeeq"work"`):
		return 2
	}
	return 1
}

// EmailTarget is the place of the target that Atlassian takes as the account's address; -1 where none is.
func EmailTarget(targets []string) int {
	best, rank := -1, 0
	for i, target := range targets {
		if n := emailRank(target); n > rank {
			best, rank = i, n
		}
	}
	return best
}

// EmailColumn is the place of that target among the columns; -1 where none is.
func EmailColumn(columns []Column) int {
	targets := make([]string, len(columns))
	for i, c := range columns {
		targets[i] = c.Target
	}
	return EmailTarget(targets)
}
