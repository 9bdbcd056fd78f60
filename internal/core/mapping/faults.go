package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
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
	Target string // as the rules spell it, a key of Result.Values; the usual name where no row fills it
	Kind   FaultKind
	Text   string
}

// Faults judges what Atlassian requires of a user: userName and one e-mail address. Other attributes are optional and
// not judged.
func (o ObjectRules) Faults(r Result) []Fault {
	var faults []Fault
	if f, bad := judge(r, r.userNameTarget(), "userName"); bad {
		faults = append(faults, f)
	}
	target := r.emailTarget()
	f, bad := judge(r, target, WorkEmail)
	if email := r.Values[target].Text; !bad && !address(email) {
		f, bad = Fault{Target: target, Kind: Invalid, Text: fmt.Sprintf("%q is no e-mail address", email)}, true
	}
	if bad {
		faults = append(faults, f)
	}
	return faults
}

func (r Result) userNameTarget() string {
	at := slices.IndexFunc(r.order, func(t string) bool { return document.TargetKey(t) == "username" })
	if at < 0 {
		return ""
	}
	return r.order[at]
}

// judge finds what is wrong with a required value of any form; target is empty where no row fills it.
func judge(r Result, target, usual string) (Fault, bool) {
	f := Fault{Target: target}
	m := r.Values[target]
	switch {
	case target == "":
		f.Target, f.Kind, f.Text = usual, Missing, "no attribute mapping fills "+usual
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

// MatchingFault names the user attribute whose matching Atlassian refuses; groups have their own, see the method.
func MatchingFault(r Rules) (attribute string, bad bool) { return r.User.MatchingFault() }

// MatchingFault names the first matching attribute that Atlassian's API refuses as a filter (400 invalidFilter).
// Users can be found by userName or externalId, groups by displayName. A group's externalId is let pass: the published
// description does not list it, and no refusal was seen.
func (o ObjectRules) MatchingFault() (attribute string, bad bool) {
	allowed := []string{"username", "externalid"}
	if o.Object == "Group" {
		allowed = []string{"displayname", "externalid"}
	}
	for _, target := range o.Matching {
		if !slices.Contains(allowed, document.TargetKey(target)) {
			return target, true
		}
	}
	return "", false
}
