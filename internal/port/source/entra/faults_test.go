package entra_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
)

func TestAFaultIsAnErrorAndThenNothingIsMissed(t *testing.T) {
	for sentence, f := range map[string]lab.Fault{
		"a page that fails":               {Path: "*/delta", Skip: 2, Status: 500},
		"a gateway that gives up":         {Path: "*/delta", Skip: 2, Status: 502},
		"a page of another host":          {Path: "*/delta", Skip: 2, Host: "https://elsewhere.example"},
		"a deltaLink of another host":     {Path: "/v1.0/users/delta", Skip: 7, Host: "https://elsewhere.example"},
		"pages without a body":            {Path: "*/delta", Skip: 2, Empty: true},
		"pages that are cut":              {Path: "*/delta", Skip: 2, Cut: true},
		"pages that are cut, but whole":   {Path: "*/delta", Skip: 2, Truncate: true},
		"pages that lead to themselves":   {Path: "*/delta", Skip: 2, EmptyPage: true},
		"assignments that are cut":        {Path: "*/appRoleAssignedTo", Truncate: true},
		"deleted users that fail":         {Path: "*/deletedItems/*", Status: 500},
		"a permission taken back halfway": {Path: "/v1.0/users/delta", Skip: 2, Status: 403},
		"a token that is not taken":       {Path: "/v1.0/users/delta", Status: 401},
		"an application that fails":       {Path: "/v1.0/servicePrincipals", Status: 500},
	} {
		t.Run(sentence, func(t *testing.T) {
			n := filled(t, &lab.Lab{Pages: lab.Pages{DeltaObjects: 5}}, 40)
			n.l.Break(f)
			if err := n.try(); err == nil {
				t.Fatal("the first reading has no error")
			}
			n.l.Mend()
			n.reads()
			n.same()
			for i := range 40 - 1 {
				must(t, n.l.UpdateUser(n.list("/users?$top=999")[i]["id"].(string), lab.Props{"department": "Board"}))
			}
			n.l.Break(f)
			err := n.try()
			n.l.Mend()
			if err == nil {
				t.Error("a reading of changes has no error")
			}
			n.reads()
			n.same()
		})
	}
}

func TestFaultsThatPassAreSurvived(t *testing.T) {
	for sentence, f := range map[string]lab.Fault{
		"busy":                 {Path: "*", Skip: 3, Times: 2, Status: 503, RetryAfter: "3"},
		"throttled":            {Path: "*", Skip: 3, Times: 4, Status: 429, RetryAfter: "2.128"},
		"throttled, no header": {Path: "*", Skip: 3, Times: 3, Status: 429},
		"cut":                  {Path: "*/delta", Skip: 3, Times: 2, Cut: true},
		"truncated":            {Path: "*/delta", Skip: 3, Times: 2, Truncate: true},
		"no body":              {Path: "*/delta", Skip: 3, Times: 2, Empty: true},
		"an empty page":        {Path: "*/delta", Skip: 3, Times: 2, EmptyPage: true},
	} {
		t.Run(sentence, func(t *testing.T) {
			n := filled(t, &lab.Lab{Pages: lab.Pages{DeltaObjects: 5}, Faults: []lab.Fault{f}}, 40)
			n.reads()
			n.same()
			hit := slices.ContainsFunc(n.l.Requests(), func(r lab.Request) bool { return r.Fault != "" })
			if !hit {
				t.Error("the fault hit nothing")
			}
		})
	}
}

func TestAMissingPermissionIsAGapAndTheOthersAreRead(t *testing.T) {
	documents := []document.File{document.Users, document.Groups, document.DeletedUsers, document.ServicePrincipals, document.AppRoleAssignments}
	for path, want := range map[string]struct {
		gaps       []document.File
		permission string
	}{
		"/v1.0/users/delta":       {documents[:1], "User.Read.All"},
		"/v1.0/groups/delta":      {documents[1:2], "GroupMember.Read.All"},
		"*/deletedItems/*":        {documents[2:3], "User.Read.All"},
		"/v1.0/servicePrincipals": {documents[3:], "Application.Read.All"},
		"*/appRoleAssignedTo":     {documents[4:], "Application.Read.All"},
	} {
		n := filled(t, &lab.Lab{Faults: []lab.Fault{{Path: path, Status: 403}}}, 20)
		n.reads()
		for _, f := range documents {
			if refused := slices.Contains(want.gaps, f); n.mirror.whole[f] == refused || refused != (len(n.mirror.objects[f]) == 0) {
				t.Errorf("%s is refused: %s has %d objects, whole %v", path, f, len(n.mirror.objects[f]), n.mirror.whole[f])
			}
		}
		if len(n.mirror.gaps) != len(want.gaps) {
			t.Errorf("%s is refused: gaps %v", path, n.mirror.gaps)
		}
		for i, g := range n.mirror.gaps {
			if g.File != string(want.gaps[i]) || g.Subject != "" || g.Call == "" || !strings.Contains(g.Why, want.permission) {
				t.Errorf("%s is refused: %+v", path, g)
			}
		}
		n.l.Mend()
		n.reads() // after the permission was granted
		n.same()
		if len(n.mirror.gaps) > 0 || len(n.mirror.whole) != len(documents) {
			t.Errorf("%s is given again: %v, gaps %v", path, n.mirror.whole, n.mirror.gaps)
		}
	}
}

func TestAPermissionThatIsTakenBackLosesNothing(t *testing.T) {
	n := filled(t, &lab.Lab{}, 20)
	n.reads()
	must(t, n.l.UpdateUser("user1@fabrikam.example", lab.Props{"department": "Board"}))
	n.l.Break(lab.Fault{Path: "/v1.0/users/delta", Status: 403})
	n.reads()
	if len(n.mirror.objects[document.Users]) != 19 || n.mirror.whole[document.Users] || len(n.mirror.gaps) != 1 {
		t.Errorf("%d users, gaps %v", len(n.mirror.objects[document.Users]), n.mirror.gaps)
	}
	n.l.Mend()
	n.reads()
	n.same()
	if slices.Contains(n.mirror.fulls, document.Users) || !n.mirror.whole[document.Users] {
		t.Error("the old link was not used again")
	}
}

func TestANewApplicationsAssignmentsAreUnknownForAWhile(t *testing.T) {
	n := filled(t, &lab.Lab{Faults: []lab.Fault{{Path: "*/appRoleAssignedTo", Times: 1, Status: 404}}}, 20)
	n.reads()
	if len(n.mirror.gaps) != 1 || n.mirror.gaps[0].File != string(document.AppRoleAssignments) || n.mirror.whole[document.AppRoleAssignments] {
		t.Errorf("gaps %v", n.mirror.gaps)
	}
	n.reads()
	n.same()
}

func TestAListThatIsRefusedHalfwayIsAnErrorAndNoGap(t *testing.T) {
	n := filled(t, &lab.Lab{Pages: lab.Pages{Max: 2, Default: 2}}, 20)
	for _, name := range []string{"user1", "user2", "user3"} {
		gone(n, name)
	}
	n.l.Break(lab.Fault{Path: "*/deletedItems/*", Skip: 1, Status: 403})
	n.o.Graph = n.client(cap999{n.l.Transport()})
	n.renew()
	if err := n.try(); err == nil || !strings.Contains(err.Error(), "reading deleted users") {
		t.Errorf("%v", err)
	}
}

// cap999 makes large pages small ones, since the lab refuses what is more than its largest page.
type cap999 struct{ http.RoundTripper }

func (c cap999) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "999", "2")
	return c.RoundTripper.RoundTrip(r)
}

// unlinked takes deltaLinks out of answers.
type unlinked struct{ http.RoundTripper }

func (u unlinked) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := u.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	b = bytes.ReplaceAll(b, []byte("@odata.deltaLink"), []byte("@odata.otherLink"))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	return resp, nil
}

func TestARoundWithoutADeltaLinkIsNotAtItsEnd(t *testing.T) {
	n := filled(t, &lab.Lab{}, 20)
	n.o.Graph = n.client(unlinked{n.l.Transport()})
	n.renew()
	if err := n.try(); err == nil || !strings.Contains(err.Error(), "deltaLink") {
		t.Errorf("%v", err)
	}
}

// TestAPageThatLostItsObjectsIsNoticedByTheCount: such a page cannot be told from an empty one, so a full reading is
// compared with the number of objects, within what its index may lag behind. What is smaller than that, or is lost
// from a reading of changes, stays wrong until the next full reading.
func TestAPageThatLostItsObjectsIsNoticedByTheCount(t *testing.T) {
	for set, f := range map[string]document.File{"users": document.Users, "groups": document.Groups} {
		n := filled(t, &lab.Lab{Pages: lab.Pages{DeltaObjects: 30, DeltaMembers: 5000}}, 600)
		n.l.Break(lab.Fault{Path: "/v1.0/" + set + "/delta", Skip: 1, Times: 1, LosePage: true})
		n.reads()
		if len(n.mirror.gaps) != 1 || n.mirror.gaps[0].File != string(f) || n.mirror.gaps[0].Subject != "" || n.mirror.whole[f] {
			t.Errorf("a lost page of %s: gaps %v, whole %v", set, n.mirror.gaps, n.mirror.whole)
		}
		n.l.Mend()
		n.reads()
		n.same()
		if !slices.Contains(n.mirror.fulls, f) || len(n.mirror.gaps) > 0 {
			t.Errorf("the next reading of %s is not a full one: %v", set, n.mirror.fulls)
		}
	}
}

func TestHiddenMembersAreAGapUntilTheyAreShown(t *testing.T) {
	clients := func(permissions ...string) map[string]lab.Client {
		return map[string]lab.Client{lab.DefaultClient: {Secrets: []lab.Secret{{Value: lab.DefaultSecret}}, Permissions: permissions}}
	}
	few := []string{"User.Read.All", "GroupMember.Read.All", "Application.Read.All"}
	l := &lab.Lab{Clients: clients(few...)}
	n := open(t, l)
	ana := n.user("ana")
	hidden := func(name string) string {
		id, err := l.AddGroup(lab.Props{"displayName": name, "visibility": "HiddenMembership", "groupTypes": []string{"Unified"}})
		must(t, err)
		must(t, l.AddMember(id, ana))
		return id
	}
	secret, open := hidden("secret"), n.group("open", ana)
	gaps := func() (subjects []string) {
		for _, g := range n.mirror.gaps {
			if g.What != "members" || !strings.Contains(g.Why, "Member.Read.Hidden") || g.File != string(document.Groups) {
				t.Errorf("%+v", g)
			}
			subjects = append(subjects, g.Subject)
		}
		return subjects
	}
	n.reads()
	if diff := cmp.Diff([]string{secret}, gaps()); diff != "" || !n.mirror.members[open][ana] || n.mirror.members[secret][ana] {
		t.Errorf("at first:\n%s", diff)
	}
	other := hidden("other")
	n.reads()
	want := []string{secret, other}
	slices.Sort(want)
	if diff := cmp.Diff(want, gaps()); diff != "" {
		t.Errorf("with another one, the first not told again:\n%s", diff)
	}
	must(t, l.DeleteGroup(other))
	n.reads()
	if diff := cmp.Diff([]string{secret}, gaps()); diff != "" {
		t.Errorf("without it:\n%s", diff)
	}
	l.Clients = clients(append(few, "Member.Read.Hidden")...)
	n.o.Graph = n.client(l.Transport()) // its token carries the new permission
	n.renew()
	must(t, l.AddMember(secret, n.user("ben")))
	n.reads()
	if diff := cmp.Diff([]string{secret}, gaps()); diff != "" || len(n.mirror.members[secret]) != 1 {
		t.Errorf("the permission is granted, but the delta query does not tell old members again:\n%s", diff)
	}
	n.cursor = ""
	n.reads()
	if len(gaps()) > 0 || !n.mirror.members[secret][ana] {
		t.Errorf("after a full reading: gaps %v", n.mirror.gaps)
	}
}

// refusing is a mirror that fails at the n-th call.
type refusing struct {
	*mirror
	left int
}

var errFull = errors.New("the disk is full")

func (r *refusing) Member(f document.File, group, member, kind string, in bool) error {
	if r.left--; r.left < 0 {
		return errFull
	}
	return r.mirror.Member(f, group, member, kind, in)
}

func TestAMirrorThatFailsEndsTheReading(t *testing.T) {
	n := filled(t, &lab.Lab{}, 20)
	if _, err := n.s.Read(t.Context(), "", &refusing{newMirror(), 7}); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}
