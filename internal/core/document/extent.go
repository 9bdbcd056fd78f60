package document

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Extent says how much of an answer a document holds. What is cut off is unknown, never absent.
type Extent struct {
	Items   int    // elements read
	Total   int    // elements that the answer says there are; 0: it does not say
	Next    string // the link or cursor to a page that is not in the document
	Refused string // the document is an error answer of the service: its words
}

// Gap is what the document does not hold, if anything. A document that is cut, or an error answer, proves nothing
// about what is absent from it.
func (x Extent) Gap(f File) (Gap, bool) {
	g := Gap{File: string(f), Call: Of(f).Call}
	switch {
	case x.Refused != "":
		g.What, g.Why = "the whole document: the file holds an error answer", x.Refused
	case x.Next != "":
		g.What = fmt.Sprintf("everything after the first %d", x.Items)
		g.Why = "the file ends with a link to a further page, which was not recorded"
	case x.Total > x.Items:
		g.What = fmt.Sprintf("%d of %d", x.Total-x.Items, x.Total)
		g.Why = "the answer announces more than the file holds: pages are missing"
	default:
		return Gap{}, false
	}
	return g, true
}

// beside reads a key that stands beside the list.
func (s *stream) beside(x *Extent, key string) error {
	switch key {
	case "@odata.nextLink", "nextLink", "@odata.count", "totalResults", "total", "links", "meta",
		"error", "errors", "errorMessages", "message", "detail", "code", "key":
	default:
		if err := s.dec.SkipValue(); err != nil {
			return s.fault(err)
		}
		return nil
	}
	raw, err := s.dec.ReadValue()
	if err != nil {
		return s.fault(err)
	}
	switch key {
	case "@odata.nextLink", "nextLink":
		x.Next = text(raw)
	case "@odata.count", "totalResults", "total":
		var n float64
		if json.Unmarshal(raw, &n) == nil && n > 0 && n < 1<<40 {
			x.Total = int(n)
		}
	case "links", "meta":
		var page struct {
			Next jsontext.Value `json:"next"`
		}
		if json.Unmarshal(raw, &page) == nil && x.Next == "" {
			x.Next = text(page.Next)
		}
	default:
		if words := refusal(raw); words != "" && !strings.Contains(x.Refused, words) {
			x.Refused = strings.TrimPrefix(x.Refused+"; "+words, "; ")
		}
	}
	return nil
}

// refusal reads the words of an error answer. Services use several shapes (entra.md 1.2, atlassian.md 2.1, 2.3):
// {"error":{"code","message"}}, {"errors":[{"code","title","detail"}]}, {"errorMessages":[…]}, {"code","message"},
// {"detail","status"}.
func refusal(raw jsontext.Value) string {
	switch raw.Kind() {
	case jsontext.KindString, jsontext.KindNumber:
		return text(raw)
	case jsontext.KindBeginArray:
		var list []jsontext.Value
		if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
			return ""
		}
		return refusal(list[0])
	case jsontext.KindBeginObject:
		var e struct {
			Code    jsontext.Value `json:"code"`
			Key     jsontext.Value `json:"key"`
			Title   jsontext.Value `json:"title"`
			Detail  jsontext.Value `json:"detail"`
			Message jsontext.Value `json:"message"`
		}
		if json.Unmarshal(raw, &e) != nil {
			return ""
		}
		code := first(text(e.Code), text(e.Key))
		words := first(text(e.Message), text(e.Detail), text(e.Title))
		if code != "" && words != "" {
			return code + ": " + words
		}
		return code + words
	}
	return ""
}

// text is a string or the digits of a number, at most a few lines of it.
func text(raw jsontext.Value) string {
	switch raw.Kind() {
	case jsontext.KindString:
		b, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return ""
		}
		return shorten(string(b), 500)
	case jsontext.KindNumber:
		return string(raw)
	}
	return ""
}
