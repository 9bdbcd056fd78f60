package mapping

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Wanted is what a target should hold, under the ordinals of the source.
type Wanted struct {
	State  *directory.State // a row for every user of the source, in scope or not: who left scope is found by the same values
	Faults []UserFault      // of users in scope, by ordinal

	Columns []Column // the columns of State.Users behind the id
	Failed  []Failure

	s     *directory.Snapshot
	sel   *scope.Selection
	rules ObjectRules
}

// FromDefault tells whether the value of a column is the mapping's default, which is written on creation only.
func (w *Wanted) FromDefault(u uint32, column int) bool {
	if w.Columns[column].Unwritten {
		return false
	}
	a := w.rules.Attributes[w.Columns[column].Rule]
	if !a.Default.Known || a.Default.Null {
		return false
	}
	m := newMapper(w.s, w.sel, w.rules, w.Columns)
	m.row, m.standing = w.s.Users.Row(u), w.sel.Users[u]
	return a.value(m.read).Default
}

// Column is one target attribute.
type Column struct {
	Target string
	Key    string // Target in lower case, without blanks and the core schema's prefix
	Rule   int    // the row of the rules that fills it; -1: none does

	// Unwritten is read on both sides and never written: the externalId where no row fills it. It says whose a record is
	// all the same, and holds the source's id then.
	Unwritten bool

	CreateOnly bool // written when the user is created, and left alone afterwards
	Keeps      bool // an empty value means: leave what is there (IgnoreFlowIfNullOrEmpty)
	FoldCase   bool // values that differ by letter case alone are equal
}

// UserFault is a value that the target requires and that is not as it must be.
type UserFault struct {
	User  uint32
	Fault Fault
}

// Failure is a target attribute that could not be computed for some users in scope, and that the target does not
// require: it is left alone.
type Failure struct {
	Target string
	Users  int
	First  uint32 // the first of them
	Text   string // why, for the first
}

// Columns are the target attributes of users that the rules fill, each once. active is not among them: who may be
// active is decided by scope.
func (o ObjectRules) Columns() []Column {
	var out []Column
	for i, a := range o.Attributes {
		key := document.TargetKey(a.Target)
		if !a.Flow || key == "active" || slices.ContainsFunc(out, func(c Column) bool { return c.Key == key }) {
			continue
		}
		out = append(out, Column{
			Target: a.Target, Key: key, Rule: i,
			CreateOnly: strings.Contains(strings.ToLower(a.FlowType), "addonly"),
			Keeps:      a.Expr != nil && a.Expr.IgnoresEmpty(),
			FoldCase:   key == "username" || emailRank(a.Target) > 0, // RFC 7643: neither is case-exact; Atlassian writes addresses in lower case (unverified)
		})
	}
	if !slices.ContainsFunc(out, func(c Column) bool { return c.Key == "externalid" }) {
		out = append(out, Column{Target: "externalId", Key: "externalid", Rule: -1, Unwritten: true})
	}
	return out
}

// Want computes what each user and group of the source should be at the target.
func Want(s *directory.Snapshot, sel *scope.Selection, r *Rules) *Wanted {
	w := &Wanted{Columns: r.User.Columns(), s: s, sel: sel, rules: r.User}
	columns := []string{"id"}
	for _, c := range w.Columns {
		columns = append(columns, c.Target)
	}
	n := s.Users.Len()
	shares := directory.Share(n, 1000)
	parts, faults, failed, active := make([]*directory.Table, len(shares)), make([][]UserFault, len(shares)), make([][]Failure, len(shares)), make([]bool, n)
	shares.Work(func(k, from, to int) {
		m := newMapper(s, sel, r.User, w.Columns)
		rows := directory.NewRows(to-from, columns...)
		for u := from; u < to; u++ {
			m.user(uint32(u), rows)
			active[u] = sel.Users[u] == scope.In && m.active
		}
		parts[k], faults[k], failed[k] = rows.Table(), m.faults, m.failed
	})
	w.Faults = slices.Concat(faults...)
	for i := range w.Columns {
		var sum Failure
		for _, part := range failed {
			if f := part[i]; f.Users > 0 && sum.Users == 0 {
				sum = f
			} else {
				sum.Users += f.Users
			}
		}
		if sum.Users > 0 {
			w.Failed = append(w.Failed, sum)
		}
	}
	w.State = &directory.State{Users: directory.Join(parts...), Active: active}
	wantGroups(s, sel, r, w.State)
	return w
}

// wantGroups gives every group in scope its name and members. A name that no rule gives is the group's own.
func wantGroups(s *directory.Snapshot, sel *scope.Selection, r *Rules, to *directory.State) {
	name := func(row directory.Row) document.AttributeValue { return row.Cell(1) }
	external := func(row directory.Row) document.AttributeValue { return row.Cell(0) }
	read := func(a AttributeRule) func(directory.Row) document.AttributeValue {
		columns := s.Groups.Sources()
		return func(row directory.Row) document.AttributeValue {
			v := a.value(func(name string) document.AttributeValue { return row.Cell(columns.Column(name)) })
			if !v.Known || v.Err != nil {
				return document.NotTold
			}
			return document.AttributeValue{Text: v.Text, Known: true, Null: v.Null}
		}
	}
	for _, a := range r.Group.Attributes {
		switch document.TargetKey(a.Target) {
		case "displayname":
			if a.Flow && (a.Default.Known || !strings.EqualFold(a.Source, "[displayName]")) {
				name = read(a)
			}
		case "externalid":
			if a.Flow && (a.Default.Known || !strings.EqualFold(a.Source, "[objectId]")) {
				external = read(a)
			}
		}
	}
	n := s.Groups.Len()
	rows := directory.NewRows(n, directory.GroupColumns...)
	to.Told, to.Member = make([]bool, n), make([][]uint32, n)
	for g := range n {
		switch sel.Groups[g] {
		case scope.In, scope.NotSettled:
			row := s.Groups.Row(uint32(g))
			rows.Add(row.Cell(0), external(row), name(row))
			to.Member[g], to.Told[g] = sel.Member[g], sel.Incomplete[uint32(g)] == ""
		default:
			rows.Skip()
		}
	}
	to.Groups = rows.Table()
}
