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
	if d.PeekKind() != jsontext.KindBeginObject {
		var object map[string]jsontext.Value
		return json.UnmarshalDecode(d, &object) // null, or it says that it is no object
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	m.Permissions = map[string]Permission{}
	for d.PeekKind() != jsontext.KindEndObject {
		quoted, err := d.ReadValue()
		if err != nil {
			return err
		}
		name := manageWord(quoted)
		v, err := d.ReadValue()
		if err != nil {
			return err
		}
		if v.Kind() == jsontext.KindBeginObject && name != "error" {
			m.Permissions[name] = Permission{string(member(v, "allowed")) == "true", Reason{manageWord(member(member(v, "reason"), "key"))}}
		} else {
			m.refused(name, v)
		}
	}
	_, err := d.ReadToken()
	return err
}

// refused reads a key of an error answer.
func (m *ManageAnswer) refused(name string, v jsontext.Value) {
	switch name {
	case "key":
		m.ErrorKey = text(v)
	case "message":
		m.ErrorText = first(text(v), m.ErrorText)
	case "error", "code", "title", "detail":
		m.ErrorText = first(m.ErrorText, refusal(v))
	case "errors":
		var list []struct {
			Key    string `json:"key"`
			Code   string `json:"code"`
			Title  string `json:"title"`
			Detail string `json:"detail"`
		}
		if json.Unmarshal(v, &list) == nil && len(list) > 0 {
			m.ErrorKey = first(list[0].Key, list[0].Code, m.ErrorKey)
			m.ErrorText = first(list[0].Title, list[0].Detail, m.ErrorText)
		}
	}
}

// The names of permissions and reasons (atlassian.md 2.3). Every account has the same few, so they are kept once.
var manageWords = func() map[string]string {
	known := map[string]string{}
	for _, w := range []string{
		"profile", "profile.read", "profile.write", "email.set", "lifecycle.enablement", "lifecycle.delete", "apiToken.read", "apiToken.delete",
		"administrative", "administrative.notMyself", "myselfOnly", "managedAccount", "externalDirectory.scim", "externalDirectory.google", "blocked.exportControl",
	} {
		known[`"`+w+`"`] = w
	}
	return known
}()

func manageWord(quoted jsontext.Value) string {
	if w, ok := manageWords[string(quoted)]; ok {
		return w
	}
	return text(quoted)
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}
