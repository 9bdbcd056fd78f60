package entra

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// escrowed is an error that is kept and retried.
type escrowed struct {
	id, kind string
	action   string // what was tried: match, read, create, update, disable, delete, reference
	first    time.Time
	tries    int // retries so far
	next     time.Time
	members  map[string]bool // of a failure of references: which
}

// referencesOf is put before an object's id where its references are in escrow, not the object itself.
const referencesOf = "references of "

// trouble is an error as the log has it.
type trouble struct {
	code, reason string
	step         string // description of the failed step, if it is not the usual one
	transient    bool   // retried with the next cycle
}

// retryAt is when an error is retried: 6, 12 and 24 hours after it came first, then every 24 hours
// (application-provisioning-quarantine-status.md). Transient ones come again with the next cycle.
func (e *escrowed) retryAt(transient bool, now time.Time) time.Time {
	if transient {
		return now
	}
	for _, h := range []int{6, 12, 24} {
		if at := e.first.Add(time.Duration(h) * time.Hour); at.After(now) {
			return at
		}
	}
	at := e.first.Add(24 * time.Hour)
	for !at.After(now) {
		at = at.Add(24 * time.Hour)
	}
	return at
}

// escrowLife is how long an error is retried.
const escrowLife = 28 * 24 * time.Hour

// hold puts an object into escrow, or counts one more try. Where the error is older than 28 days, it is dropped.
func (c *cycle) hold(key string, e *sourceObject, action string, transient bool, members map[string]bool) *escrowed {
	old := c.escrow[key]
	if old == nil {
		old = &escrowed{id: e.id, kind: e.kind, first: c.began}
		c.escrow[key] = old
	} else {
		old.tries++
	}
	old.action, old.members = action, members
	old.next = old.retryAt(transient, c.began)
	if c.began.Sub(old.first) >= escrowLife {
		delete(c.escrow, key)
		if c.set.Readings.EscrowDisables {
			c.state.Schedule.State, c.state.Status.Code = "Disabled", "Paused"
		}
	}
	return old
}

// failure records that an object could not be worked on. It is an error only where the whole job cannot go on, or the
// caller's context ended.
func (c *cycle) failure(e *sourceObject, action string, err error, disabling bool, fields ...outbound.Field) error {
	if end := c.ctx.Err(); end != nil {
		return end
	}
	var f *outbound.Failure
	if errors.As(err, &f) && f.Status == http.StatusUnauthorized {
		c.stop = refusesAll(err)
		return errStopped
	}
	if disabling && action == "read" {
		action = "disable"
	}
	return c.refused(e, action, c.told(action, err), fields...)
}

// refused is failure with the trouble told.
func (c *cycle) refused(e *sourceObject, action string, t trouble, fields ...outbound.Field) error {
	c.failed++
	h := c.hold(e.id, e, action, t.transient, nil)
	c.logFailure(e, action, t, h, fields)
	return nil
}

// broke records that references could not be written.
func (c *cycle) broke(e *sourceObject, err error, members map[string]bool) error {
	if end := c.ctx.Err(); end != nil {
		return end
	}
	var f *outbound.Failure
	if errors.As(err, &f) && f.Status == http.StatusUnauthorized {
		c.stop = refusesAll(f)
		return errStopped
	}
	c.broken++
	t := c.told("update", err)
	h := c.hold(referencesOf+e.id, e, "reference", t.transient, members)
	c.logFailure(e, "update", t, h, nil)
	return nil
}

// told finds the code and the words for what the target answered. Which code a status gets is documented only in
// part; the ones for 400 and 409 are those of field reports about SCIM targets and Atlassian.
func (c *cycle) told(action string, err error) trouble {
	var f *outbound.Failure
	if !errors.As(err, &f) {
		return trouble{code: "InternalError", reason: err.Error()}
	}
	t := trouble{reason: httpText(f)}
	const prefix = "SystemForCrossDomainIdentityManagement"
	switch {
	case f.Status == 0:
		t.code, t.transient = "WebExceptionProtocolError", true
		if errors.Is(f.Err, os.ErrDeadlineExceeded) || strings.Contains(fmt.Sprint(f.Err), "deadline") {
			t.code = "Timeout"
		}
		t.reason = fmt.Sprintf("No answer came from %s: %v.", c.plan.Target, f.Err)
	case f.Err != nil:
		t.code = prefix + "ServiceIncompatible"
	case f.Status == 404 && (action == "read" || action == "update" || action == "disable"):
		t.code = "InvalidAnchor"
	case f.Status == 403:
		t.code = "InsufficientRights"
	case f.Status == 405:
		t.code = "MethodNotAllowed"
	case f.Status == 409:
		t.code = prefix + "ServiceIncompatibleFiltering"
	case f.Status == 422:
		t.code = "UnprocessableEntity"
	case f.Status == 429:
		t.code, t.transient = "TooManyRequests", true
	case f.Status == 501:
		t.code = "NotImplemented"
	case f.Status >= 500:
		t.code, t.transient = "InternalServerError", true
	case action == "match":
		t.code = prefix + "ServiceIncompatibleFiltering"
	default:
		t.code = prefix + "BadRequest"
	}
	return t
}

// httpText is how the service's messages tell an answer.
func httpText(f *outbound.Failure) string {
	name := strings.NewReplacer(" ", "", "-", "").Replace(http.StatusText(f.Status))
	return fmt.Sprintf("StatusCode: %s Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: %s", name, f.Body)
}
