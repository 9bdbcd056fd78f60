// Package atlassian is the Guard directory as a target: SCIM with what is particular to it, and authentication policies
// through the control API of the organization, which works while one looks elsewhere and is asked until it is done.
package atlassian

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Client sends requests; wire.Client is one.
type Client = scimtarget.Client

// Options say what is not documented, and where the organization is.
type Options struct {
	Org       string // id of the organization; "": no authentication policies, and no repair that needs its key
	Directory string // id of the directory; "": a record's id alone tells that it is in it

	// PatchMembers is how many members are added and taken out in one PATCH, and MembersInCreate how many a new group
	// comes with. 0: 500. Atlassian documents no bound (atlassian.md 1.6); Entra's connector is said to send up to a
	// thousand (unverified). Half of that needs a second request for few groups. Below 0: any number, and none.
	PatchMembers, MembersInCreate int

	// Page and GroupPage are how many users and groups are asked for at a time. 0: 100, more never come (1.5). A group
	// comes with all its members, so that a page of large groups may be a large answer.
	Page, GroupPage int

	// PolicyBatch is how many accounts go into one request to the control API; its bound is not documented (8.4). 0: 50.
	PolicyBatch int

	// Settle bounds how long a change of policies is waited for. 0: a minute; changes are said to take up to 30 seconds.
	Settle time.Duration
	Sleep  func(context.Context, time.Duration) error // nil: for real
}

// Target is one Guard directory. It may be used from several goroutines.
type Target struct {
	*scimtarget.Target

	admin Client
	opts  Options
}

var _ target.Target = (*Target)(nil)

// New gives the directory behind scim, whose base address is https://api.atlassian.com/scim/directory/{id}, and the
// control API behind admin, whose base address is https://api.atlassian.com. They take different keys. admin may be nil:
// then there are no authentication policies.
func New(scim, admin Client, o Options) *Target {
	if o.PolicyBatch <= 0 {
		o.PolicyBatch = 50
	}
	if o.Settle <= 0 {
		o.Settle = time.Minute
	}
	if o.Sleep == nil {
		o.Sleep = wire.Sleep
	}
	page := o.Page
	if page <= 0 {
		page = 100
	}
	inner := scimtarget.New(scim, scimtarget.Options{
		Name: "Atlassian Guard", PatchMembers: o.PatchMembers, MembersInCreate: o.MembersInCreate, Page: page, GroupPage: o.GroupPage,
		Patch: scimtarget.Yes, Filter: scimtarget.Yes, // what ServiceProviderConfig answers is typed as a text and nothing else (8.1)
		Rename:        scimtarget.No, // displayName is immutable (1.4)
		RemoveByValue: true,          // as documented (1.6, 8.1)
		Account:       Account,
	})
	return &Target{Target: inner, admin: admin, opts: o}
}

// Account is the Atlassian account that a record is linked to; "" where it is linked to none.
func Account(record jsontext.Value) string {
	var u struct {
		Link struct {
			Account document.Opt[string] `json:"atlassianAccountId"`
		} `json:"urn:scim:schemas:extension:atlassian-external:1.0"`
	}
	if json.Unmarshal(record, &u, jsontext.AllowDuplicateNames(true)) != nil {
		return ""
	}
	return u.Link.Account.Value
}

// Can says what the target is able to.
func (t *Target) Can(ctx context.Context) (target.Abilities, error) {
	can, err := t.Target.Can(ctx)
	can.Policies, can.Repairs = t.policies(), true
	return can, err
}

func (t *Target) policies() bool { return t.admin != nil && t.opts.Org != "" }

// Do carries out one change. Its error is an *Error.
func (t *Target) Do(ctx context.Context, c target.Change) (target.Receipt, error) {
	if mends(&c) {
		return t.mend(ctx, &c)
	}
	if c.Kind != plan.KindPolicy {
		return t.Target.Do(ctx, c)
	}
	if err := t.fit(&c); err != nil {
		return target.Receipt{}, &target.Error{Class: target.Permanent, Text: err.Error(), Err: err}
	}
	r, err := t.assign(ctx, &c)
	if err != nil {
		return target.Receipt{}, scimtarget.Fault(err)
	}
	return r, nil
}

// Confirm asks whether a change was carried out. It only reads.
func (t *Target) Confirm(ctx context.Context, c target.Change) (target.Receipt, target.Confirmation, error) {
	if mends(&c) {
		is, found, err := t.still(ctx, &c)
		return target.Receipt{ID: c.ID, Text: is}, found, err
	}
	if c.Kind != plan.KindPolicy {
		return t.Target.Confirm(ctx, c)
	}
	if err := t.fit(&c); err != nil {
		return target.Receipt{}, target.Unsure, err
	}
	now, err := t.of(ctx, c.Add)
	if err != nil {
		return target.Receipt{}, target.Unsure, fmt.Errorf("asking which authentication policy %d accounts are in: %w", len(c.Add), scimtarget.Fault(err))
	}
	if len(others(now, &c)) > 0 {
		return target.Receipt{}, target.NotDone, nil // entering a policy twice does no harm
	}
	return target.Receipt{ID: c.ID}, target.Done, nil
}

// fit tells what cannot be done about policies at all.
func (t *Target) fit(c *target.Change) error {
	switch {
	case !t.policies():
		return fmt.Errorf("the authentication policy %s cannot be assigned: the organization and its key are not configured", c.Name)
	case len(c.Remove) > 0:
		return fmt.Errorf("nobody can be taken out of the authentication policy %s: an account leaves a policy by entering another one", c.Name)
	case c.ID == "":
		return fmt.Errorf("the authentication policy %s has no id: read it from the address of its page in Atlassian Administration", c.Name)
	}
	return nil
}
