package entra

import (
	"slices"
)

// write gives a part of an entry. What was never set is left out; what was set to null is null.
func (e *entry) write(r *round, p part, minimal bool) []byte {
	o := e.o
	b := quote(key([]byte{'{'}, "id"), o.id)
	if !o.alive() {
		reason := "changed"
		if o.purged {
			reason = "deleted"
		}
		b = quote(append(key(b, "@removed"), `{"reason":`...), reason)
		return append(b, "}}"...)
	}
	fields := r.q.Select
	if fields == nil {
		fields = shapes[o.kind].usual
	}
	for _, name := range fields {
		i := slices.IndexFunc(o.fields, func(f field) bool { return f.name == name })
		if name == "id" || i < 0 || minimal && !e.whole && !slices.Contains(e.props, name) {
			continue
		}
		if f := o.fields[i]; f.raw.Kind() != 'n' || f.set {
			b = append(key(b, name), f.raw...)
		}
	}
	if p.from < p.to {
		b = append(key(b, "members@delta"), '[')
		for i, m := range e.members[p.from:p.to] {
			if i > 0 {
				b = append(b, ',')
			}
			b = quote(append(b, `{"@odata.type":`...), "#microsoft.graph."+m.o.kind)
			b = quote(key(b, "id"), m.o.id)
			if m.removed {
				b = append(key(b, "@removed"), `{"reason":"deleted"}`...)
			}
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}')
}
