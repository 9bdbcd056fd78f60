package facts

import (
	"slices"
)

// Some questions about a group look at all of its members: whether a site knows any of those whom the directory
// linked, whether a local group holds somebody whose account was once synced. In a focused world one member for each
// such question stands for all who would answer alike.

// witnesses adds those members to the rows that are kept.
func (b *Builder) witnesses() {
	o := b.outline
	linkOf := o.linked()
	for i := range b.w.ScimGroups {
		g := &b.w.ScimGroups[i]
		for _, s := range b.sites {
			if jira := s.Groups[g.DisplayName]; jira != nil {
				if row, ok := o.shared(g.Members, b.jiraMembers[jira], linkOf); ok {
					o.records.kept[row] = true
				}
			}
		}
	}
	for row := range o.links.len() {
		if at, ok := o.records.byID.get(o.linkRecord[row]); ok && o.records.kept[int(at)] {
			o.links.kept[row] = true
		}
	}
	held := newKeySet(o.accountOf...)
	for i := range b.w.OrgGroups {
		for _, m := range b.w.OrgGroups[i].Members {
			if o.synced[m] && !held.has(o.accounts.keysOf(int(m))[0]) {
				o.accounts.kept[int(m)] = true
				break
			}
		}
	}
}

// linked gives the account of records that do not tell it themselves, by the links that the organization tells.
func (o *Outline) linked() map[uint64]uint64 {
	out := map[uint64]uint64{}
	for i, record := range o.linkRecord {
		at, ok := o.records.byID.get(record)
		if _, have := out[record]; ok && !have && o.accountOf[at] == 0 && o.linkTo[i] != 0 {
			out[record] = o.linkTo[i]
		}
	}
	return out
}

func (o *Outline) accountOfRecord(row int, linkOf map[uint64]uint64) uint64 {
	if a := o.accountOf[row]; a != 0 {
		return a
	}
	return linkOf[o.records.keysOf(row)[0]]
}

// shared finds a member of the synced group whose account is among the members at the site; where there is none, any
// member with an account.
func (o *Outline) shared(members []uint32, atSite []uint64, linkOf map[uint64]uint64) (row int, ok bool) {
	// Mostly one of the first is there, and then a set of all members at the site is not worth making.
	in := func(account uint64) bool { return slices.Contains(atSite, account) }
	row = -1
	for i, m := range members {
		if i == 8 {
			in = newKeySet(atSite...).has
		}
		account := o.accountOfRecord(int(m), linkOf)
		if !o.active[m] || account == 0 {
			continue
		}
		if in(account) {
			return int(m), true
		}
		if row < 0 {
			row = int(m)
		}
	}
	return row, row >= 0
}

// narrow turns members from rows of the outline into rows of the world and leaves out who is not kept.
func (b *Builder) narrow() {
	w, o := b.w, b.outline
	users, records, accounts := map[uint32]uint32{}, map[uint32]uint32{}, map[uint32]uint32{}
	for i := range w.Users {
		if row, ok := o.UserByID(w.Users[i].ID); ok {
			users[row] = uint32(i)
		}
	}
	for i := range w.ScimUsers {
		if row, ok := o.ScimByID(w.ScimUsers[i].ID); ok {
			records[row] = uint32(i)
		}
	}
	for i := range w.OrgUsers {
		if row, ok := o.Account(w.OrgUsers[i].AccountID); ok {
			accounts[row] = uint32(i)
		}
	}
	for i := range b.members {
		b.members[i] = narrowed(b.members[i], users)
	}
	for i := range w.ScimGroups {
		w.ScimGroups[i].Members = narrowed(w.ScimGroups[i].Members, records)
	}
	for i := range w.OrgGroups {
		w.OrgGroups[i].Members = narrowed(w.OrgGroups[i].Members, accounts)
	}
	ids := b.accountIDs()
	for g, hashes := range b.jiraMembers {
		for _, h := range hashes {
			if id, ok := ids[h]; ok {
				g.Members = append(g.Members, id)
			}
		}
		g.sealed()
	}
}

func narrowed(members []uint32, to map[uint32]uint32) []uint32 {
	var out []uint32
	for _, m := range members {
		if row, ok := to[m]; ok {
			out = append(out, row)
		}
	}
	slices.Sort(out)
	return out
}

// accountIDs are the ids of accounts that anything in the focused world names.
func (b *Builder) accountIDs() map[uint64]string {
	ids := map[uint64]string{}
	take := func(id string) {
		if h := hash(id); h != 0 && ids[h] == "" {
			ids[h] = id
		}
	}
	for i := range b.w.OrgUsers {
		take(b.w.OrgUsers[i].AccountID)
	}
	for i := range b.w.ScimUsers {
		take(b.w.ScimUsers[i].Atlassian.Value.AtlassianAccountID.Value)
	}
	for i := range b.w.Links {
		take(b.w.Links[i].AtlassianAccountID.Value)
	}
	return ids
}
