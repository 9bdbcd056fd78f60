package stories

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
)

// scim is what somebody does to the Guard directory past the identity provider, with a script and the key; and how
// Atlassian's side of it fails.
var scim = []sentence{
	says(`a script deletes the record of WHO`, func(ctx context.Context, s *Stage, m []string) error {
		at, err := s.recordPath(ctx, m[0])
		if err != nil {
			return err
		}
		return s.atlassian(ctx, http.MethodDelete, at, s.Keys.SCIM, nil, nil)
	}),
	says(`a script deletes the record of WHO in the second directory`, func(ctx context.Context, s *Stage, m []string) error {
		directory, key := s.stash["second"], s.stash["second key"]
		at, err := s.scimPath(ctx, directory, key, "Users", "userName", mail(m[0]))
		if err != nil {
			return err
		}
		return s.atlassian(ctx, http.MethodDelete, at, key, nil, nil)
	}),
	says(`a script (de)?activates the record of WHO`, func(ctx context.Context, s *Stage, m []string) error {
		return s.switchRecord(ctx, m[1], m[0] == "")
	}),
	says(`a script deletes the group GROUP in the directory`, func(ctx context.Context, s *Stage, m []string) error {
		at, err := s.groupPath(ctx, m[0])
		if err != nil {
			return err
		}
		return s.atlassian(ctx, http.MethodDelete, at, s.Keys.SCIM, nil, nil)
	}),
	says(`a script takes WHO out of GROUP`, func(ctx context.Context, s *Stage, m []string) error {
		record, err := s.recordPath(ctx, m[0])
		if err != nil {
			return err
		}
		group, err := s.groupPath(ctx, m[1])
		if err != nil {
			return err
		}
		who := []object{{"value": path.Base(record)}}
		return s.atlassian(ctx, http.MethodPatch, group, s.Keys.SCIM, patch(object{"op": "remove", "path": "members", "value": who}), nil)
	}),
	says(`Atlassian answers N to (GET|POST|PATCH|DELETE) of (Users|Groups)`, func(_ context.Context, s *Stage, m []string) error {
		s.Atlassian.Inject(atlassian.Fault{Method: m[1], Path: "/scim/directory/*/" + m[2] + "*", Status: number(m[0])})
		return nil
	}),
	says(`Atlassian answers N to (GET|POST|PATCH|DELETE) of (Users|Groups), N times?`, func(_ context.Context, s *Stage, m []string) error {
		s.Atlassian.Inject(atlassian.Fault{Method: m[1], Path: "/scim/directory/*/" + m[2] + "*", Status: number(m[0]), Times: number(m[3])})
		return nil
	}),
	says(`Sync group is pressed for NAME`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.ReviewGroup(m[0]) }),
	says(`Atlassian works again`, func(_ context.Context, s *Stage, _ []string) error {
		s.Atlassian.ClearFaults()
		return nil
	}),
}

func patch(op object) object {
	return object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": []object{op}}
}

// switchRecord makes a record active or inactive.
func (s *Stage) switchRecord(ctx context.Context, handle string, active bool) error {
	at, err := s.recordPath(ctx, handle)
	if err != nil {
		return err
	}
	return s.atlassian(ctx, http.MethodPatch, at, s.Keys.SCIM, patch(object{"op": "replace", "path": "active", "value": active}), nil)
}

// recordPath is where the record with a userName is in the directory, groupPath where a group is.
func (s *Stage) recordPath(ctx context.Context, handle string) (string, error) {
	return s.scimPath(ctx, s.Connection.Directory, s.Keys.SCIM, "Users", "userName", mail(handle))
}

func (s *Stage) groupPath(ctx context.Context, name string) (string, error) {
	return s.scimPath(ctx, s.Connection.Directory, s.Keys.SCIM, "Groups", "displayName", name)
}

// scimPath is where a record or group of a directory is.
func (s *Stage) scimPath(ctx context.Context, directory, key, kind, attribute, value string) (string, error) {
	all := "/scim/directory/" + directory + "/" + kind
	var list struct {
		Resources []struct {
			ID string `json:"id"`
		} `json:"Resources"`
	}
	if err := s.atlassian(ctx, http.MethodGet, all+"?filter="+url.QueryEscape(attribute+" eq "+strconv.Quote(value)), key, nil, &list); err != nil {
		return "", err
	}
	if len(list.Resources) != 1 {
		return "", fmt.Errorf("the directory has %d %s with %s %s", len(list.Resources), kind, attribute, value)
	}
	return all + "/" + list.Resources[0].ID, nil
}

// number reads a number of a sentence, which its pattern holds to digits.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
