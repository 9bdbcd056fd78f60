package plan

import (
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
	if p.contradictsGroup(g) {
		return Ambiguous
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
	if why := p.in.Target.Unasked[document.Fold(name)]; why != "" {
		p.notes[subject{kindGroup, g}] = why
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
