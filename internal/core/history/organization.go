package history

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// happenings are what the organization's audit log tells, by words of an action. Only few of the actions' ids are
// published, and none about directories (atlassian.md 8.3), so words are read: all of a row must be there, and the first
// row that fits counts.
var happenings = []struct {
	words string
	kind  Kind
}{
	{"group not synced", GroupNotSynced},
	{"group default", DefaultGroupSet},
	{"group role granted", ProductGranted},
	{"granted product access", ProductGranted},
	{"group role revoked", ProductRevoked},
	{"revoked product access", ProductRevoked},
	{"policy user added", PolicyChanged},
	{"added user authentication policy", PolicyChanged},
	{"policy changed", PolicyChanged},
	{"user added group", JoinedThere},
	{"user removed group", LeftThere},
	{"group created", GroupMadeThere},
	{"group deleted", GroupDeletedThere},
	{"access suspended", AccessSuspended},
	{"suspended", AccessSuspended},
	{"access restored", AccessRestored},
	{"deletion scheduled", AccountDeleted},
	{"scheduled deletion", AccountDeleted},
	{"deletion canceled", AccountKept},
	{"canceled deletion", AccountKept},
	{"user deleted", AccountDeleted},
	{"deleted account", AccountDeleted},
	{"deactivated", AccountDeactivated},
	{"reactivated", AccountReactivated},
	{"email changed", AddressChanged},
	{"changed email", AddressChanged},
	{"unlinked", AccountUnlinked},
	{"unclaimed", AccountUnclaimed},
	{"invited", AccountOpened},
	{"key regenerated", KeyReplaced},
	{"key expired", KeyExpired},
	{"directory created", DirectoryMade},
	{"directory deleted", DirectoryDeleted},
	{"identity provider removed", DirectoryDeleted},
	{"domain", DomainChanged},
	{"seats", SeatsChanged},
}

func happening(e *document.Event) Kind {
	for _, text := range []string{e.Attributes.Action, cmp.Or(e.Attributes.Message.Content, e.Message.Content)} {
		have := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
		for _, h := range happenings {
			if !slices.ContainsFunc(strings.Fields(h.words), func(word string) bool { return !slices.Contains(have, word) }) {
				return h.kind
			}
		}
	}
	return ""
}

// organization is an event of the organization, if it lies on the way.
func (y *way) organization(o *document.Event) (Event, bool) {
	kind := happening(o)
	text := cmp.Or(o.Attributes.Message.Content, o.Message.Content, o.Attributes.Action)
	e := Event{
		At: o.Attributes.Time.Time, Log: organizationLog, Seen: string(document.Events), ID: o.ID, Kind: kind, Text: text,
		By: cmp.Or(o.Attributes.Actor.Name, o.Attributes.Actor.Email), Bad: natures[kind].takes, mark: o.ID,
	}
	about, on := false, false
	var person bool // somebody is named, whoever it is
	for _, c := range o.Attributes.Context {
		texts := []string{c.ID}
		for _, v := range c.Attributes {
			if s, ok := v.(string); ok {
				texts = append(texts, s)
			}
		}
		if strings.Contains(strings.ToLower(c.Type), "group") {
			if key, name, ok := y.on(texts...); ok {
				e.group, e.About, on = key, "group "+name, true
			}
			continue
		}
		person = true
		about = about || y.is(texts...)
	}
	switch kind {
	case JoinedThere, LeftThere:
		if about && (on || y.subject.Group == "") {
			e.About = ""
			return e, true
		}
		if y.subject.Kind == "group" && on {
			e.Kind, e.Bad = "", false
			return e, true
		}
		return e, false
	case KeyReplaced, KeyExpired, DirectoryMade, DirectoryDeleted, SeatsChanged:
		e.About = cmp.Or(e.About, "the organization")
		return e, true
	case DomainChanged:
		e.About = "the domain"
		return e, slices.ContainsFunc(y.domains, func(d string) bool { return strings.Contains(facts.Fold(text), d) }) || about
	}
	return e, about || on && !person
}
