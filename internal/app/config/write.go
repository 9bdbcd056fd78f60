package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Text is a file with one connection, explained, as a person would write it: its name and method, the source, the target
// and the store. Rules of a connection are left to the person; some are there as comments. Parse gives back what was put
// in; a Secret is a reference, so that no secret can stand in it.
func Text(c *Connection, s Store) []byte {
	w := &writer{}
	w.line(`# Where rollcall looks, and by which rules it judges. Everything that can stand here: docs/config.md`)
	w.line(`# No secret stands in this file, and none may: env:NAME is a variable of the environment, file:PATH is a file, whose`)
	w.line(`# path begins in this file's folder. Give secrets' files the mode 0600. "rollcall doctor" tells whether all is well.`)
	w.line("")
	w.line("connections:")
	w.line("  - name: %s", quoted(c.Name))
	w.line("    method: %s # %s", c.Method, methods[c.Method])
	if e := c.Source.Entra; e != nil {
		w.entra(e)
	}
	if a := c.Target.Atlassian; a != nil {
		w.atlassian(a)
	}
	w.rules(c)
	if s.SQLite != "" {
		w.line("")
		w.line("# What rollcall remembers: roll calls, and what it did. Keep it where a backup reaches it.")
		w.line("store: {sqlite: %s}", quoted(s.SQLite))
	}
	return []byte(w.b.String())
}

var methods = map[string]string{
	document.Rollcall:    "rollcall provisions",
	document.EntraSCIM:   "Entra's SCIM app provisions; rollcall looks",
	document.GuardNested: "Guard's own connector provisions; rollcall looks",
}

type writer struct{ b strings.Builder }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// pair writes a key whose value was said, with a comment.
func (w *writer) pair(indent int, key, value, comment string) {
	if value == "" {
		return
	}
	if comment != "" {
		comment = " # " + comment
	}
	w.line("%s%s: %s%s", strings.Repeat(" ", indent), key, quoted(value), comment)
}

func (w *writer) entra(e *Entra) {
	w.line("    source:")
	w.line("      entra:")
	w.pair(8, "tenant", e.Tenant, "")
	w.pair(8, "client_id", e.ClientID, "the app registration that rollcall signs in as")
	w.pair(8, "client_secret", e.ClientSecret.String(), "")
	w.pair(8, "certificate", e.Certificate.String(), "with its private key")
	w.pair(8, "token_file", e.TokenFile, "")
	w.pair(8, "application", e.Application, "whose assignments say who is to be there")
	w.pair(8, "cloud", e.Cloud, "")
	w.pair(8, "login_url", e.LoginURL, "")
	w.pair(8, "graph_url", e.GraphURL, "")
	w.pair(8, "ca", e.CA, "authorities to trust in place of the machine's")
}

func (w *writer) atlassian(a *Atlassian) {
	if a.Directory == "" && a.Org == "" && len(a.Sites) == 0 {
		return
	}
	w.line("    target:")
	w.line("      atlassian:")
	w.pair(8, "directory", a.Directory, "the end of the Directory base URL")
	w.pair(8, "scim_key", a.SCIMKey.String(), "lives for a year; nobody warns when it ends")
	w.pair(8, "org", a.Org, "")
	w.pair(8, "admin_key", a.AdminKey.String(), "one without scopes sees most")
	w.pair(8, "api_url", a.APIURL, "")
	w.pair(8, "ca", a.CA, "")
	if len(a.Sites) == 0 {
		return
	}
	w.line("        sites:")
	for _, s := range a.Sites {
		w.line("          - url: %s", quoted(s.URL))
		w.pair(12, "email", s.Email, "whose token it is; an administrator of Jira")
		w.pair(12, "token", s.Token.String(), "")
	}
}

// rules are what most people say next.
func (w *writer) rules(c *Connection) {
	w.line("")
	w.line("    # Rules that many add. What is not said keeps the method's own.")
	if c.Method == document.Rollcall {
		w.line(`    # import: schema                                        # mapping and filters of the Entra job that did it before`)
		w.line(`    # limits: {deactivate: "5%%", remove_members: "10%%"}     # more than that waits for a person`)
		w.line(`    # policies: {"Contractors": "<id of the authentication policy>"}`)
	}
	w.line(`    # scope: {groups: [{name: "jira-*", nested: flatten}]}   # besides who is assigned`)
	w.line(`    # products: {"jira-developers": [jira-software]}         # which products a group should give`)
}

// plainWords need no quotes in YAML, whatever reads them: ids, hosts, references, names of one word.
var plainWords = regexp.MustCompile(`^(?:env:[A-Z_][A-Z0-9_]*|file:[A-Za-z][A-Za-z0-9_./-]*|[a-z]{3,}[a-z-]*[a-z]\.[a-z]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|https://[a-z0-9./:-]*[a-z0-9]|[a-z]{5,})$`)

// quoted is a text as YAML takes it. What surely needs no quotes gets none.
func quoted(s string) string {
	if plainWords.MatchString(s) && s != "false" {
		return s
	}
	return strconv.Quote(s)
}
