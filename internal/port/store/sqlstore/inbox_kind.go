package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// kind is a resource type within a directory, with the numbers that the store has for it and for what is indexed of it.
type kind struct {
	of             *scim.ResourceType
	num, directory int64
	indexed        []indexed
	lists          []list
	id, modified   *scim.Attr
}

type kindKey struct {
	directory string
	of        *scim.ResourceType
}

// indexed is an attribute that has an index.
type indexed struct {
	*scim.Attr
	num    int64
	unique bool
}

// list is a list of references that is kept apart. Seen from the other side, it is read only.
type list struct {
	*scim.Attr
	num     int64
	reverse bool
}

// asked are the attributes by which providers find who is there already: Entra by what its mapping matches by, and Okta by
// userName and displayName (both: the vendors' pages).
var asked = []string{"userName", "externalId", "displayName", "emails.value"}

// role is what an attribute is to the store.
type role struct{ role, path string }

// newKind gives the kind without any numbers, and in which role each attribute is to have one.
func newKind(t *scim.ResourceType) (*kind, map[role]*int64) {
	k := &kind{of: t, id: t.Attr("id"), modified: t.Attr("meta.lastModified")}
	unique := t.Unique()
	if name := t.Attr("displayName"); t.Name() == "Group" && name != nil && !slices.Contains(unique, name) {
		unique = append(unique, name) // Entra finds groups by it, and takes the first one
	}
	for _, a := range unique {
		k.indexed = append(k.indexed, indexed{Attr: a, unique: true})
	}
	for _, path := range asked {
		if a := t.Attr(path); a != nil && a.Definition().Type != scim.Complex && !slices.Contains(unique, a) {
			k.indexed = append(k.indexed, indexed{Attr: a})
		}
	}
	for _, a := range t.Apart() {
		k.lists = append(k.lists, list{Attr: a, reverse: a.Definition().Mutability == scim.ReadOnly})
	}
	numbers := map[role]*int64{}
	for i, a := range k.indexed {
		r := role{"key", a.Path()}
		if a.unique {
			r.role = "unique"
		}
		numbers[r] = &k.indexed[i].num
	}
	for i, l := range k.lists {
		if !l.reverse {
			numbers[role{"list", l.Path()}] = &k.lists[i].num
		}
	}
	return k, numbers
}

// kind gives a resource type within a directory; nil if there is no such directory.
func (x *Inbox) kind(ctx context.Context, directory string, t *scim.ResourceType) (*kind, error) {
	key := kindKey{directory, t}
	x.mu.Lock()
	k := x.kinds[key]
	x.mu.Unlock()
	if k != nil {
		return k, nil
	}
	k, numbers := newKind(t)
	missing := 0
	err := x.look(ctx, func(r *reader) error {
		err := r.row(`SELECT num FROM inbox_directories WHERE id = $1`, directory).Scan(&k.directory)
		if err == nil {
			missing, err = r.numbers(k, numbers)
		}
		return err
	})
	if err == nil && missing > 0 {
		err = x.s.change(ctx, nil, func(t *tx) error { return t.prepareKind(k, numbers) })
	}
	switch {
	case noRows(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("preparing the inbox for %s: %w", t.Name(), err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.kinds[key] = k
	return k, nil
}

// numbers reads the numbers that a kind has, and tells how many it should have more or less.
func (a asker) numbers(k *kind, numbers map[role]*int64) (differ int, err error) {
	err = a.row(`SELECT num FROM inbox_types WHERE directory = $1 AND name = $2`, k.directory, k.of.Name()).Scan(&k.num)
	if noRows(err) {
		return len(numbers) + 1, nil
	}
	if err != nil {
		return 0, err
	}
	have := 0
	err = a.each(`SELECT role, path, num FROM inbox_attributes WHERE type = $1`, func(row scanner) error {
		var r role
		var num int64
		err := row.Scan(&r.role, &r.path, &num)
		if to := numbers[r]; to != nil {
			*to = num
			have++
		} else if r.role != "list" { // memberships wait until the list comes back
			differ++
		}
		return err
	}, k.num)
	return differ + len(numbers) - have, err
}

// prepareKind gives numbers to what has none. Where the schemas have changed since, indexes are built anew.
func (t *tx) prepareKind(k *kind, numbers map[role]*int64) error {
	if _, err := t.numbers(k, numbers); err != nil { // somebody may have done it meanwhile
		return err
	}
	var err error
	if k.num == 0 {
		if k.num, err = t.next("inbox", 1); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO inbox_types (num, directory, name, total, deleted) VALUES ($1, $2, $3, 0, 0)`, k.num, k.directory, k.of.Name()); err != nil {
			return err
		}
	}
	var strange []int64
	if err := t.each(`SELECT role, path, num FROM inbox_attributes WHERE type = $1 AND role <> 'list'`, func(row scanner) error {
		var r role
		var num int64
		err := row.Scan(&r.role, &r.path, &num)
		if numbers[r] == nil {
			strange = append(strange, num)
		}
		return err
	}, k.num); err != nil {
		return err
	}
	for _, num := range strange {
		for _, text := range []string{`DELETE FROM inbox_keys WHERE attribute = $1`, `DELETE FROM inbox_unique WHERE attribute = $1`, `DELETE FROM inbox_attributes WHERE num = $1`} {
			if _, err := t.exec(text, num); err != nil {
				return err
			}
		}
	}
	fresh := map[int64]bool{}
	for r, num := range numbers {
		if *num != 0 {
			continue
		}
		if *num, err = t.next("inbox", 1); err != nil {
			return err
		}
		fresh[*num] = true
		if _, err := t.exec(`INSERT INTO inbox_attributes (num, type, role, path) VALUES ($1, $2, $3, $4)`, *num, k.num, r.role, r.path); err != nil {
			return err
		}
	}
	return t.index(k, fresh)
}

// name is what references show of a resource.
func (k *kind) name(r *scim.Resource) string {
	for _, path := range []string{"displayName", "userName"} {
		if a := k.of.Attr(path); a != nil && a.Definition().Type != scim.Complex {
			for text := range r.Values(a) {
				return text
			}
		}
	}
	return ""
}
