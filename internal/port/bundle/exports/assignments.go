package exports

import (
	"io"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// assignmentFile is one list of who is assigned to the application.
type assignmentFile struct {
	*source
	rows []assignmentRow
}

// assignmentRow is one assignment; kind is user, group, other or "".
type assignmentRow struct {
	line                int
	id, principal, name string
	kind, typeText      string
	app, appID          string
	role                string
	created, deleted    document.Time
}

func readAssignments(src *source, l *layout, r io.Reader) (*assignmentFile, error) {
	f := &assignmentFile{source: src}
	t := &table{src, l}
	own := l.shape == &ownList
	return f, t.read(r, func(row record) {
		a := assignmentRow{line: row.line}
		if own {
			a.name = row.text("principal")
			a.typeText = row.text("type")
			if _, groups := l.at["group"]; groups && a.name == "" {
				a.name, a.typeText = row.text("group"), "Group"
			}
			if isGUID(a.name) {
				a.principal, a.name = a.name, ""
			}
		} else {
			a.id, a.principal, a.name = row.text("id"), row.text("principalId"), row.text("principalName")
			a.typeText, a.role = row.text("principalType"), row.text("roleId")
			a.app, a.appID = row.text("application"), row.text("applicationId")
			a.created, a.deleted = row.time("createdDateTime"), row.time("deletedDateTime")
		}
		if a.principal == "" && a.name == "" {
			row.drop("", "it names nobody")
			return
		}
		switch memberType(a.typeText) {
		case graphUser:
			a.kind = "user"
		case graphGroup:
			a.kind = "group"
		case "":
			if a.typeText != "" {
				row.note(typeField(own), "%q is neither User nor Group; the name is looked up among both", clip(a.typeText, 60))
			}
		default:
			a.kind = "other"
		}
		f.rows = append(f.rows, a)
	})
}

func typeField(own bool) string {
	if own {
		return "type"
	}
	return "principalType"
}

// ofApplication keeps the assignments of one application where a list has several: the one that was asked for by
// name or id, else the only one that is called after Atlassian. Where that does not decide, nothing is kept.
func (f *assignmentFile) ofApplication(wanted string) (rows []assignmentRow, known bool) {
	apps := map[string]bool{}
	var names []string
	for _, a := range f.rows {
		if k := fold(a.app + a.appID); !apps[k] {
			apps[k] = true
			names = append(names, strings.TrimSpace(a.app+" "+a.appID))
		}
	}
	if len(apps) <= 1 {
		return f.rows, true
	}
	is := func(a assignmentRow) bool { return fold(a.app) == fold(wanted) || fold(a.appID) == fold(wanted) }
	if wanted == "" || !slices.ContainsFunc(f.rows, is) {
		chosen := map[string]bool{}
		for _, a := range f.rows {
			if strings.Contains(fold(a.app), "atlassian") {
				chosen[fold(a.app+a.appID)] = true
			}
		}
		if len(chosen) != 1 {
			f.note(0, "", "it holds the assignments of %d applications (%s) and none of them can be told to be Atlassian's; keep the rows of one application", len(apps), listed(names))
			return nil, false
		}
		is = func(a assignmentRow) bool { return chosen[fold(a.app+a.appID)] }
	}
	var app string
	for _, a := range f.rows {
		if is(a) {
			rows, app = append(rows, a), strings.TrimSpace(a.app+" "+a.appID)
		}
	}
	f.note(0, "", "it holds the assignments of %d applications; the %d of %s are used", len(apps), len(rows), app)
	return rows, true
}
