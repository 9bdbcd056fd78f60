package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	said := func(s string) bool { return s == "" || strings.TrimSpace(s) != "" } // blanks alone are refused as nothing
	text := rapid.StringMatching(`[ -~äß田]{0,12}`).Filter(said)
	need := rapid.StringMatching(`[a-zA-Z0-9#:'"%\\{}&*!|>@ -]{0,10}[a-z0-9]`)
	rapid.Check(t, func(t *rapid.T) {
		secret := func(label string) Secret {
			if rapid.Bool().Draw(t, label) {
				return Secret{Env: rapid.StringMatching(`[A-Z_][A-Z0-9_]{0,9}`).Draw(t, label)}
			}
			return Secret{File: rapid.StringMatching(`[a-z/ #:"']{0,9}[a-z]`).Draw(t, label)}
		}
		c := &Connection{
			Name: rapid.StringMatching(`[a-z0-9]([ -~]{0,9}[a-z])?`).Draw(t, "name"), Method: document.Rollcall, Scope: Scope{Assigned: true},
			Source: Source{Entra: &Entra{
				Tenant: need.Draw(t, "tenant"), ClientID: need.Draw(t, "client"), ClientSecret: secret("secret"), Application: text.Draw(t, "application"),
				Cloud: rapid.SampledFrom([]string{"", Public, USGovernment, USDefense, China}).Draw(t, "cloud"), CA: text.Draw(t, "ca"),
			}},
			Target: Target{Atlassian: &Atlassian{
				Directory: need.Draw(t, "directory"), SCIMKey: secret("scim"), Org: need.Draw(t, "org"), AdminKey: secret("admin"),
				Sites: []Site{{URL: "https://a.example", Email: need.Draw(t, "email"), Token: secret("token")}},
			}},
		}
		s := Store{SQLite: need.Draw(t, "store")}
		written := Text(c, s)
		f, err := Parse("rollcall.yaml", written)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		if d := cmp.Diff(c, &f.Connections[0], cmpopts.IgnoreFields(Connection{}, "Line", "Column")); d != "" || f.Store != s {
			t.Fatalf("(-put in +read)\n%s\n%s", d, written)
		}
	})
}
