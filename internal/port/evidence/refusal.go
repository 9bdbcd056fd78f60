package evidence

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/port/wire"
)

// Status is the HTTP status with which a service refused a request, 0 where it gave no answer or err is something else.
func Status(err error) int {
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return e.Status
	}
	return 0
}

// Body is the answer with which a service refused a request, nil where there is none.
func Body(err error) []byte {
	if e, ok := errors.AsType[*wire.Error](err); ok && e.Status != 0 {
		return e.Body
	}
	return nil
}

// Reason says in a line why a request came to nothing: the status and the service's own words.
func Reason(err error) string {
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		return err.Error()
	}
	if e.Status == 0 {
		return fmt.Sprintf("no answer: %v", e.Err)
	}
	said := strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
	if w := words(e.Body, 3); w != "" {
		said += ": " + w
	}
	if e.Err != nil {
		said += ": " + e.Err.Error()
	}
	return said
}

// words finds what an error answer says. The services use several shapes: {"errors":[{"code","title","detail"}]},
// {"errorMessages":[…]}, {"code","message"}, {"key"}, {"detail","status"}, {"error":{…}}.
func words(raw jsontext.Value, deep int) string {
	if deep == 0 || len(raw) == 0 {
		return ""
	}
	switch raw.Kind() {
	case jsontext.KindString:
		var s string
		_ = json.Unmarshal(raw, &s)
		return cut(s)
	case jsontext.KindBeginArray:
		var list []jsontext.Value
		if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
			return ""
		}
		return words(list[0], deep)
	case jsontext.KindBeginObject:
		var o map[string]jsontext.Value
		if json.Unmarshal(raw, &o) != nil {
			return ""
		}
		for _, name := range []string{"errors", "error", "errorMessages"} {
			if w := words(o[name], deep-1); w != "" {
				return w
			}
		}
		var said []string
		for _, pair := range [][]string{{"code", "key"}, {"detail", "message", "title"}} {
			for _, name := range pair {
				if w := words(o[name], 1); w != "" {
					said = append(said, w)
					break
				}
			}
		}
		return strings.Join(said, ": ")
	}
	return ""
}

func cut(s string) string {
	const most = 300
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.Join(strings.Fields(s), " ")
}
