package inbound

import (
	"net/http"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// route is what can be done at an address.
type route struct {
	get, post, put, patch, remove func(*call) error
}

var (
	everything = route{get: (*call).listAll}
	searchAll  = route{post: (*call).searchAll}
	ofType     = route{get: (*call).list, post: (*call).create}
	searchType = route{post: (*call).search}
	ofResource = route{get: (*call).read, put: (*call).change, patch: (*call).change, remove: (*call).remove}

	bulk    = route{post: (*call).bulk}
	me      = route{get: notMe, post: notMe, put: notMe, patch: notMe, remove: notMe}
	config  = route{get: (*call).config}
	schemas = route{get: (*call).schemas}
	schema  = route{get: (*call).schema}
	types   = route{get: (*call).types}
	oneType = route{get: (*call).oneType}
)

// fixed are the addresses that every service has. one is what a further name leads to.
func fixed(name string) *struct{ all, one *route } {
	to := &struct{ all, one *route }{}
	switch strings.ToLower(name) {
	case ".search":
		to.all = &searchAll
	case "bulk":
		to.all = &bulk
	case "me":
		to.all, to.one = &me, &me
	case "serviceproviderconfig", "serviceproviderconfigs", "serviceconfiguration": // of SCIM 1.1; of Microsoft's collection
		to.all = &config
	case "schemas":
		to.all, to.one = &schemas, &schema
	case "resourcetypes":
		to.all, to.one = &types, &oneType
	default:
		return nil
	}
	return to
}

// find finds where a path below the directory leads.
func (c *call) find(path []string) (*route, error) {
	if len(path) == 0 {
		return &everything, nil
	}
	name := path[0]
	if len(path) > 1 {
		c.id = path[1]
	}
	if c.t = c.o.Service.At("/" + name); c.t != nil {
		c.entry.Type = c.t.Name()
		switch {
		case len(path) == 1:
			return &ofType, nil
		case len(path) == 2 && path[1] == ".search":
			return &searchType, nil
		case len(path) == 2:
			c.entry.ID = path[1]
			return &ofResource, nil
		}
	} else if to := fixed(name); to != nil {
		switch {
		case len(path) == 1:
			return to.all, nil
		case len(path) == 2 && to.one != nil:
			return to.one, nil
		}
	}
	var all []string
	for _, t := range c.o.Service.Types() {
		all = append(all, t.Endpoint())
	}
	return nil, &scim.Error{Status: http.StatusNotFound, Detail: "Nothing is at this path. There are " + strings.Join(all, ", ") + ", /ServiceProviderConfig, /Schemas, /ResourceTypes, /Bulk and /.search."}
}

// serve does what the method says.
func (to *route) serve(c *call) error {
	var do func(*call) error
	switch c.r.Method {
	case http.MethodGet, http.MethodHead: // net/http leaves out the body
		do = to.get
	case http.MethodPost:
		do = to.post
	case http.MethodPut:
		do = to.put
	case http.MethodPatch:
		do = to.patch
	case http.MethodDelete:
		do = to.remove
	case http.MethodOptions:
		c.w.Header().Set("Allow", to.allow())
		return c.send(http.StatusNoContent, nil)
	}
	if do == nil {
		c.w.Header().Set("Allow", to.allow())
		return &scim.Error{Status: http.StatusMethodNotAllowed, Detail: "This address does not know this method. It knows " + to.allow() + "."}
	}
	if !acceptable(c.r.Header["Accept"]) {
		return &scim.Error{Status: http.StatusNotAcceptable, Detail: "Accept names nothing that can be sent. Accept application/scim+json."}
	}
	return do(c)
}

func (to *route) allow() string {
	methods := make([]string, 0, 7)
	for _, m := range []struct {
		name string
		do   func(*call) error
	}{
		{"GET, HEAD", to.get},
		{"POST", to.post},
		{"PUT", to.put},
		{"PATCH", to.patch},
		{"DELETE", to.remove},
	} {
		if m.do != nil {
			methods = append(methods, m.name)
		}
	}
	return strings.Join(append(methods, "OPTIONS"), ", ")
}

// notMe is the answer to /Me: a token belongs to a service, not to a person (RFC 7644, 3.11).
func notMe(*call) error {
	return &scim.Error{Status: http.StatusNotImplemented, Detail: "There is no /Me: a token belongs to an identity provider, not to a person. Ask for the user by its id, or filter by userName."}
}
