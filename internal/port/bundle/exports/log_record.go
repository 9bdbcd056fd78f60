package exports

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// lenient reads JSON as exports have it: names in any case (Log Analytics capitalises them), doubled names, bytes
// that are no UTF-8.
var lenient = json.JoinOptions(json.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// logRow is a row of the main file, or an object of a JSON file in another spelling than Graph's.
type logRow interface {
	text(field string) string
	note(field, what string, args ...any)
}

// logRecord turns a row into the record that Graph would have given.
func logRecord(row logRow) document.ProvisioningRecord {
	r := document.ProvisioningRecord{
		ID: row.text("id"), JobID: row.text("jobId"), CycleID: row.text("cycleId"), ChangeID: row.text("changeId"),
		Action:           logAction(row.text("provisioningAction")),
		ServicePrincipal: logIdentity(row, "servicePrincipal", "servicePrincipalId", "", ""),
		SourceIdentity:   logIdentity(row, "source", "sourceId", "sourceType", "sourceDetails"),
		TargetIdentity:   logIdentity(row, "target", "targetId", "targetType", "targetDetails"),
	}
	text := row.text("activityDateTime")
	var order dateOrder
	r.ActivityDateTime, order = moment(text)
	switch {
	case text == "":
		row.note("activityDateTime", "no moment; the record counts as the oldest")
	case r.ActivityDateTime.Text != "":
		row.note("activityDateTime", "%q is no date that is known here; the record counts as the oldest", clip(text, 60))
	case order == dayMonth:
		row.note("activityDateTime", "%q cannot be month first, as this portal writes dates; it is read day first", clip(text, 60))
	}
	r.Status = logStatus(row)
	if steps := row.text("provisioningSteps"); steps != "" {
		var list []map[string]any
		if err := json.Unmarshal([]byte(steps), &list, lenient); err != nil {
			row.note("provisioningSteps", "it is not the JSON that was expected, so the steps of this record are missing: %v", err)
		}
		for _, m := range list {
			r.Steps = append(r.Steps, logStep(m))
		}
	}
	if props := row.text("modifiedProperties"); props != "" {
		var list []map[string]any
		if err := json.Unmarshal([]byte(props), &list, lenient); err != nil {
			row.note("modifiedProperties", "it is not the JSON that was expected, so the changed attributes of this record are missing: %v", err)
		}
		for _, m := range list {
			r.ModifiedProperties = append(r.ModifiedProperties, document.ModifiedProperty{
				DisplayName: word(m, "displayName"), OldValue: optWord(m, "oldValue"), NewValue: optWord(m, "newValue"),
			})
		}
	}
	return r
}

// logAction gives Graph's word for the portal's.
func logAction(s string) string {
	switch a := squash(s); a {
	case "create", "update", "delete", "disable", "other":
		return a
	case "stageddelete":
		return "stagedDelete"
	}
	return s
}

// logStatus reads the outcome from a word, or from Log Analytics' JSON, and the error from its own columns.
func logStatus(row logRow) document.ProvisioningStatus {
	var s document.ProvisioningStatus
	text := row.text("status")
	if info := row.text("statusInfo"); strings.HasPrefix(info, "{") {
		if err := json.Unmarshal([]byte(info), &s, lenient); err != nil {
			row.note("statusInfo", "it is not the JSON that was expected: %v", err)
		}
		text = first(s.Status, text)
	} else {
		text = first(text, info)
	}
	switch word := squash(text); {
	case strings.HasPrefix(word, "succe"):
		s.Status = "success"
	case strings.HasPrefix(word, "fail"):
		s.Status = "failure"
	case strings.HasPrefix(word, "skip"):
		s.Status = "skipped"
	case strings.HasPrefix(word, "warn"):
		s.Status = "warning"
	default:
		s.Status = text
		row.note("status", "%q is no outcome that is known here", clip(text, 60))
	}
	if s.Error() != nil {
		return s
	}
	e := document.ErrorDetails{
		ErrorCode: row.text("errorCode"), ErrorCategory: row.text("errorCategory"), Reason: row.text("reason"),
		AdditionalDetails: row.text("additionalDetails"), RecommendedAction: row.text("recommendedAction"),
	}
	if none := squash(e.ErrorCode); none == "none" || none == "success" || none == "null" || none == "0" {
		e.ErrorCode = ""
	}
	if e.ErrorCode != "" || s.Status == "failure" && e != (document.ErrorDetails{}) {
		s.ErrorInformation = &e
	}
	return s
}

// idLabel is what stands between a name and an object id in one cell.
var idLabel = regexp.MustCompile(`(?i)[\s(\[,;:-]*((source|target|object)?\s*id)?[\s:]*$`)

// logIdentity reads one side of a record: a name with its id in another column, an object as JSON, or a name and
// an id in one cell, as the portal's list shows them.
func logIdentity(row logRow, name, id, kind, details string) document.Identity {
	var i document.Identity
	text := row.text(name)
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[{") {
		m := map[string]any{}
		list := []*map[string]any{&m} // the first of several is the one
		var err error
		if text[0] == '[' {
			err = json.Unmarshal([]byte(text), &list, lenient)
		} else {
			err = json.Unmarshal([]byte(text), &m, lenient)
		}
		if err != nil {
			row.note(name, "it is not the JSON that was expected: %v", err)
		}
		if len(list) > 0 && list[0] != nil {
			m = *list[0]
		}
		i = document.Identity{ID: word(m, "id"), DisplayName: first(word(m, "displayName"), word(m, "name")), IdentityType: word(m, "identityType")}
		i.Details = object(m, "details")
	} else {
		i.DisplayName, i.ID = text, findGUID(text)
		if before, _, ok := strings.Cut(text, i.ID); ok && i.ID != "" {
			i.DisplayName = idLabel.ReplaceAllString(before, "")
		}
	}
	if v := row.text(id); v != "" {
		i.ID = v
	}
	if kind != "" {
		i.IdentityType = first(identityType(row.text(kind)), identityType(i.IdentityType))
	}
	if details != "" {
		if v := row.text(details); v != "" {
			i.Details = detailsOf(v)
		}
	}
	return i
}

// identityType gives Graph's word: urn:ietf:params:scim:…:User and "user" are User.
func identityType(s string) string {
	switch w := squash(s); {
	case strings.HasSuffix(w, "user"):
		return "User"
	case strings.HasSuffix(w, "group"):
		return "Group"
	}
	return s
}

// logStep reads a step whose values may be numbers or Booleans.
func logStep(m map[string]any) document.ProvisioningStep {
	return document.ProvisioningStep{
		Name: word(m, "name"), Type: strings.ToLower(first(word(m, "provisioningStepType"), word(m, "type"))),
		Status: strings.ToLower(word(m, "status")), Description: word(m, "description"), Details: object(m, "details"),
	}
}

// detailsOf reads the details of a step: JSON, or text that is kept as it is.
func detailsOf(text string) map[string]any {
	if text == "" {
		return nil
	}
	var m map[string]any
	if json.Unmarshal([]byte(text), &m, lenient) == nil {
		return m
	}
	return map[string]any{"details": text}
}

// value finds a property whatever its case.
func value(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	for k, v := range m {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

func word(m map[string]any, name string) string {
	switch v := value(m, name).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func optWord(m map[string]any, name string) document.Opt[string] {
	v := value(m, name)
	return document.Opt[string]{Value: word(m, name), Known: true, Null: v == nil}
}

func object(m map[string]any, name string) map[string]any {
	switch v := value(m, name).(type) {
	case map[string]any:
		return v
	case string:
		return detailsOf(v)
	}
	return nil
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}
