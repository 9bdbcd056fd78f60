package bundle

import (
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// shape is what stands around the objects of a document; see docs/bundle.md.
type shape struct {
	head, foot string
	keyed      bool // objects by name
	single     bool // the object is the document
	lines      bool // plain text
}

func shapeOf(file document.File) shape {
	switch base, _ := document.SplitSite(file); base {
	case document.ScimUsers, document.ScimGroups:
		return shape{head: `{"Resources":[`, foot: `]}`}
	case document.ScimLinks:
		return shape{head: `{"scimLinks":[`, foot: `]}`}
	case document.OrgUsers, document.OrgGroups, document.Domains, document.Events:
		return shape{head: `{"data":[`, foot: `]}`}
	case document.OwnLinks:
		return shape{head: `{"links":[`, foot: `]}`}
	case document.OwnRuns:
		return shape{head: `{"runs":[`, foot: `]}`}
	case document.OwnLog:
		return shape{head: `{"entries":[`, foot: `]}`}
	case document.ApplicationRoles:
		return shape{head: `[`, foot: `]`}
	case document.Manage, document.AuthPolicies, document.JiraGroups:
		return shape{head: `{`, foot: `}`, keyed: true}
	case document.ServicePrincipals, document.SynchronizationRule, document.OwnRulesFile:
		return shape{single: true}
	case document.TroubleshootingLog:
		return shape{lines: true}
	}
	return shape{head: `{"value":[`, foot: `]}`}
}

// page is one document while it is written: an object a line.
type page struct {
	shape shape
	on    *sheet
	items int
	size  int64
	whole bool
	keys  map[string]uint64 // keyed: hash of what was recorded
}

var seed = maphash.MakeSeed()

func newPage(on *sheet, file document.File) (*page, error) {
	p := &page{shape: shapeOf(file), on: on, keys: map[string]uint64{}}
	_, err := p.write(p.shape.head)
	return p, err
}

// seen tells whether a name was there before, and whether with the same object.
func (p *page) seen(key string, object jsontext.Value) (same, again bool, err error) {
	if key == "" {
		return false, false, fmt.Errorf("an object without a name in a document that holds objects by name")
	}
	hash := maphash.Bytes(seed, object)
	before, again := p.keys[key]
	p.keys[key] = hash
	return before == hash, again, nil
}

// add writes one object and gives the bytes that it took.
func (p *page) add(key string, object jsontext.Value) (int64, error) {
	if p.shape.single && p.items > 0 {
		return 0, fmt.Errorf("a second object in a document that holds one")
	}
	before := p.size
	p.items++
	if p.shape.lines {
		return p.line(object)
	}
	switch {
	case p.shape.single:
	case p.items == 1:
		_, _ = p.write("\n")
	default:
		_, _ = p.write(",\n")
	}
	if p.shape.keyed {
		name, err := jsontext.AppendQuote(nil, key)
		if err != nil {
			return 0, fmt.Errorf("the name of an object: %w", err)
		}
		_, _ = p.write(string(name) + ":")
	}
	_, err := p.write(string(object)) // a sheet keeps its first error
	return p.size - before, err
}

func (p *page) line(text jsontext.Value) (int64, error) {
	if text.Kind() != jsontext.KindString {
		return 0, fmt.Errorf("a line that is no text")
	}
	line, err := jsontext.AppendUnquote(nil, text)
	if err != nil {
		return 0, err
	}
	n, err := p.write(strings.NewReplacer("\r", " ", "\n", " ").Replace(string(line)) + "\n")
	return int64(n), err
}

func (p *page) write(s string) (int, error) {
	n, err := p.on.write(s)
	p.size += int64(n)
	return n, err
}

// end writes what is still missing. A document that is one object and has none is taken away.
func (p *page) end() error {
	if p.none() {
		return p.on.discard()
	}
	foot := p.shape.foot
	if !p.shape.lines {
		foot += "\n"
		if p.items > 0 && !p.shape.single {
			foot = "\n" + foot
		}
	}
	_, err := p.write(foot)
	if ended := p.on.end(); err == nil {
		err = ended
	}
	return err
}

// none tells that there is no such document: it would be one object, and has none.
func (p *page) none() bool { return p.shape.single && p.items == 0 }
