package stories

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// records is what people and other services do to SCIM records through Atlassian's API. A record is called by its
// userName, without the company's domain.
var records = []sentence{
	says(`the record WHO is deleted`, func(ctx context.Context, s *Stage, m []string) error {
		path, err := s.recordPath(ctx, m[0])
		if err != nil {
			return err
		}
		return s.atlassian(ctx, http.MethodDelete, path, s.Keys.SCIM, nil, nil)
	}),
	says(`the records of the account WHO are deleted`, func(ctx context.Context, s *Stage, m []string) error {
		id := s.Atlassian.AccountID(mail(m[0]))
		return s.atlassian(ctx, http.MethodDelete, "/admin/user-provisioning/v1/org/"+s.Connection.Org+"/user/"+id+"/onlyDeleteUserInDB", s.Keys.Admin, nil, nil)
	}),
	says(`a script switches the record WHO off`, func(ctx context.Context, s *Stage, m []string) error {
		return s.switchRecord(ctx, m[0], false)
	}),
	says(`a script doubles the record of WHO as (\S+)`, func(ctx context.Context, s *Stage, m []string) error {
		id, err := s.id(m[0])
		if err != nil {
			return err
		}
		return s.atlassian(ctx, http.MethodPost, "/scim/directory/"+s.Connection.Directory+"/Users", s.Keys.SCIM, newRecord(m[1], id), nil)
	}),
	says(`a second provider, NAME, is connected`, func(_ context.Context, s *Stage, m []string) error {
		id, key, err := s.Atlassian.AddDirectory(m[0])
		s.stash["directory "+m[0]], s.stash["key "+m[0]] = id, key
		return err
	}),
	says(`NAME provisions WHO`, func(ctx context.Context, s *Stage, m []string) error {
		var made struct{ ID string }
		defer func() { s.stash["record "+m[0]+" "+m[1]] = made.ID }()
		return s.atlassian(ctx, http.MethodPost, "/scim/directory/"+s.stash["directory "+m[0]]+"/Users", s.stash["key "+m[0]], newRecord(m[1], m[0]+"-"+m[1]), &made)
	}),
	says(`somebody breaks the link that NAME has to WHO`, func(ctx context.Context, s *Stage, m []string) error {
		return s.atlassian(ctx, http.MethodPatch, "/admin/user-provisioning/v1/org/"+s.Connection.Org+"/scimDirectoryId/"+s.stash["directory "+m[0]]+"/scimUserId/"+s.stash["record "+m[0]+" "+m[1]]+"/unlink", s.Keys.Admin, nil, nil)
	}),
}

type object map[string]any

func newRecord(handle, external string) object {
	return object{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": mail(handle), "externalId": external, "active": true,
		"displayName": handle, "emails": []object{{"value": mail(handle), "type": "work", "primary": true}},
	}
}

// atlassian sends a request with a key, as somebody's script does.
func (s *Stage) atlassian(ctx context.Context, method, path, key string, body object, into any) (err error) {
	var sent io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("writing a request: %w", err)
		}
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, "https://api.atlassian.com"+path, sent)
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	got, err := s.Atlassian.Transport().RoundTrip(r)
	if err != nil {
		return fmt.Errorf("asking Atlassian: %w", err)
	}
	defer func() { err = errors.Join(err, got.Body.Close()) }()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		return fmt.Errorf("reading Atlassian's answer: %w", err)
	}
	if got.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("atlassian answered %s: %s", got.Status, strings.TrimSpace(string(raw)))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("reading Atlassian's answer: %w", err)
	}
	return nil
}
