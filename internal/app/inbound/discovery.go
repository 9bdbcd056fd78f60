package inbound

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// config answers GET of /ServiceProviderConfig, RFC 7644 section 4.
func (c *call) config() error {
	return c.send(http.StatusOK, c.o.Service.AppendConfig(c.out(), scim.Config{
		Patch: true, Sort: true, ETag: true, Bulk: true, BulkBytes: c.o.Service.Limits().Body, Cursors: true,
		Authentication: []scim.AuthenticationScheme{
			{
				Type: "oauthbearertoken", Name: "Bearer token", Specification: "https://www.rfc-editor.org/info/rfc6750", Primary: true,
				Description: "Authorization: Bearer and a token of the directory",
			},
			{
				Type: "oauth2", Name: "OAuth 2.0 client credentials", Specification: "https://www.rfc-editor.org/info/rfc6749",
				Description: "Access tokens of one hour from " + c.base + "/oauth/token; client_id is the id of a token, client_secret its secret",
			},
		},
	}, c.base))
}

func (c *call) schemas() error { return c.documents(c.o.Service.Schemas(c.base)) }

func (c *call) types() error { return c.documents(c.o.Service.ResourceTypes(c.base)) }

func (c *call) schema() error {
	return c.document(c.o.Service.Schema(c.id, c.base), "There is no schema of this name. /Schemas lists them.")
}

func (c *call) oneType() error {
	for _, t := range c.o.Service.Types() {
		if strings.EqualFold(t.Name(), c.id) {
			return c.document(t.Document(c.base), "")
		}
	}
	return c.document(nil, "There is no resource type of this name. /ResourceTypes lists them.")
}

// documents sends a list of what the service is. They can neither be filtered nor sorted, and come on one page (RFC 7644, 4).
func (c *call) documents(all []jsontext.Value) error {
	if len(c.named("filter")) > 0 {
		return &scim.Error{Status: http.StatusForbidden, Detail: "What the service says about itself cannot be filtered (RFC 7644, 4). Leave the filter out."}
	}
	l := scim.List{Total: len(all), Start: 1}
	return c.send(http.StatusOK, l.Append(c.out(), len(all), func(dst []byte, i int) []byte { return append(dst, all[i]...) }))
}

// document sends one; without one, the detail tells what is not there.
func (c *call) document(one jsontext.Value, detail string) error {
	if one == nil {
		return &scim.Error{Status: http.StatusNotFound, Detail: detail}
	}
	return c.send(http.StatusOK, append(c.out(), one...))
}
