package entra

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// groups reads the groups, and joins members when all groups are known, since a group may come after one it is in.
func (l *loader) groups(dec *jsontext.Decoder) error {
	type joins struct {
		group   *object
		members []*object // one without a place in lists stands for an id nobody has yet: perhaps a group further down
	}
	var all []joins
	err := values(dec, func() error {
		var j joins
		in := map[*object]bool{}
		stubs := map[string]*object{}
		l.member = func(kind, id string) error {
			o := l.d.anywhere(id)
			if o == nil {
				if o = stubs[strings.ToLower(id)]; o == nil {
					o = &object{kind: kind, id: id}
					stubs[strings.ToLower(id)] = o
				}
			}
			if !in[o] {
				in[o] = true
				j.members = append(j.members, o)
			}
			return nil
		}
		var err error
		if j.group, err = l.object(dec, "group"); err != nil {
			return err
		}
		if err = l.d.enrol(j.group); err == nil {
			all = append(all, j)
		}
		return err
	})
	l.member = nil
	for _, j := range all {
		for _, o := range j.members {
			if o.seq == 0 {
				o = l.known(o)
			}
			j.group.members.list = append(j.group.members.list, slot{l.d.next(), o})
			o.parents = append(o.parents, j.group)
		}
	}
	return err
}

// known is the object that a stub stands for; if there is none, the stub becomes one that has nothing but its id.
func (l *loader) known(stub *object) *object {
	if o := l.d.anywhere(stub.id); o != nil {
		return o
	}
	stub.seq = l.d.next()
	stub.fields = []field{{name: "id", raw: quote(nil, stub.id)}}
	if l.d.others == nil {
		l.d.others = map[string]*object{}
	}
	l.d.others[strings.ToLower(stub.id)] = stub
	return stub
}
