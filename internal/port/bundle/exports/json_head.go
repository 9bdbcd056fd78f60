package exports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// inspectJSON looks at the first object of a JSON file. The only JSON that a portal gives is the provisioning log.
func inspectJSON(name string, head []byte) (Kind, error) {
	keys, err := firstKeys(head)
	if len(keys) == 0 && err != nil {
		return Unrecognised, fmt.Errorf("%s: it begins like JSON but is not: %w", name, err)
	}
	if len(keys) == 0 && hint(name) == ProvisioningLog {
		return ProvisioningJSON, nil // an empty log
	}
	found := map[string]bool{}
	for _, k := range keys {
		found[logMain.field(squash(k))] = true
	}
	if found["changeId"] || found["cycleId"] && found["jobId"] || (found["status"] || found["statusInfo"]) && found["provisioningAction"] {
		return ProvisioningJSON, nil
	}
	return Unrecognised, fmt.Errorf("%s: a JSON file that is not known here; properties found: %s; the only JSON download is the provisioning log (%s), whose records have changeId, provisioningAction and provisioningStatusInfo",
		name, listed(keys), ProvisioningJSON.Menu())
}

// firstKeys are the names of the first object that holds something: that of an array, of "value", of "records",
// or the object itself. The head may end anywhere.
func firstKeys(head []byte) ([]string, error) {
	d := jsontext.NewDecoder(bytes.NewReader(head), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var keys []string
	depth := 0
	for range 10_000 {
		t, err := d.ReadToken()
		if err != nil {
			return keys, err
		}
		switch t.Kind() {
		case '[', '{':
			if depth++; depth > 4 {
				return keys, nil
			}
			continue
		case ']', '}':
			if depth--; depth == 0 || len(keys) > 0 {
				return keys, nil
			}
			continue
		case '"':
		default:
			continue
		}
		name := t.String()
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(name, "@odata."):
			err = d.SkipValue()
		case (lower == "value" || lower == "records") && d.PeekKind() == '[':
			keys = nil
		case lower == "properties" && d.PeekKind() == '{':
		default:
			if !slices.Contains(keys, name) {
				keys = append(keys, name)
			}
			var skipped jsontext.Value
			if err = json.UnmarshalDecode(d, &skipped); err == nil && len(keys) > 200 {
				return keys, nil
			}
		}
		if err != nil {
			return keys, err
		}
	}
	return keys, nil
}
