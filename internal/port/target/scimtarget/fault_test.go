package scimtarget_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// newcomer is the change that makes a record.
func newcomer(name string) target.Change {
	c := target.Change{Op: plan.Create, Kind: plan.KindUser, SourceID: "id-" + name, Name: name}
	for _, f := range [][2]string{{"externalId", "id-" + name}, {"userName", name}, {"displayName", name}, {`emails[type eq "work"].value`, name}, {"active", "True"}} {
		c.Fields = append(c.Fields, plan.Field{Path: f[0], Old: document.NullValue, New: document.TextValue(f[1])})
	}
	return c
}

func title(id, text string) target.Change {
	return target.Change{Op: plan.Update, Kind: plan.KindUser, ID: id, Name: "ada", Fields: []plan.Field{{Path: "title", Old: document.NullValue, New: document.TextValue(text)}}}
}

func TestEveryAnswerHasItsClass(t *testing.T) {
	made, change := newcomer("ada@fabrikam.example"), title("some-id", "x")
	for name, c := range map[string]struct {
		change target.Change
		status int
		class  target.Class
		all    bool
	}{
		"a key that expired":                 {change, 401, target.Person, true},
		"a permission that is missing":       {change, 403, target.Person, true},
		"something new at a wrong address":   {made, 404, target.Person, true},
		"a change of what is gone":           {change, 404, target.Gone, false},
		"a change of what was there once":    {change, 410, target.Gone, false},
		"a value that is refused":            {change, 400, target.Permanent, false},
		"a name that is taken":               {made, 409, target.Permanent, false},
		"too much at once":                   {change, 413, target.Permanent, false},
		"something that is not built in":     {change, 501, target.Permanent, false},
		"too many requests":                  {change, 429, target.Transient, false},
		"a service that is not there":        {change, 503, target.Transient, false},
		"something changed in between":       {change, 412, target.Transient, false},
		"a failure after which nobody knows": {change, 500, target.Lost, false},
		"a gateway that gave up waiting":     {made, 504, target.Lost, false},
		"another place":                      {change, 302, target.Person, true},
	} {
		t.Run(name, func(t *testing.T) {
			lab := &atlassian.Lab{}
			to := harness(t, lab, scimtarget.Options{}).Target
			if _, err := to.Can(t.Context()); err != nil {
				t.Fatal(err)
			}
			lab.Inject(atlassian.Fault{Path: "*", Status: c.status})
			_, err := to.Do(t.Context(), c.change)
			failed, ok := errors.AsType[*target.Error](err)
			if !ok || failed.Class != c.class || failed.All != c.all || failed.Status != c.status {
				t.Errorf("%+v", failed)
			}
		})
	}
}

func TestWhatTheServiceSaysIsKeptAndTheKeyIsNot(t *testing.T) {
	lab := &atlassian.Lab{}
	to := harness(t, lab, scimtarget.Options{}).Target
	if _, err := to.Do(t.Context(), newcomer("ada@fabrikam.example")); err != nil {
		t.Fatal(err)
	}
	other := newcomer("ada@fabrikam.example")
	other.Fields[0].New = document.TextValue("another")
	_, err := to.Do(t.Context(), other)
	failed, ok := errors.AsType[*target.Error](err)
	if !ok || failed.Code != "uniqueness" || failed.Text != "Resource [USER]: with email[ada@fabrikam.example] already exists." {
		t.Errorf("%+v", failed)
	}
	if strings.Contains(err.Error(), atlassian.DefaultKey) {
		t.Error("the key is in the error")
	}
}

func TestARefusalSaysWhenToComeBack(t *testing.T) {
	lab := &atlassian.Lab{}
	to := harness(t, lab, scimtarget.Options{}).Target
	if _, err := to.Can(t.Context()); err != nil {
		t.Fatal(err)
	}
	lab.Inject(atlassian.Fault{Method: http.MethodPatch, Status: http.StatusTooManyRequests, RetryAfter: 10 * time.Minute})
	_, err := to.Do(t.Context(), title("some-id", "x"))
	if failed, ok := errors.AsType[*target.Error](err); !ok || failed.RetryAfter != 10*time.Minute {
		t.Errorf("%+v", failed)
	}
}

func TestWhatCannotBeWrittenIsRefusedWithoutARequest(t *testing.T) {
	for name, c := range map[string]target.Change{
		"a path that is none":   {Op: plan.Update, Kind: plan.KindUser, ID: "x", Fields: []plan.Field{{Path: "emails[", New: document.TextValue("x")}}},
		"a kind that is not":    {Op: plan.Update, Kind: plan.KindPolicy, ID: "x", Fields: []plan.Field{{Path: "title", New: document.TextValue("x")}}},
		"something without id":  {Op: plan.Update, Kind: plan.KindUser, Fields: []plan.Field{{Path: "title", New: document.TextValue("x")}}},
		"a member of no group":  {Op: plan.AddMembers, Kind: plan.KindGroup, Add: []string{"x"}},
		"a change that is none": {Op: plan.Update, Kind: plan.KindUser, ID: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			lab := &atlassian.Lab{}
			_, err := harness(t, lab, scimtarget.Options{}).Target.Do(t.Context(), c)
			failed, _ := errors.AsType[*target.Error](err)
			if name != "a change that is none" && (failed == nil || failed.Class != target.Permanent) || name == "a change that is none" && err != nil {
				t.Errorf("%v", err)
			}
			for _, r := range lab.Requests() {
				if r.Method != http.MethodGet {
					t.Errorf("it sent %s %s", r.Method, r.Path)
				}
			}
		})
	}
}

func TestConfirmSaysThatItDoesNotKnowWhereTheServiceDoesNotAnswer(t *testing.T) {
	lab := &atlassian.Lab{}
	to := harness(t, lab, scimtarget.Options{}).Target
	if _, err := to.Can(t.Context()); err != nil {
		t.Fatal(err)
	}
	lab.Inject(atlassian.Fault{Status: http.StatusServiceUnavailable})
	for _, c := range []target.Change{newcomer("ada@fabrikam.example"), title("some-id", "x"), {Op: plan.Delete, Kind: plan.KindGroup, ID: "x"}} {
		if _, said, err := to.Confirm(t.Context(), c); err == nil || said != target.Unsure {
			t.Errorf("%s: %v, %v", c.Op, said, err)
		}
	}
}

func TestAbilitiesAreAskedForOnceAndSettingsOverrule(t *testing.T) {
	lab := &atlassian.Lab{}
	to := scimtarget.New(client(t, lab.Transport()), scimtarget.Options{})
	for range 3 {
		got, err := to.Can(t.Context())
		if want := (target.Abilities{Patch: true, Filter: true, PatchMembers: 500, MembersInCreate: 500}); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if n := len(lab.Requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
	over := scimtarget.Options{Patch: scimtarget.No, Filter: scimtarget.No, Rename: scimtarget.Yes, PatchMembers: -1, MembersInCreate: -1}
	got, err := scimtarget.New(client(t, lab.Transport()), over).Can(t.Context())
	if want := (target.Abilities{Rename: true}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAServiceThatSaysNothingOfItselfIsTakenToFollowTheStandard(t *testing.T) {
	silent := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})
	got, err := scimtarget.New(client(t, silent), scimtarget.Options{}).Can(t.Context())
	if want := (target.Abilities{Patch: true, Filter: true, Rename: true, PatchMembers: 500, MembersInCreate: 500}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAKeyThatIsRefusedIsToldBeforeAnythingIsDone(t *testing.T) {
	c, err := wire.New(wire.Options{Base: labBase, Transport: (&atlassian.Lab{}).Transport()})
	if err != nil {
		t.Fatal(err)
	}
	to := scimtarget.New(c, scimtarget.Options{})
	_, err = to.Do(context.Background(), newcomer("ada@fabrikam.example"))
	if failed, ok := errors.AsType[*target.Error](err); !ok || failed.Class != target.Person || !failed.All {
		t.Errorf("%+v", failed)
	}
	if err := to.Read(context.Background(), target.Want{All: true}, &reader{}); err == nil {
		t.Error("reading without a key is no error")
	}
}
