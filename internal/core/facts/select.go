package facts

import (
	"maps"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// keySet holds hashes of keys. The filter answers for nearly every key that is not there.
type keySet struct {
	filter [1 << 12]bool
	hashes map[uint64]bool
}

func newKeySet(hashes ...uint64) *keySet {
	k := &keySet{hashes: map[uint64]bool{}}
	for _, h := range hashes {
		k.add(h)
	}
	return k
}

func (k *keySet) add(h uint64) {
	if h != 0 {
		k.filter[h&(1<<12-1)], k.hashes[h] = true, true
	}
}

func (k *keySet) has(h uint64) bool { return k.filter[h&(1<<12-1)] && k.hashes[h] }

// Rows are places of rows in their documents, in the order of the document.
type Rows map[document.File][]int64

const (
	widenRounds = 5       // people who share a key with people who share a key …: no answer looks further
	manyKeys    = 100_000 // more than that is no focus
)

// Everyone tells whether each of the texts finds somebody in the outline, by key or by display name. A text that
// finds nobody may name a group, or nobody at all, and then the whole world is needed for the answer.
func (o *Outline) Everyone(texts []string) bool {
	kinds := o.kinds()
	for _, t := range texts {
		h := hash(t)
		if h == 0 || !slices.ContainsFunc(kinds, func(k kind) bool { return slices.Contains(k.keys, h) || slices.Contains(k.names, h) }) {
			return false
		}
	}
	return len(texts) > 0
}

type kind struct {
	*outlined
	file document.File
}

func (o *Outline) kinds() []kind {
	return []kind{
		{&o.users, document.Users},
		{&o.deleted, document.DeletedUsers},
		{&o.records, document.ScimUsers},
		{&o.accounts, document.OrgUsers},
		{&o.links, document.ScimLinks},
	}
}

// Select finds the rows of people who touch the subjects: who has one of the texts as a key or display name, who
// shares a key with them, and so on. Display names find but do not spread: two people called Anna Schmidt who share
// nothing else lead to nobody further. With them come the few rows from which an answer about a group of theirs
// draws. It comes after the groups; ok is false where a text names a group, or where too much is touched: then the
// whole world is needed.
func (b *Builder) Select(texts []string) (rows Rows, ok bool) {
	o, kinds, typed := b.outline, b.outline.kinds(), newKeySet()
	for _, t := range texts {
		typed.add(hash(t))
	}
	if !o.Everyone(texts) || b.namesGroup(typed) {
		return nil, false
	}
	for _, k := range kinds {
		for row := range k.len() {
			if typed.has(k.names[row]) || slices.ContainsFunc(k.keysOf(row), typed.has) {
				k.kept[row] = true
			}
		}
	}
	reached := newKeySet()
	for h := range typed.hashes {
		reached.add(h)
	}
	for range widenRounds {
		before := len(reached.hashes)
		for _, k := range kinds {
			for row := range k.kept {
				for _, h := range k.keysOf(row) {
					reached.add(h)
				}
			}
		}
		b.followLinks(reached)
		if len(reached.hashes) == before {
			break
		}
		if len(reached.hashes) > manyKeys {
			return nil, false
		}
		for _, k := range kinds {
			for row := range k.len() {
				if slices.ContainsFunc(k.keysOf(row), reached.has) {
					k.kept[row] = true
				}
			}
		}
	}
	b.keep = reached
	b.witnesses()
	if o.freshestRow >= 0 {
		o.users.always[o.freshestRow] = true
	}
	rows = Rows{}
	for _, k := range kinds {
		maps.Copy(k.kept, k.always)
		for row := range k.kept {
			rows[k.file] = append(rows[k.file], k.at[row])
		}
		slices.Sort(rows[k.file])
	}
	return rows, true
}

// followLinks adds what rollcall's links lead to: that is theirs, whatever the record says of itself by now.
func (b *Builder) followLinks(reached *keySet) {
	for i := range b.w.OwnLinks {
		source, target := hash(b.w.OwnLinks[i].Source), hash(b.w.OwnLinks[i].Target)
		switch {
		case reached.has(source):
			reached.add(target)
		case reached.has(target):
			reached.add(source)
		}
	}
}

// namesGroup tells whether one of the texts is the name or id of a group of any side.
func (b *Builder) namesGroup(typed *keySet) bool {
	named := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return typed.has(hash(k)) })
	}
	for i := range b.w.Groups {
		if named(b.w.Groups[i].ID, b.w.Groups[i].DisplayName) {
			return true
		}
	}
	for i := range b.w.ScimGroups {
		if g := &b.w.ScimGroups[i]; named(g.ID, g.ExternalID, g.DisplayName) {
			return true
		}
	}
	for i := range b.w.OrgGroups {
		if named(b.w.OrgGroups[i].ID, b.w.OrgGroups[i].Name) {
			return true
		}
	}
	for _, s := range b.sites {
		for name := range s.Groups {
			if named(name) {
				return true
			}
		}
	}
	return false
}

// concernsRecord tells whether a focused world keeps an entry of the provisioning log: those about groups, and those
// about the people who are kept.
func (b *Builder) concernsRecord(r *document.ProvisioningRecord) bool {
	if b.outline == nil || r.SourceIdentity.IdentityType != "User" {
		return true
	}
	return b.keep.has(hash(r.SourceIdentity.ID)) || b.keep.has(hash(r.TargetIdentity.ID))
}

// concernsAudit tells whether a focused world keeps an audit entry: not where it speaks of people who are not kept,
// such as their coming into a group.
func (b *Builder) concernsAudit(a *document.DirectoryAudit) bool {
	if b.outline == nil {
		return true
	}
	about := false
	for _, t := range a.TargetResources {
		about = about || t.Type == "User" || t.UserPrincipalName != ""
		for _, p := range t.ModifiedProperties {
			about = about || p.DisplayName == "User.ObjectID" || p.DisplayName == "User.UPN"
		}
	}
	return !about || slices.ContainsFunc(auditKeys(a), func(k string) bool { return b.keep.has(hash(k)) })
}
