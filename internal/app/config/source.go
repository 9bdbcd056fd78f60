package config

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Source is where people and groups come from.
type Source struct {
	Entra *Entra // nil: not said
}

// Entra is a tenant, the app registration that reads it, and the enterprise application whose assignments count.
type Entra struct {
	Tenant       string // id or domain
	ClientID     string
	ClientSecret Secret // one of these three is set
	Certificate  Secret // PEM or PKCS #12 with the private key
	TokenFile    string // path of a file that holds a workload identity's token, read anew whenever one is needed; see File.Locate
	Application  string // display name or id of the enterprise application; empty: not said
	Cloud        string // Public, USGovernment, USDefense, China; empty: Public
	LoginURL     string // in place of the cloud's; empty: not said
	GraphURL     string // likewise
	CA           string // path of a PEM file with the authorities to trust in place of the machine's; empty: the machine's
}

// Target is where they go.
type Target struct {
	Atlassian *Atlassian // nil: not said
}

// Atlassian is a Guard directory, its organization and the sites. What is not said stays empty; then what it would
// show is not known.
type Atlassian struct {
	Directory string // id of the SCIM directory
	SCIMKey   Secret
	Org       string // id of the organization
	AdminKey  Secret
	Sites     []Site
	Sizes     document.SizeLimits // zero: the published ones
	APIURL    string              // in place of https://api.atlassian.com; empty: not said
	CA        string              // as in Entra; for the sites, too
}

// Site is one site and who asks there.
type Site struct {
	URL   string
	Email string // of the account that the token belongs to
	Token Secret
}

// Store is where runs and links are kept. At most one of SQLite and Postgres is set.
type Store struct {
	SQLite   string // path of the file
	Postgres Secret // the connection string
	Keep     Keep
}

// Keep is how much of the log is kept. 0: not said.
type Keep struct {
	Days    int // 1 to 36,500
	Entries int // 1,000 to 999,999,999
}

// Hub is the web page.
type Hub struct {
	Listen string    // host:port; empty: not said
	OIDC   []Setting // sign-in: what stands below oidc, text by text
}

func (p *parser) source(v value) Source {
	var out Source
	p.mapping(v, "a source: `entra`", []field{{key: "entra", need: true, read: func(v value) { out.Entra = p.entra(v) }}})
	return out
}

func (p *parser) target(v value) Target {
	var out Target
	p.mapping(v, "a target: `atlassian`", []field{{key: "atlassian", need: true, read: func(v value) {
		a := &Atlassian{}
		found := p.mapping(v, "`directory`, `scim_key`, `org`, `admin_key`, `sites` …", []field{
			{key: "directory", read: func(v value) { a.Directory, _ = p.text(v, "the id of the SCIM directory") }},
			{key: "scim_key", read: func(v value) { a.SCIMKey = p.secret(v) }},
			{key: "org", read: func(v value) { a.Org, _ = p.text(v, "the id of the organization") }},
			{key: "admin_key", read: func(v value) { a.AdminKey = p.secret(v) }},
			{key: "sites", read: func(v value) { a.Sites = p.sites(v) }},
			{key: "size_limits", read: func(v value) {
				p.mapping(v, "`users`, `group_members`", []field{
					{key: "users", read: func(v value) { a.Sizes.Users = p.size(v, "a number of users") }},
					{key: "group_members", read: func(v value) { a.Sizes.GroupMembers = p.size(v, "a number of members") }},
				})
			}},
			{key: "api_url", read: func(v value) { a.APIURL = p.address(v, "https://api.atlassian.com") }},
			{key: "ca", read: func(v value) { a.CA = p.path(v) }},
		})
		p.together(found, "scim_key", "directory", "the key opens one directory: say which")
		p.together(found, "admin_key", "org", "the key opens one organization: say which")
		out.Atlassian = a
	}}})
	return out
}

// size reads a limit of Atlassian's, which is never zero.
func (p *parser) size(v value, what string) int {
	n := p.count(v, what)
	if n == 0 && v.Value == "0" {
		p.fault(v, "no room at all", "leave it out for the published limit")
	}
	return n
}

func (p *parser) sites(v value) []Site {
	items, _ := p.list(v, "a list of sites")
	var out []Site
	for _, item := range items {
		var s Site
		found := p.mapping(item, "a site: `{url: …, email: …, token: env:NAME}`", []field{
			{key: "url", need: true, read: func(v value) { s.URL = p.address(v, "https://example.atlassian.net") }},
			{key: "email", read: func(v value) { s.Email, _ = p.text(v, "the address of an account") }},
			{key: "token", read: func(v value) { s.Token = p.secret(v) }},
		})
		p.together(found, "token", "email", "a site asks for both: the token belongs to that account")
		p.together(found, "email", "token", "a site asks for both: the token of that account")
		out = append(out, s)
	}
	return out
}

// together reports a key that is of no use without another one.
func (p *parser) together(found map[string]value, key, other, why string) {
	v, ok := found[key]
	if _, both := found[other]; ok && !both {
		p.faultKey(v, "`"+key+"` without `"+other+"`", why)
	}
}

// path reads the path of a file.
func (p *parser) path(v value) string {
	s, _ := p.text(v, "the path of a file")
	return s
}

// address reads the address of a service. Its text is never repeated: somebody may have put a password into it.
func (p *parser) address(v value, such string) string {
	s, ok := p.text(v, "an address such as `"+such+"`")
	if !ok {
		return ""
	}
	hint := "write it as `" + such + "`"
	u, err := url.Parse(s)
	switch {
	case strings.Contains(s, "@"):
		p.fault(v, "an address with a user or password in it", "write the address alone; `email` and `token` say who asks")
	case err != nil:
		p.fault(v, "this is not an address", hint)
	case u.Scheme == "" && !strings.ContainsAny(s, "/?#: "): // a host name
	case u.Scheme == "http" && loopback(u.Hostname()): // a laboratory on this machine
	case u.Scheme != "https" || u.Host == "":
		p.fault(v, "this is not an address of the form https://…", hint)
	}
	return s
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (p *parser) store(v value) Store {
	var out Store
	found := p.mapping(v, "`sqlite: FILE` or `postgres: env:NAME`", []field{
		{key: "sqlite", read: func(v value) { out.SQLite, _ = p.text(v, "the path of a file") }},
		{key: "postgres", read: func(v value) { out.Postgres = p.secret(v) }},
		{key: "keep", read: func(v value) { out.Keep = p.keep(v) }},
	})
	_, file := found["sqlite"]
	pg, server := found["postgres"]
	_, keep := found["keep"]
	switch {
	case file && server:
		p.faultKey(pg, "`sqlite` and `postgres`: there is one store", "keep one of them")
	case found != nil && !file && !server && !keep:
		p.fault(v, "a store without a place", "`sqlite: FILE` or `postgres: env:NAME`")
	}
	return out
}

func (p *parser) keep(v value) Keep {
	var out Keep
	found := p.mapping(v, "`days`, `entries`", []field{
		{key: "days", read: func(v value) { out.Days = p.between(v, 1, 36_500, "a number of days") }},
		{key: "entries", read: func(v value) { out.Entries = p.between(v, 1000, 999_999_999, "a number of entries") }},
	})
	if found != nil && len(found) == 0 && len(v.Content) == 0 {
		p.fault(v, "`keep` without `days` or `entries`", "such as `{days: 400, entries: 10000000}`")
	}
	return out
}

// between reads a whole number within bounds.
func (p *parser) between(v value, least, most int, what string) int {
	s, ok := p.text(v, what)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil || v.Tag != intTag || !wholeNumber.MatchString(strings.TrimPrefix(s, "-")):
		p.fault(v, show(s)+" is not "+what, fmt.Sprintf("a whole number without quotes, such as `%d`", max(least, 400)))
	case n < least:
		p.fault(v, show(s)+" is too little to be kept", fmt.Sprintf("at least `%d`", least))
	case n > most:
		p.fault(v, show(s)+" is more than can be counted", fmt.Sprintf("at most `%d`", most))
	default:
		return n
	}
	return 0
}

func (p *parser) hub(v value) Hub {
	var out Hub
	p.mapping(v, "`listen`, `oidc`", []field{
		{key: "listen", read: func(v value) { out.Listen = p.listen(v) }},
		{key: "oidc", read: func(v value) {
			if v.is("a mapping", p, mappingNode) {
				out.OIDC = p.settings(v, looksSecret)
			}
		}},
	})
	return out
}
