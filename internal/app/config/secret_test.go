package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every place in which somebody may write a secret out, and ways to get the line wrong. S is the secret.
func TestASecretIsNeverShown(t *testing.T) {
	const entra = "    source: {entra: {tenant: t, client_id: c, client_secret: "
	tests := map[string]string{
		"client_secret":                   acme(entra + "S}}\n"),
		"client_secret in quotes":         acme(entra + "\"S, S}\"}}\n"),
		"behind env":                      acme(entra + "\"env:S S\"}}\n"),
		"behind file":                     acme(entra + "\"file:\\n S\"}}\n"),
		"over two lines":                  acme(entra + "\"S\n       S\", app: x}}\n"),
		"over two lines, a fault behind":  acme(entra + "\"S\n S\", app: x}, x: y}\n"),
		"as a block":                      acme("    source:\n      entra:\n        tenant: t\n        client_id: c\n        client_secret: |\n          S\n          S\n        x: 1\n"),
		"as a block with a broken end":    acme("    source:\n      entra:\n        client_secret: |\n          S\n         S\n       S: x\n    : [\n"),
		"as an alias":                     acme(entra + "*S}}\n"),
		"as an anchor":                    acme(entra + "&S x}}\n"),
		"as a tag":                        acme(entra + "!S x}}\n"),
		"as a list":                       acme(entra + "[S, S]}}\n"),
		"as keys":                         acme(entra + "{S: 1, S: 2}}}\n"),
		"as keys of keys":                 acme(entra + "{a: {S: &x 1, [S]: 2}}}}\n"),
		"under a misspelled key":          acme("    source: {entra: {tenant: t, client_id: c, clientsecrt: S, app: x}}\n"),
		"under an unknown key":            acme("    source: {entra: {tenant: t, client_id: c, pin: S, client_secret: env:X, app: x}}\n"),
		"in a line that breaks off":       acme("    source: {entra: {tenant: t, client_secret: \"S\n"),
		"misspelled in a line that does":  acme("    source: {entra: {tenant: t, client_secrt: S @: [\n"),
		"before a control character":      acme("    source: {entra: {client_secret: S\x01\n"),
		"scim_key":                        acme("    target: {atlassian: {directory: d, scim_key: S}}\n"),
		"admin_key":                       acme("    target: {atlassian: {org: o, admin_key: S, x: 1}}\n"),
		"token":                           acme("    target: {atlassian: {sites: [{url: \"https://x.example\", email: a, token: S}]}}\n"),
		"token as the key of nothing":     acme("    target: {atlassian: {sites: [\"token: S\"]}}\n"),
		"in a site's address":             acme("    target: {atlassian: {sites: [{url: \"https://me:S@x.example\", x: y}]}}\n"),
		"in a broken address":             acme("    target: {atlassian: {sites: [{url: \"https://me:S/%zz@x.example\"}]}}\n"),
		"postgres":                        acme("store: {postgres: \"postgres://me:S@db/x\"}\n"),
		"sign-in":                         acme("hub: {oidc: {client_secret: S, x: [S]}}\n"),
		"sign-in, deeper":                 acme("hub: {oidc: {secrets: {first: [S, {x: S}]}}}\n"),
		"a password of somebody's making": acme("hub: {oidc: {issuer: i, my_password: S}}\n"),
		"an address in the sign-in":       acme("hub: {oidc: {issuer: \"https://me:S@idp.example\"}}\n"),
		"a web hook":                      acme("notify: [{slack: {url: \"https://hooks.example/S\"}}]\n"),
		"a web hook in a broken line":     acme("notify: [{slack: {url: \"https://hooks.example/S\"}}\n"),
		"a token to notify with":          acme("notify: [{matrix: {access_token: S, room: x}}, {to: a, to: b}]\n"),
	}
	const secret = "hunter2"
	for sentence, text := range tests {
		t.Run(sentence, func(t *testing.T) {
			text := strings.ReplaceAll(text, "S", secret)
			faults := faultsOf(t, text)
			shown := faults.Error()
			for i, f := range faults.List {
				shown += "\n" + f.Path + f.Text + f.Hint + "\n" + faults.Excerpt(i)
			}
			if sentence == "sign-in" { // x is no place for a secret, and nothing is wrong with it
				shown = strings.ReplaceAll(shown, "x: ["+secret+"]", "")
			}
			if strings.Contains(shown, secret) {
				t.Errorf("the secret is shown:\n%s\nof\n%s", shown, text)
			}
		})
	}
}

func TestASecretIsAReference(t *testing.T) {
	for text, want := range map[string]Secret{
		"env:SCIM_KEY":            {Env: "SCIM_KEY"},
		"file:/run/secrets/scim":  {File: "/run/secrets/scim"},
		"file:my secrets/scim 1":  {File: "my secrets/scim 1"},
		"\"env:a\"":               {Env: "a"},
		"'file:C:\\keys\\it.txt'": {File: `C:\keys\it.txt`},
	} {
		a := mustParse(t, acme("    target: {atlassian: {directory: d, scim_key: "+text+"}}\n")).Connections[0].Target.Atlassian
		if diff := cmp.Diff(want, a.SCIMKey); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if a.SCIMKey.IsZero() || !a.AdminKey.IsZero() || a.SCIMKey.String() != strings.Trim(text, `"'`) || a.AdminKey.String() != "" {
			t.Errorf("%s: printed as %q", text, a.SCIMKey)
		}
	}
}

func TestAFaultBesideASecretReferenceShowsItsLine(t *testing.T) {
	faults := faultsOf(t, acme("    source: {entra: {tenant: t, client_secret: env:X, client_id: 5, app: y}}\n"))
	want := "4 |     source: {entra: {tenant: t, client_secret: env:X, client_id: 5, app: •••\n" + "  | " + strings.Repeat(" ", 68) + "^"
	if diff := cmp.Diff(want, faults.Excerpt(0)); diff != "" {
		t.Errorf("Excerpt (-want +got):\n%s", diff)
	}
}

func TestSettingsOfLaterPartsAreKeptTextByText(t *testing.T) {
	f := mustParse(t, acme("hub: {oidc: {issuer: i, client_secret: env:O, scopes: [a, 01]}}\nnotify: [{webhook: file:hook}, {mail: {to: [x@y.example]}}]\n"))
	want := []Setting{
		{Path: "issuer", Value: "i", Line: 4, Column: 22},
		{Path: "client_secret", Secret: Secret{Env: "O"}, Line: 4, Column: 40},
		{Path: "scopes[0]", Value: "a", Line: 4, Column: 56},
		{Path: "scopes[1]", Value: "01", Line: 4, Column: 59},
	}
	if diff := cmp.Diff(want, f.Hub.OIDC); diff != "" {
		t.Errorf("oidc (-want +got):\n%s", diff)
	}
	want = []Setting{
		{Path: "[0].webhook", Secret: Secret{File: "hook"}, Line: 5, Column: 20},
		{Path: "[1].mail.to[0]", Value: "x@y.example", Line: 5, Column: 45},
	}
	if diff := cmp.Diff(want, f.Notify); diff != "" {
		t.Errorf("notify (-want +got):\n%s", diff)
	}
}
