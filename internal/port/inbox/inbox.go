// Package inbox is the port to where the directories lie that identity providers push to by SCIM: users, groups and
// whatever else is configured, who may push, and what became of every request. An implementation is held to the suite of
// package inboxtest.
//
// Resources come and go as values of package scim. Lists of references (members of a group, groups of a user) are kept
// apart from them: to change one member of a group of 100,000 costs no more than of an empty one. A group's members are
// its own list; a user's groups are the same memberships seen from the other side, and are never written through the user.
// A reference shows the type of the resource that it leads to, and what the client calls it (display), or else that
// resource's displayName or userName; of a user's groups, the group's displayName, and the type direct.
package inbox

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// Inbox is everything that is kept of the directories.
type Inbox interface {
	Directories
	Resources
	Tokens
	Requests
	Close() error
}

// Directory is a tenant of the endpoint: nothing of one is seen in another.
type Directory struct {
	ID      string // in the address of the endpoint
	Name    string
	Created time.Time
}

// Directories are the tenants.
type Directories interface {
	PutDirectory(ctx context.Context, d Directory) error  // new, or another name
	Directories(ctx context.Context) ([]Directory, error) // by id
}

// Key names a resource.
type Key struct {
	Directory string
	Type      *scim.ResourceType
	ID        string
}

// ErrNone says that there is no such resource.
var ErrNone = errors.New("no such resource")

// Resources are what is pushed. In a directory that was never put there is nothing, and nothing can be created.
//
// What a client did wrong comes back as an *scim.Error: a value that another resource has and must be unique
// (ResourceType.Taken), a member that is not there (scim.NoSuchMember). Uniqueness is enforced by the storage, whoever
// writes at the same time: of attributes whose schema says so, and of a group's displayName, which Entra matches by.
type Resources interface {
	// Create keeps a new resource with its references. The version is the implementation's, in Meta of what it gives. What
	// Create and Change give has no lists: who shows them asks Get.
	Create(ctx context.Context, k Key, b *scim.Body, at time.Time) (*scim.Resource, error)

	// Get gives a resource, with Refs for the lists that show tells. ErrNone: there is none.
	Get(ctx context.Context, k Key, show func(*scim.Attr) bool) (*scim.Resource, error)

	// List answers a query: the resources of a page, and how many there are. The answer of every resource is what Get
	// would give; what fits a filter is exactly what Filter.Match says.
	List(ctx context.Context, directory string, t *scim.ResourceType, q *scim.Query) (*Listing, error)

	// Change makes of a resource what do says, which sees it without its lists, must not ask the inbox itself, and may be
	// called again when somebody else was faster. An error of do changes nothing and is given back as it is. The version and
	// lastModified change if anything did, and only then; lastModified never goes back. Members are merged: two that add to
	// one group at the same time both succeed. A member's own version stays.
	Change(ctx context.Context, k Key, at time.Time, do func(*scim.Resource) (*scim.Change, error)) (r *scim.Resource, changed bool, err error)

	// Delete takes a resource away, out of every list that names it, each of which is a change of its owner. what may
	// refuse, as in Change; nil: nothing does.
	Delete(ctx context.Context, k Key, at time.Time, what func(*scim.Resource) error) error

	// History tells what became of a resource, oldest first, also of one that is gone: at least the newest 100,000 events.
	History(ctx context.Context, directory, id string) ([]Event, error)

	// Since gives what changed behind a mark, in the order of the changes, and the newest mark; the mark "" is the
	// beginning, and gives everything that is there. A mark that is too old is ErrOldMark.
	Since(ctx context.Context, directory, mark string) (iter.Seq2[Changed, error], string, error)
}

// ErrOldMark says that the changes since then are not kept any more: read everything.
var ErrOldMark = errors.New("the changes since then are not kept any more")

// Listing is the answer to a query.
type Listing struct {
	Total     int              // of all pages; negative: not counted, which happens by cursor only
	Resources []*scim.Resource // fewer than asked for where they have very many references; never none while there are more
	Next      string           // cursor of the next page, where the query asked by cursor; "": this is the last one
}

// Event is one thing that became of a resource.
type Event struct {
	At      time.Time
	Request int64  // of the log: the one about the resource that was written, at the same moment; 0: none
	What    string // created, changed, deleted, member added, member removed
	Of      string // the other one, of memberships: the group where the user is asked about, and the other way round
	Text    []byte // the attributes afterwards, as scim.Resource.AppendStored writes them; of created and changed
}

// Changed is a resource that changed, by type and id; and with it, of a membership, who.
type Changed struct {
	Type, ID string
	Gone     bool
	Member   string // the id, where it is about one membership; Gone tells which way
}

// Token lets a client in. Of the secret only a hash is kept.
type Token struct {
	ID        string // public part, in the secret's text as well, by which it is found
	Directory string
	Name      string // what people call it
	Hash      []byte // SHA-256 of the secret part
	Created   time.Time
	Expires   time.Time // zero: never
	Revoked   time.Time // zero: not
	Used      time.Time // last, to the minute
	From      string    // address that it was used from last
}

// Tokens are who may push. A token needs no directory that is there; without one it leads nowhere.
type Tokens interface {
	PutToken(ctx context.Context, t Token) error                               // new, or with another name and another end
	Token(ctx context.Context, id string) (Token, error)                       // ErrNone: there is none
	Tokens(ctx context.Context, directory string) ([]Token, error)             // oldest first
	UsedToken(ctx context.Context, id string, at time.Time, from string) error // keeps the newest minute
}

// Request is one that came to the endpoint, and what became of it. It holds no secret and no value of an attribute but
// what names the resource.
type Request struct {
	Seq       int64
	At        time.Time
	Took      time.Duration
	Directory string // "": it was not known whose
	Token     string // id; "": none, or none that is known
	Method    string
	Path      string // below the directory
	Query     string // filters and the like, with their values
	Status    int
	ScimType  string
	Reason    string // of a refusal: the detail that the client got, or more, where the client must not know
	Type, ID  string // of the resource, where there is one
	Name      string // its userName or displayName
	Size      int
	Agent     string
	From      string
}

// Log is what of the request log is asked for; what is zero does not narrow it.
type Log struct {
	Directory, Token, ID, Name string
	Refused                    bool
	From, Until                time.Time
	Before                     int64 // seq: older ones
	Limit                      int   // 0: 1000
}

// Requests are the log.
type Requests interface {
	// PutRequests keeps a batch; it numbers them.
	PutRequests(ctx context.Context, all []Request) error
	Requests(ctx context.Context, q Log) ([]Request, error) // newest first
	// Prune forgets requests and events of before, and gives how many. Events go in their order: one that is older than
	// what happened before it stays as long.
	Prune(ctx context.Context, before time.Time) (int, error)
}
