package sqlstore

import (
	"iter"
	"slices"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// listsIn are the lists that a filter looks at, each with the ids that it asks for; nil, where it asks for more than that.
func (k *kind) listsIn(f *scim.Filter) map[*scim.Attr][]string {
	if f == nil {
		return nil
	}
	lists := map[*scim.Attr][]string{}
	f.Walk(func(f *scim.Filter) bool {
		if f.Attr == nil {
			return true
		}
		apart := f.Attr.Apart()
		if apart == nil {
			return f.Op != scim.Has
		}
		ids, seen := lists[apart]
		if (f.Op == scim.Equal || f.Op == scim.NotEqual) && k.list(f.Attr) != nil && (!seen || ids != nil) {
			lists[apart] = append(ids, f.Text)
		} else {
			lists[apart] = nil
		}
		return false
	})
	return lists
}

// fits asks the filter about a resource.
func (r *reader) fits(k *kind, f found, filter *scim.Filter, lists map[*scim.Attr][]string) (bool, error) {
	if filter == nil {
		return true, nil
	}
	var failed error
	f.Refs = func(a *scim.Attr) iter.Seq[scim.Ref] {
		at := slices.IndexFunc(k.lists, func(l list) bool { return l.Attr == a })
		var refs []scim.Ref
		var err error
		if ids := lists[a]; ids != nil {
			refs, err = r.among(k, f.num, k.lists[at], ids)
		} else {
			refs, err = r.refs(f.num, k.lists[at])
		}
		if err != nil {
			failed = err
		}
		return slices.Values(refs)
	}
	return filter.Match(f.Resource), failed
}

// among gives those of a list whose ids are asked for: who asks whether one is in a group of 100,000 need not read them all.
func (a asker) among(k *kind, num int64, l list, ids []string) (out []scim.Ref, err error) {
	for _, id := range ids {
		text := `SELECT r.id FROM inbox_resources r JOIN inbox_members m ON m.member = r.num WHERE r.directory = $1 AND r.id = $2 AND m.owner = $3 AND m.list = $4`
		args := []any{k.directory, id, num, l.num}
		if l.reverse {
			text = `SELECT r.id FROM inbox_resources r JOIN inbox_members m ON m.owner = r.num WHERE r.directory = $1 AND r.id = $2 AND m.member = $3`
			args = args[:3]
		}
		if err := a.each(text, func(row scanner) error {
			var ref scim.Ref
			err := row.Scan(&ref.Value)
			out = append(out, ref)
			return err
		}, args...); err != nil {
			return nil, err
		}
	}
	return out, nil
}
