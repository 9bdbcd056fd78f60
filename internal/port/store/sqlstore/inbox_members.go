package sqlstore

import (
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// listChange is what becomes of a list.
type listChange struct {
	list
	add, remove []int64
	called      []string // what the provider calls those that are added
}

// planLists finds out what becomes of the lists of a resource. Unless a whole list is to be replaced or searched, only the
// members that are named are looked at.
func (t *tx) planLists(k *kind, owner int64, all []scim.RefChange) (out []listChange, err error) {
	for _, c := range all {
		i := slices.IndexFunc(k.lists, func(l list) bool { return l.Attr == c.List })
		if i < 0 || k.lists[i].reverse {
			continue // a user's groups are written by the groups alone
		}
		l := listChange{list: k.lists[i], add: make([]int64, len(c.Add)), called: make([]string, len(c.Add))}
		stays := make(map[int64]bool, len(c.Add))
		for i, ref := range c.Add {
			err := t.row(`SELECT num FROM inbox_resources WHERE directory = $1 AND id = $2 AND gone = 0`, k.directory, ref.Value).Scan(&l.add[i])
			if noRows(err) {
				return nil, scim.NoSuchMember(l.Attr, ref.Value)
			}
			if err != nil {
				return nil, err
			}
			stays[l.add[i]], l.called[i] = true, ref.Display
		}
		if l.remove, err = t.leaving(k, owner, l.list, c); err != nil {
			return nil, err
		}
		l.remove = slices.DeleteFunc(l.remove, func(member int64) bool { return stays[member] })
		out = append(out, l)
	}
	return out, nil
}

// changeLists carries that out, and gives the number of the last event; 0: nothing changed.
func (t *tx) changeLists(k *kind, owner int64, all []listChange, at time.Time) (last int64, err error) {
	for _, l := range all {
		for _, member := range l.remove {
			n, err := t.exec(`DELETE FROM inbox_members WHERE owner = $1 AND list = $2 AND member = $3`, owner, l.num, member)
			if err == nil && n > 0 {
				last, err = t.event(k, at, memberRemoved, owner, member, "")
			}
			if err != nil {
				return 0, err
			}
		}
		for i, member := range l.add {
			n, err := t.exec(`INSERT INTO inbox_members (owner, list, member, display) VALUES ($1, $2, $3, $4) ON CONFLICT (owner, list, member) DO NOTHING`, owner, l.num, member, l.called[i])
			if err == nil && n > 0 {
				last, err = t.event(k, at, memberAdded, owner, member, "")
			}
			if err != nil {
				return 0, err
			}
		}
	}
	return last, nil
}

// leaving are the members that a change takes out.
func (t *tx) leaving(k *kind, owner int64, l list, c scim.RefChange) (out []int64, err error) {
	for _, id := range c.Remove {
		var num int64
		err := t.row(`SELECT num FROM inbox_resources WHERE directory = $1 AND id = $2`, k.directory, id).Scan(&num)
		if noRows(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, num)
	}
	switch {
	case c.Replace:
		err = t.each(`SELECT member FROM inbox_members WHERE owner = $1 AND list = $2`, func(row scanner) error {
			var num int64
			err := row.Scan(&num)
			out = append(out, num)
			return err
		}, owner, l.num)
	case len(c.RemoveWhere) > 0:
		err = t.members(owner, l, func(num int64, ref scim.Ref) {
			if slices.ContainsFunc(c.RemoveWhere, func(f *scim.Filter) bool { return f.MatchRef(l.Attr, ref) }) {
				out = append(out, num)
			}
		})
	}
	return out, err
}

// leave empties the lists of a resource that is deleted, and takes it out of all others.
func (t *tx) leave(k *kind, num int64, at time.Time) error {
	type membership struct{ owner, list, member int64 }
	var all []membership
	for _, text := range []string{`SELECT owner, list, member FROM inbox_members WHERE owner = $1`, `SELECT owner, list, member FROM inbox_members WHERE member = $1 AND owner <> $1`} {
		if err := t.each(text, func(row scanner) error {
			var m membership
			err := row.Scan(&m.owner, &m.list, &m.member)
			all = append(all, m)
			return err
		}, num); err != nil {
			return err
		}
	}
	for _, m := range all {
		if _, err := t.exec(`DELETE FROM inbox_members WHERE owner = $1 AND list = $2 AND member = $3`, m.owner, m.list, m.member); err != nil {
			return err
		}
		version, err := t.event(k, at, memberRemoved, m.owner, m.member, "")
		if err != nil {
			return err
		}
		if m.owner == num {
			continue
		}
		var modified int64
		if err := t.row(`SELECT modified FROM inbox_resources WHERE num = $1`, m.owner).Scan(&modified); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE inbox_resources SET version = $2, modified = $3 WHERE num = $1`, m.owner, version, later(modified, at)); err != nil {
			return err
		}
	}
	return nil
}

// members reads a list of a resource.
func (a asker) members(owner int64, l list, take func(int64, scim.Ref)) error {
	return a.each(`SELECT r.num, r.id, CASE WHEN m.display = '' THEN r.name ELSE m.display END, k.name FROM inbox_members m JOIN inbox_resources r ON r.num = m.member JOIN inbox_types k ON k.num = r.type
		WHERE m.owner = $1 AND m.list = $2 ORDER BY m.member`, func(row scanner) error {
		var num int64
		var ref scim.Ref
		err := row.Scan(&num, &ref.Value, &ref.Display, &ref.Type)
		take(num, ref)
		return err
	}, owner, l.num)
}

// owners reads the lists in which a resource is, seen from its side.
func (a asker) owners(member int64, take func(int64, scim.Ref)) error {
	last := int64(0) // who is in two lists of one resource is in it once
	return a.each(`SELECT r.num, r.id, r.name FROM inbox_members m JOIN inbox_resources r ON r.num = m.owner WHERE m.member = $1 ORDER BY m.owner`, func(row scanner) error {
		ref := scim.Ref{Type: "direct"}
		var num int64
		err := row.Scan(&num, &ref.Value, &ref.Display)
		if num != last {
			take(num, ref)
		}
		last = num
		return err
	}, member)
}

// refs reads a list, from whichever side.
func (a asker) refs(num int64, l list) (out []scim.Ref, err error) {
	take := func(_ int64, ref scim.Ref) { out = append(out, ref) }
	if l.reverse {
		err = a.owners(num, take)
	} else {
		err = a.members(num, l, take)
	}
	return out, err
}
