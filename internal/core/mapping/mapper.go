package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// mapper maps the users of a snapshot one after the other. A row of a million users must not allocate, so the usual
// case, an attribute copied as it is, is a column number.
type mapper struct {
	s       *directory.Snapshot
	sel     *scope.Selection
	rules   ObjectRules
	columns []Column
	from    []int // source column of a direct mapping; -1: an expression

	userName, email int // places in columns; -1: nothing fills it

	enabled    int            // column of accountEnabled; -1: the snapshot has none
	activeRule *AttributeRule // nil: whoever is in scope is active
	row        directory.Row
	source     directory.Sources
	standing   scope.Standing
	read       Reader
	active     bool
	values     []document.AttributeValue // the id, then the columns
	faults     []UserFault
	failed     []Failure // one for each column
}

func newMapper(s *directory.Snapshot, sel *scope.Selection, rules ObjectRules, columns []Column) *mapper {
	m := &mapper{s: s, sel: sel, rules: rules, columns: columns, userName: -1, email: EmailColumn(columns), source: s.Users.Sources()}
	m.values, m.failed = make([]document.AttributeValue, len(columns)+1), make([]Failure, len(columns))
	for i, c := range columns {
		if c.Unwritten {
			m.from = append(m.from, 0) // the id
			continue
		}
		a := rules.Attributes[c.Rule]
		at := -1
		if name, ok := direct(a); ok {
			at = m.source.Column(name)
		}
		m.from = append(m.from, at)
		if c.Key == "username" {
			m.userName = i
		}
	}
	for i, a := range rules.Attributes {
		if document.TargetKey(a.Target) == "active" && a.Flow && (a.Expr != nil || a.Err != nil) {
			m.activeRule = &rules.Attributes[i]
			break // of two rows the first counts, as everywhere
		}
	}
	m.read, m.enabled = m.get, s.Users.Column("accountEnabled")
	if m.activeRule != nil && m.activeRule.Expr != nil && !slices.ContainsFunc(m.activeRule.Expr.Attributes(), func(name string) bool { return !strings.EqualFold(name, "IsSoftDeleted") }) {
		m.standing = scope.In // the usual rule asks for nothing else: it says the same of everybody in scope
		if active, why := m.isActive(); active && why == "" {
			m.activeRule = nil
		}
	}
	return m
}

// direct tells whether a rule copies one attribute and nothing else.
func direct(a AttributeRule) (name string, ok bool) {
	if a.Err != nil || a.Expr == nil || a.Default.Known && !a.Default.Null {
		return "", false
	}
	names := a.Expr.Attributes()
	if len(names) != 1 || a.Expr.String() != "["+names[0]+"]" {
		return "", false
	}
	return names[0], true
}

func (m *mapper) get(name string) document.AttributeValue {
	if strings.EqualFold(name, "IsSoftDeleted") {
		return document.BoolValue(m.standing != scope.In && m.standing != scope.NotSettled)
	}
	return m.row.Cell(m.source.Column(name))
}

// user maps one user into the next row.
func (m *mapper) user(u uint32, rows *directory.Rows) {
	m.row, m.standing = m.s.Users.Row(u), m.sel.Users[u]
	m.values[0] = m.row.Cell(0)
	for i, c := range m.columns {
		to := &m.values[i+1]
		if m.from[i] >= 0 {
			if *to = m.row.Cell(m.from[i]); !to.Known && m.standing == scope.In && i != m.userName && i != m.email {
				m.fail(i, u, m.s.Users.Columns()[m.from[i]]+": not in the documents")
			}
		} else {
			v := m.rules.Attributes[c.Rule].value(m.read)
			*to = document.AttributeValue{Text: v.Text, Values: v.Values, Known: v.Known && v.Err == nil, Null: v.Null}
			if (v.Err != nil || !v.Known) && m.standing == scope.In && i != m.userName && i != m.email {
				m.fail(i, u, v.Why)
			}
		}
		if to.Empty() { // a target that leaves an attribute out means all three: null, "" and []
			*to = document.NullValue
		}
	}
	rows.Add(m.values...)
	m.active = true
	if m.standing != scope.In {
		return
	}
	m.judge(u)
	why := ""
	if m.activeRule != nil {
		m.active, why = m.isActive()
	}
	if m.enabled >= 0 && !m.row.Cell(m.enabled).Known {
		why = "accountEnabled: not in the documents"
	}
	if why != "" {
		m.faults = append(m.faults, UserFault{u, Fault{Target: "active", Kind: Unknown, Text: why}})
	}
}

// isActive tells whether the rules let the user be active, or why that could not be computed.
func (m *mapper) isActive() (active bool, unknown string) {
	v := m.activeRule.value(m.read)
	if !v.Known || v.Err != nil {
		return true, cmp.Or(v.Why, "active could not be computed")
	}
	return !strings.EqualFold(v.Text, "False"), ""
}

func (m *mapper) fail(column int, u uint32, why string) {
	f := &m.failed[column]
	if f.Users++; f.Users == 1 {
		f.Target, f.First, f.Text = m.columns[column].Target, u, why
	}
}

// judge notes a required value that is missing or cannot work.
func (m *mapper) judge(u uint32) {
	if f, bad := m.required(m.userName, "userName"); bad {
		m.faults = append(m.faults, UserFault{u, f})
	}
	f, bad := m.required(m.email, WorkEmail)
	if email := m.at(m.email); !bad && !address(email.Text) {
		f, bad = Fault{Target: m.columns[m.email].Target, Kind: Invalid, Text: fmt.Sprintf("%q is no e-mail address", email.Text)}, true
	}
	if bad {
		m.faults = append(m.faults, UserFault{u, f})
	}
}

func (m *mapper) at(column int) document.AttributeValue {
	if column < 0 {
		return document.NotTold
	}
	return m.values[column+1]
}

// required judges a required value; of one that is not as it must be the expression is evaluated once more, for the
// words.
func (m *mapper) required(column int, usual string) (Fault, bool) {
	if column < 0 {
		return Fault{Target: usual, Kind: Missing, Text: "no attribute mapping fills " + usual}, true
	}
	if v := m.at(column); v.Known && !v.Empty() {
		return Fault{}, false
	}
	target := m.columns[column].Target
	r := Result{Values: map[string]Mapped{target: m.rules.Attributes[m.columns[column].Rule].value(m.read)}, order: []string{target}}
	return judge(r, target, usual)
}
