package atlassian

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// replacer puts ids in place of names.
func replacer(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }

// crowd is a bundle with so many people, each in so many groups.
func crowd(people, groups, each int) fstest.MapFS {
	var users, org, scimGroups bytes.Buffer
	members := make([][]int, groups)
	for i := range people {
		comma := ","
		if i == 0 {
			comma = ""
		}
		n := strconv.Itoa(i)
		fmt.Fprintf(&users, `%s{"id":"s-%s","externalId":"x-%s","userName":"u%s@acme.example","displayName":"User %s","active":true,"emails":[{"value":"u%s@acme.example","type":"work","primary":true}],"%s":{"atlassianAccountId":"a-%s"}}`,
			comma, n, n, n, n, n, atlassianURN, n)
		fmt.Fprintf(&org, `%s{"accountId":"a-%s","accountStatus":"active","email":"u%s@acme.example","name":"User %s","claimStatus":"managed"}`, comma, n, n, n)
		for k := range each {
			g := (i*7 + k*(groups/each+1)) % groups
			members[g] = append(members[g], i)
		}
	}
	for g := range groups {
		if g > 0 {
			scimGroups.WriteByte(',')
		}
		fmt.Fprintf(&scimGroups, `{"id":"g-%d","displayName":"group-%d","members":[`, g, g)
		for i, m := range members[g] {
			if i > 0 {
				scimGroups.WriteByte(',')
			}
			fmt.Fprintf(&scimGroups, `{"type":"User","value":"s-%d","display":"u%d@acme.example"}`, m, m)
		}
		scimGroups.WriteString("]}")
	}
	file := func(name string, b *bytes.Buffer) *fstest.MapFile {
		return &fstest.MapFile{Data: append(append([]byte(`{"`+name+`":[`), b.Bytes()...), `]}`...)}
	}
	return fstest.MapFS{
		"bundle.json":                {Data: []byte(`{"connection":{"directory":"dir-lab","org":"org-lab","sites":["https://acme.atlassian.net"]}}`)},
		"atlassian/scim-users.json":  file("Resources", &users),
		"atlassian/scim-groups.json": file("Resources", &scimGroups),
		"atlassian/org-users.json":   file("data", &org),
	}
}

func TestALargeDirectoryIsLoadedAndReadWhole(t *testing.T) {
	people, groups, each := 600, 50, 10
	if testing.Short() {
		people = 300
	}
	w, _, _ := loaded(t, crowd(people, groups, each))
	if users, memberships, accounts := readAll(t, w); users != people || accounts != people || memberships != people*each {
		t.Errorf("read %d users, %d memberships, %d accounts", users, memberships, accounts)
	}
}

// TestOneMemberOfALargeGroupCostsWhatOneOfASmallGroupCosts counts no time, which would depend on the machine, but the
// memory that the change itself takes, apart from the answer.
func TestOneMemberOfALargeGroupCostsWhatOneOfASmallGroupCosts(t *testing.T) {
	cost := func(size int) float64 {
		w, _, _ := loaded(t, crowd(size+1, 1, 1))
		world := w.lock()
		defer w.mu.Unlock()
		g, r := world.directories[0].groupByID["g-0"], world.directories[0].userByID["s-0"]
		world.removeMember(g, r) // the first change makes the sets large ones
		world.addMember(g, r)
		return testing.AllocsPerRun(100, func() {
			world.removeMember(g, r)
			world.addMember(g, r)
		})
	}
	if few, many := cost(100), cost(5_000); many > few*2+10 {
		t.Errorf("a change in a group of 5,000 takes %v allocations, in one of 100 %v", many, few)
	}
}

func TestManyMayUseTheLabAtOnce(t *testing.T) {
	w := open(t, &Lab{Propagation: time.Millisecond, Rate: Rate{PerSecond: 1e6, Burst: 1e6}})
	crew := w.team("crew")
	var wait sync.WaitGroup
	errs := make(chan error, 64)
	for n := range 8 {
		wait.Go(func() {
			for i := range 25 {
				r, err := w.try("POST", scimBase+"/Users", "Bearer "+DefaultKey, person(fmt.Sprintf("u%d-%d@acme.example", n, i)))
				if err != nil || r.status != 201 {
					errs <- fmt.Errorf("creating: %d %w", r.status, err)
					return
				}
				add := patch(object{"op": "Add", "path": "members", "value": []object{{"value": r.id()}}})
				if r, err := w.try("PATCH", scimBase+"/Groups/"+crew, "Bearer "+DefaultKey, add); err != nil || r.status != 200 {
					errs <- fmt.Errorf("adding: %d %w", r.status, err)
					return
				}
				w.Inject(Fault{Path: "/none"})
				_ = w.Requests()
				_ = w.TroubleshootingLog()
			}
		})
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	if got := who(w.scim("GET", "/Groups/"+crew, nil)); len(got) != 200 {
		t.Errorf("the group has %d members, want 200: parallel requests lost some", len(got))
	}
}
