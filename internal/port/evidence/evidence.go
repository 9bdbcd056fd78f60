// Package evidence is the port through which live services are looked at: a connector asks a service and hands what it
// answers, object by object and unchanged, to a Recorder. What a bundle's file holds and what a service says are thus
// the same documents, read by the same decoder, so that a live answer and a recorded one are the same by construction.
//
// Nothing behind this port writes to a service.
package evidence

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Recorder takes the objects of documents. It is for one goroutine at a time unless it says otherwise.
type Recorder interface {
	// Add takes the next object of a document as the service gave it, unknown fields kept. Key is the object's name
	// in documents that hold objects by name (atlassian/manage.json by account, jira/groups.json by group name);
	// in lists and where the document is the object it means nothing. A group of entra/groups.json carries all its "members".
	Add(file document.File, key string, object jsontext.Value) error

	// Whole says that a document was read to its end: what it does not hold is not there, but for gaps. A document
	// without a call of Whole or Gap was not asked for.
	Whole(file document.File) error

	// Gap says what of a document could not be read. A document of which nothing could be read gets a gap without a
	// subject and no Whole.
	Gap(gap document.Gap) error
}

// Source reads the documents of one service.
type Source interface {
	Name() string

	// Fetch records everything that a roll call needs. With a focus it records only what touches the subjects, in a
	// number of requests that does not grow with the tenant, and adds what it found to the focus, so that the sources
	// after it know whom to look for. A service that refuses one document gives a gap and the rest is read; an error
	// means that nothing more could be read at all.
	Fetch(ctx context.Context, focus *Focus, to Recorder) error
}

// Focus is whom a question is about. Texts and Group are what a person typed; the other fields are found along the way
// and only grow. A Focus is for one goroutine.
type Focus struct {
	Texts []string // user principal names, addresses, ids or display names
	Group string   // name or id; may be empty

	History bool // the question is also what happened: logs that no answer about now draws from are asked for, too

	Users      []string // ids at the source
	Groups     []string // likewise: the groups of the people, those above them, and the ones that were named
	Addresses  []string // user principal names, mails and other addresses of the people
	GroupNames []string // display names of the groups
	Records    []string // ids in the SCIM directory
	Accounts   []string // Atlassian account ids
	Outside    []string // names of groups of the directory in which none of the people's records is
	Lacking    []string // names of groups that a site has and does not show one of the accounts in
}
