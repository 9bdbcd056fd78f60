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
func (b *Bundle) Load(ctx context.Context, focus []string, report Progress) (*facts.World, error) {
	l := &loader{b: b, ctx: ctx, g: &gauge{limits: b.Limits, report: report}}
	for _, e := range b.files {
		l.g.total += e.size
	}
	return l.load(focus)
}

// loader is one Load.
type loader struct {
	b   *Bundle
	ctx context.Context
	g   *gauge
	to  *facts.Builder
}

func (l *loader) load(focus []string) (*facts.World, error) {
	l.to = facts.NewBuilder(l.b.Manifest, facts.Focus{})
	l.to.Have(document.Manifest)
	for _, n := range l.b.notes {
		l.to.Note(n.file, "%s", n.text)
	}
	people, groups := l.waves()
	if err := l.run(people); err != nil {
		return nil, err
	}
	l.to.SealPeople()
	if err := l.run(groups); err != nil {
		return nil, err
	}
	return l.to.World(), nil
}

// waves parts the documents: those that name people by id or account need the people sealed.
func (l *loader) waves() (first, second []entry) {
	for _, e := range l.b.files {
		switch base, _ := document.SplitSite(e.file); base {
		case document.Manifest:
		case document.Groups, document.ScimGroups, document.OrgGroups, document.JiraGroups, document.AuthPolicies:
			second = append(second, e)
		default:
			first = append(first, e)
		}
	}
	return first, second
}

// run reads documents side by side. Of several faults the one of the document that comes first in document.Files is
// reported, so that the same bundle always gives the same answer.
func (l *loader) run(files []entry) error {
	queue := slices.Clone(files)
	slices.SortStableFunc(queue, func(x, y entry) int { return int(min(max(y.size-x.size, -1), 1)) })
	type result struct {
		extent document.Extent
		err    error
	}
	results := make([]result, len(queue))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(queue)) {
		wg.Go(func() {
			for i := range next {
				results[i].extent, results[i].err = l.read(queue[i])
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
	slices.SortFunc(order, func(x, y int) int { return rank(queue[x].file) - rank(queue[y].file) })
	for _, i := range order {
		if err := results[i].err; err != nil {
			return l.b.wrap(queue[i].file, l.locate(queue[i], err))
		}
		if g, cut := results[i].extent.Gap(queue[i].file); cut {
			l.to.Gap(g)
		}
		l.to.Have(queue[i].file)
	}
	return nil
}

// read hands one document to its decoder.
func (l *loader) read(e entry) (document.Extent, error) {
	f, err := l.b.tree.open(e.name)
	if err != nil {
		return document.Extent{}, err
	}
	defer f.Close()
	if err := l.g.add(e.file, 0); err != nil {
		return document.Extent{}, err
	}
	return decode(l.to, e.file, &metered{ctx: l.ctx, r: f, g: l.g, file: e.file})
}
