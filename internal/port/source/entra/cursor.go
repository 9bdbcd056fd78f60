package entra

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/port/source"
)

// version of the cursor. A cursor of another one is not taken.
const version = 1

// cursor is where a reading ended.
type cursor struct {
	Version int    `json:"version"`
	Tenant  string `json:"tenant"`
	Users   state  `json:"users"`
	Groups  state  `json:"groups"`
}

// state is where the delta query of users or groups ended. Without a link everything is read anew.
type state struct {
	Link   string   `json:"link,omitempty"`
	Select []string `json:"select,omitempty"`

	// Hidden are groups whose members were not shown, and Sees says that those of some other group with hidden
	// membership were. A delta query never tells again what it once left out, so the gaps stay until a full reading.
	Hidden []string `json:"hidden,omitempty"`
	Sees   bool     `json:"sees,omitempty"`
}

func (c cursor) text() (source.Cursor, error) {
	b, err := json.Marshal(c, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("writing down where the reading ended: %w", err)
	}
	return source.Cursor(b), nil
}

// parse reads a cursor. What cannot be used any more (another version, tenant, selection or service) is as good as
// nothing: it leads to a full reading.
func (s *Source) parse(since source.Cursor) cursor {
	var c cursor
	if since == "" {
		return c
	}
	if err := json.Unmarshal([]byte(since), &c); err != nil || c.Version != version || !strings.EqualFold(c.Tenant, s.graph.Tenant()) {
		s.log.Warn("the place where the last reading ended is not known; everything is read anew")
		return cursor{}
	}
	c.Users, c.Groups = s.usable(s.users, c.Users), s.usable(s.groups, c.Groups)
	return c
}

func (s *Source) usable(k kind, st state) state {
	if st.Link == "" {
		return state{}
	}
	u, err := url.Parse(st.Link)
	switch {
	case err != nil || !s.graph.Own(st.Link) || !strings.HasSuffix(strings.TrimSuffix(u.Path, "()"), "/"+k.set+"/delta"):
		s.log.Warn("a delta link leads to another service; everything is read anew", "set", k.set)
		return state{}
	case !slices.Equal(st.Select, k.fields):
		s.log.Info("other attributes are needed than before; everything is read anew", "set", k.set)
		return state{}
	}
	return st
}
