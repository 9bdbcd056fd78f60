package entra

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestCallsCostResourceUnitsAsTheTableSays(t *testing.T) {
	g := open(t, &Lab{})
	user := g.user("ana")
	group := g.group("team", user)
	type priced struct {
		path  string
		units int
	}
	for _, p := range []priced{
		{"/users", 2},
		{"/users?$select=id", 1},
		{"/users?$top=19", 1},
		{"/users?$top=20", 2},
		{"/users?$select=id&$top=5", 1},
		{"/users/" + user, 1},
		{"/groups", 1},
		{"/groups?$expand=members", 2},
		{"/groups/" + group + "/members", 3},
		{"/groups/" + group + "/members?$select=id", 2},
		{"/groups/" + group + "/transitiveMembers", 5},
		{"/users/" + user + "/memberOf", 2},
		{"/users/delta", 1},
		{"/auditLogs/directoryAudits", 0}, // another service, counted in calls
	} {
		want := ""
		if p.units > 0 {
			want = strconv.Itoa(p.units)
		}
		if got := g.get(p.path).header.Get("x-ms-resource-unit"); got != want {
			t.Errorf("%s costs %q, want %q", p.path, got, want)
		}
	}
}

func TestWhoSpendsTooMuchIsToldToWait(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now, Limits: Limits{Units: 100}})
	for i := range 50 { // 2 units each
		r := g.get("/users")
		if r.status != 200 {
			t.Fatalf("call %d: %d", i, r.status)
		}
		if used := r.header.Get("x-ms-throttle-limit-percentage"); (used != "") != (i >= 40) {
			t.Errorf("call %d: x-ms-throttle-limit-percentage = %q", i, used)
		}
	}
	r := g.get("/users")
	if r.status != 429 || r.code() != "TooManyRequests" || r.header.Get("Retry-After") != "1" {
		t.Fatalf("the call that is too much: %d %s", r.status, r.raw)
	}
	if s := r.header.Get("x-ms-throttle-scope"); s != "Tenant_Application/ReadWrite/"+DefaultClient+"/"+DefaultTenant {
		t.Errorf("x-ms-throttle-scope = %q", s)
	}
	if s := r.header.Get("x-ms-throttle-information"); s != "ResourceUnitLimitExceeded" {
		t.Errorf("x-ms-throttle-information = %q", s)
	}
	if !strings.Contains(r.raw, `"innerError":{"code":"429","status":"429","message":"Please retry after"`) {
		t.Errorf("body: %s", r.raw)
	}
	for range 100 {
		r = g.get("/users") // calls that are refused count too
	}
	if r.header.Get("Retry-After") != "8" {
		t.Errorf("Retry-After of who does not stop = %s, want 8", r.header.Get("Retry-After"))
	}
	c.pass(9 * time.Second)
	if r := g.get("/users"); r.status != 200 {
		t.Errorf("after waiting: %d", r.status)
	}
	g.l.Limits.Fractional = true
	for range 100 {
		r = g.get("/users")
	}
	if s := r.header.Get("Retry-After"); !strings.Contains(s, ".") {
		t.Errorf("a fractional Retry-After = %q", s)
	}
	g.l.Limits.Off = true
	if r := g.get("/users"); r.status != 200 {
		t.Errorf("without limits: %d", r.status)
	}
}

func TestTheLimitGrowsWithTheTenant(t *testing.T) {
	g := open(t, &Lab{})
	for n, want := range map[int]int{0: 3500, 49: 3500, 50: 5000, 500: 5000, 501: 8000} {
		for g.l.dir.users.len() > 0 {
			g.l.dir.users = collection{}
		}
		for i := range n {
			g.l.dir.users.add(&object{id: fmt.Sprint(i), seq: uint64(i + 1)})
		}
		if got := g.l.units(); got != want {
			t.Errorf("%d users: %d units, want %d", n, got, want)
		}
	}
}

func TestReportsAllowFiveCallsInTenSeconds(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now})
	for i := range 5 {
		if r := g.get("/auditLogs/directoryAudits"); r.status != 200 {
			t.Fatalf("call %d: %d", i, r.status)
		}
		c.pass(time.Second)
	}
	r := g.get("/auditLogs/provisioning")
	if r.status != 429 || r.header.Get("Retry-After") != "5" {
		t.Fatalf("the sixth: %d, Retry-After %s", r.status, r.header.Get("Retry-After"))
	}
	c.pass(5 * time.Second)
	if r := g.get("/auditLogs/provisioning"); r.status != 200 {
		t.Errorf("after waiting: %d", r.status)
	}
}
