package exports

import (
	"slices"
	"strings"
)

// cells files the memberships of "Group membership" cells. Names are separated by commas, and a name may hold one.
// So a run of parts is taken for one name only where something else is certain of that name: a row of its own, a
// cell with a single name, or Entra. Names that were merely cut out of a cell are certain of nothing.
func (o *orgGroups) cells(list []*account) {
	certain := map[string]string{}
	for _, one := range o.j.Groups {
		certain[fold(one.DisplayName)] = one.DisplayName
	}
	for _, one := range o.list {
		certain[fold(one.name)] = one.name
	}
	for _, a := range list {
		if a.cell != "" && !strings.Contains(a.cell, ",") {
			certain[fold(a.cell)] = a.cell
		}
	}
	delete(certain, "")
	for _, a := range list {
		if a.cell != "" {
			o.cell(a, certain)
		}
	}
}

func (o *orgGroups) cell(a *account, certain map[string]string) {
	parts := strings.Split(a.cell, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	for i := 0; i < len(parts); {
		n, name := longest(parts[i:], certain)
		if n > 1 && allKnown(parts[i:i+n], certain) {
			// "a, b" may be the group "a, b" or the groups a and b: nobody can tell.
			for _, p := range append(slices.Clone(parts[i:i+n]), name) {
				o.group("", p).doubtful = true
			}
			o.j.add(a.at, "the groups %q can be read as one group or as several, so their members are taken as not told; export with the choice that gives each group a row", clip(name, 100))
		} else if name != "" {
			o.add(a, "", name)
		}
		i += n
	}
}

// longest is the longest run of parts that is the name of a known group, else the first part.
func longest(parts []string, certain map[string]string) (int, string) {
	const most = 8 // parts of one name
	for n := min(len(parts), most); n > 1; n-- {
		for _, between := range []string{", ", ","} {
			if name, ok := certain[fold(strings.Join(parts[:n], between))]; ok {
				return n, name
			}
		}
	}
	return 1, parts[0]
}

func allKnown(parts []string, certain map[string]string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { _, ok := certain[fold(p)]; return !ok })
}
