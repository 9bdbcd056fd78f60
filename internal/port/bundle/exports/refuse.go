package exports

import (
	"errors"
	"fmt"
	"strings"
)

// templates are the headers of Entra's forms for bulk edits: text like "User name [userPrincipalName] Required".
var templates = []struct{ mark, means, instead string }{
	{"[memberobjectidoruserprincipalname]", "adding or removing members of a group", EntraMembers.Menu()},
	{"[memberobjectidorupn]", "adding or removing members of a group", EntraMembers.Menu()},
	{"[inviteeemail]", "inviting guests", EntraUsers.Menu()},
	{"[userprincipalname]", "creating, deleting or restoring users", EntraUsers.Menu()},
	{"[objectid]", "restoring users", EntraUsers.Menu()},
	{"version:v1.0", "a bulk edit", EntraUsers.Menu()},
}

// errTemplate lets tests and callers tell a refusal from a file that is not known.
var errTemplate = errors.New("it is a template for bulk edits, not a download")

// refuseTemplate looks at the first rows: some templates have their version above the header.
func refuseTemplate(name string, rows [][]string) error {
	var cells []string
	for _, r := range rows {
		cells = append(cells, r...)
	}
	all := strings.ToLower(strings.Join(cells, "\n"))
	for _, t := range templates {
		if strings.Contains(all, t.mark) {
			return fmt.Errorf("%s: %w: Entra's form for %s; take the download instead: %s", name, errTemplate, t.means, t.instead)
		}
	}
	return nil
}

// unknown is the error of a table that fits nothing.
func unknown(name string, header []string, members bool) error {
	var found []string
	for _, h := range header {
		if h = strings.TrimSpace(h); h != "" {
			found = append(found, h)
		}
	}
	if members {
		return fmt.Errorf("%s: no column holds the object ids or the user principal names of members; columns found: %s", name, listed(found))
	}
	var closest *layout
	for _, s := range shapes {
		l := lay(s, header)
		if closest == nil || near(l) > near(closest) {
			closest = l
		}
	}
	if near(closest) <= 0 {
		return fmt.Errorf("%s: not an export that is known here; columns found: %s", name, listed(found))
	}
	var needs []string
	for _, need := range closest.missing() {
		needs = append(needs, oneOf(need))
	}
	why := "which needs also " + strings.Join(needs, ", and ")
	if len(needs) == 0 {
		why = "which does not have the other columns"
	}
	return fmt.Errorf("%s: not an export that is known here; columns found: %s; the closest is %s (%s), %s",
		name, listed(found), closest.shape.kind, closest.shape.kind.Menu(), why)
}

// near counts what speaks for a layout: columns that it names, and more so needs that it meets.
func near(l *layout) int {
	met := len(l.shape.needs) - len(l.missing())
	if met == 0 {
		return 0
	}
	return 3*met + len(l.at) - 3*len(l.missing()) + 6
}

func oneOf(fields []string) string {
	if len(fields) == 1 {
		return "the column " + fields[0]
	}
	return "one of the columns " + strings.Join(fields, ", ")
}
