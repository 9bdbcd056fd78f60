package labs

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// ConfigName is the configuration's name in the folder that Write fills.
const ConfigName = "rollcall.yaml"

// Names of the connections that Write makes: Today is as the world was recorded, Ours the same provisioned by rollcall.
// They are the same where the recorded method is rollcall already.
func (l *Labs) Names() (today, ours string) {
	today = l.Connection.Name
	if today == "" {
		today = "lab"
	}
	if l.Connection.Method == document.Rollcall {
		return today, today
	}
	return today, today + "-by-rollcall"
}

// Write fills a folder with the configuration of a served lab, its certificate authority and its keys, which only the
// owner may read. The folder must be there.
func (l *Labs) Write(folder string) error {
	if err := os.MkdirAll(filepath.Join(folder, "keys"), 0o700); err != nil {
		return fmt.Errorf("writing the lab's keys: %w", err)
	}
	for name, text := range map[string]string{
		"lab-ca.pem": string(l.ca), keyEntra: l.Keys.ClientSecret, keySCIM: l.Keys.SCIM, keyAdmin: l.Keys.Admin, keySite: l.Keys.Token,
		ConfigName: l.configuration(),
	} {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			return fmt.Errorf("writing the lab's folder: %w", err)
		}
	}
	return nil
}

// The keys as the configuration names them.
const (
	keyEntra = "keys/entra"
	keySCIM  = "keys/scim"
	keyAdmin = "keys/admin"
	keySite  = "keys/site"
)

// Secret is the key that the configuration names by a path; empty for any other path.
func (l *Labs) Secret(path string) string {
	return map[string]string{keyEntra: l.Keys.ClientSecret, keySCIM: l.Keys.SCIM, keyAdmin: l.Keys.Admin, keySite: l.Keys.Token}[path]
}

// Configuration is the text of a rollcall.yaml with the one connection as it would be with a method. Labs that are not
// served stand in it under the addresses of the real services, for a client whose transport leads to them.
func (l *Labs) Configuration(method string) string {
	var b strings.Builder
	b.WriteString("connections:\n")
	today, _ := l.Names()
	l.connection(&b, today, method)
	return b.String()
}

// configuration is the text of rollcall.yaml.
func (l *Labs) configuration() string {
	var b strings.Builder
	today, ours := l.Names()
	b.WriteString("# The lab on this machine; rollcall lab wrote it. The keys open nothing else.\nconnections:\n")
	method := l.Connection.Method
	if method == "" {
		method = document.EntraSCIM
	}
	l.connection(&b, today, method)
	if ours != today {
		l.connection(&b, ours, document.Rollcall)
	}
	b.WriteString("store: {sqlite: rollcall.db}\n")
	return b.String()
}

func (l *Labs) connection(b *strings.Builder, name, method string) {
	c := &l.Connection
	line := func(format string, args ...any) { fmt.Fprintf(b, format+"\n", args...) }
	line("  - name: %s", quoted(name))
	line("    method: %s", method)
	if method == document.GuardNested && c.Identifier != "" {
		line("    identifier: %s", c.Identifier)
	}
	if s := c.Selected; method == document.GuardNested && s != nil {
		var groups []string
		for _, id := range s.Groups {
			groups = append(groups, quoted(id))
		}
		if len(groups) == 0 {
			line("    selected: all")
		} else {
			line("    selected: [%s]", strings.Join(groups, ", "))
		}
	}
	line("    source:\n      entra:")
	line("        tenant: %s", entra.DefaultTenant)
	line("        client_id: %s", l.ClientID)
	line("        client_secret: file:" + keyEntra)
	if c.Application != "" {
		line("        application: %s", quoted(c.Application))
	}
	served := len(l.servers) > 0
	if served {
		line("        login_url: %s\n        graph_url: %s/v1.0\n        ca: lab-ca.pem", l.EntraURL(), l.EntraURL())
	}
	line("    target:\n      atlassian:")
	line("        directory: %s", quoted(c.Directory))
	if method != document.GuardNested { // the connector has no key
		line("        scim_key: file:%s", keySCIM)
	}
	line("        org: %s\n        admin_key: file:%s", quoted(c.Org), keyAdmin)
	site := "https://"
	if served {
		site = l.AtlassianURL() + "/"
		line("        api_url: %s/api.atlassian.com\n        ca: lab-ca.pem", l.AtlassianURL())
	}
	if hosts := l.hosts(); len(hosts) > 0 {
		line("        sites:")
		for _, h := range hosts {
			line("          - {url: %s, email: %s, token: file:%s}", quoted(site+h), Email, keySite)
		}
	}
	if sizes := c.SizeLimits; sizes != (document.SizeLimits{}) {
		line("        size_limits:")
		for _, size := range []struct {
			key string
			n   int
		}{{"users", sizes.Users}, {"group_members", sizes.GroupMembers}} {
			if size.n > 0 {
				line("          %s: %d", size.key, size.n)
			}
		}
	}
	if len(c.ExpectedPolicies) > 0 {
		line("    policies:")
		for _, g := range slices.Sorted(maps.Keys(c.ExpectedPolicies)) {
			line("      %s: %s", quoted(g), quoted(c.ExpectedPolicies[g]))
		}
	}
	if len(c.ExpectedProducts) > 0 {
		line("    products:")
		for _, g := range slices.Sorted(maps.Keys(c.ExpectedProducts)) {
			var keys []string
			for _, key := range c.ExpectedProducts[g] {
				keys = append(keys, quoted(key))
			}
			line("      %s: [%s]", quoted(g), strings.Join(keys, ", "))
		}
	}
	if method == document.Rollcall && c.Method == document.EntraSCIM {
		line("    import: schema # the attribute mapping and scoping filters of the Entra job")
	}
}

// quoted is a text as YAML takes it, whatever stands in it.
func quoted(s string) string { return strconv.Quote(s) }
