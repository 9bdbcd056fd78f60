package trace

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// haveReader gives what the target has for a target attribute; not known where the target does not show it. nil: there
// is nothing to read.
type haveReader func(target string) document.AttributeValue

// recordReader reads the user's record: the SCIM record, or what the organization shows of an account that Guard's
// connector synced.
func (q *inquiry) recordReader() (id, note string, have haveReader) {
	if rec := q.record(); rec != nil {
		return rec.ID, "", rec.Attribute
	}
	switch org := q.p.org; {
	case q.guard() && org != nil:
		return org.AccountID, "", func(target string) document.AttributeValue {
			if key := document.TargetKey(target); key == "username" || strings.HasPrefix(key, "emails") {
				return told(org.Email)
			}
			return document.NotTold
		}
	case q.guard() && q.w.Has(document.OrgUsers):
		return "", "no account with that address", nil
	case q.guard():
		return "", "accounts were not read: " + q.tell(document.OrgUsers), nil
	case !q.w.Has(document.ScimUsers):
		return "", "SCIM records were not read: " + q.tell(document.ScimUsers), nil
	}
	return "", "no SCIM record", nil
}

// groupReader reads the group's record.
func (t *Tracer) groupReader(g uint32) (id, note string, have haveReader) {
	s := t.groupOf(g)
	name, external := "", document.NotTold
	switch {
	case s.scim >= 0:
		sg := &t.w.ScimGroups[s.scim]
		id, name, external = sg.ID, sg.DisplayName, told(sg.ExternalID)
	case t.guard() && len(s.org) > 0:
		og := &t.w.OrgGroups[s.org[0]]
		id, name = og.ID, og.Name
	case s.known:
		return "", "no group of that name or id", nil
	case t.guard():
		return "", "groups were not read: " + t.tell(document.OrgGroups), nil
	default:
		return "", "SCIM groups were not read: " + t.tell(document.ScimGroups), nil
	}
	return orElse(id, name), "", func(target string) document.AttributeValue {
		switch document.TargetKey(target) {
		case "displayname":
			return told(name)
		case "externalid":
			return external
		}
		return document.NotTold
	}
}

func told(s string) document.AttributeValue {
	if s == "" {
		return document.NullValue
	}
	return document.TextValue(s)
}

// Comparison says how a mapped value and the target's compare.
type Comparison string

// The comparisons.
const (
	Same         Comparison = "same"
	Differs      Comparison = "differs"
	Keeps        Comparison = "keeps"   // they differ, and the mapping leaves what is there: null does not flow, or it writes on creation only
	Incomparable Comparison = "unknown" // one of the two is not known
)

// compare compares a mapped value with what the target has. Nothing, null and the empty text are one; fold says that
// letter case does not count. keeps says that the mapping would not change what is there.
func compare(want mapping.Mapped, have document.AttributeValue, fold, keeps bool) Comparison {
	switch {
	case !want.Known || want.Err != nil || !have.Known:
		return Incomparable
	case want.Empty() && have.Empty(), !want.Empty() && !have.Empty() && alike(want, have, fold):
		return Same
	case keeps:
		return Keeps
	}
	return Differs
}

func alike(want mapping.Mapped, have document.AttributeValue, fold bool) bool {
	a, b := want.Values, have.Values
	if a == nil {
		a = []string{want.Text}
	}
	if b == nil {
		b = []string{have.Text}
	}
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !(fold && strings.EqualFold(a[i], b[i])) {
			return false
		}
	}
	return true
}
