package entra

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// errEnough ends the reading of a list of which there is more.
var errEnough = errors.New("there is more than is read")

// list reads a list, at most so many pages, and hands over its objects.
func (s *Source) list(ctx context.Context, path string, query url.Values, header http.Header, pages int, each func(jsontext.Value) error) (n int, err error) {
	first := pages == firstPage
	for p, err := range s.graph.Pages(ctx, path, query, header) {
		if err != nil {
			return n, err
		}
		if pages == 0 {
			return n, errEnough
		}
		for _, v := range p.Values {
			if err := each(slices.Clone(v)); err != nil {
				return n, err
			}
			n++
		}
		if pages--; pages == 0 && first {
			break
		}
	}
	return n, nil
}

// ended says how the reading of a document went: whole, cut, or refused. Only what concerns everything is an error.
func (s *Source) ended(err error, into sheaf, file document.File, n int) error {
	if err == nil {
		into.whole(file)
		return nil
	}
	what := "the whole document"
	if n > 0 {
		what = "everything after the first " + strconv.Itoa(n)
	}
	why, general := reason(err)
	if general {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	into.gap(gapOf(file, "", what, why))
	return nil
}

// reason is why something could not be read, as a gap has it. What keeps everything from being read is general: no
// token, no answer at all.
func reason(err error) (why string, general bool) {
	if errors.Is(err, errEnough) || errors.Is(err, errCrowd) {
		return err.Error(), false
	}
	if _, ok := errors.AsType[*json.SemanticError](err); ok {
		return "an object of the answer cannot be read", false // the error may quote it
	}
	e, ok := errors.AsType[*graph.Error](err)
	if !ok || e.Status == 0 || e.Status == http.StatusUnauthorized {
		return err.Error(), true
	}
	alike := *e
	alike.RequestID = "" // the same world recorded twice has the same gaps
	return alike.Why(), false
}

// unfit tells whether the service does not take a filter or a query option: the same may be asked more simply.
func unfit(err error) bool {
	e, ok := errors.AsType[*graph.Error](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusNotImplemented)
}

func gapOf(file document.File, subject, what, why string) document.Gap {
	return document.Gap{File: string(file), Subject: subject, What: what, Why: why, Call: document.Of(file).Call}
}

// selected names properties to be given, and makes the pages large.
func selected(properties []string) url.Values {
	return url.Values{"$select": {strings.Join(properties, ",")}, "$top": {"999"}}
}

func with(q url.Values, name, value string) url.Values {
	out := url.Values{name: {value}}
	for k, v := range q {
		if k != name {
			out[k] = v
		}
	}
	return out
}
