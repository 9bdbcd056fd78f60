package atlassian

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// A cursor says from which place a list goes on. Clients must not look inside; it is written so that they cannot
// guess one.

func cursorAt(kind string, place int) string {
	return base64.RawURLEncoding.EncodeToString([]byte("lab:" + kind + ":" + strconv.Itoa(place)))
}

func placeOf(kind, cursor string) (int, bool) {
	if cursor == "" {
		return 0, true
	}
	plain, err := base64.RawURLEncoding.DecodeString(cursor)
	text, found := strings.CutPrefix(string(plain), "lab:"+kind+":")
	n, err2 := strconv.Atoi(text)
	return n, err == nil && found && err2 == nil && n >= 0
}

func badCursor() answer {
	return orgError(http.StatusBadRequest, "ADMIN-400-1", "Bad Request", "Page cursor is invalid")
}

// page walks places from the cursor on until enough things are taken. take tells whether the thing at a place was.
// It gives the place where the next page begins, or -1.
func page(from, total, limit int, take func(int) bool) (next int) {
	taken := 0
	for i := from; i < total; i++ {
		if taken == limit {
			return i
		}
		if take(i) {
			taken++
		}
	}
	return -1
}

// limit is how many things a page of the organization's lists holds.
func (c *call) limit(asked any, usual, most int) int {
	n := 0
	switch v := asked.(type) {
	case string:
		n, _ = strconv.Atoi(v)
	case json.Number:
		if i, err := v.Int64(); err == nil {
			n = int(min(i, 1<<20))
		}
	}
	if n <= 0 || c.fault.IgnoreCount {
		n = usual
	}
	return min(n, most)
}

// listV1 and listV2 are pages of the organization's lists. The link to the next page is an address in version 1; in
// version 2 it may be the bare cursor.
func (c *call) listV1(data []any, kind string, next int) answer {
	return ok(c.pageOf(data, kind, next, true))
}

func (c *call) listV2(data []any, kind string, next int) answer {
	return ok(c.pageOf(data, kind, next, c.w.readings.CursorIsURL))
}

func (c *call) pageOf(data []any, kind string, next int, address bool) object {
	if data == nil || c.fault.LosePage {
		data = []any{}
	}
	self := c.base + "/" + join(c.path)
	links := object{"self": self}
	if next >= 0 {
		links["next"] = cursorAt(kind, next)
		if address {
			q := c.query
			q.Set("cursor", cursorAt(kind, next))
			links["next"] = self + "?" + q.Encode()
		}
	}
	return object{"data": data, "links": links}
}

// start is the place from which a list is read.
func (c *call) start(kind, cursor string) (int, bool) {
	if c.fault.IgnoreStart {
		return 0, true
	}
	return placeOf(kind, cursor)
}
