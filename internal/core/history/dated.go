package history

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// dated are the moments that stand beside facts of the subject and of what lies on its way: they reach further back than
// any log, and are there where no log was read.
func (y *way) dated() []Event {
	var out []Event
	add := func(at document.Time, kind Kind, f document.File, about, format string, args ...any) {
		if !at.IsZero() {
			out = append(out, Event{At: at.Time, Log: noLog, Seen: string(f), Kind: kind, About: about, Text: fmt.Sprintf(format, args...), Bad: natures[kind].takes, mark: string(f)})
		}
	}
	if u, ok := y.w.UserByID(y.subject.ID); ok {
		u := &y.w.Users[u]
		add(u.CreatedDateTime, UserCreated, document.Users, "", "created in Entra")
		y.onPremises(u.OnPremisesSyncEnabled, u.OnPremisesLastSyncDateTime, u.OnPremisesProvisioningErrors, func(at document.Time, kind Kind, text string) {
			add(at, kind, document.Users, "", "%s", text)
		})
	}
	for _, d := range y.w.DeletedByKey(y.subject.ID) {
		add(y.w.Deleted[d].DeletedDateTime, UserDeleted, document.DeletedUsers, "", "deleted in Entra")
	}
	for i := range y.w.Assignments {
		a := &y.w.Assignments[i]
		if _, name, on := y.on(a.PrincipalID); on {
			add(a.CreatedDateTime, Assigned, document.AppRoleAssignments, "group "+name, "%s was assigned to the application", name)
			out = y.last(out, a.PrincipalID)
		} else if y.is(a.PrincipalID) {
			add(a.CreatedDateTime, Assigned, document.AppRoleAssignments, "", "assigned to the application")
		}
	}
	for i := range y.w.Groups {
		g := &y.w.Groups[i]
		if _, name, on := y.on(g.ID); on {
			before := len(out)
			about := "group " + name
			add(g.CreatedDateTime, GroupCreated, document.Groups, about, "%s was created in Entra", name)
			y.onPremises(g.OnPremisesSyncEnabled, g.OnPremisesLastSyncDateTime, g.OnPremisesProvisioningErrors, func(at document.Time, kind Kind, text string) {
				add(at, kind, document.Groups, about, "%s: %s", name, text)
			})
			for j := before; j < len(out); j++ {
				out[j].group, out[j].astray = facts.Fold(g.ID), y.astray(g.ID)
			}
		}
	}
	for i := range y.w.Jobs {
		y.job(&y.w.Jobs[i].Status, add)
	}
	for _, r := range y.records() {
		add(r.Meta.Created, RecordMade, document.ScimUsers, "", "the record %s was made in the Guard directory", r.UserName)
	}
	for i := range y.w.OrgUsers {
		if o := &y.w.OrgUsers[i]; y.is(o.AccountID, o.Email) {
			add(o.AddedToOrg, AccountOpened, document.OrgUsers, "", "the account %s came into the organization", o.Email)
			add(o.DeactivatedOn, AccountDeactivated, document.OrgUsers, "", "the account %s was deactivated", o.Email)
		}
	}
	return out
}

// last gives the newest event the group that it is about.
func (y *way) last(out []Event, group string) []Event {
	if n := len(out); n > 0 {
		out[n-1].group, out[n-1].astray = facts.Fold(group), y.astray(group)
	}
	return out
}

func (y *way) onPremises(on document.Opt[bool], synced document.Time, errors []document.ProvisioningError, add func(document.Time, Kind, string)) {
	for _, e := range errors {
		add(e.OccurredDateTime, RefusedByConnect, "Entra Connect refused a change: "+strings.Join(present(e.Category, e.PropertyCausingError), " of "))
	}
	if document.Is(on, true) {
		add(synced, ReadOnPremises, "last synchronized from Active Directory")
	}
}

// job tells of the quarantine that a job is in, and of a last cycle that failed as a whole.
func (y *way) job(s *document.JobStatus, add func(at document.Time, kind Kind, f document.File, about, format string, args ...any)) {
	const about = "the provisioning job"
	if q := s.Quarantine; q != nil && q.Reason != "" {
		began := q.SeriesBegan
		if began.IsZero() {
			began = q.CurrentBegan
		}
		add(began, JobQuarantined, document.SynchronizationJobs, about, "in quarantine since: %s", q.Reason)
	}
	if x := s.LastExecution; x != nil && x.Error != nil && strings.EqualFold(x.State, "Failed") {
		add(x.TimeBegan, JobFailed, document.SynchronizationJobs, about, "a cycle failed as a whole: %s", x.Error.Code)
	}
}

// sameAct is how far a date beside a fact and the log's entry of the same may lie apart.
const sameAct = 5 * time.Minute

// undoubled leaves out the dates that a log tells, too.
func undoubled(dated, logged []Event) []Event {
	var out []Event
	for _, d := range dated {
		told := false
		for i := range logged {
			l := &logged[i]
			told = told || l.Kind == d.Kind && l.At.Sub(d.At).Abs() <= sameAct && (l.About == "") == (d.About == "")
		}
		if !told {
			out = append(out, d)
		}
	}
	return out
}
