package cli

import (
	"fmt"
	"slices"
	"testing"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

func member(id string, held ...plan.Hold) plan.Item {
	i := plan.Item{ID: id, Name: id + "@acme.example"}
	if len(held) > 0 {
		i.Held = holdOf(held[0])
	}
	return i
}

func holdOf(h plan.Hold) *plan.Held { return &plan.Held{Code: h.String(), Text: h.Text()} }

func stepOn(op plan.Op, kind, name string, r plan.Reason) plan.Step {
	s := plan.Step{ID: string(op) + ":" + kind + ":" + name, Op: op, Kind: kind, Subject: plan.Subject{Kind: kind, ID: "id-" + name, Name: name, Target: "record-" + name}, Reason: r.String(), Why: r.Text()}
	if kind == plan.KindUser {
		s.Subject.Name += "@acme.example"
	}
	return s
}

// examplePage has one of everything.
func examplePage() planPage {
	create := stepOn(plan.Create, plan.KindUser, "lena", plan.InScope)
	create.Why += "; jira-developers ← platform-team"
	again := stepOn(plan.Create, plan.KindUser, "nils", plan.RecordGone)
	add := stepOn(plan.AddMembers, plan.KindGroup, "jira-developers", plan.MemberInSource)
	add.Items = []plan.Item{member("nils"), member("lena"), member("old", plan.HeldStale)}
	many := stepOn(plan.AddMembers, plan.KindGroup, "all-staff", plan.MemberInSource)
	for i := range 112 {
		many.Items = append(many.Items, member(fmt.Sprintf("person%03d", i)))
	}
	update := stepOn(plan.Update, plan.KindUser, "amira", plan.ValuesDiffer)
	update.Fields = []plan.Field{
		{Path: "title", Old: document.TextValue("Engineer"), New: document.TextValue("Senior Engineer")},
		{Path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", Old: document.NullValue, New: document.TextValue("Sales")},
		{Path: `emails[type eq "work"].value`, Old: document.TextValue("a@acme.example"), New: document.TextValue("amira@acme.example")},
	}
	policy := stepOn(plan.AddMembers, plan.KindPolicy, "finance", plan.PolicyDiffers)
	policy.Items = []plan.Item{member("amira")}
	remove := stepOn(plan.RemoveMembers, plan.KindGroup, "jira-admins", plan.MemberNotInSource)
	remove.Items = []plan.Item{member("tom")}
	stale := stepOn(plan.Adopt, plan.KindUser, "old", plan.StaleRecord)
	stale.Held = holdOf(plan.HeldStale)
	conflict := stepOn(plan.Create, plan.KindGroup, "ops", plan.GroupConflict)
	conflict.Held, conflict.Conflict = holdOf(plan.HeldConflict), &plan.Conflict{Name: "ops", Told: true, Adds: 3, Removes: []string{"bo@acme.example"}}
	steps := []plan.Step{
		stepOn(plan.Adopt, plan.KindUser, "amira", plan.ToLink), stepOn(plan.Adopt, plan.KindGroup, "all-staff", plan.ToLink), stale,
		create, again, stepOn(plan.Create, plan.KindGroup, "platform-team", plan.InScope), conflict,
		update, stepOn(plan.Reactivate, plan.KindUser, "vera", plan.InactiveThere), add, many, policy, remove,
		stepOn(plan.Deactivate, plan.KindUser, "karl", plan.SourceDisabled),
	}
	judgement := func(kind, name, group string, r plan.Reason, note string) plan.Judgement {
		if note != "" {
			note = ": " + note
		}
		return plan.Judgement{Subject: plan.Subject{Kind: kind, ID: "id-" + name, Name: name, Group: group}, Verdict: r.Verdict(), Reason: r.String(), Text: r.Text() + note}
	}
	return planPage{
		connection: "acme", method: document.Rollcall, now: document.EntraSCIM, at: noon, rules: "rollcall.yaml, connection acme",
		steps: slices.Values(steps),
		verdicts: slices.Values([]plan.Judgement{
			judgement("user", "lena", "", plan.InScope, ""), // has a step
			judgement("user", "kim@acme.example", "", plan.ValueMissing, "[mail] is empty"),
			judgement("user", "ghost", "", plan.NotOurs, ""),
			judgement("group", "confluence-users", "", plan.DefaultGroup, ""),
			judgement("membership", "kim@acme.example", "all-staff", plan.MemberWaits, ""),
			judgement("membership", "kim@acme.example", "jira-developers", plan.MemberWaits, ""),
		}),
		change: &plan.Switch{
			From: document.EntraSCIM, To: document.Rollcall,
			Users: plan.Difference{
				Gained: []plan.Gain{{Subject: plan.Subject{Name: "lena@acme.example"}, Why: "jira-developers ← platform-team"}},
				Lost:   []plan.Gain{{Subject: plan.Subject{Name: "karl@acme.example"}, Why: "service-desk"}},
			},
			Memberships: plan.Difference{Gained: []plan.Gain{
				{Subject: plan.Subject{Name: "nils@acme.example", Group: "jira-developers"}, Why: "jira-developers ← platform-team"},
				{Subject: plan.Subject{Name: "lena@acme.example", Group: "jira-developers"}, Why: "jira-developers ← platform-team"},
			}},
		},
		guards: []plan.Guard{
			{Name: "deactivate", Window: "run", Limit: "5%", Most: 1, Of: 20, Count: 1},
			{Name: "deactivate", Window: "day", Limit: "10%", Most: 2, Of: 20, Count: 1},
			{Name: "remove_members", Window: "day", Limit: "20", Most: 20, Of: 900, Count: 21, Held: true},
		},
		gaps:  []string{"entra/groups.json: page 3 (403)"},
		notes: []string{"title could not be computed for 2 users and is left alone"},
	}
}

func planOptions() PlanOptions {
	return PlanOptions{Globals: &Globals{Bundle: "my bundle"}, Method: document.Rollcall}
}

func TestAPlanReadsLikeADiff(t *testing.T) {
	same(t, `
acme   today Entra's SCIM app → Guard   planned Entra → rollcall → Guard   20 Nov 2026 12:00 UTC
appear: 2 users, 1 group, 114 memberships   change: 1 user, 1 reactivation, 1 policy
taken away: 1 membership, 1 user   held: 1 record to adopt, 1 new group, 1 membership to add
Rules: rollcall.yaml, connection acme

Switching from Entra's SCIM app → Guard to Entra → rollcall → Guard
  1 person would lose access
    −  karl@acme.example  service-desk
  1 person would gain access
    +  lena@acme.example  jira-developers ← platform-team
  2 memberships would come
    +  jira-developers ← platform-team  lena, nils

Appears
  2 users are created
    +  lena@acme.example  jira-developers ← platform-team
    +  nils@acme.example  the record it was linked to is gone; it is created again
  1 group is created
    +  platform-team
  114 memberships are added, in 2 groups
    +  all-staff        person000, person001, person002, person003, person004, person005, person006,
                        person007 and 104 more
    +  jira-developers  lena, nils

Changes
  1 user gets other values
    ~  amira@acme.example  title: Engineer → Senior Engineer
                           department: nothing → Sales
                           work email: a@acme.example → amira@acme.example
  1 user is active again
    +  vera@acme.example  in scope and enabled, but deactivated there
  1 account gets another authentication policy
    ~  policy of finance  amira

Is taken away
  1 membership is taken away
    −  jira-admins  tom
  1 user is deactivated
    −  karl@acme.example  disabled in Entra

Held until a person lets it go
  2  stale-record  the record carries the externalId of somebody else; taking it over gives that
                   account to this person
    +  jira-developers   old
    ~  old@acme.example  adopt the record: an old record holds the name or address
  1  group-conflict  taking over a group replaces its members
    +  ops  create the group: Atlassian has a group of its own with this name
            3 would join it, 1 would leave: bo@acme.example

Cannot be done
  1  required-attribute-missing  a value that Atlassian requires is missing: [mail] is empty
     kim@acme.example
  1  default-access-group  a default access group of Atlassian has this name; it is never synced
     confluence-users
  2  member-waits  should be in the group, and has no record to put there
     kim@acme.example in all-staff, kim@acme.example in jira-developers

Left alone
  1  not-ours  nobody linked it, and nobody in scope matches it: it is left alone
     ghost

Limits   deactivate      1 of at most 1 (5% of 20) in this run: at the limit
         remove_members  21 of at most 20 in 24 hours, with earlier runs: over the limit, so all of
                         it waits

Not complete: what was not told is not taken away; what is added may already be there or be refused
  - entra/groups.json: page 3 (403)

Notes
  - title could not be computed for 2 users and is left alone

Adopt    1 record and 1 group are adopted as they are: rollcall notes whose they are, and nothing is
         written at Atlassian.

Next     rollcall plan --bundle 'my bundle' --method rollcall --full
           everything, line by line
         rollcall why --bundle 'my bundle' lena@acme.example
           one of them, step by step, as it is today
         rollcall plan --bundle 'my bundle' --method rollcall --group jira-developers
           one group and its people alone
         rollcall plan --bundle 'my bundle' --method rollcall --out plan.json
           save the plan
`, shown(100, func(p *text.Page) { viewPlan(p, examplePage(), planOptions()) }))
}

func TestAPlanFitsASmallWindow(t *testing.T) {
	out := shown(60, func(p *text.Page) { viewPlan(p, examplePage(), planOptions()) })
	same(t, `
acme   today Entra's SCIM app → Guard
planned Entra → rollcall → Guard   20 Nov 2026 12:00 UTC
appear: 2 users, 1 group, 114 memberships
change: 1 user, 1 reactivation, 1 policy
taken away: 1 membership, 1 user
held: 1 record to adopt, 1 new group, 1 membership to add
Rules: rollcall.yaml, connection acme

Switching from Entra's SCIM app → Guard to Entra → rollcall
→ Guard
  1 person would lose access
    −  karl@acme.example  service-desk
  1 person would gain access
    +  lena@acme.example  jira-developers ← platform-team
  2 memberships would come
    +  jira-developers ← platform-team  lena, nils

Appears
  2 users are created
    +  lena@acme.example  jira-developers ← platform-team
    +  nils@acme.example  the record it was linked to is
                          gone; it is created again
  1 group is created
    +  platform-team
  114 memberships are added, in 2 groups
    +  all-staff        person000, person001, person002,
                        person003, person004, person005,
                        person006, person007 and 104 more
    +  jira-developers  lena, nils

Changes
  1 user gets other values
    ~  amira@acme.example  title: Engineer → Senior Engineer
                           department: nothing → Sales
                           work email: a@acme.example →
                           amira@acme.example
  1 user is active again
    +  vera@acme.example  in scope and enabled, but
                          deactivated there
  1 account gets another authentication policy
    ~  policy of finance  amira

Is taken away
  1 membership is taken away
    −  jira-admins  tom
  1 user is deactivated
    −  karl@acme.example  disabled in Entra

Held until a person lets it go
  2  stale-record  the record carries the externalId of
                   somebody else; taking it over gives that
                   account to this person
    +  jira-developers   old
    ~  old@acme.example  adopt the record: an old record
                         holds the name or address
  1  group-conflict  taking over a group replaces its
                     members
    +  ops  create the group: Atlassian has a group of its
            own with this name
            3 would join it, 1 would leave: bo@acme.example

Cannot be done
  1  required-attribute-missing
       a value that Atlassian requires is missing: [mail] is
       empty
     kim@acme.example
  1  default-access-group  a default access group of
                           Atlassian has this name; it is
                           never synced
     confluence-users
  2  member-waits  should be in the group, and has no record
                   to put there
     kim@acme.example in all-staff, kim@acme.example in
     jira-developers

Left alone
  1  not-ours  nobody linked it, and nobody in scope matches
               it: it is left alone
     ghost

Limits   deactivate      1 of at most 1 (5% of 20) in this
                         run: at the limit
         remove_members  21 of at most 20 in 24 hours, with
                         earlier runs: over the limit, so
                         all of it waits

Not complete: what was not told is not taken away; what is
added may already be there or be refused
  - entra/groups.json: page 3 (403)

Notes
  - title could not be computed for 2 users and is left
    alone

Adopt    1 record and 1 group are adopted as they are:
         rollcall notes whose they are, and nothing is
         written at Atlassian.

Next     rollcall plan --bundle 'my bundle' --method rollcall --full
           everything, line by line
         rollcall why --bundle 'my bundle' lena@acme.example
           one of them, step by step, as it is today
         rollcall plan --bundle 'my bundle' --method rollcall --group jira-developers
           one group and its people alone
         rollcall plan --bundle 'my bundle' --method rollcall --out plan.json
           save the plan
`, out)
}
