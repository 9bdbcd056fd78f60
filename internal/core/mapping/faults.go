package mapping

import (
	"fmt"
	"slices"
	"strings"
)

// FaultKind says what is wrong with a mapped value.
type FaultKind string

// The kinds.
const (
	Missing FaultKind = "missing" // Atlassian requires a value and there is none
	Invalid FaultKind = "invalid" // there is a value that cannot be an address
	Error   FaultKind = "error"   // the expression fails
	Unknown FaultKind = "unknown" // the documents do not tell, or the expression is not evaluated here
)

// Fault is one value that Atlassian requires and that is not as it must be.
type Fault struct {
	Target string
	Kind   FaultKind
	Text   string
}

// Faults judges what Atlassian requires of a user: userName and one e-mail address. Other attributes are optional and
// not judged.
func (r Result) Faults() []Fault {
	var faults []Fault
	userName, has := r.UserName()
	if f, bad := judge("userName", userName, has); bad {
		faults = append(faults, f)
	}
	email, has := r.Email()
	f, bad := judge(WorkEmail, email, has)
	if !bad && !address(email.Text) {
		f, bad = Fault{Target: WorkEmail, Kind: Invalid, Text: fmt.Sprintf("%q is no e-mail address", email.Text)}, true
	}
	if bad {
		faults = append(faults, f)
	}
	return faults
}

func judge(target string, m Mapped, has bool) (Fault, bool) {
	f := Fault{Target: target}
	switch {
	case !has:
		f.Kind, f.Text = Missing, "no mapping fills "+target
	case m.Err != nil && !Unanswered(m.Err):
		f.Kind, f.Text = Error, m.From+": "+m.Why
	case !m.Known:
		f.Kind, f.Text = Unknown, m.From+": "+m.Why
	case m.Empty():
		f.Kind, f.Text = Missing, m.From+" is empty"
	default:
		return f, false
	}
	return f, true
}

// address tells whether the text has the outline of an e-mail address: one @ with something on both sides and no
// blanks. Atlassian's own rules are stricter in ways it does not publish.
func address(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && domain != "" && !strings.Contains(domain, "@") && !strings.ContainsAny(s, " \t\r\n")
}

// MatchingFault names the first matching attribute that Atlassian's API refuses as a filter (400 invalidFilter).
// Users can be found by userName or externalId, groups by displayName. A group's externalId is let pass: the published
// description does not list it, and no refusal was seen.
func (o ObjectRules) MatchingFault() (attribute string, bad bool) {
	allowed := []string{"username", "externalid"}
	if o.Object == "Group" {
		allowed = []string{"displayname", "externalid"}
	}
	for _, target := range o.Matching {
		if !slices.Contains(allowed, targetKey(target)) {
			return target, true
		}
	}
	return "", false
}
