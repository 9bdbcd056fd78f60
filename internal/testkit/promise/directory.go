package promise

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Directory is what there is at a SCIM directory, by id.
type Directory struct {
	Users  map[string]User
	Groups map[string]Group
}

// User is a record.
type User struct {
	ID, UserName, ExternalID string
	Active                   bool
}

// Group is a group with the ids of the records in it.
type Group struct {
	ID, DisplayName, ExternalID string
	Members                     []struct{ Value string }
}

// Client asks a SCIM directory as somebody with its key would, beside rollcall.
type Client struct {
	Through   http.RoundTripper
	Base, Key string
}

// patience is how often a reading is repeated: it goes on until the faults of the moment are used up.
const patience = 100

// Read reads the whole directory.
func (c Client) Read() (Directory, error) {
	out := Directory{map[string]User{}, map[string]Group{}}
	for start := 1; ; start += 100 {
		var page struct{ Resources []User }
		if _, err := c.get(fmt.Sprintf("/Users?startIndex=%d&count=100", start), &page); err != nil {
			return out, err
		}
		for _, u := range page.Resources {
			out.Users[u.ID] = u
		}
		if len(page.Resources) == 0 {
			break
		}
	}
	for start := 1; ; start += 100 {
		var page struct{ Resources []Group }
		if _, err := c.get(fmt.Sprintf("/Groups?startIndex=%d&count=100", start), &page); err != nil {
			return out, err
		}
		for _, g := range page.Resources { // a list need not say who is in a group, and another one may be deleted at the same time
			switch status, err := c.get("/Groups/"+g.ID, &g); {
			case err != nil:
				return out, err
			case status == http.StatusOK:
				out.Groups[g.ID] = g
			}
		}
		if len(page.Resources) == 0 {
			return out, nil
		}
	}
}

func (c Client) get(path string, into any) (int, error) {
	var last error
	for range patience {
		status, text, err := c.Send(http.MethodGet, path, "")
		switch {
		case err != nil:
			last = err
		case status == http.StatusNotFound:
			return status, nil
		case status != http.StatusOK:
			last = fmt.Errorf("%d", status)
		default:
			if last = json.Unmarshal(text, into); last == nil {
				return status, nil
			}
		}
	}
	return 0, fmt.Errorf("GET %s: the directory does not answer: %w", path, last)
}

// Send sends one request, and gives what was answered.
func (c Client) Send(method, path, body string) (status int, answer []byte, err error) {
	r, err := http.NewRequestWithContext(context.Background(), method, c.Base+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("making a request: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Key)
	r.Header.Set("Content-Type", "application/json")
	got, err := c.Through.RoundTrip(r)
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { err = errors.Join(err, got.Body.Close()) }()
	answer, err = io.ReadAll(got.Body)
	return got.StatusCode, answer, err
}
