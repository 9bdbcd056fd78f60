package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// notActive looks for a membership that exists as an eligibility only, or whose activation ended: Privileged
// Identity Management keeps eligible people out of the group's members. Which words its audit entries use is
// unverified, so service and wording are both tolerated.
func (q *inquiry) notActive(only int32) {
	newest, by := map[string]*document.DirectoryAudit{}, map[string]*document.DirectoryAudit{}
	for _, a := range q.w.AuditsOf(q.p.user.ID) {
		for _, t := range a.TargetResources {
			for _, key := range []string{facts.Fold(t.ID), facts.Fold(t.DisplayName)} {
				newest[key] = a
				if pim(a) {
					by[key] = a
				}
			}
		}
	}
	if len(by) == 0 {
		return
	}
	groups := q.scopedList
	if only != noGroup {
		groups = []uint32{uint32(only)}
	}
	for _, g := range groups {
		doc := &q.w.Groups[g]
		key := facts.Fold(doc.ID)
		if newest[key] == nil {
			key = facts.Fold(doc.DisplayName)
		}
		a := by[key]
		if a == nil || newest[key].ActivityDateTime.Sub(a.ActivityDateTime.Time) > sameAct || q.w.Graph.HasUser(g, q.p.ord) {
			continue
		}
		q.fail(cause.MembershipNotActive, Missing, only, "the membership in "+doc.DisplayName+" is not active",
			fmt.Sprintf("%s is eligible for %s but the membership is not active.", q.name(), doc.DisplayName), values{"group": doc.DisplayName},
			seen(document.DirectoryAudits, "%s, %s (%s)", moment(a.ActivityDateTime.Time), a.ActivityDisplayName, orElse(a.LoggedByService, a.Category)))
	}
}

// sameAct is how far apart the entries of one act may be: when an activation ends, the directory itself writes an entry
// about the member, too, and which of the two comes first is not told anywhere.
const sameAct = 5 * time.Minute

// pim recognises entries of Privileged Identity Management that leave a person outside the group.
func pim(a *document.DirectoryAudit) bool {
	text := strings.ToLower(a.ActivityDisplayName)
	if !strings.EqualFold(a.LoggedByService, "PIM") && !strings.Contains(text, "pim") && !strings.Contains(text, "eligible") {
		return false
	}
	for _, word := range []string{"eligible", "expire", "deactivat", "remove"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// changes are the moments at which a user came into scope or changed, as far as the audit log tells.
type changes struct {
	known   bool      // the audit log was there, so that "no entry" means "long ago"
	entered time.Time // when the user last came into scope; zero: longer ago than the log reaches
	what    string
	seen    Evidence
}

// later keeps the later of two moments, with its words.
func (c *changes) later(at time.Time, what string, ev Evidence) {
	if at.After(c.entered) {
		c.entered, c.what, c.seen = at, what, ev
	}
}

// enteredAt finds when the method could first have provisioned the user: the earliest way in, but not before the
// user was created, enabled or restored.
func (q *inquiry) enteredAt(r reach) changes {
	c := changes{known: q.w.Has(document.DirectoryAudits)}
	var ways []changes
	if r.assigned {
		var w changes
		for _, a := range q.w.AssignmentsOf(q.p.user.ID) {
			w.later(a.CreatedDateTime.Time, "assigned to the application", seen(document.AppRoleAssignments, "assigned on %s", moment(a.CreatedDateTime.Time)))
		}
		ways = append(ways, w)
	}
	for _, wy := range r.ways {
		if q.carries(wy) {
			ways = append(ways, q.wayAt(wy))
		}
	}
	for i, w := range ways {
		if i == 0 || w.entered.Before(c.entered) {
			c.entered, c.what, c.seen = w.entered, w.what, w.seen
		}
	}
	u := q.p.user
	c.later(u.CreatedDateTime.Time, "created in Entra", seen(document.Users, "created on %s", moment(u.CreatedDateTime.Time)))
	for _, a := range q.w.AuditsOf(u.ID) {
		switch a.ActivityDisplayName {
		case "Enable account", "Restore user", "Add user":
			c.later(a.ActivityDateTime.Time, strings.ToLower(a.ActivityDisplayName), seen(document.DirectoryAudits, "%s on %s", a.ActivityDisplayName, moment(a.ActivityDateTime.Time)))
		case "Update user":
			if before, after, ok := facts.Changed(a, "AccountEnabled"); ok && !strings.Contains(strings.ToLower(before), "true") && strings.Contains(strings.ToLower(after), "true") {
				c.later(a.ActivityDateTime.Time, "enabled", seen(document.DirectoryAudits, "accountEnabled became true on %s", moment(a.ActivityDateTime.Time)))
			}
		}
	}
	return c
}

// wayAt finds when an expected group came to hold the user: the group's assignment or the membership, whichever
// is later. A membership that the log does not show is older than the log.
func (q *inquiry) wayAt(wy way) changes {
	c := q.groupAt(wy.group)
	holder := &q.w.Groups[wy.chain[len(wy.chain)-1]]
	for _, a := range q.w.AuditsOf(q.p.user.ID, holder.ID) {
		if a.ActivityDisplayName == "Add member to group" {
			c.later(a.ActivityDateTime.Time, "added to "+holder.DisplayName, seen(document.DirectoryAudits, "added to %s on %s", holder.DisplayName, moment(a.ActivityDateTime.Time)))
		}
	}
	for i := 0; i+1 < len(wy.chain); i++ {
		outer, inner := &q.w.Groups[wy.chain[i]], &q.w.Groups[wy.chain[i+1]]
		for _, a := range q.w.AuditsOf(inner.ID, outer.ID) {
			if a.ActivityDisplayName == "Add member to group" {
				c.later(a.ActivityDateTime.Time, inner.DisplayName+" was added to "+outer.DisplayName, seen(document.DirectoryAudits, "%s added to %s on %s", inner.DisplayName, outer.DisplayName, moment(a.ActivityDateTime.Time)))
			}
		}
	}
	return c
}

// groupAt finds when a group came into scope: when it was created or assigned, whichever is later.
func (t *Tracer) groupAt(g uint32) changes {
	var c changes
	doc := &t.w.Groups[g]
	for _, a := range t.w.AssignmentsOf(doc.ID) {
		c.later(a.CreatedDateTime.Time, doc.DisplayName+" was assigned", seen(document.AppRoleAssignments, "%s assigned on %s", doc.DisplayName, moment(a.CreatedDateTime.Time)))
	}
	c.later(doc.CreatedDateTime.Time, doc.DisplayName+" was created", seen(document.Groups, "%s created on %s", doc.DisplayName, moment(doc.CreatedDateTime.Time)))
	return c
}

// leftAt finds when a user last went out of scope, as far as the audit log tells; zero where it does not.
func (q *inquiry) leftAt() time.Time {
	var left time.Time
	u := q.p.source()
	if u == nil {
		return left
	}
	for _, a := range q.w.AuditsOf(u.ID) {
		switch a.ActivityDisplayName {
		case "Disable account", "Delete user", "Remove member from group", "Remove app role assignment from user":
			if a.ActivityDateTime.After(left) {
				left = a.ActivityDateTime.Time
			}
		case "Update user":
			if _, after, ok := facts.Changed(a, "AccountEnabled"); ok && strings.Contains(strings.ToLower(after), "false") && a.ActivityDateTime.After(left) {
				left = a.ActivityDateTime.Time
			}
		}
	}
	if u.DeletedDateTime.After(left) {
		left = u.DeletedDateTime.Time
	}
	return left
}

// deletion is the audit entry that deleted the subject, unless a later one restored it.
func (q *inquiry) deletion() *document.DirectoryAudit {
	var gone *document.DirectoryAudit
	for _, key := range []string{q.asked, q.subject.Name, q.subject.ID} {
		if key == "" || gone != nil {
			continue
		}
		for _, a := range q.w.AuditsOf(key) {
			switch a.ActivityDisplayName {
			case "Delete user", "Hard Delete user":
				gone = a
			case "Restore user", "Add user":
				gone = nil
			}
		}
	}
	return gone
}

// narrowed is the audit entry that changed the scope from all to assigned users without a later restart.
func (t *Tracer) narrowed() *document.DirectoryAudit {
	var change *document.DirectoryAudit
	for i := range t.w.Audits {
		a := &t.w.Audits[i]
		switch {
		case strings.EqualFold(a.ActivityDisplayName, "Update provisioning setting or credentials"):
			before, after, ok := facts.Changed(a, "SyncAll")
			if ok && strings.EqualFold(before, "true") && strings.EqualFold(after, "false") {
				change = a
			} else if ok {
				change = nil
			}
		case oneOf(a.ActivityDisplayName, "Enable/restart provisioning configuration", "Restart provisioning configuration"):
			change = nil
		}
	}
	return change
}
