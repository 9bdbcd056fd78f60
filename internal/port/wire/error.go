package wire

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
	var wrapped *url.Error
	for errors.As(err, &wrapped) && wrapped.Err != nil { // its text is the whole URL
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

func secrets(u *url.URL, sent http.Header) []string {
	var all []string
	add := func(s string) {
		if len(s) > 3 {
			all = append(all, s)
		}
	}
	add(u.RawQuery)
	for _, values := range u.Query() {
		for _, v := range values {
			add(v)
		}
	}
	for _, name := range []string{"Authorization", "Cookie", "X-Api-Key"} {
		for _, v := range sent.Values(name) {
			add(v)
			if _, token, found := strings.Cut(v, " "); found {
				add(token)
			}
		}
	}
	return all
}
