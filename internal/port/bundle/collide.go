package bundle

import (
	"io"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// ownMapping gives the values by which the tenant's own mappings tell users apart; nil where the defaults hold, which
// take them from attributes that are keys anyhow.
func (l *loader) ownMapping() (func(*document.User) []string, error) {
	schema, err := lone[document.Schema](l, document.SynchronizationRule)
	if err != nil {
		return nil, err
	}
	own, err := lone[document.OwnRules](l, document.OwnRulesFile)
	if err != nil {
		return nil, err
	}
	var rules mapping.Rules
	switch {
	case own != nil && l.b.Manifest.Connection.Method == document.Rollcall:
		b := facts.NewBuilder(l.b.Manifest, facts.Focus{})
		if schema != nil {
			b.Have(document.SynchronizationRule)
			b.Schema(*schema)
		}
		b.OwnRules(*own)
		b.SealPeople()
		all, _, _ := plan.Own(b.World()) // rules that cannot be used are told when the world is
		rules = all.Mapping
	case schema == nil:
		return nil, nil
	default:
		if rules, _ = mapping.FromSchema(schema); !rules.Known {
			return nil, nil
		}
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

// lone reads a document of one object; nil where it is not there.
func lone[T any](l *loader, file document.File) (*T, error) {
	at := slices.IndexFunc(l.b.files, func(e entry) bool { return e.file == file })
	if at < 0 {
		return nil, nil
	}
	e := l.b.files[at]
	r, err := l.b.tree.open(e.name)
	if err != nil {
		return nil, l.b.wrap(e.file, err)
	}
	defer r.Close()
	all, _, err := document.Objects[T](e.file, io.LimitReader(r, l.b.Limits.Document))
	if err != nil {
		return nil, l.b.wrap(e.file, l.locate(e, err))
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all[len(all)-1], nil
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
