package bundle

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Redaction replaces the words of documents by stand-ins, so that a case can be given away without the people in it.
//
// It works the other way round than a search for names would: every word is replaced, in whatever property it stands,
// unless it is known to be a word of the services (a status, an error code, an attribute's name) or of the messages that
// rules read. What nobody foresaw is therefore replaced, too, never leaked. A word has the same stand-in everywhere, and
// signs between words stay: "lena.vogel@fabrikam.example" and "Lena Vogel" become "kavomi.tirelo@supamano.bedira" and
// "Kavomi Tirelo", so that names, addresses, domains, filters and log texts still agree or differ as they did, in letter
// case, too. Ids of the form of a GUID, moments and numbers of up to three digits stay as they are.
//
// What it cannot keep: rules that look into a word (its length, its first letter) see that of the stand-in. Attribute
// names and the tenant's GUIDs remain.
type Redaction struct{ words *standIns }

// NewRedaction makes a redaction. The key decides about the stand-ins; who has it can test a guess, so it is random and
// thrown away unless two bundles shall have the same.
func NewRedaction(key []byte) *Redaction { return &Redaction{newStandIns(key)} }

// Recorder gives a recorder that redacts what it hands on. It is for several goroutines if the other one is.
func (r *Redaction) Recorder(to evidence.Recorder) evidence.Recorder { return &redacted{r, to} }

// Manifest is the redacted manifest. Its counts and ids stay.
func (r *Redaction) Manifest(m document.Bundle) document.Bundle {
	c := &m.Connection
	c.Name, c.Application, c.Directory, c.Org = r.Name(c.Name), r.Name(c.Application), r.Name(c.Directory), r.Name(c.Org)
	sites := make([]string, len(c.Sites))
	for i, s := range c.Sites {
		sites[i] = r.Name(s)
	}
	c.Sites = sites
	if c.Selected != nil {
		s := *c.Selected
		s.Groups = make([]string, len(s.Groups))
		for i, g := range c.Selected.Groups {
			s.Groups[i] = r.Name(g)
		}
		c.Selected = &s
	}
	policies, products := map[string]string{}, map[string][]string{}
	for group, id := range c.ExpectedPolicies {
		policies[r.Name(group)] = r.Name(id)
	}
	for group, keys := range c.ExpectedProducts {
		products[r.Name(group)] = keys
	}
	if c.ExpectedPolicies != nil {
		c.ExpectedPolicies = policies
	}
	if c.ExpectedProducts != nil {
		c.ExpectedProducts = products
	}
	gaps := make([]document.Gap, len(m.Gaps))
	for i, g := range m.Gaps {
		gaps[i] = r.gap(g)
	}
	if m.Gaps != nil {
		m.Gaps = gaps
	}
	totals := map[document.File]int{}
	for f, n := range m.Totals {
		totals[r.file(f)] = n
	}
	if m.Totals != nil {
		m.Totals = totals
	}
	return m
}

func (r *Redaction) gap(g document.Gap) document.Gap {
	g.File = string(r.file(document.File(g.File)))
	g.Subject, g.What, g.Why, g.Call = r.Name(g.Subject), r.prose(g.What), r.prose(g.Why), r.call(g)
	return g
}

// call is the call that the catalogue has for the document; another one could name somebody.
func (r *Redaction) call(g document.Gap) string { return document.Of(document.File(g.File)).Call }

// file is a document's name, the host of a site in it redacted.
func (r *Redaction) file(f document.File) document.File {
	base, host := document.SplitSite(f)
	return document.ForSite(base, r.Name(host))
}

// redacted is the recorder in front of another one.
type redacted struct {
	r  *Redaction
	to evidence.Recorder
}

// Add redacts an object and hands it on.
func (d *redacted) Add(file document.File, key string, object jsontext.Value) error {
	base, _ := document.SplitSite(file)
	out := new(bytes.Buffer)
	lenient := jsontext.AllowDuplicateNames(true)
	w := walk{r: d.r, file: base, dec: jsontext.NewDecoder(bytes.NewReader(object), lenient), enc: jsontext.NewEncoder(out, lenient)}
	if err := w.value(place{}); err != nil {
		return &Error{File: file, What: "redacting an object: " + err.Error(), Err: err}
	}
	return d.to.Add(d.r.file(file), d.r.Name(key), bytes.TrimSpace(out.Bytes()))
}

func (d *redacted) Whole(file document.File) error { return d.to.Whole(d.r.file(file)) }

func (d *redacted) Gap(gap document.Gap) error { return d.to.Gap(d.r.gap(gap)) }

// Count hands on how many there are.
func (d *redacted) Count(file document.File, n int) error {
	return evidence.Count(d.to, d.r.file(file), n)
}

// Name redacts a name, an address or an id: every word of it. What somebody asks about in the original is asked about by
// its Name in the redacted bundle.
func (r *Redaction) Name(s string) string { return r.replace(s, false, false) }

// prose redacts a message. Its small words stay where they stand alone, so that it can still be read.
func (r *Redaction) prose(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		n := strings.IndexAny(s, " \t\r\n")
		switch {
		case n < 0:
			n = len(s)
		case n == 0:
			out.WriteByte(s[0])
			s = s[1:]
			continue
		}
		chunk := s[:n]
		out.WriteString(r.replace(chunk, !strings.ContainsAny(strings.Trim(chunk, ".,;:()[]{}'\"!?"), "@-_./\\"), false))
		s = s[n:]
	}
	return out.String()
}

// formula redacts the texts in an expression or a rule: what stands in quotes.
func (r *Redaction) formula(s string) string {
	var out strings.Builder
	quote, start := byte(0), 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote == 0 && (c == '"' || c == '\''):
			out.WriteString(s[start : i+1])
			quote, start = c, i+1
		case quote != 0 && c == '\\' && i+1 < len(s):
			i++
		case quote != 0 && c == quote:
			out.WriteString(r.pattern(s[start:i]))
			quote, start = 0, i
		}
	}
	if quote != 0 {
		return out.String() + r.pattern(s[start:])
	}
	return out.String() + s[start:]
}

// pattern redacts what may be a regular expression: a letter behind a backslash is no word.
func (r *Redaction) pattern(s string) string { return r.replace(s, false, true) }
