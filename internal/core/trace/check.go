package trace

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// CheckOptions say whom a roll call expects beside those whom the source gives, and what it shows.
type CheckOptions struct {
	Expect   []string              // user principal names or mails
	All      bool                  // also those who are present
	Workers  int                   // how many people are asked about at the same time; below 2: one after the other
	Progress func(done, total int) // may be nil; calls never overlap
}

// Check calls the roll: everybody whom the source means to have at the target, whatever the method can do.
func (t *Tracer) Check(o CheckOptions) RollCall {
	w := t.w
	rc := &RollCall{Connection: w.Bundle.Connection.Name, Method: w.Method(), At: w.At, Findings: []Finding{}, Notes: []string{}}
	r := &roll{Tracer: t, RollCall: rc, all: o.All, called: map[uint32]bool{}}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	total := len(w.Users)
	r.everybody(max(1, o.Workers), o.Progress)
	r.byName(o.Expect)
	r.groupsThemselves()
	r.extras()
	if !w.Has(document.Users) {
		r.targetAlone()
	}
	o.Progress(total, total)
	r.notes()
	r.sort()
	return *rc
}

type roll struct {
	*Tracer
	*RollCall
	all    bool
	called map[uint32]bool // users whose name was called

	formerly map[string]bool // accounts of Guard's connector that are theirs by an address of the past, once asked for
}

// everybody calls the users of Entra, several at a time: each worker has a tracer and a list of its own, and the
// lists are joined in the order of the users, so the answer does not depend on how many there are.
func (r *roll) everybody(workers int, progress func(done, total int)) {
	total := len(r.w.Users)
	workers = min(workers, total/1000+1)
	parts := make([]*roll, workers)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for n := range workers {
		tracer := r.Tracer
		if n > 0 {
			tracer = r.another()
		}
		part := &roll{Tracer: tracer, RollCall: &RollCall{}, all: r.all, called: map[uint32]bool{}}
		parts[n] = part
		from, to := total*n/workers, total*(n+1)/workers
		wg.Go(func() {
			for i := from; i < to; i++ {
				part.expected(uint32(i))
				if (i-from)%1000 == 999 {
					mu.Lock()
					done += 1000
					progress(done, total)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	for _, part := range parts {
		r.Counts = r.Counts.plus(part.Counts)
		r.Findings = append(r.Findings, part.Findings...)
		maps.Copy(r.called, part.called)
	}
}

func (c Counts) plus(o Counts) Counts {
	return Counts{c.Expected + o.Expected, c.Present + o.Present, c.Missing + o.Missing, c.Wrong + o.Wrong, c.Unknown + o.Unknown, c.Extra + o.Extra}
}

// expected calls one user, if the source means to have them at the target: enabled, and assigned directly or
// through any nesting.
func (r *roll) expected(ord uint32) {
	u := &r.w.Users[ord]
	if document.Is(u.AccountEnabled, false) {
		return
	}
	if r.syncAll != proven {
		reach := r.reachOf(ord, u.ID)
		if !reach.assigned && len(reach.ways) == 0 && !r.assignedUser[facts.Fold(u.ID)] {
			return
		}
	}
	r.call(r.userCandidate(ord))
}

// call asks about one person, counts and notes what was found.
func (r *roll) call(c candidate) {
	if c.deleted < 0 && c.record < 0 && c.account == "" && c.subject.ID != "" {
		r.called[c.user] = true
	}
	q := r.inquire(c, true)
	tr := q.verdictOnly()
	r.Counts.Expected++
	switch tr.Verdict {
	case Present:
		r.Counts.Present++
	case Missing:
		r.Counts.Missing++
	case Wrong:
		r.Counts.Wrong++
	case Unknown:
		r.Counts.Unknown++
	case Extra:
		r.Counts.Expected--
		r.Counts.Extra++
	}
	r.note(q, tr)
}

// verdictOnly is trace without the reading of hops.
func (q *inquiry) verdictOnly() Trace {
	r := decide(q.found)
	tr := Trace{Subject: q.subject}
	q.verdict(&tr, r)
	return tr
}

// byName calls the people whom a list expects; who was called already is not called again.
func (r *roll) byName(names []string) {
	for _, name := range names {
		c, ok, err := r.findOne(name)
		switch {
		case err != nil:
			r.Counts.Expected++
			r.Counts.Unknown++
			r.Findings = append(r.Findings, Finding{Subject: Subject{Kind: "user", Name: name}, Verdict: Unknown, Hop: cause.HopSource, Summary: err.Error(), Evidence: []Evidence{}, Fix: []string{}, Also: []cause.Code{}})
		case ok && c.isGroup():
			r.Notes = append(r.Notes, fmt.Sprintf("%s is a group; only people can be expected", name))
		case ok && c.deleted < 0 && c.record < 0 && c.account == "" && r.called[c.user]:
		default:
			r.call(c)
		}
	}
}

// groupsThemselves notes groups in scope that are in trouble themselves, and those of which not every member is told:
// people in them are neither expected nor missed.
func (r *roll) groupsThemselves() {
	if r.w.Has(document.Groups) {
		for _, h := range r.untold() {
			subject := Subject{Kind: "group", Name: h.name}
			if h.group != noOrdinal {
				subject = r.groupCandidate(h.group).subject
			}
			r.Findings = append(r.Findings, Finding{
				Subject: subject, Verdict: Unknown, Hop: cause.HopSource, Evidence: []Evidence{h.seen}, Fix: []string{}, Also: []cause.Code{},
				Summary: fmt.Sprintf("Not every member of %s was read, so people in it are not counted.", subject.Name),
			})
		}
	}
	for _, v := range r.hiddenGroups() {
		c := r.groupCandidate(v.group)
		q := &inquiry{Tracer: r.Tracer, subject: c.subject, asked: c.subject.Name}
		q.prove(cause.HiddenMembership, Unknown, noGroup, fmt.Sprintf("%s hides its members, so people in it are not counted.", c.subject.Name), values{"group": c.subject.Name}, v.seen)
		r.Findings = append(r.Findings, q.finding(c.subject, decide(q.found)))
	}
	for _, g := range r.scopedList {
		c := r.groupCandidate(g)
		q := &inquiry{Tracer: r.Tracer, subject: c.subject, asked: c.subject.Name}
		doc := &r.w.Groups[g]
		if !r.guard() && document.Is(doc.SecurityEnabled, false) && r.syncAll != proven {
			q.groupScope(g)
		} else {
			s := r.groupOf(g)
			q.found = append(q.found, s.found...)
			q.groupProducts(s)
		}
		ruling := decide(q.found)
		switch {
		case ruling.main != nil:
			r.Findings = append(r.Findings, q.finding(c.subject, ruling))
		case ruling.open:
			r.Findings = append(r.Findings, q.openFinding(c.subject, Trace{Summary: fmt.Sprintf("The group %s is not at Atlassian as it should be, but what was read does not tell why.", c.subject.Name)}, ruling, q.found))
		}
	}
}

func (r *roll) notes() {
	for _, f := range []document.File{document.Users, document.Groups} {
		if !r.w.Has(f) {
			r.Notes = append(r.Notes, fmt.Sprintf("%s is not there, so who should be at Atlassian cannot be told: %s", f, r.w.Call(f)))
		}
	}
	var absent []string
	for _, i := range document.Files {
		scim := i.File == document.ScimUsers || i.File == document.ScimGroups || i.File == document.ScimLinks
		app := (i.File == document.ServicePrincipals && r.w.Bundle.Connection.Application == "") || i.File == document.AppRoleAssignments
		job := i.File == document.SynchronizationJobs || i.File == document.SynchronizationKeys || i.File == document.SynchronizationRule || i.File == document.ProvisioningLogs
		expected := i.File != document.Manifest && !strings.HasPrefix(string(i.File), "rollcall/") && i.File != document.Users && i.File != document.Groups && !(r.guard() && (scim || app)) && !(!r.entra() && job)
		if base, _ := document.SplitSite(i.File); strings.HasPrefix(string(base), "jira/") {
			expected = !r.everySite(base)
		}
		if expected && !r.w.Has(i.File) {
			absent = append(absent, string(i.File))
		}
	}
	if len(absent) > 0 {
		const most = 6
		names := strings.Join(absent, ", ")
		if len(absent) > most {
			names = fmt.Sprintf("%s and %d more", strings.Join(absent[:most], ", "), len(absent)-most)
		}
		r.Notes = append(r.Notes, "not read, so what they would show stays unknown: "+names)
	}
	switch {
	case !r.w.Has(document.Users):
		r.Unscoped = fmt.Sprintf("%s is not there", document.Users)
	case !r.scopeKnown:
		r.Unscoped = fmt.Sprintf("%s does not say who is in scope", r.scopeFile())
	case !r.w.Has(document.Groups):
		r.Unscoped = fmt.Sprintf("%s is not there", document.Groups)
	}
	if !r.scopeKnown {
		r.Notes = append(r.Notes, fmt.Sprintf("%s does not say who is in scope: %s", r.scopeFile(), r.w.Call(r.scopeFile())))
	}
	for _, v := range r.hiddenGroups() {
		r.Notes = append(r.Notes, fmt.Sprintf("the members of %s are not told: people in it are neither expected nor missed", r.w.Groups[v.group].DisplayName))
	}
	for _, g := range r.w.Bundle.Gaps {
		r.Notes = append(r.Notes, join(": ", g.File, g.What, g.Why))
	}
	for _, n := range r.w.Notes {
		r.Notes = append(r.Notes, join(": ", string(n.File), n.Text))
	}
}

func (r *roll) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(order(a.Verdict)-order(b.Verdict), strings.Compare(string(a.Cause), string(b.Cause)), strings.Compare(a.Subject.Kind, b.Subject.Kind),
			strings.Compare(a.Subject.Name, b.Subject.Name), strings.Compare(a.Subject.Group, b.Subject.Group), strings.Compare(a.Subject.ID, b.Subject.ID))
	})
}

func order(v Verdict) int {
	return slices.Index([]Verdict{Missing, Wrong, Unknown, Extra, Present}, v)
}
