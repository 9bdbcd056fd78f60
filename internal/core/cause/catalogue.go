package cause

import (
	"cmp"
	"slices"
)

// FamilyInfo is a family with one line on what its causes have in common.
type FamilyInfo struct {
	Family Family
	About  string
}

// Families lists the families in the order in which the catalogue tells them.
var Families = []FamilyInfo{
	{OutOfScope, "the provisioning service has no reason to take the person: mended in Entra, by assignment, filter or group"},
	{Nested, "the person is in the assigned group only through a group inside it"},
	{GroupConflict, "the group cannot be synced under its name: mended by renaming, or in Atlassian Administration"},
	{IdentityMismatch, "the two sides disagree on who the person is: addresses, names, records and accounts"},
	{Provisioning, "the service that moves the data has not run, cannot run, or failed"},
	{Account, "the record is there, but the Atlassian account behind it is not usable or not ours"},
	{Product, "the account is there, but no product lets it in, or the site has not heard of it"},
}

// catalogue holds every cause in the order of the families.
var catalogue = slices.Concat(outOfScope, nestedGroup, groupConflict, identityMismatch, provisioning, account, product)

var places = placesOf(catalogue)

// above maps a cause to every cause that it outranks, directly or through others.
var above = closure(catalogue)

// All gives every cause: family after family, each in its own order. The slice is the caller's.
func All() []Cause { return slices.Clone(catalogue) }

// Get finds a cause by its code.
func Get(c Code) (Cause, bool) {
	i, ok := places[c]
	if !ok {
		return Cause{}, false
	}
	return catalogue[i], true
}

// Outranks tells whether the facts that prove a leave no room for b: b is then not named beside a. It is a strict
// order: transitive, and no cause outranks itself. Two causes that do not outrank each other are independent.
func Outranks(a, b Code) bool { return above[a][b] }

// OutrankedBy lists, in the order of the catalogue, every cause that outranks c, directly or through others.
func OutrankedBy(c Code) []Code {
	var out []Code
	for _, k := range catalogue {
		if above[k.Code][c] {
			out = append(out, k.Code)
		}
	}
	return out
}

// Compare orders independent causes of one subject by which is named first: the subject's own before one of the
// whole connection, then in the order of the catalogue. Unknown codes come last.
func Compare(a, b Code) int {
	i, known := places[a]
	j, other := places[b]
	if !known || !other {
		return cmp.Or(-compareBool(known, other), cmp.Compare(a, b))
	}
	return cmp.Or(compareBool(catalogue[i].Wide, catalogue[j].Wide), cmp.Compare(i, j))
}

// compareBool puts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func placesOf(all []Cause) map[Code]int {
	out := make(map[Code]int, len(all))
	for i, c := range all {
		out[c.Code] = i
	}
	return out
}

// closure follows the Outranks lists to their ends. A cycle would make a cause outrank itself; the tests refuse it.
func closure(all []Cause) map[Code]map[Code]bool {
	direct := make(map[Code][]Code, len(all))
	for _, c := range all {
		direct[c.Code] = c.Outranks
	}
	out := make(map[Code]map[Code]bool, len(all))
	for _, c := range all {
		reached := map[Code]bool{}
		for todo := slices.Clone(c.Outranks); len(todo) > 0; {
			next := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !reached[next] {
				reached[next] = true
				todo = append(todo, direct[next]...)
			}
		}
		out[c.Code] = reached
	}
	return out
}
