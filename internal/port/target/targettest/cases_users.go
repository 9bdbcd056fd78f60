package targettest

import (
	"net/http"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
)

var userCases = []testCase{
	{name: "people are made with their values", run: func(t *trial) {
		t.company.add("ada", func(p *person) { p.title, p.department = "Engineer", "R&D" })
		t.company.add("bo", func(p *person) { p.given, p.family = "", "" })
		before := t.writes()
		t.sync()
		t.wrote(before, 3) // with the one who has everything
		t.has("ada", map[string]string{
			"displayName": "Display of ada", "name.familyName": "Family of ada", "title": "Engineer",
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "R&D",
			`emails[type eq "work"].value`:                                          "ada@" + t.company.domain, "active": "True",
		})
		if got := t.record("ada"); len(got.Emails) != 1 || !got.Emails[0].Primary.Value {
			t.Errorf("the address of ada is not marked as primary: %+v", got.Emails)
		}
	}},
	{name: "values change with one request", run: func(t *trial) {
		ada := t.company.add("ada", func(p *person) { p.title, p.phone = "Engineer", "+41 44 000 00 01" })
		t.sync()
		ada.title, ada.display, ada.family, ada.department, ada.phone = "Chief", "Ada L.", "Lovelace", "Engines", "+41 44 000 00 02"
		before := t.writes()
		t.sync()
		t.wrote(before, 1)
		t.has("ada", map[string]string{"title": "Chief", "displayName": "Ada L.", "name.familyName": "Lovelace", `phoneNumbers[type eq "work"].value`: "+41 44 000 00 02"})
	}},
	{name: "values that were not there come, and are taken away again", run: func(t *trial) {
		ada := t.company.add("ada", func(p *person) { p.given = "" })
		t.sync()
		ada.given, ada.title, ada.department, ada.phone = "Ada", "Engineer", "Engines", "+41 44 000 00 01"
		t.sync()
		t.has("ada", map[string]string{"title": "Engineer", "name.givenName": "Ada", `phoneNumbers[type eq "work"].value`: "+41 44 000 00 01"})
		ada.given, ada.title, ada.department, ada.phone = "", "", "", ""
		t.sync()
	}},
	{name: "a value is cleared where a plan says so", run: func(t *trial) {
		ada := t.company.add("ada", func(p *person) { p.title, p.department, p.phone = "Engineer", "Engines", "+41 44 000 00 01" })
		t.sync()
		cleared := target.Change{Op: plan.Update, Kind: plan.KindUser, SourceID: ada.id, Name: ada.upn}
		for path, old := range map[string]string{"title": ada.title, "name.familyName": ada.family, departmentPath: ada.department, phonePath: ada.phone} {
			cleared.Fields = append(cleared.Fields, plan.Field{Path: path, Old: document.TextValue(old), New: document.NullValue})
		}
		t.send(cleared)
		t.has("ada", map[string]string{"title": "", "name.familyName": "", departmentPath: "", phonePath: "", "displayName": ada.display})
		ada.title, ada.family, ada.department, ada.phone = "", "", "", ""
		t.settled()
	}},
	{name: "the name and the address change", run: func(t *trial) {
		ada := t.company.add("ada")
		t.sync()
		ada.upn, ada.mail = "ada.lovelace@"+t.company.domain, "ada.lovelace@"+t.company.domain
		t.sync()
		t.has("ada.lovelace", map[string]string{`emails[type eq "work"].value`: "ada.lovelace@" + t.company.domain})
		if got := t.record("ada.lovelace"); len(got.Emails) != 1 {
			t.Errorf("there are %d addresses: %+v", len(got.Emails), got.Emails)
		}
	}},
	{name: "people are deactivated and reactivated", run: func(t *trial) {
		ada := t.company.add("ada")
		t.sync()
		ada.enabled = false
		sent := t.sync()
		if len(sent) != 1 || sent[0].Op != plan.Deactivate {
			t.Fatalf("sent %+v", sent)
		}
		t.has("ada", map[string]string{"active": "False"})
		ada.enabled = true
		t.sync()
		t.has("ada", map[string]string{"active": "True"})
		ada.gone = true
		t.sync()
		t.has("ada", map[string]string{"active": "False"})
	}},
	{name: "texts come through unharmed", run: func(t *trial) {
		t.company.add("quote", func(p *person) { p.display, p.family = `Ada "the \ Countess" O'Neill`, `%22 ] . " , {}` })
		t.company.add("unicode", func(p *person) {
			p.display, p.given, p.family, p.title = "Ægir Þór 山田 太郎 🦊", "Zoë", "Straße", "Línea\ttab"
		})
		t.company.add("markup", func(p *person) { p.display, p.title = "<b>Ada</b> & Sons", "a/b?c=d#e" })
		t.company.add("o'brien")
		t.company.add("plus+sign")
		t.company.add("long", func(p *person) { p.display = strings.Repeat("ä", 95) })
		t.sync()
		t.has("quote", map[string]string{"displayName": `Ada "the \ Countess" O'Neill`, "name.familyName": `%22 ] . " , {}`})
		t.has("unicode", map[string]string{"displayName": "Ægir Þór 山田 太郎 🦊", "name.familyName": "Straße"})
		for _, p := range t.company.people {
			if users, _ := t.named(target.Want{UserNames: []string{p.upn}}); len(users) != 1 {
				t.Errorf("%s is found %d times by name", p.upn, len(users))
			}
		}
	}},
	{name: "letter case changes nothing by itself", run: func(t *trial) {
		ada := t.company.add("ada")
		t.sync()
		ada.upn, ada.mail = "Ada@"+t.company.domain, "ADA@"+t.company.domain
		before := t.writes()
		t.sync()
		t.wrote(before, 0)
		ada.display = strings.ToUpper(ada.display)
		t.sync()
		t.has("ada", map[string]string{"displayName": strings.ToUpper("Display of ada")})
	}},
	{name: "a record of the name that is another's is in the way", run: func(t *trial) {
		ada := t.company.add("ada")
		t.sync()
		twin := *ada
		twin.id = "00000000-0000-4000-8000-00000000beef"
		c := create(&twin)
		failed := t.refused(c)
		if failed.Class != target.Permanent || failed.Status != http.StatusConflict || failed.All {
			t.Errorf("refused with %+v", failed)
		}
		_, said, err := t.Target.Confirm(t.ctx, c)
		if err != nil || said != target.Other {
			t.Errorf("asked whose it is: %v, %v", said, err)
		}
		t.settled()
	}},
	{name: "what is gone is said to be gone", run: func(t *trial) {
		ada := t.company.add("ada")
		t.sync()
		lost := target.Change{Op: plan.Update, Kind: plan.KindUser, ID: "8d7b7c1e-0000-4000-8000-000000000000", SourceID: ada.id, Name: ada.upn}
		lost.Fields = []plan.Field{{Path: "title", Old: document.NullValue, New: document.TextValue("x")}}
		if failed := t.refused(lost); failed.Class != target.Gone || failed.All {
			t.Errorf("an update of nobody: %+v", failed)
		}
		if _, said, err := t.Target.Confirm(t.ctx, lost); err != nil || said != target.NotDone {
			t.Errorf("asked about it: %v, %v", said, err)
		}
		gone := target.Change{Op: plan.Delete, Kind: plan.KindUser, ID: t.links[link{plan.KindUser, ada.id}], SourceID: ada.id, Name: ada.upn}
		t.send(gone)
		t.send(gone) // once more does no harm
		if _, said, err := t.Target.Confirm(t.ctx, gone); err != nil || said != target.Done {
			t.Errorf("asked whether it is deleted: %v, %v", said, err)
		}
	}},
}

const (
	departmentPath = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
	phonePath      = `phoneNumbers[type eq "work"].value`
)

// create is the change that makes a record of a person.
func create(p *person) target.Change {
	c := target.Change{Op: plan.Create, Kind: plan.KindUser, SourceID: p.id, Name: p.upn}
	for _, f := range [][2]string{
		{"externalId", p.id},
		{"userName", p.upn},
		{"displayName", p.display},
		{"name.givenName", p.given},
		{"name.familyName", p.family},
		{`emails[type eq "work"].value`, p.mail},
		{"active", "True"},
	} {
		c.Fields = append(c.Fields, plan.Field{Path: f[0], Old: document.NullValue, New: document.TextValue(f[1])})
	}
	return c
}

// record finds somebody by name.
func (t *trial) record(name string) *document.ScimUser {
	t.Helper()
	users, _ := t.named(target.Want{UserNames: []string{name + "@" + t.company.domain}})
	if len(users) != 1 {
		t.Fatalf("%s is there %d times", name, len(users))
	}
	return &users[0]
}

// has expects values of a record; "" is none.
func (t *trial) has(name string, values map[string]string) {
	t.Helper()
	u := t.record(name)
	for path, want := range values {
		if got := u.Attribute(path); got.Text != want {
			t.Errorf("%s of %s is %q, want %q", path, name, got.Text, want)
		}
	}
}

func (t *trial) writes() int {
	if t.Writes == nil {
		return 0
	}
	return t.Writes()
}

// wrote expects so many writes since.
func (t *trial) wrote(before, want int) {
	t.Helper()
	if t.Writes == nil {
		return
	}
	if got := t.Writes() - before; got != want {
		t.Errorf("%d requests that write, want %d", got, want)
	}
}
