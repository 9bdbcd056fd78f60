package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source/entra"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/wire"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// company is a tenant and a Guard directory in miniature with a connection of rollcall's between them.
type company struct {
	t     testing.TB
	entra *labentra.Lab
	guard *labatlassian.Lab
	sync  *engine.Sync
	store *sqlstore.Store

	clock clock

	app           string            // the service principal
	users, groups map[string]string // ids by name
}

// clock is the machine's clock on which waiting takes no time, unless it really waits.
type clock struct {
	labkit.Clock
	waits bool
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if c.waits {
		return wire.Sleep(ctx, d)
	}
	return c.Clock.Sleep(ctx, d)
}

// kubernetes is the Kubernetes organization's teams at Entra, and an empty Guard directory.
func kubernetes(t testing.TB) *company {
	t.Helper()
	root := filepath.Join(testkit.Shared(t), "data", "kubernetes-teams")
	return connected(t, os.DirFS(root))
}

func connected(t testing.TB, files fs.FS) *company {
	t.Helper()
	c := &company{t: t, entra: &labentra.Lab{Limits: labentra.Limits{Off: true}}}
	text, err := fs.ReadFile(files, "bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest document.Bundle
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if err := c.entra.Load(files); err != nil {
		t.Fatal(err)
	}
	c.guard = &labatlassian.Lab{Domains: []labatlassian.Domain{{Name: "k8s.example"}}}
	if c.store, err = sqlstore.Open(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.store.Close() })
	c.connect(manifest.Connection)
	return c
}

func (c *company) connect(connection document.Connection) {
	c.t.Helper()
	g, err := graph.New(graph.Options{Tenant: labentra.DefaultTenant, Credential: graph.Credential{Token: labkit.Token{Lab: c.entra}}, Transport: c.entra.Transport(), Now: c.clock.Now, Sleep: c.clock.Sleep})
	if err != nil {
		c.t.Fatal(err)
	}
	rules := plan.Base(&facts.World{}, document.Rollcall)
	src, err := entra.New(entra.Options{Graph: g, Application: connection.Application, UserAttributes: rules.UserAttributes(), GroupAttributes: rules.GroupAttributes()})
	if err != nil {
		c.t.Fatal(err)
	}
	client, err := wire.New(wire.Options{Base: "https://api.atlassian.com/scim/directory/" + labatlassian.DefaultDirectory, Transport: c.guard.Transport(), Now: c.clock.Now, Sleep: c.clock.Sleep, Authorize: func(_ context.Context, r *http.Request, _ string) error {
		r.Header.Set("Authorization", "Bearer "+labatlassian.DefaultKey)
		return nil
	}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.sync = &engine.Sync{
		Connection: connection, Store: c.store, Source: src, Holder: "test", By: "test", Alone: true, Now: c.clock.Now, Sleep: c.clock.Sleep,
		Target: scimtarget.New(client, scimtarget.Options{RemoveByValue: true, MembersInCreate: 500, Patch: scimtarget.Yes}),
		World: func(ctx context.Context, m document.Bundle, fill func(evidence.Recorder) error) (*facts.World, error) {
			return assemble(ctx, m, nil, fill)
		},
	}
}

func (c *company) apply() *engine.ApplyResult {
	c.t.Helper()
	c.entra.ForgetRequests()
	c.guard.ForgetRequests()
	got, err := c.sync.Apply(c.t.Context(), engine.ApplyRequest{})
	if err != nil {
		c.t.Fatal(err)
	}
	return got
}

// writes and reads are requests to the Guard directory.
func (c *company) requests() (writes, reads int) {
	for _, r := range c.guard.Requests() {
		if r.Method == http.MethodGet {
			reads++
		} else {
			writes++
		}
	}
	return writes, reads
}

func TestKubernetesTeamsAreSyncedFromLabToLab(t *testing.T) {
	c := kubernetes(t)
	first := c.apply()
	c.fewest("first run", first)
	graph := len(c.entra.Requests())

	if second := c.apply(); second.Run.ID != "" {
		t.Errorf("the second run did %+v", second.Run.Counts)
	}
	if writes, _ := c.requests(); writes > 0 {
		t.Errorf("the second run wrote %d times", writes)
	}

	changes := c.disturb(rand.New(rand.NewPCG(1, 2)), 200)
	third := c.apply()
	c.fewest(fmt.Sprintf("%d changes", changes), third)
	if n := len(c.entra.Requests()); n > 12 || n >= graph {
		t.Errorf("a delta reading asked Graph %d times, the first reading %d times", n, graph)
	}

	c.sync.Full = time.Nanosecond // both sides are read anew: the mirrors must hold what is there
	if last := c.apply(); last.Run.ID != "" || len(last.Holds) > 0 {
		t.Errorf("after reading everything anew there was something to do: %+v, %d waiting", last.Run.Counts, len(last.Holds))
	}
}

// fewest holds the writes of a run against the least that the target's abilities allow: one for each account that is
// made or changed, and for each group as many as its changed members need.
func (c *company) fewest(what string, r *engine.ApplyResult) {
	c.t.Helper()
	if n := r.Run.Counts; n.Failed+n.Blocked+n.Stale+n.Held > 0 {
		c.t.Errorf("%s: %+v", what, n)
	}
	accounts, groups := map[string]bool{}, map[string]int{}
	for s := range r.Plan.Steps() {
		if s.Kind == plan.KindUser && s.Op != plan.Adopt {
			accounts[s.Subject.ID] = true
		} else if s.Kind == plan.KindGroup {
			groups[s.Subject.ID] += len(s.Items)
		}
	}
	least := len(accounts)
	for _, n := range groups {
		least += max(1, (n+499)/500)
	}
	writes, reads := c.requests()
	c.t.Logf("%s: %d done with %d writes, least %d, ratio %.3f; %d reads; %d requests to Graph", what, r.Run.Counts.Done, writes, least, float64(writes)/float64(least), reads, len(c.entra.Requests()))
	if float64(writes) > 1.02*float64(least) {
		c.t.Errorf("%s: %d writes where %d would do", what, writes, least)
	}
}

// disturb makes random changes at Entra as people make them, and gives their number.
func (c *company) disturb(r *rand.Rand, n int) int {
	c.t.Helper()
	users, groups := c.ids("users"), c.ids("groups")
	one := func(all []string) string { return all[r.IntN(len(all))] }
	var failed int
	for i := range n {
		var err error
		switch r.IntN(8) {
		case 0:
			var id string
			if id, err = c.entra.AddUser(labentra.Props{"displayName": fmt.Sprint("New Person ", i), "userPrincipalName": fmt.Sprintf("new%d@k8s.example", i), "mail": fmt.Sprintf("new%d@k8s.example", i)}); err == nil {
				users = append(users, id)
				err = c.entra.AddMember(one(groups), id)
			}
		case 1:
			err = c.entra.UpdateUser(one(users), labentra.Props{"displayName": fmt.Sprint("Renamed ", i)})
		case 2:
			if i%4 == 0 { // few: more would be over the limit, as it must
				err = c.entra.DisableUser(one(users))
			}
		case 3, 4, 5:
			err = c.entra.AddMember(one(groups), one(users))
		default:
			members := c.members(one(groups))
			if len(members) > 0 {
				g := one(groups)
				if m := c.members(g); len(m) > 1 {
					err = c.entra.RemoveMember(g, one(m))
				}
			}
		}
		if err != nil {
			c.t.Logf("change %d: %v", i, err)
			failed++
		}
	}
	return n - failed
}

// ids asks the lab for its objects, and members for those of a group.
func (c *company) ids(what string) []string { return c.list("/v1.0/" + what + "?$select=id&$top=999") }

func (c *company) members(group string) []string {
	return c.list("/v1.0/groups/" + group + "/members?$select=id&$top=999")
}

func (c *company) list(path string) (out []string) {
	c.t.Helper()
	for link := "https://graph.microsoft.com" + path; link != ""; {
		r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, link, nil)
		if err != nil {
			c.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+c.entra.Token(labentra.DefaultClient))
		answer, err := c.entra.Transport().RoundTrip(r)
		if err != nil {
			c.t.Fatal(err)
		}
		var page struct {
			Value []struct{ ID string }
			Next  string `json:"@odata.nextLink"`
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			c.t.Fatal(err)
		}
		for _, o := range page.Value {
			out = append(out, o.ID)
		}
		link = page.Next
	}
	return out
}

// records are the userNames in the Guard directory.
func (c *company) records() (out []string) {
	c.t.Helper()
	for start := 1; ; start += 100 {
		r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, fmt.Sprintf("https://api.atlassian.com/scim/directory/%s/Users?startIndex=%d&count=100", labatlassian.DefaultDirectory, start), nil)
		if err != nil {
			c.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+labatlassian.DefaultKey)
		answer, err := c.guard.Transport().RoundTrip(r)
		if err != nil {
			c.t.Fatal(err)
		}
		var page struct{ Resources []struct{ UserName string } }
		err = json.NewDecoder(answer.Body).Decode(&page)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			c.t.Fatal(err)
		}
		if len(page.Resources) == 0 {
			return out
		}
		for _, o := range page.Resources {
			out = append(out, o.UserName)
		}
	}
}

func querySince(c *company) store.Query { return store.Query{Connection: c.sync.Connection.Name} }

type holdOf = store.Hold

// save makes a plan and writes it down, as plan --out does.
func (c *company) save() *plan.Saved {
	c.t.Helper()
	var saved *plan.Saved
	_, err := c.sync.Apply(c.t.Context(), engine.ApplyRequest{Before: func(r *engine.PlanResult) error {
		var b bytes.Buffer
		err := r.Plan.Write(&b, r.Extract(false))
		if err == nil {
			saved, err = plan.Read(&b)
		}
		return errors.Join(err, errSeen)
	}})
	if !errors.Is(err, errSeen) || saved == nil {
		c.t.Fatal(err)
	}
	return saved
}

var errSeen = errors.New("seen")
