package bundle

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// Load reads the documents into a world. People and small documents come first, then the groups that name them;
// within each wave the documents are read side by side, the largest first.
//
// Focus holds what a person typed as subjects (user principal names, addresses, ids, display names). Then only rows
// that touch these subjects are kept, which takes less time and memory; every answer about them is the same as from
// the whole world. Where a text names a group, or nobody, everything is loaded.
func (b *Bundle) Load(ctx context.Context, focus []string, report Progress) (*facts.World, error) {
	if len(focus) > 0 && b.canFocus() {
		l := b.loader(ctx, report)
		w, err := l.focused(focus)
		if w != nil || err != nil {
			return w, err
		}
	}
	return b.loader(ctx, report).everything()
}

// loader is one reading of the bundle.
type loader struct {
	b   *Bundle
	ctx context.Context
	g   *gauge
	to  *facts.Builder
}

func (b *Bundle) loader(ctx context.Context, report Progress) *loader {
	l := &loader{b: b, ctx: ctx, g: &gauge{limits: b.Limits, report: report}}
	for _, e := range b.files {
		l.g.total += e.size
	}
	for _, x := range b.exports {
		l.g.total += x.size
	}
	return l
}

func (l *loader) start(o *facts.Outline) {
	l.to = facts.NewBuilder(l.b.Manifest, facts.Focus{Outline: o})
	l.to.Have(document.Manifest)
	if m := l.b.Manifest; l.b.bare {
		l.to.Note(document.Manifest, "there is no bundle.json: the connection is taken for %s, named after the folder, and recorded when the newest file was written (%s)",
			m.Connection.Method, m.CapturedAt.UTC().Format("2 Jan 2006 15:04"))
	}
	for _, n := range l.b.notes {
		l.to.Note(n.file, "%s", n.text)
	}
}

func (l *loader) everything() (*facts.World, error) {
	set, err := l.gather()
	if err != nil {
		return nil, err
	}
	l.start(nil)
	if err := l.run(l.b.only(settings, people, logs), l.build); err != nil {
		return nil, err
	}
	if set != nil {
		l.feedPeople(set)
	}
	l.to.SealPeople()
	if err := l.run(l.b.only(groups, perAccount), l.build); err != nil {
		return nil, err
	}
	if set != nil {
		l.feedRest(set)
	}
	w := l.to.World()
	if set != nil {
		w.From = l.from(set)
	}
	return w, nil
}

// kind parts the documents by when they can be read.
type kind int

const (
	settings   kind = iota // small, about the connection as a whole
	people                 // one row for each
	logs                   // what happened to whom
	groups                 // name people by id
	perAccount             // keyed by account
)

func kindOf(f document.File) kind {
	switch base, _ := document.SplitSite(f); base {
	case document.Users, document.DeletedUsers, document.ScimUsers, document.OrgUsers, document.ScimLinks:
		return people
	case document.ProvisioningLogs, document.DirectoryAudits:
		return logs
	case document.Groups, document.ScimGroups, document.OrgGroups, document.JiraGroups:
		return groups
	case document.Manage, document.AuthPolicies:
		return perAccount
	}
	return settings
}

// only are the documents of these kinds that are there.
func (b *Bundle) only(kinds ...kind) []entry {
	var out []entry
	for _, e := range b.files {
		if e.file != document.Manifest && slices.Contains(kinds, kindOf(e.file)) {
			out = append(out, e)
		}
	}
	return out
}

// run reads documents side by side. Of several faults the one of the document that comes first in document.Files is
// reported, so that the same bundle always gives the same answer.
func (l *loader) run(files []entry, read func(entry) (document.Extent, error)) error {
	queue := slices.Clone(files)
	slices.SortStableFunc(queue, func(x, y entry) int { return int(min(max(y.size-x.size, -1), 1)) })
	extents, faults := make([]document.Extent, len(queue)), make([]error, len(queue))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(queue)) {
		wg.Go(func() {
			for i := range next {
				extents[i], faults[i] = read(queue[i])
			}
		})
	}
	for i := range queue {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := l.ctx.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", l.b.path, err)
	}
	order := make([]int, len(queue))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return rank(queue[x].file) - rank(queue[y].file) })
	for _, i := range order {
		if faults[i] != nil {
			return l.b.wrap(queue[i].file, l.locate(queue[i], faults[i]))
		}
		if g, cut := extents[i].Gap(queue[i].file); cut {
			l.to.Gap(g)
		}
		l.to.Have(queue[i].file)
	}
	return nil
}

// build hands one document to the builder.
func (l *loader) build(e entry) (document.Extent, error) {
	r, err := l.open(e)
	if err != nil {
		return document.Extent{}, err
	}
	defer r.Close()
	return decode(l.to, e.file, r)
}

// open opens a document so that what is read counts.
func (l *loader) open(e entry) (*metered, error) {
	r, err := l.b.tree.open(e.name)
	if err != nil {
		return nil, err
	}
	m := &metered{ctx: l.ctx, r: r, g: l.g, file: e.file}
	if err := l.g.add(e.file, 0); err != nil {
		_ = r.Close()
		return nil, err
	}
	return m, nil
}
