package stories

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/testkit/mortal"
	"github.com/rollcall/rollcall/internal/testkit/promise"
)

// end is the quiet after the ninety days, and what must be true then.
func (s *simulation) end() {
	s.note("it is quiet")
	s.calm()
	s.grantAll()
	s.pass(25 * time.Hour) // what was not seen is found by the daily reading in full
	s.calm()
	s.pass(2 * time.Hour) // until the sites have it
	if s.t.Failed() {
		return
	}
	s.sameGraph()
	s.accounted()
	s.everyDifferenceHasACause()
}

// calm runs until nothing more can be done, letting everything go.
func (s *simulation) calm() {
	for range 12 {
		got := s.cycle(true)
		if got == nil {
			return
		}
		if s.approve(true) == 0 && got.Run.Counts.Done == 0 {
			return
		}
	}
	s.fail("it never came to rest")
}

// grantAll gives new groups what they are for, as an administrator of Atlassian does when told.
func (s *simulation) grantAll() {
	for _, u := range s.units {
		if u.ungranted && u.assigned && !u.gone {
			u.ungranted = !s.tell("at Atlassian, %s grants %s", u.name, u.product)
		}
	}
}

// directory is what there is in the Guard directory.
func (s *simulation) directory() promise.Directory {
	d, err := promise.Client{Through: s.Atlassian.Transport(), Base: "https://api.atlassian.com/scim/directory/" + s.Connection.Directory, Key: s.Keys.SCIM}.Read()
	if err != nil {
		s.fail("%v", err)
	}
	return d
}

// sameGraph holds the simulation's own idea of Entra against Entra: what is judged here must be true first.
func (s *simulation) sameGraph() {
	for _, u := range s.units {
		if u.gone {
			continue
		}
		var is, should []string
		for next := "https://graph.microsoft.com/v1.0/groups/" + u.id + "/members?$select=id"; next != ""; {
			var page struct {
				Value []struct{ ID string }
				Next  string `json:"@odata.nextLink"`
			}
			s.get(s.Entra.Transport(), next, "Bearer "+s.Entra.Token(s.ClientID), &page)
			for _, m := range page.Value {
				is = append(is, s.name(m.ID))
			}
			next = page.Next
		}
		for _, e := range s.people {
			if e.here() && u.members[e.id] {
				should = append(should, e.handle)
			}
		}
		for id := range u.subgroups {
			should = append(should, s.name(id))
		}
		slices.Sort(is)
		slices.Sort(should)
		if !slices.Equal(is, should) {
			s.fail("in Entra's %s are %v, and the simulation thinks %v", u.name, is, should)
		}
	}
}

func (s *simulation) get(through http.RoundTripper, address, authorization string, into any) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", authorization)
	got, err := through.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(got.Body)
	_ = got.Body.Close()
	if err == nil && got.StatusCode == http.StatusOK {
		err = json.Unmarshal(text, into)
	}
	if err != nil || got.StatusCode >= http.StatusInternalServerError {
		s.t.Fatalf("GET %s: %s %v", address, got.Status, err)
	}
}

// atSite are the addresses of those who are in a group at the site.
func (s *simulation) atSite(group string) map[string]bool {
	out := map[string]bool{}
	for start := 0; ; {
		var page struct {
			Values []struct {
				AccountID, EmailAddress string
				Active                  bool
			}
			IsLast bool
		}
		r := url.Values{"groupname": {group}, "startAt": {fmt.Sprint(start)}, "maxResults": {"50"}, "includeInactiveUsers": {"false"}}
		s.get(s.Atlassian.Transport(), "https://"+Site+"/rest/api/3/group/member?"+r.Encode(), basic(labs.Email, s.Keys.Token), &page)
		for _, v := range page.Values {
			out[v.AccountID] = true
		}
		if page.IsLast || len(page.Values) == 0 {
			return out
		}
		start += len(page.Values)
	}
}

func basic(user, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}

// everyDifferenceHasACause holds what is at Atlassian, down to the site, against Entra, and the roll call against both:
// whoever is not as Entra has them is named with a cause, and nobody else is.
func (s *simulation) everyDifferenceHasACause() {
	s.line.Life = mortal.New()
	r, _, err := s.roll(s.t.Context(), "")
	if err != nil {
		s.fail("the roll call: %v", err)
		return
	}
	s.found = r.Findings
	named := map[string]bool{} // ids of whoever has a finding, and with the name of a group behind it whoever has one there
	for _, f := range r.Findings {
		named[f.Subject.ID+f.Subject.Group] = true
		if f.Cause == "" || f.Cause == cause.RecordMissing || f.Cause == cause.MembershipMissing {
			s.fail("nothing explains why %s %s is %s: %v", f.Subject.Name, f.Subject.Group, f.Verdict, f.Evidence)
		}
	}
	different := map[string]bool{}
	for _, d := range s.differences() {
		different[d.who] = true
		told := named[d.who]
		for _, g := range d.groups {
			different[g] = true
			told = told || named[g] || named[d.who+s.name(g)] // what is wrong with a group is said once, not of everybody in it
		}
		if !told {
			s.fail("%s, and the roll call says nothing", d.text)
		}
	}
	for _, f := range r.Findings {
		if !different[f.Subject.ID] {
			s.fail("%s %s is called %s (%s), and all is well: %v", f.Subject.Name, f.Subject.Group, f.Verdict, f.Cause, f.Evidence)
		}
	}
}

// difference is something that is not as Entra has it: of a user, of a group, or of a user in groups, by their ids.
type difference struct {
	who    string
	groups []string
	text   string
}

// differences looks at everybody and every group.
func (s *simulation) differences() (out []difference) {
	differ := func(who string, groups []string, format string, args ...any) {
		out = append(out, difference{who, groups, fmt.Sprintf(format, args...)})
	}
	d := s.directory()
	records, groups := map[string][]promise.User{}, map[string]bool{}
	for _, u := range d.Users {
		records[u.ExternalID] = append(records[u.ExternalID], u)
	}
	for _, g := range d.Groups {
		groups[strings.ToLower(g.DisplayName)] = true
	}
	scope := s.scope()
	for _, e := range s.people {
		mine := records[e.id]
		active := slices.ContainsFunc(mine, func(u promise.User) bool { return u.Active })
		switch {
		case !scope[e.id] && active:
			differ(e.id, nil, "%s is active and out of scope", e.handle)
		case !scope[e.id]:
		case len(mine) != 1:
			differ(e.id, nil, "%s has %d records", e.handle, len(mine))
		case !active || !strings.EqualFold(mine[0].UserName, mail(e.handle)):
			differ(e.id, nil, "the record of %s is %+v", e.handle, mine[0])
		case s.Atlassian.AccountID(e.address) == "":
			differ(e.id, nil, "there is no account with the address %s", e.address)
		}
	}
	grants, uses, wanted := s.granting(), map[string]bool{}, map[string][]string{}
	for id, people := range s.wanted() {
		u := s.unit(id)
		if !groups[strings.ToLower(u.name)] {
			differ("", []string{id}, "there is no group %s", u.name)
		}
		there := s.atSite(u.name)
		for who, must := range people {
			wanted[who] = append(wanted[who], id)
			account := s.Atlassian.AccountID(s.employee(who).address)
			uses[who] = uses[who] || there[account] && grants[u.name]
			if must && !there[account] {
				differ(who, []string{id}, "%s is not in %s at the site", s.name(who), u.name)
			}
		}
	}
	for who := range scope {
		if !uses[who] {
			differ(who, wanted[who], "none of the groups of %s grants a product", s.name(who))
		}
	}
	return out
}

// granting are the groups that give somebody a product at the site.
func (s *simulation) granting() map[string]bool {
	var roles []struct{ Groups []string }
	s.get(s.Atlassian.Transport(), "https://"+Site+"/rest/api/3/applicationrole", basic(labs.Email, s.Keys.Token), &roles)
	out := map[string]bool{}
	for _, r := range roles {
		for _, g := range r.Groups {
			out[g] = true
		}
	}
	return out
}
