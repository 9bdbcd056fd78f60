package bundle

import (
	"io"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// ownMapping gives the values by which the tenant's own mappings tell users apart; nil where the defaults hold, which
// take them from attributes that are keys anyhow.
func (l *loader) ownMapping() (func(*document.User) []string, error) {
	at := slices.IndexFunc(l.b.files, func(e entry) bool { return e.file == document.SynchronizationRule })
	if at < 0 {
		return nil, nil
	}
	e := l.b.files[at]
	r, err := l.b.tree.open(e.name)
	if err != nil {
		return nil, l.b.wrap(e.file, err)
	}
	defer r.Close()
	all, _, err := document.Objects[document.Schema](e.file, io.LimitReader(r, l.b.Limits.Document))
	if err != nil {
		return nil, l.b.wrap(e.file, l.locate(e, err))
	}
	if len(all) == 0 {
		return nil, nil
	}
	rules, _ := mapping.FromSchema(all[len(all)-1])
	if !rules.Known {
		return nil, nil
	}
	user := rules.User
	user.Attributes = slices.DeleteFunc(slices.Clone(user.Attributes), func(a mapping.AttributeRule) bool { return !tellsApart(a) || isKey(a.Source) })
	if len(user.Attributes) == 0 {
		return nil, nil
	}
	// Whether an attribute that is empty here is null or was not recorded shows only in the end. Taken for null, it
	// can only give a value more.
	told := document.Told(nil)
	for name := range told {
		told[name] = true
	}
	return func(u *document.User) []string {
		var keys []string
		for _, off := range []bool{false, true} {
			for _, m := range user.Map(u.AttributeOf(told), off).Values {
				keys = append(append(keys, m.Text), m.Values...)
			}
		}
		return keys
	}, nil
}

// tellsApart tells whether a mapping fills something by which users are matched or may collide.
func tellsApart(a mapping.AttributeRule) bool {
	target := strings.ToLower(a.Target)
	return a.Matching > 0 || strings.Contains(target, "username") || strings.Contains(target, "externalid") || strings.Contains(target, "mail")
}

// isKey tells whether a mapping takes one of the attributes that are keys of every user.
func isKey(source string) bool {
	switch strings.ToLower(strings.TrimSpace(source)) {
	case "[userprincipalname]", "[originaluserprincipalname]", "[mail]", "[objectid]", "[id]", "[mailnickname]":
		return true
	}
	return false
}
