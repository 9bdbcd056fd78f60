package cli

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
)

// lister shows paragraphs of a plan.
type lister struct {
	p    *text.Page
	v    *planPage
	out  *outline
	full bool

	told    bool // in a story, where nobody has a command to add --full to
	altered bool // what differs is in a file that somebody changed
}

// section shows paragraphs under a heading.
func (l *lister) section(head string, shade text.Ink, all []*paragraph) {
	if !slices.ContainsFunc(all, func(p *paragraph) bool { return p.count > 0 }) {
		return
	}
	l.p.Blank()
	l.p.Para(0, ink(head, text.Bold))
	for _, p := range all {
		if p.count > 0 {
			l.p.Para(2, ink(text.Count(p.count, p.one, p.many)+groupsWords(p), shade))
			l.lines(p, 4)
		}
	}
}

// groupsWords says over how many groups memberships are spread.
func groupsWords(p *paragraph) string {
	if p.count == p.steps || len(p.lines) == 0 || p.lines[0].members == nil || strings.HasPrefix(p.lines[0].what, "policy ") {
		return ""
	}
	return ", in " + text.Count(p.steps, "group", "groups")
}

// Where all lines of a paragraph are shown they are sorted by name, unless there are so many that they are laid out
// piece by piece as the plan has them.
const (
	sortable = 20_000
	chunk    = 200
)

// lines shows the first few lines of a paragraph, or goes through the steps once more for all of them.
func (l *lister) lines(p *paragraph, indent int) {
	if !l.full || p.steps <= few {
		l.table(p.lines, indent)
		l.rest(p.steps - len(p.lines))
		return
	}
	var some []line
	for s := range l.v.steps {
		if one := p.take(&s); one.count > 0 {
			some = append(some, one)
		}
		if len(some) == chunk && p.steps > sortable {
			l.table(some, indent)
			some = some[:0]
		}
	}
	if p.steps <= sortable {
		slices.SortStableFunc(some, func(a, b line) int { return strings.Compare(strings.ToLower(a.what), strings.ToLower(b.what)) })
	}
	l.table(some, indent)
}

func (l *lister) table(lines []line, indent int) {
	var seen clashes
	for _, one := range lines {
		if one.id != "" {
			seen.see(one.what, one.id)
		}
	}
	var rows [][]text.Cell
	for _, one := range lines {
		if one.id != "" && (seen.has(one.what) || l.out.groups.has(one.what)) {
			one.what = withID(one.what, one.id)
		}
		words := one.words
		if one.members != nil {
			words = []string{l.members(one.members)}
		}
		row := []text.Cell{ink(one.sign, signInk(one.sign)), plain(one.what)}
		for i, w := range words {
			if i > 0 {
				row = []text.Cell{plain(" "), plain(" ")}
			}
			if w != "" {
				row = append(row, plain(w))
			}
			rows = append(rows, row)
		}
	}
	l.p.Table(indent, 2, rows)
}

// members names members in order, without the domain that nearly all have.
func (l *lister) members(names []string) string {
	names = slices.Sorted(slices.Values(names))
	if l.out.domain != "" {
		for i := range names {
			names[i] = strings.TrimSuffix(names[i], "@"+l.out.domain)
		}
	}
	most := few
	if l.full {
		most = len(names)
	} else if len(names) > most+1 {
		l.out.cut = true
	}
	return listed(names, most)
}

func signInk(sign string) text.Ink {
	switch sign {
	case "+":
		return text.Good
	case "−":
		return text.Bad
	}
	return text.Doubt
}

// sums is the plan in one line: what appears, changes and is taken away without anybody's word, and what waits for it.
func (out *outline) sums() []text.Cell {
	part := func(head, none string, shade text.Ink, all []*paragraph) text.Cell {
		var words []string
		for _, p := range all {
			if p.count > 0 {
				words = append(words, text.Count(p.count, p.noun[0], p.noun[1]))
			}
		}
		if len(words) == 0 {
			return plain(head + none)
		}
		return ink(head+strings.Join(words, ", "), shade)
	}
	cells := []text.Cell{
		part("appear: ", "nobody", text.Good, out.appear),
		part("change: ", "nothing", text.Plain, out.change),
		part("taken away: ", "nothing", text.Bad, out.away),
	}
	if len(out.holds) > 0 {
		cells = append(cells, part("held: ", "nothing", text.Doubt, out.waiting))
	}
	return cells
}

// held shows what waits for a person, and what letting it go means.
func (l *lister) held() {
	if len(l.out.holds) == 0 {
		return
	}
	l.p.Blank()
	l.p.Para(0, ink("Held until a person lets it go", text.Bold))
	for _, h := range l.out.holds {
		l.p.Table(2, 2, [][]text.Cell{{ink(text.Number(h.count), text.Bold), ink(h.code, text.Code), plain(h.text)}})
		l.lines(&h.paragraph, 4)
	}
}
