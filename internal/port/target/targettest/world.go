package targettest

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/port/target"
)

// recorded is an evidence.Recorder that keeps everything.
type recorded struct {
	objects map[document.File][]jsontext.Value
	whole   map[document.File]bool
	gaps    []document.Gap
}

func newRecorded() *recorded {
	return &recorded{objects: map[document.File][]jsontext.Value{}, whole: map[document.File]bool{}}
}

func (r *recorded) Add(file document.File, _ string, object jsontext.Value) error {
	r.objects[file] = append(r.objects[file], bytes.Clone(object))
	return nil
}

func (r *recorded) Whole(file document.File) error { r.whole[file] = true; return nil }

func (r *recorded) Gap(gap document.Gap) error { r.gaps = append(r.gaps, gap); return nil }

// read reads all of the target, and fails where it was not told everything.
func (t *trial) read() *recorded {
	t.Helper()
	r := newRecorded()
	if err := t.Target.Read(t.ctx, target.Want{All: true}, r); err != nil {
		t.Fatalf("reading everything: %v", err)
	}
	for _, f := range target.Documents {
		if !r.whole[f] {
			t.Fatalf("%s was not told to be whole", f)
		}
	}
	for _, g := range r.gaps {
		t.Fatalf("%s has a gap: %s: %s", g.File, g.What, g.Why)
	}
	return r
}

// named reads some of the target.
func (t *trial) named(want target.Want) (users []document.ScimUser, groups []document.ScimGroup) {
	t.Helper()
	r := newRecorded()
	if err := t.Target.Read(t.ctx, want, r); err != nil {
		t.Fatalf("reading %+v: %v", want, err)
	}
	for _, f := range target.Documents {
		if r.whole[f] {
			t.Fatalf("a reading of some says that %s is whole", f)
		}
	}
	return decode[document.ScimUser](t, r, document.ScimUsers), decode[document.ScimGroup](t, r, document.ScimGroups)
}

func decode[T any](t *trial, r *recorded, file document.File) []T {
	t.Helper()
	out := []T{}
	text, err := json.Marshal(map[string]any{"Resources": r.objects[file]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := document.Each(file, bytes.NewReader(text), func(v *T) error { out = append(out, *v); return nil }); err != nil {
		t.Fatalf("what was recorded cannot be read: %v", err)
	}
	return out
}

// plan computes what is to be done, from what the target shows now.
func (t *trial) plan() *plan.Plan {
	t.Helper()
	r := t.read()
	name := filepath.Join(t.TempDir(), "world.zip")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	packed := zip.NewWriter(out)
	write := func(file document.File, v any) {
		to, err := packed.Create(string(file))
		if err == nil {
			err = json.MarshalWrite(to, v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write(document.Manifest, object{"version": 1, "captured_at": "2026-11-20T12:00:00Z", "connection": object{"name": "suite", "method": document.Rollcall}})
	write(document.Users, object{"value": t.company.usersJSON()})
	write(document.Groups, object{"value": t.company.groupsJSON()})
	write(document.DeletedUsers, object{"value": []object{}})
	write(document.AppRoleAssignments, object{"value": t.company.assignmentsJSON()})
	write(document.ScimUsers, object{"Resources": some(r.objects[document.ScimUsers])})
	write(document.ScimGroups, object{"Resources": some(r.objects[document.ScimGroups])})
	write(document.OrgUsers, object{"data": []object{}})
	write(document.OrgGroups, object{"data": []object{}})
	write(document.Domains, object{"data": []object{{"id": "d", "type": "domains", "attributes": object{"name": t.company.domain, "claim": object{"type": "dns", "status": "verified"}}}}})
	write(document.OwnLinks, object{"links": t.linksJSON()})
	if err := errors.Join(packed.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Load(t.ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Compute(plan.From(w, rules(w)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rules are those of rollcall, with a few attributes more, and nothing that waits for a person because there is much of it.
func rules(w *facts.World) plan.Rules {
	r := plan.Base(w, document.Rollcall)
	r.Limits = plan.Limits{}
	for _, a := range [][2]string{
		{"title", "[jobTitle]"},
		{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "[department]"},
		{`phoneNumbers[type eq "work"].value`, "[telephoneNumber]"},
	} {
		rule := mapping.AttributeRule{Target: a[0], Source: a[1], FlowType: "Always", Flow: true}
		rule.Expr, rule.Err = expr.Parse(a[1])
		r.Mapping.User.Attributes = append(r.Mapping.User.Attributes, rule)
	}
	r.Text = r.Canonical()
	return r
}

type object = map[string]any

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (c *company) usersJSON() []object {
	out := []object{}
	for _, p := range c.people {
		if p.gone {
			continue
		}
		phones := []string{}
		if p.phone != "" {
			phones = append(phones, p.phone)
		}
		out = append(out, object{
			"id": p.id, "userPrincipalName": p.upn, "mail": null(p.mail), "displayName": null(p.display), "givenName": null(p.given),
			"surname": null(p.family), "jobTitle": null(p.title), "department": null(p.department), "businessPhones": phones,
			"accountEnabled": p.enabled, "userType": "Member",
		})
	}
	return out
}

func (c *company) groupsJSON() []object {
	out := []object{}
	for _, g := range c.groups {
		if g.gone {
			continue
		}
		members := []object{}
		for _, p := range g.members {
			if !p.gone {
				members = append(members, object{"@odata.type": "#microsoft.graph.user", "id": p.id})
			}
		}
		out = append(out, object{"id": g.id, "displayName": g.name, "securityEnabled": true, "mailEnabled": false, "groupTypes": []string{}, "members": members})
	}
	return out
}

func (c *company) assignmentsJSON() []object {
	out := []object{}
	for _, p := range c.people {
		if !p.gone {
			out = append(out, object{"principalId": p.id, "principalType": "User", "principalDisplayName": p.upn})
		}
	}
	for _, g := range c.groups {
		if !g.gone {
			out = append(out, object{"principalId": g.id, "principalType": "Group", "principalDisplayName": g.name})
		}
	}
	return out
}

func (t *trial) linksJSON() []object {
	out := []object{}
	for l, id := range t.links {
		out = append(out, object{"kind": l.kind, "source": l.source, "target": id})
	}
	slices.SortFunc(out, func(a, b object) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return out
}
