package cli

import (
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/cause"
)

// viewCatalogue lists the causes, family by family.
func viewCatalogue(p *text.Page, families []cause.FamilyInfo) {
	for i, f := range families {
		if i > 0 {
			p.Blank()
		}
		p.Table(0, 2, [][]text.Cell{{ink(string(f.Family), text.Bold), ink(f.About, text.Dim)}})
		var table [][]text.Cell
		for _, c := range causesOf(f.Family) {
			table = append(table, []text.Cell{ink(string(c.Code), text.Code), plain(c.Title)})
		}
		p.Table(2, 2, table)
	}
	p.Blank()
	viewCommands(p, section, [][2]string{{"rollcall causes CODE", "what proves it and how it is mended"}})
}

// viewCause tells one cause.
func viewCause(p *text.Page, c cause.Cause) {
	p.Table(0, 2, [][]text.Cell{{ink(string(c.Code), text.Bold), plain(c.Title)}})
	p.Blank()
	p.Para(0, plain(c.Render(c.Text, nil)))
	if !c.Seen {
		p.Para(0, ink("This rests on a reading of the services that nobody has verified yet.", text.Doubt))
	}
	var about [][2]string
	about = append(about, [2]string{"family", string(c.Family)}, [2]string{"hop", string(c.Home)})
	if len(c.Shows) > 0 {
		about = append(about, [2]string{"shows at", join(c.Shows)})
	}
	if len(c.Outranks) > 0 {
		about = append(about, [2]string{"outranks", join(c.Outranks)})
	}
	if by := cause.OutrankedBy(c.Code); len(by) > 0 {
		about = append(about, [2]string{"gives way to", join(by)})
	}
	viewSection(p, "Is", about)
	viewList(p, "Proof", []string{c.Render(c.Proof, nil)})
	viewList(p, "Fix", rendered(c, c.Fix))
	if c.Guard != nil {
		viewList(p, "With Guard", rendered(c, c.Guard))
	}
	if len(c.Links) > 0 {
		p.Blank()
		for i, l := range c.Links {
			head := ""
			if i == 0 {
				head = "Read"
			}
			p.Table(0, 2, [][]text.Cell{{ink(pad(head), text.Bold), plain(l.Title)}, {plain(pad("")), ink(l.URL, text.Dim)}})
		}
	}
}

// rendered are texts of the catalogue with general words where a trace has names.
func rendered(c cause.Cause, texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, c.Render(t, nil))
	}
	return out
}

func join[T ~string](list []T) string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}

type linkDocument struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

type causeJSON struct {
	Code     cause.Code     `json:"code"`
	Ref      string         `json:"ref,omitzero"`
	Family   cause.Family   `json:"family"`
	Hop      cause.Hop      `json:"hop"`
	Shows    []cause.Hop    `json:"shows"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Proof    string         `json:"proof"`
	Outranks []cause.Code   `json:"outranks"`
	Fix      []string       `json:"fix"`
	Guard    []string       `json:"fix_guard,omitempty"` // with Guard's own connector, where it differs
	Links    []linkDocument `json:"links"`
	Verified bool           `json:"verified"`
}

func causeDocument(c cause.Cause) causeJSON {
	doc := causeJSON{
		Code: c.Code, Ref: c.Ref, Family: c.Family, Hop: c.Home, Shows: c.Shows, Title: c.Title, Text: c.Render(c.Text, nil),
		Proof: c.Render(c.Proof, nil), Outranks: c.Outranks, Fix: rendered(c, c.Fix), Verified: c.Seen,
	}
	if c.Guard != nil {
		doc.Guard = rendered(c, c.Guard)
	}
	for _, l := range c.Links {
		doc.Links = append(doc.Links, linkDocument{l.Title, l.URL})
	}
	return doc
}

func catalogueDocument(families []cause.FamilyInfo) any {
	var causes []causeJSON
	for _, f := range families {
		for _, c := range causesOf(f.Family) {
			causes = append(causes, causeDocument(c))
		}
	}
	return struct {
		Causes []causeJSON `json:"causes"`
	}{causes}
}
