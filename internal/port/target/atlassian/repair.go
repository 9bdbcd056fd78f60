package atlassian

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/repair"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// mends tells whether a change is a repair of a record: it is about the link between the record and its account.
func mends(c *target.Change) bool {
	return c.Kind == plan.KindUser && (c.Op == plan.Delete || c.Op == plan.Update) &&
		slices.ContainsFunc(c.Fields, func(f plan.Field) bool { return f.Path == repair.LinkPath })
}

// mend repairs a record. Right before it the record is read: what a person looked at must still be so.
func (t *Target) mend(ctx context.Context, c *target.Change) (target.Receipt, error) {
	is, found, err := t.still(ctx, c)
	switch {
	case err != nil:
		// Nothing was sent yet: that the question was lost is no reason to ask what became of the change.
		failed := *scimtarget.Fault(err)
		if failed.Class == target.Lost {
			failed.Class = target.Transient
		}
		return target.Receipt{}, &failed
	case found == target.Done:
		return target.Receipt{ID: c.ID, Text: "it was so already: " + is}, nil
	case found == target.Other:
		return target.Receipt{}, &target.Error{Class: target.Gone, Text: "it was not touched, because it is not as it was any more: " + is}
	}
	directory, record := repair.Split(c.ID)
	account := repair.Old(c.Fields, repair.LinkPath)
	client, r := t.admin, wire.Request{Method: http.MethodDelete, Path: t.provisioning() + "/user/" + url.PathEscape(account) + "/onlyDeleteUserInDB"}
	switch {
	case c.Op == plan.Update:
		r.Method, r.Path = http.MethodPatch, t.provisioning()+"/scimDirectoryId/"+url.PathEscape(directory)+"/scimUserId/"+url.PathEscape(record)+"/unlink"
	case account == "":
		return t.Target.Do(ctx, target.Change{Op: plan.Delete, Kind: plan.KindUser, ID: c.ID, Name: c.Name})
	}
	got, err := client.Do(ctx, r)
	if err != nil {
		return target.Receipt{}, scimtarget.Fault(err)
	}
	return target.Receipt{ID: c.ID, Status: got.Status, RequestID: got.RequestID}, nil
}

// still tells how a repair stands: Done, NotDone while everything is as it was when it was proposed, or Other, and in
// words what is there. It only reads.
func (t *Target) still(ctx context.Context, c *target.Change) (is string, found target.Confirmation, err error) {
	directory, record := repair.Split(c.ID)
	account := repair.Old(c.Fields, repair.LinkPath)
	if account != "" && !t.policies() {
		return "", target.Unsure, &target.Error{Class: target.Person, Text: "links between records and accounts are told and ended with the organization's own key: configure target.atlassian.org and admin_key"}
	}
	if c.Op == plan.Delete {
		if directory != "" {
			return "", target.Unsure, &target.Error{Class: target.Permanent, Text: "a record of another directory cannot be deleted here"}
		}
		var object one
		if err := t.Read(ctx, target.Want{Users: []string{record}}, &object); err != nil {
			return "", target.Unsure, fmt.Errorf("reading the record %s: %w", record, err)
		}
		if object.raw == nil {
			return "the record is gone", target.Done, nil
		}
		if is := changedSince(object.raw, c.Fields); is != "" {
			return is, target.Other, nil
		}
		if account == "" {
			return "", target.NotDone, nil
		}
		directory = t.opts.Directory
	}
	links, err := t.linksOf(ctx, account)
	if err != nil {
		return "", target.Unsure, err
	}
	there := slices.ContainsFunc(links, func(l document.ScimLink) bool {
		return l.ScimUserID == record && (directory == "" || strings.EqualFold(l.DirectoryID, directory)) && l.AtlassianAccountID.Value == account
	})
	switch {
	case there && c.Op == plan.Delete && len(links) > 1:
		return fmt.Sprintf("account %s has %d records by now, and all of them would be deleted", account, len(links)), target.Other, nil
	case there:
		return "", target.NotDone, nil
	case c.Op == plan.Delete:
		return fmt.Sprintf("the record %s is not linked to account %s", record, account), target.Other, nil
	}
	return fmt.Sprintf("the record %s is not linked to account %s", record, account), target.Done, nil
}

// changedSince says in which of its old values a record is another one by now; "": in none.
func changedSince(object jsontext.Value, fields []plan.Field) string {
	var u document.ScimUser
	if err := json.Unmarshal(object, &u, jsontext.AllowDuplicateNames(true)); err != nil {
		return "the record cannot be read"
	}
	for i := range fields {
		var now string
		was := repair.Old(fields, fields[i].Path)
		same := func(a, b string) bool { return a == b }
		switch fields[i].Path {
		case "userName":
			now, same = u.UserName, func(a, b string) bool { return document.Fold(a) == document.Fold(b) }
		case "externalId":
			now = u.ExternalID
		case repair.LinkPath:
			if now = Account(object); now == "" {
				continue // not told in the record: the links tell
			}
		default:
			return "it is not known how to look at " + fields[i].Path
		}
		if !same(now, was) {
			return fmt.Sprintf("its %s is %q, and was %q", fields[i].Path[strings.LastIndexByte(fields[i].Path, ':')+1:], now, was)
		}
	}
	return ""
}

// linksOf are the records that are linked to an account, of all directories of the organization.
func (t *Target) linksOf(ctx context.Context, account string) ([]document.ScimLink, error) {
	path := t.provisioning() + "/user/" + url.PathEscape(account) + "/get-scim-links"
	got, err := t.admin.Do(ctx, wire.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		return nil, fmt.Errorf("asking which records account %s has: %w", account, err)
	}
	// How this answer is wrapped is not documented: the list of the call about an address, a bare list and one bare link
	// are all read, and nothing else is taken for "none".
	var list struct {
		Links document.Opt[[]document.ScimLink] `json:"scimLinks"`
		document.ScimLink
	}
	var links []document.ScimLink
	switch body := jsontext.Value(got.Body); body.Kind() {
	case jsontext.KindBeginArray:
		err = json.Unmarshal(body, &links)
	default:
		err = json.Unmarshal(body, &list)
		switch links = list.Links.Value; {
		case err != nil, list.Links.Known:
		case list.ScimUserID != "":
			links = []document.ScimLink{list.ScimLink}
		default:
			err = errors.New("it has no links")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("GET %s: the answer cannot be read: %w", path, err)
	}
	return links, nil
}

// one keeps the only object that is read.
type one struct{ raw jsontext.Value }

func (o *one) Add(_ document.File, _ string, object jsontext.Value) error {
	o.raw = slices.Clone(object)
	return nil
}
func (*one) Whole(document.File) error { return nil }
func (*one) Gap(document.Gap) error    { return nil }

// provisioning is the path of the calls about links.
func (t *Target) provisioning() string {
	return "/admin/user-provisioning/v1/org/" + url.PathEscape(t.opts.Org)
}
