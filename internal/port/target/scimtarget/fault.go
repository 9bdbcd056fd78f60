package scimtarget

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// about says what a request is about, which decides what a 404 means.
type about int

const (
	aboutObject  about = iota // one user or group: a 404 says that it is gone
	aboutService              // a list, or something new: a 404 says that the address is wrong
)

// Fault says of an error of a request to one object what is to be done about it. It is for targets that stand on this
// one and send requests of their own.
func Fault(err error) *target.Error { return fault(err, aboutObject) }

func fault(err error, what about) *target.Error {
	if known, ok := errors.AsType[*target.Error](err); ok {
		return known
	}
	w, ok := errors.AsType[*wire.Error](err)
	if !ok {
		out := &target.Error{Class: target.Permanent, Err: err}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			out.Class = target.Transient
		}
		return out
	}
	out := &target.Error{Status: w.Status, RetryAfter: w.RetryAfter, RequestID: w.RequestID, Err: err}
	out.Code, out.Text = words(w.Body)
	switch {
	case w.Lost:
		out.Class = target.Lost
	case w.Status < http.StatusMultipleChoices: // no answer, or not all of one
		out.Class = target.Transient
	case w.Status == http.StatusTooManyRequests, w.Status == http.StatusRequestTimeout, w.Status == http.StatusPreconditionFailed:
		out.Class = target.Transient
	case w.Status == http.StatusNotImplemented:
		out.Class = target.Permanent
	case w.Status >= http.StatusInternalServerError:
		out.Class = target.Transient
	case w.Status == http.StatusUnauthorized, w.Status == http.StatusForbidden, w.Status < http.StatusBadRequest:
		out.Class, out.All = target.Person, true
	case w.Status == http.StatusNotFound && what == aboutService:
		out.Class, out.All = target.Person, true
	case w.Status == http.StatusNotFound, w.Status == http.StatusGone:
		out.Class = target.Gone
	case strings.EqualFold(out.Code, "noTarget"):
		out.Class = target.Gone // who is taken out is not in, as a strict service sees it: what we believe is old
	default:
		out.Class = target.Permanent
	}
	return out
}

// words reads what an answer says was wrong: a SCIM error, or one of the shapes of Atlassian's gateway and admin APIs
// (atlassian.md 1.7, 2.1).
func words(body []byte) (code, said string) {
	var e struct {
		ScimType      string `json:"scimType"`
		ScimErrorType string `json:"scimErrorType"` // of PUT at Atlassian
		Detail        string `json:"detail"`
		Error         any    `json:"error"`
		Message       string `json:"message"`
		Errors        []struct {
			Code   string `json:"code"`
			Title  string `json:"title"`
			Detail string `json:"detail"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &e, lenient) != nil {
		return "", ""
	}
	code, said = first(e.ScimType, e.ScimErrorType), first(e.Detail, e.Message)
	if len(e.Errors) > 0 {
		code, said = first(code, e.Errors[0].Code), first(said, e.Errors[0].Detail, e.Errors[0].Title)
	}
	if s, ok := e.Error.(string); ok {
		said = first(said, s)
	}
	return shorten(code, 60), shorten(said, 300)
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// shorten keeps the beginning of a text in one line.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if len(s) <= n {
		return s
	}
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
