package largest

import (
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Scope is the scope that the memberships are counted for: what is assigned, with all nesting.
func Scope() *scope.Rules { return &scope.Rules{Assigned: true, Nested: scope.Flatten} }

// Mapping maps the eight attributes of RecordColumns: rollcall's defaults, title and department.
func Mapping() *mapping.Rules {
	r := mapping.Default(document.Rollcall, "")
	for _, row := range [][2]string{{RecordColumns[7], "[jobTitle]"}, {RecordColumns[8], "[department]"}} {
		a := mapping.AttributeRule{Target: row[0], Source: row[1], FlowType: "Always", Flow: true}
		a.Expr, a.Err = expr.Parse(row[1])
		r.User.Attributes = append(r.User.Attributes, a)
	}
	return &r
}

// UserLinks are what earlier runs wrote down: who of the source is who at the target. Nobody where that is empty.
func (w *World) UserLinks(c Case) []match.Link { return links(c, w.size.Users, w.users, w.records) }

// GroupLinks are the same of groups.
func (w *World) GroupLinks(c Case) []match.Link {
	return links(c, w.size.Groups, w.groupIDs, w.groupsThere)
}

func links(c Case, n int, source, target ids) []match.Link {
	if c.Empty {
		return nil
	}
	out := make([]match.Link, n)
	for i := range out {
		out[i] = match.Link{Source: source.at(i), Target: target.at(i)}
	}
	return out
}
