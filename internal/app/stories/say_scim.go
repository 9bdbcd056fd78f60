package stories

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
)

// scim is what somebody does to the Guard directory past the identity provider, with a script and the key; and how
// Atlassian's side of it fails.
var scim = []sentence{
	says(`a script deletes the record of WHO`, func(ctx context.Context, s *Stage, m []string) error {
		id, err := s.scimID(ctx, "Users", "userName", mail(m[0]))
		if err != nil {
			return err
		}
		_, err = s.curl(ctx, http.MethodDelete, "/Users/"+id, "")
		return err
	}),
	says(`a script deletes the record of WHO in the second directory`, func(ctx context.Context, s *Stage, m []string) error {
		there := &Stage{Labs: &labs.Labs{Atlassian: s.Atlassian}}
		there.Connection.Directory, there.Keys.SCIM = s.stash["second"], s.stash["second key"]
		id, err := there.scimID(ctx, "Users", "userName", mail(m[0]))
		if err != nil {
			return err
		}
		_, err = there.curl(ctx, http.MethodDelete, "/Users/"+id, "")
		return err
	}),
	says(`a script (de)?activates the record of WHO`, func(ctx context.Context, s *Stage, m []string) error {
		id, err := s.scimID(ctx, "Users", "userName", mail(m[1]))
		if err != nil {
			return err
		}
		_, err = s.curl(ctx, http.MethodPatch, "/Users/"+id, patch(fmt.Sprintf(`{"op":"replace","path":"active","value":%t}`, m[0] == "")))
		return err
	}),
	says(`a script deletes the group GROUP in the directory`, func(ctx context.Context, s *Stage, m []string) error {
		id, err := s.scimID(ctx, "Groups", "displayName", m[0])
		if err != nil {
			return err
		}
		_, err = s.curl(ctx, http.MethodDelete, "/Groups/"+id, "")
		return err
	}),
	says(`a script takes WHO out of GROUP`, func(ctx context.Context, s *Stage, m []string) error {
		who, err := s.scimID(ctx, "Users", "userName", mail(m[0]))
		if err != nil {
			return err
		}
		group, err := s.scimID(ctx, "Groups", "displayName", m[1])
		if err != nil {
			return err
		}
		_, err = s.curl(ctx, http.MethodPatch, "/Groups/"+group, patch(fmt.Sprintf(`{"op":"remove","path":"members","value":[{"value":%q}]}`, who)))
		return err
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

func patch(op string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + op + `]}`
}

// curl sends one request to the Guard directory.
func (s *Stage) curl(ctx context.Context, method, path, body string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "https://api.atlassian.com/scim/directory/"+s.Connection.Directory+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+s.Keys.SCIM)
	r.Header.Set("Content-Type", "application/scim+json")
	c := &http.Client{Transport: s.Atlassian.Transport(), Timeout: time.Minute}
	a, err := c.Do(r)
	if err != nil {
		return nil, fmt.Errorf("a script: %w", err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	if err == nil && a.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("a script: %s %s: %d %s", method, path, a.StatusCode, text)
	}
	return text, err
}

// scimID is the id that the Guard directory gave a record or group.
func (s *Stage) scimID(ctx context.Context, kind, attribute, value string) (string, error) {
	text, err := s.curl(ctx, http.MethodGet, "/"+kind+"?filter="+url.QueryEscape(attribute+" eq "+strconv.Quote(value)), "")
	if err != nil {
		return "", err
	}
	var list struct{ Resources []struct{ ID string } }
	if err := json.Unmarshal(text, &list); err != nil {
		return "", fmt.Errorf("a script: %w", err)
	}
	if len(list.Resources) != 1 {
		return "", fmt.Errorf("the directory has %d %s with %s %s", len(list.Resources), kind, attribute, value)
	}
	return list.Resources[0].ID, nil
}

// number reads a number of a sentence, which its pattern holds to digits.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
