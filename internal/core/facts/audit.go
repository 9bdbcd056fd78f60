package facts

import (
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
)

// auditKeys are the objects that an audit entry speaks of: its targets, and the objects that it names inside
// modified properties (a membership names the group there, an app assignment the user; entra.md 7.4).
func auditKeys(a *document.DirectoryAudit) []string {
	var keys []string
	for _, t := range a.TargetResources {
		keys = distinct(distinct(keys, Fold(t.ID)), Fold(t.UserPrincipalName))
		for _, p := range t.ModifiedProperties {
			switch p.DisplayName {
			case "Group.ObjectID", "User.ObjectID", "User.UPN":
				keys = distinct(distinct(keys, Fold(Unquote(p.NewValue.Value))), Fold(Unquote(p.OldValue.Value)))
			}
		}
	}
	return keys
}

// Unquote reads a value of an audit entry, which is JSON inside a string: "\"x\"", "[\"x\"]" or plain text.
// Of several values it gives them joined by a comma.
func Unquote(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || s[0] != '"' && s[0] != '[' {
		return s
	}
	if inner := strings.Trim(s, `"`); len(inner) == len(s)-2 && !strings.ContainsAny(inner, "\\\"") {
		return inner // the usual form, without a decoder
	}
	var one string
	if json.Unmarshal([]byte(s), &one) == nil {
		return one
	}
	var many []string
	if json.Unmarshal([]byte(s), &many) == nil {
		return strings.Join(many, ", ")
	}
	return s
}

// Changed is the old and new value of a property in an audit entry.
func Changed(a *document.DirectoryAudit, property string) (before, after string, ok bool) {
	for _, t := range a.TargetResources {
		for _, p := range t.ModifiedProperties {
			if strings.EqualFold(p.DisplayName, property) {
				return Unquote(p.OldValue.Value), Unquote(p.NewValue.Value), true
			}
		}
	}
	return "", "", false
}
