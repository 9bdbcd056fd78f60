// Package outbound sends SCIM requests as Entra's provisioning service does: its order of query options, its capital
// op names, its texts in place of Booleans, and with the flag aadOptscim062020 its newer shapes. The shapes follow
// Microsoft's published examples (use-scim-to-provision-users-and-groups.md and the page on SCIM compliance); where
// field reports tell more, a comment says so.
package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Resource is a SCIM resource as it came.
type Resource map[string]any

// ID is the resource's id.
func (r Resource) ID() string { s, _ := r["id"].(string); return s }

// Client sends to one SCIM base address.
type Client struct {
	Base    string // tenant URL without flags
	Token   string // bearer token; "" sends none
	Grant   *Grant // gets tokens in place of Token, unless it is nil
	Through http.RoundTripper
	Strict  bool // the tenant URL carries aadOptscim062020
}

// New takes a tenant URL. Flags in its query are for the service alone and are not sent on.
func New(tenantURL, token string, through http.RoundTripper) *Client {
	base, query, _ := strings.Cut(tenantURL, "?")
	return &Client{
		Base: strings.TrimRight(base, "/"), Token: token, Through: through,
		Strict: strings.Contains(query, "aadOptscim062020") && !strings.Contains(query, "AzureAdScimPatch2017"),
	}
}

// Failure is an answer other than the one wanted, or none.
type Failure struct {
	Status     int    // 0: no answer came
	Body       string // of the answer, cut to a readable length
	RetryAfter time.Duration
	Err        error // why no answer came or could be read
}

func (f *Failure) Error() string {
	if f.Status == 0 || f.Err != nil {
		return fmt.Sprintf("no usable answer from the target: %v", f.Err)
	}
	return fmt.Sprintf("the target answered %d: %s", f.Status, f.Body)
}

func (f *Failure) Unwrap() error { return f.Err }

// maxAnswer bounds an answer: Atlassian gives all members of a group with it.
const maxAnswer = 256 << 20

// do sends one request and reads the answer into out.
func (c *Client) do(ctx context.Context, method, path string, query []string, body any, out any) error {
	address := c.Base + path
	if len(query) > 0 {
		address += "?" + strings.Join(query, "&")
	}
	var in io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
		if err != nil {
			return fmt.Errorf("writing the body of %s %s: %w", method, path, err)
		}
		in = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, in)
	if err != nil {
		return &Failure{Err: err}
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/scim+json; charset=utf-8")
	}
	req.Header.Set("Accept", "application/scim+json")
	req.Header["User-Agent"] = nil // requests without one have been seen (2026)
	token := c.Token
	if c.Grant != nil {
		if token, err = c.Grant.bearer(ctx); err != nil {
			return err
		}
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := c.Through.RoundTrip(req)
	if err != nil {
		return &Failure{Err: err}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return &Failure{Status: resp.StatusCode, Err: fmt.Errorf("reading the answer: %w", err)}
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return &Failure{Status: resp.StatusCode, Body: cut(string(raw)), RetryAfter: after(resp.Header)}
	}
	if out == nil || len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return &Failure{Status: resp.StatusCode, Body: cut(string(raw)), Err: fmt.Errorf("the answer is not SCIM: %w", err)}
	}
	return nil
}

func cut(s string) string {
	const most = 2000
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

func after(h http.Header) time.Duration {
	s, err := strconv.ParseFloat(h.Get("Retry-After"), 64)
	if err != nil || s <= 0 || s > 86400 {
		return 0
	}
	return time.Duration(s * float64(time.Second))
}

// Equals is the filter attribute eq "value".
func Equals(attribute, value string) string {
	return attribute + ` eq "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// Find lists what fits a filter. Of groups the members are excluded.
func (c *Client) Find(ctx context.Context, kind, filter string) ([]Resource, error) {
	query := []string{"filter=" + url.QueryEscape(filter)}
	if kind == "Group" {
		query = append([]string{"excludedAttributes=members"}, query...)
	}
	return c.list(ctx, kind, query)
}

func (c *Client) list(ctx context.Context, kind string, query []string) ([]Resource, error) {
	var list struct {
		Total     *int       `json:"totalResults"`
		Resources []Resource `json:"Resources"`
	}
	if err := c.do(ctx, http.MethodGet, "/"+kind+"s", query, nil, &list); err != nil {
		return nil, err
	}
	if list.Total == nil && list.Resources == nil {
		return nil, &Failure{Status: http.StatusOK, Err: errors.New("the answer is no ListResponse")}
	}
	return list.Resources, nil
}

// Refers asks whether a reference is set already: a user's manager, a member of a group. The documents show the form for
// managers, without quotes, which real traffic has; that for members is from memory.
func (c *Client) Refers(ctx context.Context, kind, id, attribute, to string) (bool, error) {
	filter := "filter=" + url.QueryEscape(Equals("id", id)+" and "+Equals(attribute, to))
	query := []string{filter, "attributes=id"}
	if kind == "Group" {
		query = []string{"excludedAttributes=members", filter}
	}
	list, err := c.list(ctx, kind, query)
	return len(list) > 0, err
}

// Get reads one resource; of a group the members are excluded.
func (c *Client) Get(ctx context.Context, kind, id string) (Resource, error) {
	var query []string
	if kind == "Group" {
		query = []string{"excludedAttributes=members"}
	}
	var r Resource
	return r, c.do(ctx, http.MethodGet, "/"+kind+"s/"+url.PathEscape(id), query, nil, &r)
}

// Schemas reads the target's schemas: RFC 7643 section 7, as far as attribute lists need it.
func (c *Client) Schemas(ctx context.Context) ([]Schema, error) {
	var list struct {
		Resources []Schema `json:"Resources"`
	}
	err := c.do(ctx, http.MethodGet, "/Schemas", nil, nil, &list)
	return list.Resources, err
}

// Schema is a target's schema.
type Schema struct {
	ID         string      `json:"id"`
	Attributes []Attribute `json:"attributes"`
}

// Attribute is one of a schema's, or a part of one.
type Attribute struct {
	Name       string      `json:"name"`
	Type       string      `json:"type"`
	Several    bool        `json:"multiValued"`
	Required   bool        `json:"required"`
	CaseExact  bool        `json:"caseExact"`
	Mutability string      `json:"mutability"`
	Canonical  []string    `json:"canonicalValues"`
	Parts      []Attribute `json:"subAttributes"`
}

// Create posts a resource and gives what the target made of it.
func (c *Client) Create(ctx context.Context, kind string, body Resource) (Resource, error) {
	var r Resource
	if err := c.do(ctx, http.MethodPost, "/"+kind+"s", nil, body, &r); err != nil {
		return nil, err
	}
	if r.ID() == "" {
		return nil, &Failure{Status: http.StatusCreated, Err: errors.New("the new resource has no id")}
	}
	return r, nil
}

// Patch changes a resource. Both 200 with a body and 204 are fine.
func (c *Client) Patch(ctx context.Context, kind, id string, ops []Operation) error {
	return c.do(ctx, http.MethodPatch, "/"+kind+"s/"+url.PathEscape(id), nil, patch(ops), nil)
}

// Delete removes a resource.
func (c *Client) Delete(ctx context.Context, kind, id string) error {
	return c.do(ctx, http.MethodDelete, "/"+kind+"s/"+url.PathEscape(id), nil, nil, nil)
}
