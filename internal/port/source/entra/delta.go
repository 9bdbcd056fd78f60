package entra

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source"
)

// kind is what is followed: users, or groups with their members.
type kind struct {
	file    document.File
	set     string
	fields  []string // of $select, without members
	members bool
}

// maxRestarts is how often a list or round begins again within one reading because its token was taken back.
const maxRestarts = 2

// reading is one call of Read.
type reading struct {
	*Source
	to source.Mirror
}

// follow tells what changed since a state, or everything where there is none or the service does not take it any more.
func (r *reading) follow(ctx context.Context, k kind, from state) (state, error) {
	for restarts := 0; ; restarts++ {
		round := &round{reading: r, kind: k, state: state{Select: k.fields, Hidden: from.Hidden, Sees: from.Sees}}
		err := round.read(ctx, from.Link)
		refused, is403 := graph.Refused(err)
		switch {
		case err == nil:
			err = round.close()
			return round.state, err
		case graph.Reset(err) && restarts < maxRestarts, from.Link != "" && !round.told && invalid(err):
			r.log.Warn("the service wants to be read anew", "set", k.set, "reason", err.Error())
			from = state{}
		case is403 && !round.told && restarts == 0:
			return from, r.gap(k.file, refused)
		default:
			return state{}, err
		}
	}
}

// invalid tells whether a request was refused as such (400). A stored link has nothing but its token to be refused for.
func invalid(err error) bool {
	e, ok := errors.AsType[*graph.Error](err)
	return ok && e.Status == http.StatusBadRequest
}

// gap says that nothing of a document could be read.
func (r *reading) gap(f document.File, e *graph.Error) error {
	r.log.Warn("could not be read", "document", string(f), "reason", e.Why())
	return r.to.Gap(document.Gap{File: string(f), What: "the whole document", Why: e.Why(), Call: document.Of(f).Call})
}

// round is one answer of a delta query.
type round struct {
	*reading
	kind
	state

	full   bool
	told   bool                // the mirror has heard something
	seen   map[string]struct{} // of a full reading: the objects so far
	hidden map[string]bool     // groups with hidden membership: have all members been shown?
	count  int                 // of a full reading: how many there are; -1: not known
}

func (r *round) read(ctx context.Context, link string) error {
	var query url.Values
	r.hidden = map[string]bool{}
	for _, id := range r.Hidden {
		r.hidden[id] = false
	}
	if r.full = link == ""; r.full {
		r.seen, r.hidden, r.Sees = map[string]struct{}{}, map[string]bool{}, false
		r.count = r.counted(ctx)
		fields := r.fields
		if r.members {
			fields = append(slices.Clone(fields), "members")
		}
		link, query = "/"+r.set+"/delta", url.Values{"$select": {strings.Join(fields, ",")}}
	}
	for p, err := range r.graph.Pages(ctx, link, query, nil) {
		if err != nil {
			return err
		}
		if r.full && !r.told { // not before the service has begun to answer
			if err := r.to.Full(r.file); err != nil {
				return err
			}
		}
		r.told = true
		for _, v := range p.Values {
			if err := r.object(v); err != nil {
				return err
			}
		}
		r.Link = p.Delta
	}
	if r.Link == "" {
		return errors.New("the last page has no deltaLink, so more may have been meant to follow")
	}
	return nil
}

// object tells one object of a page. In a round an object can come several times, known changes can come again, and
// what a later page says counts: so what was told already is merged.
func (r *round) object(raw []byte) error {
	e, err := parseEntry(raw, r.fields)
	if err != nil {
		return fmt.Errorf("an object of /%s/delta: %w", r.set, err)
	}
	_, again := r.seen[e.id]
	switch {
	case e.removed:
		// "changed" is soft-deleted and "deleted" is gone: neither is among users and groups any more. The former is
		// among the deleted items, which are read by themselves.
		delete(r.seen, e.id)
		delete(r.hidden, e.id)
		return r.to.Drop(r.file, e.id)
	case r.full && !again:
		r.seen[e.id] = struct{}{}
		err = r.to.Put(r.file, e.id, e.filled(r.fields))
	case e.properties > 0:
		err = r.to.Merge(r.file, e.id, e.object)
	}
	if err != nil || !r.members {
		return err
	}
	r.veil(e)
	for _, m := range e.members { // the member may be somebody whom users/delta tells later, or never
		if err := r.to.Member(r.file, e.id, m.id, m.kind, !m.removed); err != nil {
			return err
		}
	}
	return nil
}

// veil notes whether members of groups with hidden membership are shown. One permission shows them all.
func (r *round) veil(e entry) {
	shown, known := r.hidden[e.id]
	if !e.hidden && !known {
		return
	}
	now := slices.ContainsFunc(e.members, func(m member) bool { return !m.removed })
	r.Sees = r.Sees || now && r.full
	r.hidden[e.id] = shown || now && !slices.Contains(r.Hidden, e.id) // of those, the members before are still unknown
}

// close says that the document was read to its end, and what of it is hidden.
func (r *round) close() error {
	if missing := r.count - len(r.seen); r.full && missing > tolerated(r.count) {
		// A page that lost its objects on the way looks like an empty one. Nothing counts as absent then, and the
		// next reading begins anew.
		r.state = state{}
		return r.to.Gap(document.Gap{
			File: string(r.file), What: fmt.Sprintf("some %d of %d", missing, r.count),
			Why: "GET /" + r.set + "/$count says that there are more than the delta query told", Call: document.Of(r.file).Call,
		})
	}
	if err := r.to.Whole(r.file); err != nil {
		return err
	}
	r.Hidden = nil
	if r.Sees {
		return nil
	}
	for id, shown := range r.hidden {
		if !shown {
			r.Hidden = append(r.Hidden, id)
		}
	}
	slices.Sort(r.Hidden)
	for _, id := range r.Hidden {
		err := r.to.Gap(document.Gap{
			File: string(r.file), Subject: id, What: "members", Call: "GET /groups/{id}/members",
			Why: "the group's membership is hidden: it has no members, or the application lacks the Microsoft Graph permission " + graph.HiddenMembers,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tolerated is by how many objects a count may be ahead of what was read: its index lags, and people come and go.
func tolerated(count int) int { return max(20, count/1000) }

// counted asks how many objects there are, as a cross-check of a full reading. Where it is not answered there is none.
func (r *round) counted(ctx context.Context) int {
	n, err := r.graph.Count(ctx, "/"+r.set+"/$count", nil)
	if err != nil {
		r.log.Debug("not counted", "set", r.set, "reason", err.Error())
		return -1
	}
	return n
}
