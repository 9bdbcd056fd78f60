package entra

import "net/http"

// one answers a single user, group or service principal.
func (l *Lab) one(kind, id string) func(*call) answer {
	return func(c *call) answer {
		for _, err := range []*graphError{selectable(c.opts.sel, kind), c.expandable(kind)} {
			if err != nil {
				return err.answer(c)
			}
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		o := l.dir.lookup(kind, id)
		if o == nil {
			return notFound(id).answer(c)
		}
		return entity(c.context(shapes[kind].set)+"/$entity", c.writer(view{fields: c.opts.sel})(nil, o))
	}
}

func (d *directory) lookup(kind, id string) *object {
	switch kind {
	case "user":
		return d.findUser(id)
	case "group":
		return d.groups.find(id)
	default:
		return d.app(id)
	}
}

// expandable tells why an $expand is refused: only a group's members can be expanded, and not in advanced queries.
func (c *call) expandable(kind string) *graphError {
	switch {
	case c.opts.expand == "":
		return nil
	case kind != "group" || c.opts.expand != "members":
		return &graphError{
			status: http.StatusBadRequest, code: "ExpandNotSupported",
			message: "Expand is not allowed for property '" + c.opts.expand + "' according to the entity schema.",
		}
	case c.advanced():
		return unsupported("$expand is not supported with advanced queries.")
	}
	return selectable(c.opts.expandSel, "user", "group", "servicePrincipal")
}

// writer writes objects as the call wants to see them, with the first members of a group if it expands them.
func (c *call) writer(v view) func([]byte, *object) []byte {
	return func(b []byte, o *object) []byte {
		b = v.write(b, o)
		if c.opts.expand != "" {
			b = append(key(b, "members"), '[')
			inner := view{fields: c.opts.expandSel, typed: true, blind: c.blind}
			left := or(c.l.Pages.Expand, 20)
			if c.hides(o) {
				left = 0
			}
			for _, s := range o.members.list {
				if s.o == nil || !s.o.alive() {
					continue
				}
				if left == 0 {
					break
				}
				left--
				if b[len(b)-1] != '[' {
					b = append(b, ',')
				}
				b = append(inner.write(b, s.o), '}')
			}
			b = append(b, ']')
		}
		return append(b, '}')
	}
}

// blind tells whether the caller may only know that an object of a kind exists.
func (c *call) blind(kind string) bool {
	switch kind {
	case "user":
		return !c.who.may(readUsers)
	case "group":
		return !c.who.may(readGroups)
	case "servicePrincipal":
		return !c.who.may(readApps)
	default:
		return !c.who.may(readAny)
	}
}

// hides tells whether a group's members are hidden from the caller.
func (c *call) hides(g *object) bool {
	return fold(g.text("visibility")) == "hiddenmembership" && !c.who.may([]string{"Member.Read.Hidden"})
}
