// Package target is the port through which rollcall writes: a Target reads what is present and carries out one change
// with one request. Every implementation passes the suite of package targettest.
package target

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Target is a directory of users and groups that can be written.
type Target interface {
	Name() string

	// Can says what the target is able to. It asks the service once and remembers.
	Can(ctx context.Context) (Abilities, error)

	// Read records documents of the target, document.ScimUsers and document.ScimGroups at least: all of it, or only
	// the named objects. A named object that is not there is left out.
	Read(ctx context.Context, want Want, to evidence.Recorder) error

	// Do carries out one change. Its error is an *Error. It repeats a request by itself only where the service has
	// certainly not carried it out (429, 503, connection refused); where the answer was lost it gives Class Lost.
	Do(ctx context.Context, c Change) (Receipt, error)

	// Confirm asks whether a change whose answer is not known was carried out. It only reads.
	Confirm(ctx context.Context, c Change) (Receipt, Confirmation, error)
}

// Abilities say what a target takes.
type Abilities struct {
	Patch           bool // users and groups; without it objects are replaced as a whole
	PatchMembers    int  // most members that are added and removed in one PATCH together; 0: any number
	MembersInCreate int  // most members that a new group may come with; 0: none
	Rename          bool // the displayName of a group may change
	Filter          bool // filters are answered; without it objects are looked for in the lists
	Policies        bool // authentication policies can be assigned
	Repairs         bool // records can be mended: a change of package repair is understood
}

// Want says what is to be read.
type Want struct {
	All    bool
	Users  []string // ids at the target
	Groups []string // likewise; with their members

	// UserNames, ExternalIDs and GroupNames are looked up: who is about to be made may be there already.
	UserNames, ExternalIDs, GroupNames []string
}

// Change is what one request does.
type Change struct {
	Op   plan.Op
	Kind string // plan.KindUser, KindGroup, KindPolicy
	ID   string // at the target; "" of what is to be made

	SourceID string // id at the source, which finds a record by its externalId where one is mapped
	Name     string // what a person calls it: userPrincipalName or displayName

	Fields []plan.Field // the values that change; of what is made, all of them

	Add, Remove []string // ids at the target of members of a group, or accounts of a policy
}

// Receipt is what came of a change.
type Receipt struct {
	ID        string         // at the target
	Object    jsontext.Value // the object after the change, where the service showed it; groups without members
	Account   string         // the account that the record is linked to, where it was told
	Status    int            // of HTTP; 0: no request was needed
	RequestID string         // as the service calls it, for its support
	Missing   []string       // members of a new group that the answer shows not to have been taken; they are added then
	Text      string         // a remark worth keeping; may be empty
}

// Confirmation is whether a change was carried out.
type Confirmation int

// The confirmations.
const (
	Unsure  Confirmation = iota // it cannot be told
	Done                        // it was; the receipt is good
	NotDone                     // it was not, and may be sent
	Other                       // something else is in its place, such as a record of the same name that is not ours
)

// Class says what is to be done about an error.
type Class int

// The classes.
const (
	Transient Class = iota // later, as it is
	Permanent              // never as it is: the values are refused, or the object is in the way
	Person                 // somebody must do something first: a key expired, a permission is missing
	Lost                   // nobody knows whether it was carried out: confirm before it is repeated
	Gone                   // the object is not there any more: read again and plan again
)

func (c Class) String() string {
	return [...]string{"transient", "permanent", "person", "lost", "gone"}[c]
}

// Error is what went wrong with a change.
type Error struct {
	Class      Class
	Status     int    // of HTTP; 0: no answer
	Code       string // scimType or the service's own code
	Text       string // what the service said, shortened, without secrets
	RetryAfter time.Duration
	RequestID  string
	All        bool // it concerns every further change too: the key, the directory, the service as a whole
	Err        error
}

func (e *Error) Error() string {
	switch {
	case e.Status == 0 && e.Err != nil:
		return e.Err.Error()
	case e.Text == "":
		return fmt.Sprintf("answer %d", e.Status)
	}
	return fmt.Sprintf("answer %d: %s", e.Status, e.Text)
}

func (e *Error) Unwrap() error { return e.Err }

// Documents are what Read records of any target.
var Documents = []document.File{document.ScimUsers, document.ScimGroups}
