package exports

import (
	"io"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// groupFile is one "Download groups" file.
type groupFile struct {
	*source
	groups []document.Group
}

func readGroups(src *source, l *layout, r io.Reader) (*groupFile, error) {
	f := &groupFile{source: src}
	var dates orderCheck
	t := &table{src, l}
	err := t.read(r, func(row record) {
		if g, ok := groupOf(row, &dates); ok {
			f.groups = append(f.groups, g)
			dates.keep(len(f.groups) - 1)
		}
	})
	if dates.settle(src, row0(l, "createdDateTime")) {
		for at, text := range dates.doubtful {
			if day, ok := dayFirstMoment(text); ok {
				f.groups[at].CreatedDateTime = day
			}
		}
	}
	return f, err
}

func groupOf(row record, dates *orderCheck) (document.Group, bool) {
	g := document.Group{
		ID: row.text("id"), DisplayName: row.text("displayName"), Description: row.text("description"),
		MailNickname: row.text("mailNickname"), MailEnabled: row.truth("mailEnabled"), SecurityEnabled: row.truth("securityEnabled"),
		MembershipRule: row.text("membershipRule"), MembershipRuleProcessingState: row.text("membershipRuleProcessingState"),
		Visibility: row.text("visibility"), OnPremisesSyncEnabled: row.truth("onPremisesSyncEnabled"),
		OnPremisesLastSyncDateTime: row.time("onPremisesLastSyncDateTime"),
	}
	g.CreatedDateTime = dates.time(row, "createdDateTime")
	if g.ID == "" {
		row.drop("id", "no object id")
		return g, false
	}
	row.groupType(&g)
	if strings.HasPrefix(squash(row.text("membershipType")), "dynamic") || g.MembershipRule != "" {
		g.GroupTypes = appendNew(g.GroupTypes, "DynamicMembership")
	}
	if !g.OnPremisesSyncEnabled.Known {
		// The portal's column Source says "Cloud" or "Windows Server AD".
		switch source := squash(row.text("source")); {
		case source == "cloud":
			g.OnPremisesSyncEnabled = document.Some(false)
		case strings.Contains(source, "windowsserver"), strings.Contains(source, "onpremises"):
			g.OnPremisesSyncEnabled = document.Some(true)
		}
	}
	return g, true
}

// groupType reads Graph's groupTypes (Unified, DynamicMembership) and the portal's words. What a word does not say
// for certain stays unknown: a Microsoft 365 group may or may not be a security group.
func (r record) groupType(g *document.Group) {
	text := r.text("groupType")
	if r.has("groupType") {
		g.GroupTypes = []string{}
	}
	kind := squash(text)
	set := func(o *document.Opt[bool], v bool) {
		if !o.Known {
			*o = document.Some(v)
		}
	}
	switch kind {
	case "security", "securitygroup":
		set(&g.SecurityEnabled, true)
		set(&g.MailEnabled, false)
	case "mailenabledsecurity":
		set(&g.SecurityEnabled, true)
		set(&g.MailEnabled, true)
	case "distribution", "distributionlist", "distributiongroup":
		set(&g.SecurityEnabled, false)
		set(&g.MailEnabled, true)
	case "":
	default:
		if strings.Contains(kind, "unified") || strings.Contains(kind, "microsoft365") || strings.Contains(kind, "office365") {
			g.GroupTypes = append(g.GroupTypes, "Unified")
			set(&g.MailEnabled, true)
		}
		if strings.Contains(kind, "dynamicmembership") {
			g.GroupTypes = append(g.GroupTypes, "DynamicMembership")
		}
		if len(g.GroupTypes) == 0 {
			r.note("groupType", "%q is no type of group that is known here; whether it is a security group is taken as not told", clip(text, 60))
		}
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
