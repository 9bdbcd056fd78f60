package config

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
)

// Inbound is rollcall's own SCIM endpoint, to which identity providers push. The zero value: there is none.
type Inbound struct {
	Listen      string // host:port
	Address     string // what providers see in front of the paths: an address, or a host name alone; empty: what each request says
	Certificate string // paths of PEM files, the certificate and its key: both or none, see File.Locate
	Key         string
	OAuthKey    Secret // signs access tokens; processes that serve one address have the same one. Zero: one that ends with the process
	Directories []Directory

	Patch              string // what a PATCH is answered with: by-type, 200 or 204; empty: by-type
	SkipUnknownMembers bool   // members that are not there are passed over; else the request is refused
}

// Directory is a tenant of the endpoint.
type Directory struct {
	ID   string // in its address
	Name string // empty: the id
}

// directoryID is what may stand in an address without an escape.
var directoryID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func (p *parser) inbound(v value) Inbound {
	var out Inbound
	found := p.mapping(v, "`listen`, `directories`", []field{
		{key: "listen", need: true, read: func(v value) { out.Listen = p.listen(v) }},
		{key: "address", read: func(v value) { out.Address = p.address(v, "https://scim.example.com") }},
		{key: "certificate", read: func(v value) { out.Certificate = p.path(v) }},
		{key: "key", read: func(v value) { out.Key = p.path(v) }},
		{key: "oauth_key", read: func(v value) { out.OAuthKey = p.secret(v) }},
		{key: "directories", need: true, read: func(v value) { out.Directories = p.directories(v) }},
		{key: "patch", read: func(v value) { out.Patch = p.choice(v, "by-type", "200", "204") }},
		{key: "unknown_members", read: func(v value) { out.SkipUnknownMembers = p.choice(v, "refuse", "skip") == "skip" }},
	})
	p.together(found, "certificate", "key", "TLS needs both")
	p.together(found, "key", "certificate", "TLS needs both")
	if at, ok := found["listen"]; ok && out.Certificate == "" && out.Address == "" && out.Listen != "" {
		if host, _, err := net.SplitHostPort(out.Listen); err == nil && !loopback(host) {
			p.fault(at, "tokens would go over the network in the clear", "add `certificate` and `key`, or listen on 127.0.0.1 behind a proxy and give its `address`")
		}
	}
	return out
}

// listen reads where something listens.
func (p *parser) listen(v value) string {
	s, ok := p.text(v, "host:port")
	if !ok {
		return ""
	}
	_, port, err := net.SplitHostPort(s)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		p.fault(v, show(s)+" is not an address to listen on", "host:port, such as `127.0.0.1:8080`")
	}
	return s
}

func (p *parser) directories(v value) []Directory {
	items, ok := p.list(v, "a list of directories")
	if ok && len(items) == 0 {
		p.fault(v, "no directory", "write one for each provider, such as `{id: okta, name: Okta}`")
	}
	var out []Directory
	seen := map[string]bool{}
	for _, item := range items {
		var d Directory
		p.mapping(item, "a directory: `{id: okta, name: Okta}`", []field{
			{key: "id", need: true, read: func(v value) {
				d.ID, ok = p.text(v, "the id of the directory")
				switch {
				case !ok:
				case !directoryID.MatchString(d.ID):
					p.fault(v, show(d.ID)+" cannot stand in an address", "lower-case letters, digits and hyphens, such as `okta`")
				case seen[d.ID]:
					p.fault(v, fmt.Sprintf("a second directory %s", show(d.ID)), "give each its own id")
				}
				seen[d.ID] = true
			}},
			{key: "name", read: func(v value) { d.Name, _ = p.text(v, "the name of the directory") }},
		})
		if d.Name == "" {
			d.Name = d.ID
		}
		out = append(out, d)
	}
	return out
}
