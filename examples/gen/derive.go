package main

import (
	"slices"
	"strings"
)

// What follows from the tables of company.go.

func (p person) name() string {
	if p.display != "" {
		return p.display
	}
	return p.given + " " + p.family
}

func (p person) nick() string { return strings.ToLower(ascii(p.given) + "." + p.family) }

func ascii(s string) string { return strings.ReplaceAll(s, "é", "e") }

func (p person) address() string {
	if p.upn != "" {
		return p.upn
	}
	return p.nick() + "@" + domain
}

func (p person) employeeType() string {
	if p.kind != "" {
		return p.kind
	}
	return "Employee"
}

func (p person) id() string       { return id("user", p.nick()) }
func (p person) recordID() string { return id("scim-user", p.nick()) }

// account is the Atlassian account that the directory made. Yesterday's accounts have a longer id than those of 2018.
func (p person) account() string { return "712020:" + id("account", p.nick()) }

// oldAccount is the account that was invited by hand before there was a directory.
const oldAccount = "5d8b1f6a2c4e970dc1a35b7e"

func (p person) enabled() bool { return p.trouble != disabled && p.trouble != stillActive }

// hasRecord tells whether the Guard directory knows the person.
func (p person) hasRecord() bool {
	return !slices.Contains([]string{nestedOnly, duplicate, tooRecent, filtered}, p.trouble)
}

// linked tells whether the record is linked to an account.
func (p person) linked() bool { return p.hasRecord() && p.trouble != unverified }

func (g group) id() string       { return id("group", g.name) }
func (g group) recordID() string { return id("scim-group", g.name) }
func (g group) orgID() string    { return id("org-group", g.name) }

// provisioned tells whether Entra pushed the group; a group inside another is not pushed.
func (g group) provisioned() bool { return g.assigned }

func (g group) members() []person {
	var in []person
	for _, p := range people {
		if slices.Contains(p.groups, g.name) {
			in = append(in, p)
		}
	}
	return in
}

// pushed are the members that Entra put into the group of the directory.
func (g group) pushed() []person {
	return slices.DeleteFunc(g.members(), func(p person) bool { return !p.hasRecord() || p.trouble == disabled })
}

// reached are the members that the organization and the sites list.
func (g group) reached() []person {
	if !g.local() {
		return slices.DeleteFunc(g.pushed(), func(p person) bool { return !p.linked() })
	}
	var in []person
	for _, nick := range g.byHand {
		in = append(in, find(nick))
	}
	return in
}

// local tells whether the organization's group of that name is its own, whatever the directory says: the default
// access group of a product cannot be taken over.
func (g group) local() bool { return g.byHand != nil }

func find(nick string) person {
	i := slices.IndexFunc(people, func(p person) bool { return p.nick() == nick })
	return people[i]
}

func groupNamed(name string) group {
	i := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
	return groups[i]
}

var (
	application = id("service-principal", "Atlassian Cloud")
	directory   = id("directory", "fabrikam")
	org         = id("org", "fabrikam")
	tenant      = strings.ReplaceAll(id("tenant", "fabrikam"), "-", "")
	job         = "atlassianCloud." + tenant + "." + id("job", "fabrikam")
	userRole    = id("app-role", "User")
	ssoPolicy   = id("policy", "SSO required")
	basePolicy  = id("policy", "Default policy")
)
