package guard

import (
	"context"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// scimGroup records a group with its members. A list item without the key says nothing about members, so the group is
// read singly (atlassian.md 1.5); where that is refused, they stay untold and a gap says so.
func (r *reading) scimGroup(ctx context.Context, id string, object jsontext.Value) error {
	if !has(object, "members") {
		whole, err := r.get(ctx, r.scim, r.directoryPath()+"/Groups/"+url.PathEscape(id), nil)
		if err != nil {
			g := gap(document.ScimGroups, id, "members of "+idOf(object, "displayName"), "")
			g.Call = "GET /scim/directory/{id}/Groups/" + id
			if err := r.failed(ctx, err, g); err != nil {
				return err
			}
		} else {
			object = whole
		}
	}
	return r.to.Add(document.ScimGroups, "", object)
}

// withoutKey says of documents that nobody could be asked for them.
func (r *reading) withoutKey(key string, files ...document.File) error {
	for _, f := range files {
		if err := r.to.Gap(gap(f, "", "the whole document", "not asked: "+key)); err != nil {
			return err
		}
	}
	return nil
}

var (
	scimFiles = []document.File{document.ScimUsers, document.ScimGroups}
	orgFiles  = []document.File{
		document.ScimLinks, document.OrgUsers, document.Domains, document.Manage, document.AuthPolicies, document.OrgGroups, document.Events,
	}
)

// askable tells whether the directory and the organization can be asked. With Guard's own connector there is no SCIM
// key, and that is no gap.
func (r *reading) askable() (directory, org bool, err error) {
	c := r.o.Connection
	directory, org = r.scim != nil && c.Directory != "", r.admin != nil && c.Org != ""
	if !directory && c.Method != document.GuardNested {
		why := "no key of the SCIM directory is configured"
		if r.scim != nil {
			why = "the id of the SCIM directory is not configured"
		}
		err = r.withoutKey(why, scimFiles...)
	}
	if !org && err == nil {
		why := "no key of the organization is configured"
		if r.admin != nil {
			why = "the id of the organization is not configured"
		}
		err = r.withoutKey(why, orgFiles...)
	}
	return directory, org, err
}
