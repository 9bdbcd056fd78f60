package entra

import (
	"errors"
	"slices"
	"sync"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// filling is a group's members on their way.
type filling struct {
	*cycle
	group       *sourceObject
	link        *link
	add, remove []ref
	nested      []ref    // groups: sent apart, since a target without nested groups refuses them
	lost        []string // not at the target, and not to come
	waiting     []string // in scope, but could not be provisioned
	written     []ref
	err         error
}

type ref struct{ source, target string }

func (w *filling) sort(d delta) error {
	at, there := w.link.members[d.member]
	m := w.links[d.member]
	switch {
	case !d.in && there:
		w.remove = append(w.remove, ref{d.member, at})
	case !d.in:
	case m != nil && there && !w.full:
	case m != nil && m.returned == w.cycles && !w.full: // restored: the service does not restore memberships
	case m != nil && m.kind == "Group":
		w.nested = append(w.nested, ref{d.member, m.id})
	case m != nil:
		return w.probeMember(ref{d.member, m.id})
	case w.escrow[d.member] != nil:
		w.waiting = append(w.waiting, d.member)
	case w.group.kinds[d.member] == "user":
		w.lost = append(w.lost, d.member)
	}
	return nil
}

// probeMember asks whether the group has the member already, where that reading is on.
func (w *filling) probeMember(r ref) error {
	if w.set.Readings.ProbesReferences {
		is, err := w.to.Refers(w.ctx, "Group", w.link.id, "members", r.target)
		if err == nil && is {
			w.link.members[r.source] = r.target
			return nil
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
	}
	w.add = append(w.add, r)
	return nil
}

// send writes the requests and the log.
func (w *filling) send() error {
	w.batches(w.remove, true)
	w.batches(w.add, false)
	for _, r := range w.nested {
		w.batches([]ref{r}, false)
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if len(w.written) > 0 {
		w.logMembers(w.group, w.link, w.written)
	}
	w.logUnresolved(w.group, w.link, slices.Concat(w.lost, w.waiting))
	return w.settle()
}

// settle remembers which references are to be tried again: those that were refused, and those whose member waits
// itself, which are tried when that is.
func (w *filling) settle() error {
	missing := map[string]bool{}
	for _, r := range slices.Concat(w.add, w.nested) {
		if w.link.members[r.source] == "" {
			missing[r.source] = true
		}
	}
	for _, r := range w.remove {
		if w.link.members[r.source] != "" {
			missing[r.source] = true
		}
	}
	for _, m := range w.waiting {
		missing[m] = true
	}
	key := referencesOf + w.group.id
	if len(missing) == 0 {
		delete(w.escrow, key)
		return nil
	}
	if w.err != nil {
		return w.broke(w.group, w.err, missing)
	}
	h := w.hold(key, w.group, "reference", false, missing)
	for _, m := range w.waiting {
		if e := w.escrow[m]; e != nil && e.next.Before(h.next) {
			h.next = e.next
		}
	}
	return nil
}

func (w *filling) batches(refs []ref, removing bool) {
	ops := outbound.AddMembers
	if removing {
		ops = outbound.RemoveMembers
	}
	parts := slices.Collect(slices.Chunk(refs, or(w.set.Readings.MembersPerPatch, 100)))
	for _, some := range slices.Collect(slices.Chunk(parts, or(w.set.Readings.Parallel, 1))) {
		answers := make([]error, len(some))
		var wg sync.WaitGroup
		for i, part := range some {
			wg.Go(func() {
				var ids []string
				for _, r := range part {
					ids = append(ids, r.target)
				}
				answers[i] = w.patiently(func() error { return w.to.Patch(w.ctx, "Group", w.link.id, ops(ids, w.to.Strict)) })
			})
		}
		wg.Wait()
		for i, part := range some {
			w.note(part, removing, answers[i])
		}
	}
}

// note remembers what became of one request.
func (w *filling) note(part []ref, removing bool, err error) {
	w.run.Exports++
	if err != nil {
		w.err = errors.Join(w.err, err)
		return
	}
	w.run.Exported++
	for _, r := range part {
		if removing {
			delete(w.link.members, r.source)
		} else {
			w.link.members[r.source] = r.target
		}
	}
	w.written = append(w.written, part...)
}
