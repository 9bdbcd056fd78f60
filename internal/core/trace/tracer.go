package trace

import (
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Tracer answers questions about one world. What holds for everybody (who is assigned, which rules map, what the
// job is doing) is worked out once, here. A Tracer is for one goroutine.
type Tracer struct {
	w     *facts.World
	walk  *directory.Walker
	rules mapping.Rules
	job   job

	syncAll      outcome         // proven: everybody is in scope without an assignment
	scoped       []bool          // groups that are assigned (or selected), whatever hinders them
	scopedList   []uint32        // the same, sorted
	scopeKnown   bool            // assignments (or the selection) were there
	entitled     map[string]bool // user's id, folded: an assignment with a role that the application offers
	entitledTo   []bool          // the same of groups
	assignedUser map[string]bool // principal id, folded: assigned directly
	linksTold    bool            // at least one record carries Atlassian's extension, so an absent one means "not linked"
	told         map[string]bool // plain attributes that the recording has: what is empty then is null
	userFilter   *scope.Filter
	groupFilter  *scope.Filter
	groups       map[uint32]*groupState
	flattened    map[uint32]int
	last         lastReach // a roll call asks twice about the same person
	policyNames  map[string]string
	texts        map[string]string
	nicknames    map[string]bool
	onPremises   *time.Time // newest synchronization from on-premises, once asked for
	veiled       []veil     // groups in scope whose members are hidden, once asked for
	unveiled     bool
	holes        []veil // groups in scope whose members are not all told, once asked for
	searched     bool
	unheld       []string // groups in scope that the documents do not hold, by name or id

	own     *own // of the method rollcall; nil: another service provisions
	ownWays *scope.Ways
	links   map[string][]string // what is rollcall's, by kind and folded id of the source
}

// New prepares a world for questions.
func New(w *facts.World) *Tracer { return newTracer(w, nil) }

// another is a tracer of the same world for another goroutine.
func (t *Tracer) another() *Tracer { return newTracer(t.w, t) }

func newTracer(w *facts.World, like *Tracer) *Tracer {
	t := &Tracer{
		w: w, walk: w.Graph.Walk(), scoped: make([]bool, len(w.Groups)), entitledTo: make([]bool, len(w.Groups)), entitled: map[string]bool{}, assignedUser: map[string]bool{},
		groups: map[uint32]*groupState{}, flattened: map[uint32]int{}, texts: map[string]string{},
	}
	c := w.Bundle.Connection
	t.rules = mapping.Default(w.Method(), c.Identifier)
	if w.Schema != nil && w.Has(document.SynchronizationRule) && w.Method() != document.GuardNested {
		t.rules, _ = mapping.FromSchema(w.Schema)
	}
	t.told = w.Told()
	if w.Method() == document.GuardNested {
		t.selection()
	} else {
		t.assignments()
	}
	if w.Method() == document.Rollcall {
		t.ownScope(like)
	}
	t.listScoped()
	t.userFilter, t.groupFilter = scope.Compile(t.rules.User.Scope), scope.Compile(t.rules.Group.Scope)
	t.job = t.readJob()
	for i := range w.ScimUsers {
		if w.ScimUsers[i].Atlassian.Known {
			t.linksTold = true
			break
		}
	}
	return t
}

func (t *Tracer) guard() bool    { return t.w.Method() == document.GuardNested }
func (t *Tracer) entra() bool    { return t.w.Method() == document.EntraSCIM }
func (t *Tracer) flattens() bool { return !t.entra() }

// assignments reads who is assigned to the application. An assignment of another application, or one that was
// taken back, does not count.
func (t *Tracer) assignments() {
	w := t.w
	t.scopeKnown = w.Has(document.AppRoleAssignments)
	t.syncAll = refuted
	switch {
	case !w.Has(document.SynchronizationKeys) || w.Settings["SyncAll"] == "":
		t.syncAll = unknown
	case strings.EqualFold(w.Settings["SyncAll"], "true"):
		t.syncAll = proven
	}
	if t.w.Method() == document.Rollcall {
		t.syncAll = refuted // rollcall provisions what is assigned or chosen, never "all"
	}
	for i := range w.Assignments {
		a := &w.Assignments[i]
		if app := w.Bundle.Connection.Application; app != "" && a.ResourceID != "" && !strings.EqualFold(a.ResourceID, app) {
			continue
		}
		if !a.DeletedDateTime.IsZero() {
			continue
		}
		if g, ok := w.AssignedGroup(i); ok {
			t.scoped[g] = true
			t.entitledTo[g] = t.entitledTo[g] || w.Offered(a.AppRoleID)
			continue
		}
		id := facts.Fold(a.PrincipalID)
		if w.Offered(a.AppRoleID) {
			t.entitled[id] = true
		}
		if strings.EqualFold(a.PrincipalType, "Group") {
			t.unheld = append(t.unheld, orElse(a.PrincipalDisplayName, a.PrincipalID))
		} else if !strings.EqualFold(a.PrincipalType, "ServicePrincipal") {
			t.assignedUser[id] = true
		}
	}
	if t.syncAll == proven {
		t.scopeKnown = true
		t.everyGroup()
	}
}

// selection reads what the nested-groups connector was told to sync.
func (t *Tracer) selection() {
	sel := t.w.Bundle.Connection.Selected
	t.scopeKnown = sel != nil
	if sel == nil {
		return
	}
	t.syncAll = refuted
	if !strings.EqualFold(sel.Users, "groups") {
		t.syncAll = proven
	}
	for _, id := range sel.Groups {
		if g, ok := t.w.GroupByID(id); ok {
			t.scoped[g], t.entitledTo[g] = true, true
		} else {
			t.unheld = append(t.unheld, id)
		}
	}
	if t.syncAll == proven && len(sel.Groups) == 0 {
		t.everyGroup()
	}
}

// everyGroup puts all groups into scope.
func (t *Tracer) everyGroup() {
	for g := range t.w.Groups {
		t.scoped[g], t.entitledTo[g] = true, true
	}
}

func (t *Tracer) listScoped() {
	t.scopedList = nil
	for g, in := range t.scoped {
		if in {
			t.scopedList = append(t.scopedList, uint32(g))
		}
	}
}

// entitledGroup tells whether an assigned group brings its members into scope: its role is offered and it is a
// security group. What is not told about the group does not hinder it.
func (t *Tracer) entitledGroup(g uint32) bool {
	doc := &t.w.Groups[g]
	if t.own != nil {
		return t.entitledTo[g] // rollcall asks for neither a role nor a security group
	}
	return t.entitledTo[g] && !document.Is(doc.SecurityEnabled, false)
}

// now is the moment of the recording.
func (t *Tracer) now() time.Time { return t.w.At }
