package config

import "cmp"

// The clouds of Microsoft.
const (
	Public       = "public"
	USGovernment = "usgov" // GCC High
	USDefense    = "dod"
	China        = "china"
)

// DefaultAPI is Atlassian's own address.
const DefaultAPI = "https://api.atlassian.com"

// clouds are the addresses that Microsoft documents for its national clouds; login_url and graph_url overrule them.
var clouds = map[string]struct{ login, graph string }{
	Public:       {"https://login.microsoftonline.com", "https://graph.microsoft.com/v1.0"},
	USGovernment: {"https://login.microsoftonline.us", "https://graph.microsoft.us/v1.0"},
	USDefense:    {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us/v1.0"},
	China:        {"https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/v1.0"},
}

// Login is where tokens are asked for, without the tenant.
func (e *Entra) Login() string { return cmp.Or(e.LoginURL, clouds[cmp.Or(e.Cloud, Public)].login) }

// Graph is the base of Microsoft Graph, its version included.
func (e *Entra) Graph() string { return cmp.Or(e.GraphURL, clouds[cmp.Or(e.Cloud, Public)].graph) }

// API is the base of Atlassian's calls.
func (a *Atlassian) API() string { return cmp.Or(a.APIURL, DefaultAPI) }

func (p *parser) entra(v value) *Entra {
	e := &Entra{}
	found := p.mapping(v, "`tenant`, `client_id`, `client_secret`, `application` …", []field{
		{key: "tenant", need: true, read: func(v value) { e.Tenant, _ = p.text(v, "the tenant's id or domain") }},
		{key: "client_id", need: true, read: func(v value) { e.ClientID, _ = p.text(v, "the id of the app registration") }},
		{key: "client_secret", read: func(v value) { e.ClientSecret = p.secret(v) }},
		{key: "certificate", read: func(v value) { e.Certificate = p.secret(v) }},
		{key: "token_file", read: func(v value) { e.TokenFile = p.path(v) }},
		{key: "application", read: func(v value) { e.Application, _ = p.text(v, "the name or id of the enterprise application") }},
		{key: "cloud", read: func(v value) { e.Cloud = p.choice(v, Public, USGovernment, USDefense, China) }},
		{key: "login_url", read: func(v value) { e.LoginURL = p.address(v, clouds[Public].login) }},
		{key: "graph_url", read: func(v value) { e.GraphURL = p.address(v, clouds[Public].graph) }},
		{key: "ca", read: func(v value) { e.CA = p.path(v) }},
	})
	p.oneWayIn(v, found)
	return e
}

// oneWayIn makes sure that there is one way to sign in, and not two of which nobody knows which one counts.
func (p *parser) oneWayIn(v value, found map[string]value) {
	if found == nil {
		return
	}
	first := ""
	for _, key := range []string{"client_secret", "certificate", "token_file"} {
		switch at, ok := found[key]; {
		case !ok:
		case first == "":
			first = key
		default:
			p.faultKey(at, "`"+key+"` beside `"+first+"`: one of them signs in", "keep one of them")
		}
	}
	if first == "" {
		p.fault(v, "`client_secret` is missing: there is nothing to sign in with", "such as `client_secret: env:ENTRA_SECRET`; `certificate` or `token_file` do as well")
	}
}
