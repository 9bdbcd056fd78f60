package sqlstore

import (
	"cmp"
	"maps"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// member is a row of the table members.
type member struct{ group, member, kind int64 }

func byGroup(a, b member) int {
	return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.member, b.member))
}

// keepMembers writes down the memberships of one document.
func (t *tx) keepMembers(mirror int64, file document.File, f *told, all *telling) error {
	words := last(f)
	if len(words) == 0 && len(f.dropped) == 0 && !f.full {
		return nil
	}
	groups, members, err := t.nameAll(mirror, file, words, f, all)
	if err != nil {
		return err
	}
	kinds, err := t.kindNumbers(all.kinds.texts)
	if err != nil {
		return err
	}
	var in, out []member
	for _, w := range words {
		row := member{groups[group(w)], members[whom(w)], kinds[w>>1&(mostKind-1)]}
		if w&1 == 1 {
			in = append(in, row)
		} else {
			out = append(out, row)
		}
	}
	slices.SortFunc(in, byGroup)
	before, err := t.wiped(mirror, file, f, groups)
	if err != nil {
		return err
	}
	in, gone := differ(before, in)
	out = append(out, gone...)
	for _, m := range out {
		if _, err := t.exec(`DELETE FROM members WHERE grp = $1 AND member = $2`, m.group, m.member); err != nil {
			return err
		}
	}
	b := t.bulk(`INSERT INTO members (grp, member, kind)`, 3, `ON CONFLICT (grp, member) DO UPDATE SET kind = excluded.kind`)
	for _, m := range in {
		if err := b.add(m.group, m.member, m.kind); err != nil {
			return err
		}
	}
	return b.flush()
}

func group(word uint64) uint64 { return word >> (idBits + kindBits + 1) }
func whom(word uint64) uint64  { return word >> (kindBits + 1) & (most28 - 1) }

// last is what was said last of every membership. What was said of a group before it was dropped counts for nothing.
func last(f *told) []uint64 {
	words := f.log
	if len(f.dropped) > 0 {
		words = make([]uint64, 0, len(f.log))
		for i, w := range f.log {
			if until, dropped := f.dropped[group(w)]; !dropped || i >= until {
				words = append(words, w)
			}
		}
	}
	slices.SortStableFunc(words, func(a, b uint64) int { return cmp.Compare(a>>(kindBits+1), b>>(kindBits+1)) })
	out := words[:0]
	for i, w := range words {
		if i+1 == len(words) || words[i+1]>>(kindBits+1) != w>>(kindBits+1) {
			out = append(out, w)
		}
	}
	return out
}

// nameAll gives the numbers that groups and members have in the database, by those that they have in the telling.
func (t *tx) nameAll(mirror int64, file document.File, words []uint64, f *told, all *telling) (groups, members map[uint64]int64, err error) {
	groups, members = map[uint64]int64{}, map[uint64]int64{}
	for _, w := range words {
		groups[group(w)], members[whom(w)] = 0, 0
	}
	for g := range f.dropped {
		groups[g] = 0
	}
	var missing []name
	for _, x := range []struct {
		file    document.File
		numbers map[uint64]int64
	}{{file, groups}, {"", members}} {
		for _, n := range slices.Sorted(maps.Keys(x.numbers)) {
			missing = append(missing, name{mirror, x.file, all.ids.texts[n]})
		}
	}
	if err := t.nameNumbers(mirror, missing); err != nil {
		return nil, nil, err
	}
	for g := range groups {
		groups[g], _ = t.names.get(name{mirror, file, all.ids.texts[g]})
	}
	for m := range members {
		members[m], _ = t.names.get(name{mirror, "", all.ids.texts[m]})
	}
	return groups, members, nil
}

// wiped are the memberships from before that count for nothing unless they were told again: of a document that was
// told in full, and of groups that were dropped. Sorted.
func (t *tx) wiped(mirror int64, file document.File, f *told, groups map[uint64]int64) (out []member, err error) {
	take := func(row scanner) error {
		var m member
		err := row.Scan(&m.group, &m.member, &m.kind)
		out = append(out, m)
		return err
	}
	if f.full {
		err = t.each(`SELECT m.grp, m.member, m.kind FROM names n JOIN members m ON m.grp = n.num WHERE n.mirror = $1 AND n.file = $2`, take, mirror, string(file))
	} else {
		for _, g := range slices.Sorted(maps.Keys(f.dropped)) {
			if err := t.each(`SELECT grp, member, kind FROM members WHERE grp = $1`, take, groups[g]); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(out, byGroup)
	return out, err
}

// differ gives what is to be written, and what is to be taken away. Both lists are sorted.
func differ(before, now []member) (write, gone []member) {
	i := 0
	for _, m := range now {
		for i < len(before) && byGroup(before[i], m) < 0 {
			gone = append(gone, before[i])
			i++
		}
		if i < len(before) && byGroup(before[i], m) == 0 {
			i++
			if before[i-1] == m {
				continue
			}
		}
		write = append(write, m)
	}
	return write, append(gone, before[i:]...)
}
