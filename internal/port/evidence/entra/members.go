package entra

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/port/graph"
)

const (
	maxInner   = 5  // pages of groups inside a group that was asked about
	maxMembers = 10 // pages of members of a group that was asked about
)

// within reads the groups inside the groups that were asked about. Where the group is the subject, they are all needed;
// where a membership is asked about, only if the members of one of them are hidden.
func (f *search) within(ctx context.Context) error {
	var asks []ask
	var of []*group
	for _, id := range sortedKeys(f.groups) {
		if g := f.groups[id]; g.asked && !g.entered {
			g.entered = true
			of = append(of, g)
			asks = append(asks, ask{
				path: "/groups/" + url.PathEscape(g.doc.ID) + "/transitiveMembers/microsoft.graph.group", advanced: true,
				query: with(selected(f.groupFields), "$count", "true"),
			})
		}
	}
	got, err := f.all(ctx, asks, maxInner)
	if err != nil {
		return err
	}
	for i, a := range got {
		switch {
		case errors.Is(a.err, errEnough):
			f.into.gap(gapOf(document.Groups, of[i].doc.ID, "groups inside "+of[i].doc.DisplayName, a.err.Error()))
		case a.err != nil && !f.veiled(of[i], a.err):
			return f.failed(a.err)
		}
		if !of[i].subject && !slices.ContainsFunc(a.values, hides) {
			continue
		}
		for _, v := range a.values {
			g, err := f.keepGroup(v)
			if err != nil {
				return f.failed(err)
			}
			g.subject = g.subject || of[i].subject
		}
	}
	return nil
}

// hiddenInScope looks for groups with hidden members inside the groups in scope, where a subject is in none of these:
// whether they are in one cannot be seen then.
func (f *search) hiddenInScope(ctx context.Context) error {
	if !f.outside() || f.unveiled {
		return nil
	}
	f.unveiled = true
	ids := slices.DeleteFunc(sortedKeys(f.scoped), func(id string) bool { return !isID(id) })
	var asks []ask
	for _, id := range ids[:min(len(ids), maxUnveiled)] {
		asks = append(asks, ask{
			path: "/groups/" + id + "/transitiveMembers/microsoft.graph.group", advanced: true,
			query: with(selected(f.groupFields), "$count", "true"),
		})
	}
	got, err := f.all(ctx, asks, 1)
	if err != nil {
		return err
	}
	for _, a := range got {
		if !slices.ContainsFunc(a.values, hides) {
			continue // a group that is not there any more, too
		}
		for _, v := range a.values {
			g, err := f.keepGroup(v)
			if err != nil {
				return f.failed(err)
			}
			f.veils[facts.Fold(g.doc.ID)] = true
		}
	}
	return nil
}

func hides(raw jsontext.Value) bool {
	var g document.Group
	return json.Unmarshal(raw, &g) == nil && isHidden(&g)
}

func isHidden(g *document.Group) bool { return strings.EqualFold(g.Visibility, "HiddenMembership") }

// veiled notes that the members of a group with hidden membership may not be read, in the words of source/entra.
func (f *search) veiled(g *group, err error) bool {
	if _, refused := graph.Refused(err); !refused || !isHidden(&g.doc) {
		return false
	}
	f.veil(g)
	return true
}

func (f *search) veil(g *group) {
	gap := document.Gap{
		File: string(document.Groups), Subject: g.doc.ID, What: "members", Call: "GET /groups/{id}/members",
		Why: "the group's membership is hidden: it has no members, or the application lacks the Microsoft Graph permission " + graph.HiddenMembers,
	}
	if !slices.Contains(f.into.of(document.Groups).gaps, gap) {
		f.into.gap(gap)
	}
}

// everyMember reads all members of a group that is the subject and of those inside it, and who they are.
func (f *search) everyMember(ctx context.Context) error {
	var asks, programs []ask
	var of []*group
	for _, id := range sortedKeys(f.groups) {
		g := f.groups[id]
		if !g.subject || g.listed {
			continue
		}
		g.listed = true
		of = append(of, g)
		path := "/groups/" + url.PathEscape(g.doc.ID) + "/members"
		asks = append(asks, ask{path: path, query: selected([]string{"id"})})
		// The list leaves service principals out (entra.md 1.6); that the cast gives them is not documented.
		programs = append(programs, ask{path: path + "/microsoft.graph.servicePrincipal", query: with(selected([]string{"id"}), "$count", "true"), advanced: true})
	}
	got, err := f.all(ctx, append(asks, programs...), maxMembers)
	if err != nil {
		return err
	}
	for i, a := range got[:len(of)] {
		g := of[i]
		switch {
		case errors.Is(a.err, errEnough):
			f.into.gap(gapOf(document.Groups, g.doc.ID, "members of "+g.doc.DisplayName, a.err.Error()))
		case a.err != nil && !f.veiled(g, a.err):
			return f.failed(a.err)
		}
		g.members = nil
		for _, v := range a.values {
			var m document.Member
			if err := json.Unmarshal(v, &m); err != nil {
				return f.failed(err)
			}
			g.members = append(g.members, m)
		}
		for _, v := range got[len(of)+i].values {
			var m document.Member
			if json.Unmarshal(v, &m) == nil && m.ID != "" {
				g.members = append(g.members, document.Member{Type: "#microsoft.graph.servicePrincipal", ID: m.ID})
			}
		}
	}
	for _, g := range of {
		if !g.asked {
			continue // inside one that was asked about
		}
		path := "/groups/" + url.PathEscape(g.doc.ID) + "/transitiveMembers/microsoft.graph.user"
		_, err := f.list(ctx, path, with(selected(f.userFields), "$count", "true"), graph.Eventual(), maxMembers, func(v jsontext.Value) error {
			before := len(f.people)
			err := f.meet(v, false, false)
			for _, p := range f.people[before:] {
				p.climbed = true // only this group of theirs matters
			}
			return err
		})
		if err == nil || f.veiled(g, err) {
			continue
		}
		why, general := reason(err)
		if general {
			return err
		}
		f.into.gap(gapOf(document.Groups, g.doc.ID, "members of "+g.doc.DisplayName, why))
	}
	return nil
}

// counts asks how many members a group has of which only some are recorded, where an answer says so: a group that holds a
// subject on a way into scope, one that was asked about, and one whose members may be hidden.
func (f *search) counts(ctx context.Context) error {
	of, asks := f.countAsks()
	got, err := f.all(ctx, asks, 1)
	if err != nil {
		return err
	}
	f.count(of, got)
	return nil
}

// countAsks are the groups whose members are to be counted, and how.
func (f *search) countAsks() (of []*group, asks []ask) {
	need := map[string]bool{}
	for _, p := range f.people {
		if !p.subject || !p.climbed {
			continue
		}
		below := f.nested(p)
		for id := range p.direct {
			if f.groups[id] != nil && (below || f.inScope(id)) {
				need[id] = true
			}
		}
	}
	for id, g := range f.groups {
		if g.asked || isHidden(&g.doc) {
			need[id] = true
		}
	}
	for _, id := range sortedKeys(need) {
		g := f.groups[id]
		if g.listed || g.counted || len(asks) == maxEdges {
			continue
		}
		g.counted = true
		of = append(of, g)
		asks = append(asks, ask{
			path: "/groups/" + url.PathEscape(g.doc.ID) + "/members", advanced: true, first: true,
			query: url.Values{"$select": {"id"}, "$top": {"1"}, "$count": {"true"}},
		})
	}
	return of, asks
}

// count takes how many members groups have.
func (f *search) count(of []*group, got []answered) {
	for i, a := range got {
		if a.err != nil && !errors.Is(a.err, errEnough) {
			f.veiled(of[i], a.err) // of others the answer only says a smaller number
			continue
		}
		of[i].count = max(a.count, 0)
		if of[i].count == 0 && isHidden(&of[i].doc) {
			f.veil(of[i])
		}
	}
}

// object is a group as it is recorded: as Graph gave it, with the members that are the subjects' own and beside them
// how many there are.
func (g *group) object() (jsontext.Value, error) {
	members := []document.Member{}
	for _, m := range g.members {
		if !slices.ContainsFunc(members, func(have document.Member) bool { return facts.Fold(have.ID) == facts.Fold(m.ID) }) {
			members = append(members, m)
		}
	}
	slices.SortFunc(members, func(x, y document.Member) int { return strings.Compare(x.ID, y.ID) })
	beside := struct {
		Members []document.Member `json:"members"`
		Count   int               `json:"members@odata.count,omitzero"`
	}{members, max(g.count, 0)}
	tail, err := json.Marshal(beside)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(g.raw)
	if err := out.Compact(); err != nil {
		return nil, err
	}
	return append(append(out[:len(out)-1], ','), tail[1:]...), nil // a group has an id, so there is something before the comma
}
