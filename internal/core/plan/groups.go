package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// maxGroupName is the longest name that is sent. Atlassian publishes no limit; 255 is what Jira has held so far
// (unverified).
const maxGroupName = 255

// judgeGroups gives every group of the source and of the target a reason, and what is to be done with the group itself.
func (p *planner) judgeGroups() {
	names := p.namesakes()
	for g := range uint32(len(p.groupReason)) {
		p.groupReason[g] = p.group(g, names)
	}
	for h := range uint32(p.have.Groups.Len()) {
		if p.groups.Wanted[h] == match.None {
			p.thereReason[h] = p.leftover(h)
		}
	}
}

// namesakes are the folded names that several groups in scope have.
func (p *planner) namesakes() map[string]int {
	names := make(map[string]int, len(p.groupReason))
	for g := range uint32(len(p.groupReason)) {
		if p.sel.Groups[g] == scope.In {
			names[document.Fold(p.groupName(g))]++
		}
	}
	return names
}

func (p *planner) groupName(g uint32) string {
	return p.want.State.Groups.Text(g, directory.GroupName)
}

func (p *planner) group(g uint32, names map[string]int) Reason {
	h := p.groups.Present[g]
	switch p.sel.Groups[g] {
	case scope.In:
		return p.groupInScope(g, h, names)
	case scope.NotSettled:
		return NotSettled
	case scope.Filtered:
		return p.groupLeaves(g, h, ScopingFilter)
	case scope.Excluded:
		return p.groupLeaves(g, h, GroupExcluded)
	case scope.NotGroups:
		return GroupsNotSynced
	}
	if p.sel.UnsettledGroups != "" {
		return NotSettled
	}
	if p.Method == document.GuardNested {
		return p.groupLeaves(g, h, GroupNotSelected)
	}
	return p.groupLeaves(g, h, NotAssigned)
}

// groupInScope judges a group that should be there.
func (p *planner) groupInScope(g, h uint32, names map[string]int) Reason {
	name := p.groupName(g)
	if why, bad := invalidName(name); bad {
		p.notes[subject{kindGroup, g}] = why
		return GroupNameInvalid
	}
	if local, ok := p.in.Target.Local[document.Fold(name)]; ok && local.Kind != LocalGroup {
		if local.Kind == DefaultAccess {
			return DefaultGroup
		}
		return BuiltInGroup
	}
	if t, bad := p.groups.Of(g); bad && h == match.None {
		return p.groupTrouble(g, t)
	}
	if h == match.None {
		return p.newGroup(g, name, names)
	}
	reason := AsWanted
	if p.groups.How[g] != match.ByLink {
		hold := NotHeld
		if p.groups.How[g] == match.ByValue && (p.in.Source.Gaps.Groups != "" || p.sel.UnsettledGroups != "") {
			hold = HeldAdoption // another group of this name may not have been told: Entra lets several have one
		}
		p.adopt(kindGroup, g, h, ToLink, hold)
		reason = ToLink
	}
	if !strings.EqualFold(p.have.Groups.Text(h, directory.GroupName), name) {
		return p.rename(g, h, name, names)
	}
	return reason
}

func invalidName(name string) (string, bool) {
	switch {
	case strings.TrimSpace(name) == "":
		return "it has no name", true
	case utf8.RuneCountInString(name) > maxGroupName:
		return fmt.Sprintf("the name has %d characters, more than %d", utf8.RuneCountInString(name), maxGroupName), true
	case strings.ContainsFunc(name, unicode.IsControl):
		return "the name has control characters", true
	}
	return "", false
}

func (p *planner) newGroup(g uint32, name string, names map[string]int) Reason {
	if names[document.Fold(name)] > 1 {
		p.notes[subject{kindGroup, g}] = "another group in scope has the name " + name
		return Ambiguous
	}
	if p.have.Gaps.Groups != "" {
		return TargetNotRead
	}
	if !p.in.Rules.Mapping.Group.Add {
		p.notes[subject{kindGroup, g}] = neverCreated
		return InScope
	}
	if p.groupTaken(name, none) { // by one that is another's: no two groups of a directory have one name
		p.notes[subject{kindGroup, g}] = "a synced group that belongs to another group of the source has the name " + name
		return Ambiguous
	}
	s := step{op: opCreate, kind: kindGroup, reason: InScope, source: g, target: none}
	if _, lost := slices.BinarySearch(p.in.Target.Groups.Lost, g); lost {
		s.reason = RecordGone
	}
	if _, ok := p.in.Target.Local[document.Fold(name)]; ok {
		s.reason, s.hold = GroupConflict, HeldConflict
		p.conflicts[g] = p.conflict(g)
	}
	p.madeFor[g] = opCreate + 1
	p.others[opCreate] = append(p.others[opCreate], s)
	return s.reason
}

// conflict says who would join and who would leave if the group of the organization became the synced one.
func (p *planner) conflict(g uint32) *Conflict {
	local := p.in.Target.Local[document.Fold(p.groupName(g))]
	c := &Conflict{Name: local.Name, Told: local.Told}
	wanted := map[string]bool{}
	account := p.have.Users.Column(AccountColumn)
	for _, u := range p.want.State.Member[g] {
		h := p.users.Present[u]
		if p.sel.Users[u] != scope.In || h == match.None && p.made[u] == 0 {
			continue // is put nowhere: disabled, or without a record
		}
		if h != match.None {
			if id := document.Fold(p.have.Users.Text(h, account)); id != "" {
				wanted[id] = true
				continue
			}
		}
		c.Adds++
	}
	for _, m := range local.Members {
		id := document.Fold(m.Account)
		if wanted[id] {
			delete(wanted, id)
			continue
		}
		c.Removes = append(c.Removes, cmp.Or(m.Name, m.Account))
	}
	c.Adds += len(wanted)
	return c
}

// rename replaces a group: the new one is made and filled, and when that is done the old one is deleted. All of it
// waits for a person; meanwhile the members of the old one are kept up.
func (p *planner) rename(g, h uint32, name string, names map[string]int) Reason {
	p.notes[subject{kindGroup, g}] = fmt.Sprintf("%s is called %s at Atlassian", name, p.have.Groups.Text(h, directory.GroupName))
	if names[document.Fold(name)] > 1 {
		p.notes[subject{kindGroup, g}] += "; another group in scope has the new name, too"
		return Ambiguous
	}
	still := ""
	switch { // nothing can be made yet
	case !p.in.Rules.Mapping.Group.Add:
		still = "the rules create no groups"
	case p.groupTaken(name, h):
		still = "another synced group has the new name"
	case p.have.Gaps.Groups != "":
		still = "whether another synced group has the new name was not told"
	}
	if still != "" {
		p.notes[subject{kindGroup, g}] += "; " + still
		return GroupRenamed
	}
	hold := HeldRename
	if _, ok := p.in.Target.Local[document.Fold(name)]; ok {
		hold = HeldConflict
		p.conflicts[g] = p.conflict(g)
	}
	p.renamed[g] = hold
	p.others[opCreate] = append(p.others[opCreate], step{op: opCreate, kind: kindGroup, reason: GroupRenamed, hold: hold, source: g, target: none})
	p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: GroupRenamed, hold: HeldDelete, source: g, target: h})
	return GroupRenamed
}

// groupTaken tells whether another synced group has the name.
func (p *planner) groupTaken(name string, but uint32) bool {
	if p.holders.groups == nil {
		p.holders.groups = p.have.Groups.Keys(directory.GroupName)
	}
	taken := false
	p.holders.groups.All(name, func(h uint32) bool {
		taken = taken || h != but
		return !taken
	})
	return taken
}

func (p *planner) groupTrouble(g uint32, t match.Trouble) Reason {
	p.notes[subject{kindGroup, g}] = p.troubleText(t, p.have.Groups, p.in.Source.Groups, directory.GroupColumns[max(t.Column, 0)])
	switch t.Kind {
	case match.Stale:
		if p.groups.Wanted[t.Present] == match.None && !p.adoptedGroups[t.Present] {
			p.adoptedGroups[t.Present] = true
			p.adopt(kindGroup, g, t.Present, StaleRecord, HeldStale)
		}
		return StaleRecord
	case match.OtherCase:
		return CaseDifference
	}
	return Ambiguous
}

// groupLeaves deletes a group that is ours and no longer in scope, when a person has said so.
func (p *planner) groupLeaves(g, h uint32, why Reason) Reason {
	if h != match.None && p.groups.How[g] == match.ByLink && p.in.Rules.Mapping.Group.Delete {
		p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: why, hold: HeldDelete, source: g, target: h})
	}
	return why
}

// leftover judges a group of the target that belongs to no group of the source.
func (p *planner) leftover(h uint32) Reason {
	linked := p.in.Target.Groups.Wanted[h]
	switch {
	case linked < match.Gone: // a second one of the same group: the one before a rename
		if p.groups.Present[linked] == match.None || p.sel.Groups[linked] != scope.In {
			return Ambiguous
		}
		p.replaces[linked] = false
		p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: GroupReplaced, hold: HeldDelete, source: linked, target: h})
		return GroupReplaced
	case p.groups.Contested[h]:
		return Ambiguous
	case p.adoptedGroups[h]:
		return StaleRecord
	case linked != match.Gone:
		return NotOurs
	case p.in.Source.Gaps.Groups != "":
		return SourceNotRead
	case !p.in.Rules.Mapping.Group.Delete:
		return NotInSource
	}
	p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: NotInSource, hold: HeldDelete, source: none, target: h})
	return NotInSource
}
