package wire

import (
	"fmt"
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
	if e.Status != 0 {
		return fmt.Sprintf("%s %s: answer %d", e.Method, e.URL, e.Status)
	}
	return fmt.Sprintf("%s %s: %v", e.Method, e.URL, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }
