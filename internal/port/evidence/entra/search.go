package entra

import (
	"context"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// search is what was found for one focus. What is asked once is not asked again when the focus has grown.
type search struct {
	*Source
	focus *evidence.Focus
	into  sheaf // read, not yet recorded

	application bool           // the application and its jobs were read
	rules       *mapping.Rules // the mapping that counts; nil: not known
	syncAll     bool
	scoped      map[string]bool // folded ids of groups that are assigned or selected
	assigned    map[string]bool // folded ids of users who are assigned themselves
	roles       bool            // scoped and assigned are known

	userFields, groupFields []string

	people     []*person
	byID       map[string]*person // folded id
	bystanders []jsontext.Value   // found for witnesses
	asked      map[string]bool    // what was looked for: "text …", "key …", "id …"
	lost       map[document.File]bool

	named    groupNames        // groups asked for and not yet looked at
	groups   map[string]*group // folded id
	veils    map[string]bool   // groups inside groups in scope, where one of them hides its members
	recorded map[document.File]bool
	logged   bool
	unveiled bool // groups inside those in scope were read
}

// find looks for everybody and everything that the focus names.
func (s *Source) find(ctx context.Context, focus *evidence.Focus) (*search, error) {
	f := s.searches[focus]
	if f == nil {
		f = &search{
			Source: s, focus: focus, into: sheaf{}, scoped: map[string]bool{}, assigned: map[string]bool{}, byID: map[string]*person{},
			asked: map[string]bool{}, lost: map[document.File]bool{}, groups: map[string]*group{}, veils: map[string]bool{}, recorded: map[document.File]bool{},
		}
		s.searches[focus] = f
	}
	if !f.application {
		f.application = true
		if err := f.readApplication(ctx); err != nil {
			return nil, err
		}
	}
	if err := f.findPeople(ctx); err != nil {
		return nil, err
	}
	if err := f.findGroups(ctx); err != nil {
		return nil, err
	}
	f.tell()
	return f, nil
}

// readApplication reads what is about everybody: the application, who is assigned to it, and its job. The schema comes
// before the people, since it names attributes that must be read of them.
func (f *search) readApplication(ctx context.Context) error {
	c, opened := f.set.Connection, f.opened
	if f.opened = nil; opened == nil {
		var err error
		if opened, err = f.open(ctx, f.opens()...); err != nil {
			return err
		}
	}
	if err := f.principal(opened); err != nil {
		return err
	}
	schema, settings, err := f.synchronization(ctx, opened, f.into)
	if err != nil {
		return err
	}
	f.rules = f.mapping(schema)
	f.syncAll = strings.EqualFold(settings["SyncAll"], "true") && c.Method != document.Rollcall
	if c.Method == document.GuardNested && c.Selected != nil {
		f.roles = true
		for _, id := range c.Selected.Groups {
			f.scoped[facts.Fold(id)] = true
		}
		f.syncAll = !strings.EqualFold(c.Selected.Users, "groups") && len(c.Selected.Groups) == 0
	}
	f.userFields, f.groupFields = fields(schema)
	if f.set.Rules != nil && f.rules != nil {
		f.userFields, f.groupFields = widened(f.userFields, f.rules.User.Sources(), moreOfUsers), widened(f.groupFields, f.rules.Group.Sources(), moreOfGroups)
	}
	return nil
}

// Properties that answers read of every user and group, whatever the mapping.
var (
	userFields = []string{
		"id", "userPrincipalName", "mail", "displayName", "givenName", "surname", "mailNickname", "jobTitle", "department", "userType",
		"externalUserState", "accountEnabled", "proxyAddresses", "otherMails", "createdDateTime", "onPremisesSyncEnabled",
		"onPremisesLastSyncDateTime", "onPremisesProvisioningErrors",
	}
	groupFields = []string{
		"id", "displayName", "description", "mailNickname", "mailEnabled", "securityEnabled", "groupTypes", "membershipRule",
		"membershipRuleProcessingState", "visibility", "createdDateTime", "onPremisesSyncEnabled", "onPremisesLastSyncDateTime",
		"onPremisesProvisioningErrors",
	}
)

// tell adds to the focus what was found. Of groups those in scope are told, and those that were asked about: of others no
// answer looks at Atlassian's side.
func (f *search) tell() {
	add := func(list *[]string, values ...string) {
		for _, v := range values {
			if v != "" && !slices.ContainsFunc(*list, func(have string) bool { return strings.EqualFold(have, v) }) {
				*list = append(*list, v)
			}
		}
	}
	for _, p := range f.people {
		add(&f.focus.Users, p.user.ID)
		add(&f.focus.Addresses, p.user.UserPrincipalName, p.user.Mail.Value)
		for _, a := range p.user.ProxyAddresses {
			add(&f.focus.Addresses, facts.Address(a))
		}
		add(&f.focus.Addresses, p.user.OtherMails...)
		for _, m := range mapped(f.rules, p) {
			add(&f.focus.Addresses, m)
		}
		f.asked["id "+facts.Fold(p.user.ID)] = true
	}
	for _, a := range f.focus.Addresses {
		f.asked["key "+facts.Fold(a)] = true
	}
	for _, id := range sortedKeys(f.groups) {
		if g := f.groups[id]; g.asked || f.inScope(id) && len(g.members) > 0 {
			add(&f.focus.Groups, g.doc.ID)
			add(&f.focus.GroupNames, g.doc.DisplayName)
		}
	}
}

func (f *search) inScope(id string) bool { return f.syncAll || f.scoped[id] }

// mapping is the one that counts: rollcall's own where it provisions, else the tenant's; nil where that was not read.
func (f *search) mapping(schema *document.Schema) *mapping.Rules {
	if f.set.Rules != nil {
		return f.set.Rules(schema)
	}
	if schema == nil {
		return nil
	}
	if rules, _ := mapping.FromSchema(schema); rules.Known {
		return &rules
	}
	return nil
}

// mapped are the user name and the address that the mapping makes of somebody.
func mapped(rules *mapping.Rules, p *person) []string {
	if rules == nil {
		return nil
	}
	told := map[string]bool{}
	for name := range document.Told(nil) {
		told[name] = true
	}
	m := rules.User.Map(p.user.AttributeOf(told), p.deleted)
	return []string{m.UserName().Text, m.Email().Text}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
