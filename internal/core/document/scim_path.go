package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ScimPath is the path of one attribute of a SCIM user, as a mapping names its target: an attribute (title), a part
// of one (name.givenName), an element of a list (emails[type eq "work"].value), or any of these within an extension
// (urn:…:enterprise:2.0:User:department). It is made once and read from many records. The zero path is no attribute.
type ScimPath struct {
	text, key   string
	place       scimPlace
	schema      string // of an extension, in lower case; empty: the core schema
	attr, part  string // in lower case
	filterOn    string // the part of the element that the filter compares, in lower case; empty: no filter
	filterValue string
}

const (
	coreUserSchema  = "urn:ietf:params:scim:schemas:core:2.0:user"
	coreGroupSchema = "urn:ietf:params:scim:schemas:core:2.0:group"
	enterpriseUser  = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"
	atlassianUser   = "urn:scim:schemas:extension:atlassian-external:1.0"
	examplePath     = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
	maxScimPath     = 1024 // bytes; the longest that are in use have a hundred
)

// ParseScimPath reads a path. Letter case does not matter, nor do blanks between the words. Of filters it knows one
// comparison with eq, which is all that mappings use. An error says at which character it stopped.
func ParseScimPath(path string) (ScimPath, error) {
	if len(path) > maxScimPath {
		return ScimPath{}, fmt.Errorf("a target attribute of %d bytes is too long; the most are %d", len(path), maxScimPath)
	}
	r := pathReader{text: path}
	p := ScimPath{text: strings.Trim(path, " "), key: TargetKey(path)}
	if err := r.path(&p); err != nil {
		return ScimPath{}, fmt.Errorf("target attribute %q, at character %d: %w", path, utf8.RuneCountInString(path[:r.at])+1, err)
	}
	p.place = placeOf(&p)
	return p, nil
}

// String is the path as it was written.
func (p ScimPath) String() string { return p.text }

// Key is equal for spellings of the same path: letter case, blanks and the core schema's prefix do not count.
func (p ScimPath) Key() string { return p.key }

// TargetKey makes spellings of a target path equal: letter case, blanks and the core schema's prefix do not count.
func TargetKey(path string) string {
	key := strings.ToLower(strings.ReplaceAll(path, " ", ""))
	return strings.TrimPrefix(strings.TrimPrefix(key, coreUserSchema+":"), coreGroupSchema+":")
}

// path reads: [schema ":"] attribute ["[" part "eq" value "]"] ["." part]
func (r *pathReader) path(p *ScimPath) (err error) {
	r.blanks()
	if hasPrefixFold(r.text[r.at:], "urn:") {
		if p.schema, err = r.schema(); err != nil {
			return err
		}
	}
	start := r.at
	if p.attr, err = r.name("an attribute"); err != nil {
		return err
	}
	if version := p.schema[strings.LastIndexByte(p.schema, ':')+1:]; (p.attr == "user" || p.attr == "group") && version != "" && version[0] <= '9' {
		r.at = start
		return fmt.Errorf("this is the name of a whole schema; an attribute of it should follow, as in %s", examplePath)
	}
	if p.schema == coreUserSchema || p.schema == coreGroupSchema {
		p.schema = ""
	}
	if r.take('[') {
		if err := r.filter(p); err != nil {
			return err
		}
	}
	if r.take('.') {
		if p.part, err = r.name("a part of " + p.attr); err != nil {
			return err
		}
	}
	if r.at < len(r.text) {
		return fmt.Errorf("the path should end here, but %q follows", r.text[r.at:])
	}
	return nil
}

// schema reads up to the last colon before the attribute: a schema's name has colons and dots of its own.
func (r *pathReader) schema() (string, error) {
	end := len(r.text)
	if at := strings.IndexByte(r.text, '['); at >= 0 {
		end = at
	}
	start, end := r.at, strings.LastIndexByte(r.text[:end], ':')
	for ; r.at < end; r.at++ {
		if c := r.text[r.at]; c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return "", fmt.Errorf("%q cannot stand in the name of a schema", rune(c))
		}
	}
	if end-start <= len("urn:") {
		r.at = start + len("urn:")
		return "", fmt.Errorf("a schema's name and an attribute should follow, as in %s", examplePath)
	}
	r.at++ // the colon
	r.blanks()
	return strings.ToLower(r.text[start:end]), nil
}

func (r *pathReader) filter(p *ScimPath) (err error) {
	if p.filterOn, err = r.name("a part of " + p.attr + " to compare"); err != nil {
		return err
	}
	start := r.at
	if operator, err := r.name("a comparison"); err != nil || operator != "eq" {
		r.at = start
		return errors.New("a filter of a target attribute compares with eq")
	}
	if p.filterValue, err = r.value(); err != nil {
		return err
	}
	if !r.take(']') {
		return errors.New("a filter compares one value and ends with ]")
	}
	return nil
}
