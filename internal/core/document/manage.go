package document

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ManageAnswer is the answer of GET /users/{accountId}/manage: permissions, or the error as it came.
type ManageAnswer struct {
	Permissions map[string]Permission
	ErrorKey    string // forbidden, forbidden.targetUnverified, forbidden.unclaimedDomain, accountNotFound, …
	ErrorText   string
}

// Permission is one action on an account and, where it is not allowed, why.
type Permission struct {
	Allowed bool   `json:"allowed"`
	Reason  Reason `json:"reason"`
}

// Reason is the key of a refusal, such as externalDirectory.scim.
type Reason struct {
	Key string `json:"key"`
}

// UnmarshalJSONFrom tells permissions from errors by their shape.
func (m *ManageAnswer) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var fields map[string]jsontext.Value
	if err := json.UnmarshalDecode(d, &fields); err != nil {
		return err
	}
	m.Permissions = map[string]Permission{}
	for k, v := range fields {
		var s string
		switch k {
		case "key", "error", "code", "message", "title", "detail":
			if json.Unmarshal(v, &s) != nil {
				s = string(v)
			}
			if k == "key" {
				m.ErrorKey = s
			} else if m.ErrorText == "" || k == "message" {
				m.ErrorText = s
			}
		case "errors":
			var list []struct {
				Key    string `json:"key"`
				Code   string `json:"code"`
				Title  string `json:"title"`
				Detail string `json:"detail"`
			}
			if json.Unmarshal(v, &list) == nil && len(list) > 0 {
				m.ErrorKey = first(list[0].Key, list[0].Code, m.ErrorKey)
				m.ErrorText = first(list[0].Title, list[0].Detail)
			}
		default:
			var p Permission
			if v.Kind() == '{' && json.Unmarshal(v, &p) == nil {
				m.Permissions[k] = p
			}
		}
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
