package exports

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// joinLogs puts steps and changed attributes to their records, by change id, and finds the object that each record
// speaks of.
func (j *joined) joinLogs(s *Set, p *people, g *groups) {
	steps, properties := map[string][]document.ProvisioningStep{}, map[string][]document.ModifiedProperty{}
	main, complete := false, true
	for _, f := range s.logs {
		for k, l := range f.steps {
			steps[k] = append(steps[k], l...)
		}
		for k, l := range f.properties {
			properties[k] = append(properties[k], l...)
		}
		if f.steps == nil && f.properties == nil {
			main, complete = true, complete && f.complete()
		}
	}
	used, seen := map[string]bool{}, map[string]string{}
	for _, f := range s.logs {
		again := 0
		for _, e := range f.records {
			change := fold(e.ChangeID)
			if of, twice := seen[fold(e.ID)]; twice && of != f.name {
				again++
				continue
			}
			seen[fold(e.ID)] = f.name
			if len(e.Steps) == 0 {
				e.Steps = steps[change]
			}
			if len(e.ModifiedProperties) == 0 {
				e.ModifiedProperties = properties[change]
			}
			used[change] = true
			j.findObject(&e, p, g)
			j.Records = append(j.Records, e.ProvisioningRecord)
		}
		if again > 0 {
			f.note(0, "", "%s of an earlier file, not read twice", count(again, "record"))
		}
	}
	for _, f := range s.logs {
		if n := stray(f, used); n > 0 {
			f.note(0, "", "%s without a record in the main file; download the three files of one log together", count(n, "change"))
		}
	}
	switch {
	case main && complete:
		j.have[document.ProvisioningLogs] = true
	case main:
		j.gap(document.ProvisioningLogs, "", "other records", "the provisioning log could not be used as a whole", ProvisioningLog)
	case len(s.logs) > 0:
		j.gap(document.ProvisioningLogs, "", "the records", "only the files of steps or changed attributes are there", ProvisioningLog)
	}
}

func stray(f *logFile, used map[string]bool) int {
	n := 0
	for k := range f.steps {
		if !used[k] {
			n++
		}
	}
	for k := range f.properties {
		if !used[k] {
			n++
		}
	}
	return n
}

var quotedObject = regexp.MustCompile(`(User|Group) '([^']{1,300})'`)

// findObject fills the object id of a record's source. The portal may show a name only; then the id comes from the
// attributes of the record, or from whoever bears the name.
func (j *joined) findObject(e *logEntry, p *people, g *groups) {
	i := &e.SourceIdentity
	names := []string{e.reportable, i.DisplayName}
	for _, s := range e.Steps {
		if i.ID == "" {
			i.ID = guidOf(s.Details, "objectId")
		}
		names = append(names, word(s.Details, "ReportableIdentifier"))
		if m := quotedObject.FindStringSubmatch(s.Description); m != nil {
			names = append(names, m[2])
			i.IdentityType = first(i.IdentityType, m[1])
		}
	}
	for _, m := range e.ModifiedProperties {
		if i.ID == "" && squash(m.DisplayName) == "objectid" {
			i.ID = findGUID(m.NewValue.Value)
		}
	}
	for _, n := range names {
		if i.ID != "" {
			break
		}
		i.ID = j.idOf(n, i.IdentityType, p, g)
	}
	if i.ID == "" {
		j.add(e.at, "%s is in no file of users or groups, so the record is about nobody who is known", nameOr(names))
	}
	if i.IdentityType == "" {
		if _, ok := p.byID[fold(i.ID)]; ok {
			i.IdentityType = "User"
		} else if _, ok := g.byID[fold(i.ID)]; ok {
			i.IdentityType = "Group"
		}
	}
}

// idOf is the object id of whoever bears the name; "" where that is nobody, or several.
func (j *joined) idOf(name, kind string, p *people, g *groups) string {
	if name == "" {
		return ""
	}
	if !strings.EqualFold(kind, "Group") {
		if at, ok := p.find("", name, name, ""); ok {
			return j.Users[at].ID
		}
	}
	if !strings.EqualFold(kind, "User") {
		if at, ok, _ := g.find(name); ok {
			return j.Groups[at].ID
		}
	}
	if at, ok := only(p.byName, name); ok && !strings.EqualFold(kind, "Group") {
		return j.Users[at].ID
	}
	return ""
}

func nameOr(names []string) string {
	if n := first(names...); n != "" {
		return fmt.Sprintf("%q", clip(n, 80))
	}
	return "the object without a name"
}

func guidOf(details map[string]any, key string) string {
	if v := word(details, key); isGUID(v) {
		return v
	}
	return ""
}
