package scim

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Error is an answer that says what is wrong with a request.
type Error struct {
	Status int      // of HTTP
	Type   ScimType // empty where the RFCs have no word for it
	Detail string   // which attribute, what is wrong, what to mend; holds no value of an attribute
}

// ScimType is a keyword of RFC 7644 table 9 or RFC 9865 section 2.1.
type ScimType string

// The keywords.
const (
	InvalidFilter ScimType = "invalidFilter"
	TooMany       ScimType = "tooMany"
	NotUnique     ScimType = "uniqueness"
	NotMutable    ScimType = "mutability"
	InvalidSyntax ScimType = "invalidSyntax"
	InvalidPath   ScimType = "invalidPath"
	NoTarget      ScimType = "noTarget"
	InvalidValue  ScimType = "invalidValue"
	InvalidVers   ScimType = "invalidVers"
	Sensitive     ScimType = "sensitive"
	InvalidCursor ScimType = "invalidCursor"
	ExpiredCursor ScimType = "expiredCursor"
	InvalidCount  ScimType = "invalidCount"
)

// Error is the detail, behind the status.
func (e *Error) Error() string {
	if e.Type == "" {
		return fmt.Sprintf("%d: %s", e.Status, e.Detail)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Detail)
}

// Append writes the error as JSON, RFC 7644 section 3.12.
func (e *Error) Append(dst []byte) []byte {
	dst = append(dst, `{"schemas":["`+errorMessage+`"],"status":"`...)
	dst = strconv.AppendInt(dst, int64(e.Status), 10)
	dst = append(dst, '"')
	if e.Type != "" {
		dst = append(dst, `,"scimType":"`...)
		dst = append(dst, e.Type...)
		dst = append(dst, '"')
	}
	dst = append(dst, `,"detail":`...)
	dst, _ = jsontext.AppendQuote(dst, e.Detail)
	return append(dst, '}')
}

// bad is an error of status 400.
func bad(t ScimType, format string, args ...any) *Error {
	return &Error{Status: 400, Type: t, Detail: fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) *Error {
	return &Error{Status: 413, Detail: fmt.Sprintf(format, args...)}
}

// NotFound is the answer about a resource that is not there.
func (t *ResourceType) NotFound(id string) *Error {
	return &Error{Status: 404, Detail: fmt.Sprintf("There is no %s with the id %s.", t.def.Name, show(id))}
}

// Taken is the answer to a value that another resource has and that must be unique.
func (t *ResourceType) Taken(a *Attr) *Error {
	return &Error{Status: 409, Type: NotUnique, Detail: fmt.Sprintf("Another %s has this %s; it must be unique. Change the other one first, or send another value.", t.def.Name, a.path)}
}

// NoSuchMember is the answer to a reference to a resource that is not there.
func NoSuchMember(a *Attr, id string) *Error {
	return bad(InvalidValue, "%s: there is no resource with the id %s. Create it first.", a.path, show(id))
}

// WrongVersion is the answer to a request whose If-Match does not fit, RFC 7644 section 3.14.
func WrongVersion() *Error {
	return &Error{Status: 412, Detail: "The resource has changed since it was read: its version is another one than If-Match says. Read it again."}
}

// BadCursor is the answer to a cursor that was never given out, or not for this query.
func BadCursor() *Error {
	return bad(InvalidCursor, "cursor: this is no cursor of this query. Begin again with an empty cursor, and send the same filter and sorting with each page.")
}

// OldCursor is the answer to a cursor that is not valid any more.
func OldCursor() *Error {
	return bad(ExpiredCursor, "cursor: it is not valid any more. Begin again with an empty cursor.")
}

// in puts words before the detail of an *Error.
func in(place string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return fmt.Errorf("%s: %w", place, err)
	}
	c := *e
	c.Detail = place + ": " + c.Detail
	return &c
}
