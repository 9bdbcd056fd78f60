// Package source is the port through which rollcall follows a source of people and groups: first everything, then what
// changed. What is read goes into a mirror (package store), from which plans are computed; package evidence is the port
// for looking without a mirror.
package source

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Source is an identity source that can be followed.
type Source interface {
	Name() string

	// Read brings the mirror up to date and gives the cursor for the next time. An empty cursor, or one that the
	// source no longer takes, is answered by a full reading. Where it fails, what was told to the mirror must be
	// thrown away and the old cursor stays good: a reading counts as a whole or not at all.
	Read(ctx context.Context, since Cursor, to Mirror) (Cursor, error)
}

// Cursor is where a reading ended, for the source alone to understand. It holds no secret.
type Cursor string

// Mirror takes what a source says. Calls are in the order in which they count: a later one overrules an earlier one.
// It is for one goroutine.
type Mirror interface {
	// Full says that everything is told anew from here on: what is not told again of these documents is gone.
	Full(files ...document.File) error

	// Put takes an object as a whole: it replaces the one with the same id. Groups come without their members.
	Put(file document.File, id string, object jsontext.Value) error

	// Merge takes changed properties of an object; an object that is not there is made of them. JSON null clears.
	Merge(file document.File, id string, properties jsontext.Value) error

	// Drop takes an object away, a group together with its members. It may not be there.
	Drop(file document.File, id string) error

	// Member says that a user or group is, or is no longer, a direct member of a group. kind is the member's
	// @odata.type, such as #microsoft.graph.user. The group may be told later, or the member.
	Member(file document.File, group, member, kind string, in bool) error

	// Gap says what could not be read this time, and Whole that a document was read completely; see evidence.Recorder.
	// Gaps of a document are forgotten when it is told in Full again or by the Whole of a later reading.
	Gap(gap document.Gap) error
	Whole(file document.File) error
}
