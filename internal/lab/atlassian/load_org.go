package atlassian

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

func (ld *loader) domains() error {
	list, _, err := ld.list("atlassian/domains.json", "data")
	for _, raw := range list {
		attributes := child(raw, "attributes")
		state := map[string]DomainState{
			"verified": Claimed, "unverified": Unverified, "deleted": Deleted, "superseded": Superseded, "missing_token": MissingToken,
		}
		s, known := state[str(child(attributes, "claim")["status"])]
		if !known {
			s = Unverified
		}
		ld.w.domains = append(ld.w.domains, &domain{
			Domain: Domain{Name: str(attributes["name"]), State: s, Directory: ld.dir.ID}, id: str(raw["id"]), raw: raw,
		})
	}
	return err
}

func (ld *loader) accounts() error {
	list, _, err := ld.list("atlassian/org-users.json", "data")
	for _, raw := range list {
		a := ld.w.addAccount(str(raw["accountId"]), str(raw["email"]), str(raw["name"]))
		a.raw, a.claim, a.listed = raw, str(raw["claimStatus"]), true
		a.status = cmp.Or(str(raw["accountStatus"]), active)
		a.membership = cmp.Or(str(raw["membershipStatus"]), active)
		a.source, a.nickname = str(raw["managementSource"]), str(raw["nickname"])
		a.verified = raw["emailVerified"] != false
		a.added = parsed(raw["addedToOrg"])
		a.profile = profile{
			JobTitle: str(raw["jobTitle"]), Department: str(raw["department"]), Organization: str(raw["organization"]),
			Location: str(raw["location"]), TimeZone: str(raw["timeZone"]),
		}
		a.access = objects(raw["productAccess"])
		if raw["forDeletion"] == true || str(raw["status"]) == "for_deletion" {
			a.deleteOn = ld.w.at.Add(grace)
		}
	}
	return err
}

// parsed reads a moment, zero if there is none.
func parsed(v any) time.Time {
	t, err := time.Parse(time.RFC3339, str(v))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func (ld *loader) groups() error {
	list, there, err := ld.list("atlassian/org-groups.json", "data")
	ld.hasOrg = there
	for _, raw := range list {
		g := ld.w.addGroup(str(raw["id"]), str(raw["name"]), cmp.Or(str(raw["directoryId"]), LocalDirectory))
		g.description, g.syncedAway = str(raw["description"]), raw["externalSynced"] == true
		for _, id := range texts(raw["members"]) {
			a := ld.account(id)
			g.members.add(a)
			a.groups.add(g)
		}
		for _, r := range objects(raw["roleAssignments"]) {
			for _, role := range texts(r["roles"]) {
				g.grants = append(g.grants, &grant{
					resource: str(r["resourceId"]), owner: str(r["resourceOwner"]), role: role,
					byDefault: str(r["defaultRole"]) == role, raw: r,
				})
			}
		}
		g.raw = clone(raw)
		delete(g.raw, "members")
		delete(g.raw, "roleAssignments")
	}
	return err
}

// account is one by its id, made up if the organization's list lacks it.
func (ld *loader) account(id string) *account {
	if a := ld.w.byID[id]; a != nil {
		return a
	}
	a := ld.w.addAccount(id, "", "")
	a.outside, a.listed, a.claim = true, true, "unmanaged"
	return a
}

func (ld *loader) manage() error {
	var doc map[string]object
	_, err := ld.read("atlassian/manage.json", &doc)
	for _, id := range slices.Sorted(maps.Keys(doc)) {
		if a := ld.w.byID[id]; a != nil {
			a.manage = doc[id]
		}
	}
	return err
}

func (ld *loader) policies() error {
	var doc map[string]object
	there, err := ld.read("atlassian/auth-policies.json", &doc)
	for _, a := range ld.w.accounts {
		if there || !ld.w.managed(a) {
			a.policy = "" // what was recorded counts, not what a new account would get
		}
	}
	for _, id := range slices.Sorted(maps.Keys(doc)) {
		policy := str(doc[id]["policyId"])
		a := ld.w.byID[id]
		if policy == "" || a == nil {
			continue
		}
		a.policy = policy
		if ld.w.policyName(policy) == "" {
			ld.w.policies = append(ld.w.policies, Policy{ID: policy, Name: str(doc[id]["name"])})
		}
	}
	return err
}

func (ld *loader) events() error {
	ld.w.events = nil // loading itself is no event
	list, _, err := ld.list("atlassian/events.json", "data")
	for _, raw := range list {
		attributes := child(raw, "attributes")
		e := &event{
			id: str(raw["id"]), time: parsed(attributes["time"]), action: str(attributes["action"]),
			message: str(child(raw, "message")["content"]), raw: raw,
		}
		for _, x := range objects(attributes["context"]) {
			of := child(x, "attributes")
			e.about = append(e.about, subject{str(x["type"]), str(x["id"]), str(of["name"]), str(of["email"])})
		}
		ld.w.events = append(ld.w.events, e)
	}
	slices.SortStableFunc(ld.w.events, func(a, b *event) int { return a.time.Compare(b.time) })
	for _, e := range ld.w.events {
		ld.w.numbered++
		e.n = ld.w.numbered
	}
	return err
}
