package atlassian

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// retention is how long the audit log goes back.
const retention = 180 * 24 * time.Hour

// listEvents answers /events, the newest first, and /events-stream, in the order that was asked for.
func (c *call) listEvents() answer {
	stream := c.path[1] == "events-stream"
	if k := c.adminKey(); k != nil && len(k.Scopes) > 0 && c.w.readings.EventsWithoutScopes {
		return c.forbidden("Use an API key without scopes")
	}
	if wait, much := c.tooManyEvents(stream); much {
		a := orgError(http.StatusTooManyRequests, "ADMIN-429-1", "Too Many Requests", "The limit of requests was exceeded")
		a.header.Set("Retry-After", wholeSeconds(wait))
		return a
	}
	from, goodFrom := moment(c.query.Get("from"))
	to, goodTo := moment(c.query.Get("to"))
	if !goodFrom || !goodTo {
		return orgError(http.StatusBadRequest, "ADMIN-400-3", "Bad Request", "A date is invalid")
	}
	start, good := c.start("events", c.query.Get("cursor"))
	if !good {
		return badCursor()
	}
	oldest := c.w.at.Add(-retention)
	list := c.w.ordered(c.query.Get("cursor") != "" && !c.fault.IgnoreStart, start, stream && strings.EqualFold(c.query.Get("sortOrder"), "asc"))
	var data []any
	most := c.limit(c.query.Get("limit"), c.w.limits.EventPage, max(c.w.limits.EventPage, 500))
	next := page(0, len(list), most, func(i int) bool {
		e := list[i]
		switch {
		case e.time.Before(oldest), !from.IsZero() && e.time.Before(from), !to.IsZero() && e.time.After(to),
			c.query.Get("action") != "" && !slices.Contains(strings.Split(c.query.Get("action"), ","), e.action),
			c.query.Get("q") != "" && !e.mentions(c.query.Get("q")):
			return false
		}
		data = append(data, e.view(strings.TrimSuffix(c.base, "/admin/v1/orgs"), c.w.org.ID))
		return true
	})
	if next >= 0 {
		next = list[next].n
	}
	out := c.pageOf(data, "events", next, true)
	meta := object{"page_size": len(data)}
	if next >= 0 {
		meta["next"] = cursorAt("events", next)
	}
	out["meta"] = meta
	return ok(out)
}

// ordered are the events from a cursor on, the newest or the oldest first. A cursor is the number of an event, so that
// those which happen between two pages shift nothing.
func (w *world) ordered(from bool, number int, oldestFirst bool) []*event {
	list := w.events
	at := func(n int) int {
		if len(list) == 0 {
			return 0
		}
		return max(0, min(n-list[0].n, len(list)))
	}
	switch {
	case oldestFirst && from:
		return list[at(number):]
	case oldestFirst:
		return list
	case from:
		list = list[:at(number+1)]
	}
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// tooManyEvents counts the calls of a minute; the stream has no such limit.
func (c *call) tooManyEvents(stream bool) (time.Duration, bool) {
	most := c.w.limits.EventsPerMinute
	if most == 0 || stream {
		return 0, false
	}
	c.w.eventCalls = slices.DeleteFunc(c.w.eventCalls, func(t time.Time) bool { return c.w.at.Sub(t) >= time.Minute })
	if len(c.w.eventCalls) >= most {
		return time.Minute - c.w.at.Sub(c.w.eventCalls[0]), true
	}
	c.w.eventCalls = append(c.w.eventCalls, c.w.at)
	return 0, false
}

// moment reads milliseconds since 1970, zero if nothing was given.
func moment(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(n).UTC(), err == nil
}

// mentions tells whether a word stands anywhere in an event.
func (e *event) mentions(word string) bool {
	word = strings.ToLower(word)
	for _, s := range e.about {
		if strings.Contains(strings.ToLower(s.name+" "+s.email+" "+s.id), word) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(e.message+" "+e.action), word)
}

func (c *call) oneEvent(id string) answer {
	i := slices.IndexFunc(c.w.events, func(e *event) bool { return e.id == id })
	if i < 0 {
		return orgError(http.StatusNotFound, "ADMIN-404-4", "Not Found", "The event does not exist")
	}
	return ok(object{"data": c.w.events[i].view(strings.TrimSuffix(c.base, "/admin/v1/orgs"), c.w.org.ID)})
}

func (c *call) listActions() answer {
	var data []any
	for _, a := range actions {
		data = append(data, object{
			"id": a.id, "type": "event-actions",
			"attributes": object{"displayName": a.name, "groupDisplayName": a.category, "groupDisplayNames": []string{a.category}},
		})
	}
	return ok(object{"data": data})
}
