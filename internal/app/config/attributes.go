package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/expr"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// Mapping fills one attribute of the target.
type Mapping struct {
	Target       string // userName, emails[type eq "work"].value, urn:…:User:department
	Expression   string // of Entra's language; it parses
	Line, Column int    // of the target
}

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:"

// targets are the attributes of Atlassian's SCIM user that can be filled. manager is not among the enterprise ones: it
// refers to a record. Phone numbers have a pattern, since their types are open.
var targets = []string{
	"active", "department", "displayName", mapping.WorkEmail, "externalId", "name.familyName", "name.formatted", "name.givenName",
	"name.honorificPrefix", "name.honorificSuffix", "name.middleName", "nickName", "organization", "preferredLanguage",
	`phoneNumbers[type eq "fax"].value`, `phoneNumbers[type eq "mobile"].value`, `phoneNumbers[type eq "work"].value`,
	"timezone", "title", "userName",
	enterprise + "costCenter", enterprise + "department", enterprise + "division", enterprise + "employeeNumber", enterprise + "organization",
}

var phone = regexp.MustCompile(`^phoneNumbers\[type eq "[A-Za-z]{1,40}"\]\.value$`)

// meantTarget answers names of other places.
var meantTarget = map[string]string{
	"mail": mapping.WorkEmail, "email": mapping.WorkEmail, "emails": mapping.WorkEmail, "emails.value": mapping.WorkEmail,
	"emailaddress": mapping.WorkEmail, `emails[type eq "work"]`: mapping.WorkEmail,
	"givenname": "name.givenName", "firstname": "name.givenName", "surname": "name.familyName", "familyname": "name.familyName",
	"lastname": "name.familyName", "jobtitle": "title", "userprincipalname": "userName", "login": "userName", "objectid": "externalId",
	"phonenumbers": `phoneNumbers[type eq "work"].value`, "telephonenumber": `phoneNumbers[type eq "work"].value`,
	"phone": `phoneNumbers[type eq "work"].value`, "mobile": `phoneNumbers[type eq "mobile"].value`, "locale": "preferredLanguage",
	"employeeid": enterprise + "employeeNumber", "employeenumber": enterprise + "employeeNumber", "costcenter": enterprise + "costCenter",
	"division": enterprise + "division", "accountenabled": "active",
}

// attributes reads the attribute mappings.
func (p *parser) attributes(v value) []Mapping {
	var out []Mapping
	for _, e := range p.entries(v, "expressions by target attribute: `userName: \"[mail]\"`") {
		p.targetName(e)
		if e.Kind == sequenceNode && len(e.Content) == 1 && e.Content[0].Kind == scalarNode {
			p.fault(e.value, "a list where an expression is expected: YAML reads brackets so", "put it into quotes: `\"["+clean(e.Content[0].Value)+"]\"`")
			continue
		}
		text, ok := p.text(e.value, `an expression such as "[mail]"`)
		if !ok {
			continue
		}
		p.expression(e.value, text)
		out = append(out, Mapping{Target: e.key, Expression: text, Line: e.at.Line, Column: e.at.Column})
	}
	return out
}

func (p *parser) targetName(e entry) {
	name, lower := e.key, strings.ToLower(e.key)
	short := strings.TrimPrefix(lower, strings.ToLower(enterprise))
	switch {
	case slices.Contains(targets, name) || phone.MatchString(name):
	case strings.HasPrefix(lower, "group.") || strings.HasPrefix(lower, "groups.") || lower == "members":
		p.faultKey(e.value, show(name)+": attributes of groups are not mapped", "a group keeps its display name and its members; map user attributes only")
	case slices.Contains([]string{"id", "meta", "groups", "schemas"}, lower):
		p.faultKey(e.value, show(name)+" is written by Atlassian alone", "remove it")
	case short == "manager":
		p.faultKey(e.value, show(name)+" refers to another record and cannot be filled with a text", "remove it")
	case meantTarget[short] != "":
		p.faultKey(e.value, "no attribute "+show(name)+" at Atlassian", mean(meantTarget[short]))
	default:
		hint := "those that there are stand in docs/config.md"
		if near := nearest(name, targets); near != "" {
			hint = mean(near)
		}
		p.faultKey(e.value, "no attribute "+show(name)+" at Atlassian", hint)
	}
}

// expression checks an expression; the fault points at the character inside the file.
func (p *parser) expression(v value, text string) {
	e, err := expr.Parse(text)
	var at *expr.ParseError
	switch {
	case errors.As(err, &at):
		p.faultAt(v.Line, p.column(v, at.Column-1), v.path, "expression: "+at.Message, "")
	case err != nil:
		p.fault(v, "expression: "+err.Error(), "")
	default:
		for _, u := range e.Unknown() {
			p.faultAt(v.Line, p.column(v, u.Column-1), v.path, "expression: "+u.Message, "")
		}
	}
}

// matchable are the attributes by which a record can be found, the surest first.
var matchable = []string{"externalId", "userName", "emails"}

// match reads by what people are paired with the records that are there. Atlassian filters users by userName and
// externalId alone. emails means that a record is taken over because of its address, so it stands last.
func (p *parser) match(v value) []string {
	items, ok := p.list(v, "a list of attributes")
	if ok && len(items) == 0 {
		p.fault(v, "nothing to match by", "leave `match` out for the default, `[externalId, userName]`")
	}
	var out []string
	for i, item := range items {
		s, ok := p.text(item, "the name of an attribute")
		if !ok {
			continue
		}
		switch lower := strings.ToLower(s); {
		case slices.Contains(out, s):
			p.fault(item, show(s)+" a second time", "")
		case slices.Contains(matchable, s):
			if s == "emails" && i < len(items)-1 {
				p.fault(item, "`emails` before a surer attribute: a record would be taken over because of its address", "put it last")
			}
		case lower == "email" || lower == "mail" || strings.HasPrefix(lower, "emails"):
			p.fault(item, p.notMatchable(s), mean("emails"))
		case nearest(s, matchable) != "":
			p.fault(item, p.notMatchable(s), mean(nearest(s, matchable)))
		default:
			p.fault(item, p.notMatchable(s), allowed(matchable))
		}
		out = append(out, s)
	}
	return out
}

func (*parser) notMatchable(s string) string {
	return fmt.Sprintf("records cannot be found by %s", show(s))
}

// count reads a whole number that is not negative.
func (p *parser) count(v value, what string) int {
	s, ok := p.text(v, what)
	switch {
	case !ok:
	case strings.HasPrefix(s, "-"):
		p.fault(v, what+" below zero", "`0` means all")
	case !wholeNumber.MatchString(s) || v.Tag != intTag:
		p.fault(v, show(s)+" is not "+what, "a whole number without quotes, such as `8`")
	default:
		n, err := strconv.Atoi(s)
		if err != nil {
			p.fault(v, show(s)+" is not "+what, "")
		}
		return n
	}
	return 0
}
