package document

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// seeds are small documents of every shape, whole and broken.
var seeds = []string{
	`{"value":[{"id":"a","userPrincipalName":"a@x","mail":null,"proxyAddresses":["SMTP:a@x"],"accountEnabled":"True","createdDateTime":"2026-11-20T12:00:00Z","other":{"x":[1]}}],"@odata.nextLink":"x"}`,
	`{"Resources":[{"id":"r","members":[{"value":"a","display":"\u00e9","type":"User"}],"emails":[{"value":"a@x","primary":true}],"urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"x"}}],"totalResults":"2"}`,
	`{"data":[{"accountId":"a","members":["a","b"],"roleAssignments":[{"defaultRole":null}]}],"links":{"next":"c"}}`,
	`{"g":{"values":[{"accountId":"a"}],"total":3},"h":{"errorMessages":["no"]},"i":[{"accountId":"b"}]}`,
	`{"a":{"email.set":{"allowed":false,"reason":{"key":"externalDirectory.scim"}}},"b":{"key":"forbidden"},"errors":[{"code":"x"}]}`,
	`[{"email":"a@x","policyId":"p"}]`, `{"id":"j","status":{"code":"Active","quarantine":null}}`, `{"value":[{"key":"SyncAll","value":"x"}]}`,
	`{"error":{"code":"x","message":"y"}}`, `{"value":[{"members":[{"@odata.type":"#microsoft.graph.user","id":"a"},{"id":5}]}]}`,
	"\xef\xbb\xbf[]", "\xff\xfe[\x00]\x00", "\xfe\xff\x00[", ``, `{`, `{"value":[`, `[[[[[[`, `{"value":[{"id":"\ud800"}]}`, "{\"value\":[{\"id\":\"\xff\"}]}", `{}{}`, `nul`, `{"value":[{"a":1,"a":2}]}`,
}

// FuzzDecoders reads the same bytes as every kind of document: whatever they are, there is an answer or an Error
// that names the document, never a panic.
func FuzzDecoders(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func() error{
			func() error { return drain[User](Users, b) },
			func() error { return drain[Group](Groups, b) },
			func() error { return drain[ScimUser](ScimUsers, b) },
			func() error { return drain[ScimGroup](ScimGroups, b) },
			func() error { return drain[ScimLink](ScimLinks, b) },
			func() error { return drain[OrgUser](OrgUsers, b) },
			func() error { return drain[OrgGroup](OrgGroups, b) },
			func() error { return drain[ProvisioningRecord](ProvisioningLogs, b) },
			func() error { return drain[DirectoryAudit](DirectoryAudits, b) },
			func() error { return drain[Event](Events, b) },
			func() error { return drain[ApplicationRole](ApplicationRoles, b) },
			func() error { return drainKeyed[JiraGroup](JiraGroups, b) },
			func() error { return drainKeyed[ManageAnswer](Manage, b) },
			func() error { return drainKeyed[AuthPolicy](AuthPolicies, b) },
			func() error { _, _, err := Objects[Job](SynchronizationJobs, bytes.NewReader(b)); return err },
			func() error { _, _, err := Objects[Schema](SynchronizationRule, bytes.NewReader(b)); return err },
			func() error { _, err := Object[Bundle](Manifest, bytes.NewReader(b)); return err },
			func() error { return Lines(TroubleshootingLog, bytes.NewReader(b), func(LogLine) error { return nil }) },
		} {
			err := read()
			var e *Error
			if err != nil && (!errors.As(err, &e) || e.File == "" || e.Got == "" || e.Error() == "") {
				t.Errorf("%q gives %v, which does not say what is wrong", b, err)
			}
		}
	})
}

func drain[T any](f File, b []byte) error {
	n := 0
	x, err := EachAt(f, bytes.NewReader(b), func(at int64, v *T) error { n++; return nil })
	if err == nil && x.Items != n {
		return errors.New("elements were lost")
	}
	return err
}

func drainKeyed[T any](f File, b []byte) error {
	_, err := Keyed(f, bytes.NewReader(b), func(string, *T) error { return nil })
	return err
}

// FuzzParseScimPath reads any text as a path: it is an error that says where, or a path that reads a record without a
// panic, and whose text reads as the same path again.
func FuzzParseScimPath(f *testing.F) {
	for path := range valuesOfTheRecord {
		f.Add(path, realRecord)
	}
	for _, s := range seeds {
		f.Add("emails[type eq \"\\ud800\"].value", s)
		f.Add("urn:é:"+s, s)
	}
	f.Fuzz(func(t *testing.T, path, record string) {
		p, err := ParseScimPath(path)
		if err != nil {
			if !strings.Contains(err.Error(), "target attribute") {
				t.Errorf("%q: %v", path, err)
			}
			return
		}
		again, err := ParseScimPath(p.String())
		if err != nil || again != p {
			t.Errorf("%q is %+v; its text %q is %+v, %v", path, p, p.String(), again, err)
		}
		if spelled, err := ParseScimPath(" urn:ietf:params:scim:schemas:core:2.0:User:" + path); p.schema == "" && len(path) < 900 && (err != nil || spelled.Key() != p.Key()) && !strings.Contains(p.text, ":") {
			t.Errorf("%q has the key %q; with its schema %q, %v", path, p.Key(), spelled.Key(), err)
		}
		_, _ = Each(ScimUsers, strings.NewReader("["+record+"]"), func(u *ScimUser) error {
			if v := p.Of(u); !v.Known && (v.Null || v.Text != "" || v.Values != nil) || v.Null && v.Text != "" {
				t.Errorf("%q: %+v", path, v)
			}
			return nil
		})
	})
}
