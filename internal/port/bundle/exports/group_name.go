package exports

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The portal lets the administrator type the name of a members file, and its default carries a date but no group.
// So the group of a file is named by the caller, or read from the file name in one of these forms:
//
//	jira-developers.csv
//	members-jira-developers.csv    members of jira-developers.csv    group-members_jira-developers.csv
//	jira-developers-members.csv    jira-developers_members_2026-11-20.csv
//	exportGroupMembers_jira-developers_2026-11-20.csv
//
// An object id may stand in place of the name.
var (
	copyMark    = regexp.MustCompile(`(?i)\s*(\(\d+\)|- copy|- kopie|- copie)$`)
	dateMark    = regexp.MustCompile(`[-_ .]+(\d{4}[-_.]\d{1,2}[-_.]\d{1,2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{4}|20\d{6})([-_ tT.]+\d{1,2}[-_.:]?\d{2}([-_.:]?\d{2})?[zZ]?)?$`)
	membersOf   = regexp.MustCompile(`(?i)^(?:export[-_ ]*)?(?:entra[-_ ]*)?(?:group[-_ ]*)?members?[-_ .]+(?:(?:of|from)[-_ ]+)?(.+)$`)
	ofMembers   = regexp.MustCompile(`(?i)^(.+?)[-_ .]+(?:group[-_ ]*)?members?$`)
	sayNothing  = []string{"", "members", "member", "groupmembers", "groupmember", "exportgroupmembers", "exportgroupmember", "entragroupmembers", "entramembers", "export", "exports", "download", "downloads", "group", "groups", "users", "data", "file"}
	justNumbers = regexp.MustCompile(`^[\d\W_]+$`)
)

// groupNames reads from a file name which group it may be, the likeliest first. All of them are tried against the
// groups that are known; where none is known, the first one counts.
func groupNames(file string) []string {
	base := copyMark.ReplaceAllString(strings.TrimSpace(stem(file)), "")
	var out []string
	add := func(s string) {
		s = strings.TrimSpace(s)
		if !slices.Contains(sayNothing, squash(s)) && (isGUID(s) || !justNumbers.MatchString(s)) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	undated := dateMark.ReplaceAllString(base, "")
	for _, s := range []string{undated, base} {
		if m := membersOf.FindStringSubmatch(s); m != nil {
			add(m[1])
		}
		if m := ofMembers.FindStringSubmatch(s); m != nil {
			add(m[1])
		}
	}
	if bare := squash(undated); !slices.Contains(sayNothing, bare) {
		add(undated)
		add(base) // a group may be called "board members", or end in a date
	}
	return out
}

// nameGroup is the error of a members file whose name says no group.
func nameGroup(file string) error {
	return fmt.Errorf("%s: it holds the members of an Entra group, but neither the file nor its name says which: name it GROUP=%s, or rename it to members-GROUP.csv", file, file)
}
