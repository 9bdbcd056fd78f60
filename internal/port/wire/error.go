package wire

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Error says that a request came to nothing, without secrets and without a query's values.
type Error struct {
	Method, URL string // without query
	Status      int    // 0: no answer
	Body        []byte // the first 64 KiB of the answer
	Header      map[string][]string
	RetryAfter  time.Duration
	RequestID   string
	Attempts    int
	Lost        bool // the service may have carried it out all the same
	Err         error
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.URL)
	if e.Status != 0 {
		fmt.Fprintf(&b, "answer %d", e.Status)
	}
	if e.Status != 0 && e.Err != nil {
		b.WriteString(": ")
	}
	if e.Err != nil {
		b.WriteString(e.Err.Error())
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (after %d attempts)", e.Attempts)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; the service wants to be asked again in %v", e.RetryAfter.Round(time.Second))
	}
	if e.Lost {
		b.WriteString("; it may have been carried out all the same")
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// clean takes out of a transport's error what must not be shown: the query, and the credentials that were sent.
func clean(err error, u *url.URL, sent http.Header) error {
	for { // its text is the whole URL
		wrapped, is := errors.AsType[*url.Error](err)
		if !is || wrapped.Err == nil {
			break
		}
		err = wrapped.Err
	}
	text := err.Error()
	shown := text
	for _, secret := range secrets(u, sent) {
		shown = strings.ReplaceAll(shown, secret, "…")
	}
	if shown == text {
		return err
	}
	// The cause's own text would show it again: only the new text goes on.
	return errors.New(shown)
}

// secrets lists what a request carries that nobody must see, the longest first, since one may hold another.
func secrets(u *url.URL, sent http.Header) []string {
	all := append(credentials(sent), u.RawQuery)
	for _, values := range u.Query() {
		all = append(all, values...)
	}
	all = slices.DeleteFunc(all, func(s string) bool { return len(s) < 4 }) // a page size of 100 is none
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return all
}

func credentials(sent http.Header) []string {
	var all []string
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key"} {
		for _, v := range sent.Values(name) {
			if _, token, found := strings.Cut(v, " "); found {
				v = token // Bearer and Basic may be said
			}
			all = append(all, v)
		}
	}
	return all
}

// redact takes credentials out of a refusal's text: some services repeat what they were sent.
func redact(body []byte, sent http.Header) []byte {
	for _, secret := range credentials(sent) {
		if secret != "" {
			body = bytes.ReplaceAll(body, []byte(secret), []byte("…"))
		}
	}
	return body
}
