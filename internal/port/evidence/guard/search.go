package guard

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// search is what a question has found so far.
type search struct {
	*reading
	focus          *evidence.Focus
	directory, org bool // can be asked

	records    map[string]record // by id
	accounts   []account         // in the order in which they were found
	links      linkSet
	linked     []string             // accounts that the links of the people's addresses name
	groups     map[string]scimGroup // by id
	others     []string             // names of groups of the directory that Entra calls otherwise
	sparing    bool                 // groups that the people's records name are left for later
	own        []ownGroup           // these
	found      []foundGroup
	members    map[string][]string // id of an organization's group -> accounts of ours in it
	asked      map[key]bool
	holes      []document.File // documents that end with a gap
	strangers  bool            // nobody is known by an id of the source
	recordless bool            // the directory was asked, and nobody has a record: which account is theirs, nobody says then
	trouble    bool            // a group is missing or in conflict: what the audit log says matters
	evented    bool            // the audit log was asked
}

var (
	errMany  = errors.New("not asked: there are too many of them for one question")
	errFewer = errors.New("the service announces more than it gave")
)

// key is something that was asked for once.
type key struct{ kind, value string }

// first tells whether something is asked for the first time.
func (s *search) first(kind, value string) bool {
	k := key{kind, document.Fold(value)}
	if k.value == "" || s.asked[k] {
		return false
	}
	s.asked[k] = true
	return true
}

func (s *search) count(kind string) (n int) {
	for k := range s.asked {
		if k.kind == kind {
			n++
		}
	}
	return n
}

// hole notes that a document is not known as a whole, or not for a subject.
func (s *search) hole(ctx context.Context, err error, g document.Gap) error {
	s.first("gap", g.File)
	if g.Subject == "" && !slices.Contains(s.holes, document.File(g.File)) {
		s.holes = append(s.holes, document.File(g.File))
	} else if g.Subject == "" {
		return nil // one gap of the kind is enough
	}
	return s.failed(ctx, err, g)
}

// complete tells whether nothing of a document stayed untold so far.
func (s *search) complete(f document.File) bool {
	return !s.asked[key{"gap", document.Fold(string(f))}]
}

func (s *search) sortedRecords() []record {
	var out []record
	for _, rec := range s.records {
		out = append(out, rec)
	}
	slices.SortFunc(out, func(x, y record) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// filteredAnswer is what came of a filtered list.
type filteredAnswer struct {
	page scimPageAnswer
	err  error
}

func (s *search) filteredBy(ctx context.Context, path, attribute, value string) filteredAnswer {
	page, err := s.filtered(ctx, path, attribute, value)
	return filteredAnswer{page, err}
}

func looksLikeID(text string) bool { return len(text) == 36 && strings.Count(text, "-") == 4 }

// looksLikeAccount recognises 712020:… and the older form of 24 hexadecimal digits.
func looksLikeAccount(text string) bool {
	site, id, ok := strings.Cut(text, ":")
	if ok {
		return site != "" && id != "" && !strings.Contains(text, " ")
	}
	return len(text) == 24 && strings.Trim(strings.ToLower(text), "0123456789abcdef") == ""
}

func isMail(s string) bool { return strings.Contains(s, "@") }
