package history

import (
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
)

// dates are the moments that stand beside facts: they reach further back than any log, and are there where no log was
// read.
type dates struct{ events []Event }

// add takes a moment that a document has, if it has it.
func (d *dates) add(at document.Time, f document.File, e Event) {
	if at.IsZero() {
		return
	}
	e.At, e.Log, e.Seen, e.Bad, e.mark = at.Time, noLog, string(f), natures[e.Kind].takes, string(f)+e.group
	d.events = append(d.events, e)
}

// dated are the dates of the subject and of what lies on its way.
func (y *way) dated() []Event {
	var d dates
	if u, ok := y.w.UserByID(y.subject.ID); ok {
		u := &y.w.Users[u]
		d.add(u.CreatedDateTime, document.Users, Event{Kind: UserCreated, Text: "created in Entra"})
		d.onPremises(u.OnPremisesSyncEnabled, u.OnPremisesLastSyncDateTime, u.OnPremisesProvisioningErrors, document.Users, Event{})
	}
	for _, i := range y.w.DeletedByKey(y.subject.ID) {
		d.add(y.w.Deleted[i].DeletedDateTime, document.DeletedUsers, Event{Kind: UserDeleted, Text: "deleted in Entra"})
	}
	y.datedGroups(&d)
	for i := range y.w.Jobs {
		d.job(&y.w.Jobs[i].Status)
	}
	for _, r := range y.records() {
		d.add(r.Meta.Created, document.ScimUsers, Event{Kind: RecordMade, Text: "the record " + r.UserName + " was made in the Guard directory"})
	}
	for _, a := range y.accounts() {
		d.add(a.AddedToOrg, document.OrgUsers, Event{Kind: AccountOpened, Text: "the account " + a.Email + " came into the organization"})
		d.add(a.DeactivatedOn, document.OrgUsers, Event{Kind: AccountDeactivated, Text: "the account " + a.Email + " was deactivated"})
	}
	return d.events
}

// datedGroups are those of the groups on the way, and of what is assigned.
func (y *way) datedGroups(d *dates) {
	for i := range y.w.Assignments {
		a := &y.w.Assignments[i]
		e := Event{Kind: Assigned, Text: "assigned to the application"}
		if _, name, on := y.on(a.PrincipalID); on {
			e.About, e.Text = "group "+name, name+" was assigned to the application"
			y.of(&e, a.PrincipalID)
		} else if !y.is(a.PrincipalID) {
			continue
		}
		d.add(a.CreatedDateTime, document.AppRoleAssignments, e)
	}
	for i := range y.w.Groups {
		g := &y.w.Groups[i]
		_, name, on := y.on(g.ID)
		if !on {
			continue
		}
		e := Event{About: "group " + name}
		y.of(&e, g.ID)
		d.onPremises(g.OnPremisesSyncEnabled, g.OnPremisesLastSyncDateTime, g.OnPremisesProvisioningErrors, document.Groups, e)
		e.Kind, e.Text = GroupCreated, name+" was created in Entra"
		d.add(g.CreatedDateTime, document.Groups, e)
	}
}

func (d *dates) onPremises(on document.Opt[bool], synced document.Time, refused []document.ProvisioningError, f document.File, e Event) {
	for _, r := range refused {
		e.Kind, e.Text = RefusedByConnect, "Entra Connect refused a change: "+strings.Join(present(r.Category, r.PropertyCausingError), " of ")
		d.add(r.OccurredDateTime, f, e)
	}
	if document.Is(on, true) {
		e.Kind, e.Text = ReadOnPremises, "last synchronized from Active Directory"
		d.add(synced, f, e)
	}
}

// job tells of the quarantine that a job is in, and of a last cycle that failed as a whole.
func (d *dates) job(s *document.JobStatus) {
	e := Event{About: "the provisioning job"}
	if q := s.Quarantine; q != nil && q.Reason != "" {
		began := q.SeriesBegan
		if began.IsZero() {
			began = q.CurrentBegan
		}
		e.Kind, e.Text = JobQuarantined, "in quarantine since then: "+q.Reason
		d.add(began, document.SynchronizationJobs, e)
	}
	if x := s.LastExecution; x != nil && x.Error != nil && strings.EqualFold(x.State, "Failed") {
		e.Kind, e.Text = JobFailed, "a cycle failed as a whole: "+x.Error.Code
		d.add(x.TimeBegan, document.SynchronizationJobs, e)
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
