package exports

import (
	"regexp"
	"slices"
	"strings"
)

// layout is where the fields of a kind stand in one file.
type layout struct {
	shape   *shape
	header  []string
	at      map[string]int // field -> column
	guessed []string       // fields that were recognised by their values
	twice   []string       // headers whose field another column has already
	other   []int          // columns without a meaning here
	apps    []appColumn
	groups  []groupColumn
}

type appColumn struct {
	app
	at int
}

// groupColumn is one of "Group 1 id", "Group 1 name", "Group 2 …": a numbered pivot is hinted at by Atlassian's
// support text, but was not seen.
type groupColumn struct{ id, name int }

var numberedGroup = regexp.MustCompile(`^group(id|name)?(\d{1,4})(id|name)?$`)

// lay finds the fields of a shape in a header.
func lay(s *shape, header []string) *layout {
	l := &layout{shape: s, header: header, at: map[string]int{}}
	numbered := map[string]*groupColumn{}
	var order []string
	for i, h := range header {
		name := squash(h)
		if name == "" {
			continue
		}
		f := s.field(name)
		_, have := l.at[f]
		switch {
		case f != "" && have:
			l.twice = append(l.twice, h)
		case f != "":
			l.at[f] = i
		case s.apps && l.app(h, i):
		case s.apps && numberedGroup.MatchString(name):
			m := numberedGroup.FindStringSubmatch(name)
			if numbered[m[2]] == nil {
				numbered[m[2]] = &groupColumn{-1, -1}
				order = append(order, m[2])
			}
			if m[1]+m[3] == "id" {
				numbered[m[2]].id = i
			} else {
				numbered[m[2]].name = i
			}
		default:
			l.other = append(l.other, i)
		}
	}
	for _, n := range order {
		l.groups = append(l.groups, *numbered[n])
	}
	return l
}

// app files a column of a product.
func (l *layout) app(header string, at int) bool {
	a, seen, ok := appOf(header)
	if ok && !seen {
		l.apps = append(l.apps, appColumn{a, at})
	}
	return ok
}

// field is the field of a shape that a squashed name means, or "".
func (s *shape) field(name string) string { return fieldOf[s][name] }

// fieldOf is every spelling of every shape. Of two fields with one spelling the first has it.
var fieldOf = func() map[*shape]map[string]string {
	out := map[*shape]map[string]string{}
	for _, s := range shapes {
		names := map[string]string{}
		for _, f := range s.fields {
			for _, n := range append([]string{squash(f[0])}, f[1:]...) {
				if names[n] == "" {
					names[n] = f[0]
				}
			}
		}
		out[s] = names
	}
	return out
}()

// missing lists the needs that the layout does not meet.
func (l *layout) missing() [][]string {
	var out [][]string
	for _, need := range l.shape.needs {
		if !slices.ContainsFunc(need, func(f string) bool { _, ok := l.at[f]; return ok }) {
			out = append(out, need)
		}
	}
	return out
}

// fits tells whether the file can be of the layout's kind.
func (l *layout) fits() bool {
	if len(l.missing()) > 0 || l.shape.only && len(l.other) > 0 {
		return false
	}
	return !slices.ContainsFunc(l.header, func(h string) bool { return slices.Contains(l.shape.never, squash(h)) })
}

// plausible tells whether the ids are object ids. Columns named id and name fit half the tables of the world.
func (l *layout) plausible(rows [][]string) bool {
	at, ok := l.at["id"]
	if _, upn := l.at["userPrincipalName"]; !ok || upn || l.shape.kind != EntraMembers && l.shape.kind != EntraGroups {
		return true
	}
	return len(rows) == 0 || holds(rows, at, isGUID)
}

// looks are fields that can be told by their values, whatever language the header speaks.
var looks = []struct {
	fields []string
	test   func(string) bool
}{
	{[]string{"id"}, isGUID},
	{[]string{"accountId", "atlassianId"}, isAccountID},
	{[]string{"userPrincipalName", "email"}, isAddress},
	{[]string{"objectType"}, func(s string) bool { return memberType(s) != "" }},
	{[]string{"accountEnabled", "active"}, func(s string) bool { _, ok := truth(s); return ok }},
}

// notIDs are words in headers of columns whose object ids are somebody else's.
var notIDs = []string{"manager", "tenant", "directory", "app", "sponsor", "sku", "license", "parent", "invitedby", "createdby"}

// guess fills fields that no header names, from the values of the first rows: who somebody is, and what the kind
// cannot be without. A field is filled only where exactly one unnamed column has nothing but such values; two
// columns of addresses say nothing, and one more Boolean in a file that fits already says less.
func (l *layout) guess(rows [][]string) {
	missing := l.missing()
	for _, look := range looks {
		for _, f := range look.fields {
			if _, have := l.at[f]; have || l.shape.field(squash(f)) != f || !l.wanted(f, missing) {
				continue
			}
			column, count := -1, 0
			for _, i := range l.other {
				if holds(rows, i, look.test) && (f != "id" || l.couldBeID(rows, i)) {
					column, count = i, count+1
				}
			}
			if count == 1 {
				l.at[f] = column
				l.guessed = append(l.guessed, f)
				l.other = slices.DeleteFunc(slices.Clone(l.other), func(i int) bool { return i == column })
			}
		}
	}
}

// wanted tells whether the field says who somebody is, or is one that the kind lacks.
func (l *layout) wanted(f string, missing [][]string) bool {
	switch f {
	case "id", "accountId", "atlassianId", "userPrincipalName", "email":
		return true
	}
	return slices.ContainsFunc(missing, func(need []string) bool { return slices.Contains(need, f) })
}

// couldBeID tells whether a column of object ids can be those of the rows: no two are the same, and the header
// speaks of nothing else.
func (l *layout) couldBeID(rows [][]string, column int) bool {
	name := squash(l.header[column])
	if slices.ContainsFunc(notIDs, func(w string) bool { return strings.Contains(name, w) }) {
		return false
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if column < len(r) {
			if seen[fold(r[column])] {
				return false
			}
			seen[fold(r[column])] = true
		}
	}
	return true
}

// holds tells whether a column has values and nothing but values of a kind.
func holds(rows [][]string, column int, test func(string) bool) bool {
	some := false
	for _, r := range rows {
		if column >= len(r) {
			continue
		}
		if v := strings.TrimSpace(r[column]); v != "" {
			if !test(v) {
				return false
			}
			some = true
		}
	}
	return some
}
