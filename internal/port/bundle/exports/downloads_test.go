package exports

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestDownloadsOfEveryOtherFormAreReadAsTheirGoldenFilesSay(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "downloads", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, path := range files {
		if strings.HasSuffix(path, ".golden") {
			continue
		}
		seen++
		t.Run(filepath.Base(path), func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := told(filepath.Base(path), b)
			golden := path + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("what is read (-want +got):\n%s", diff)
			}
		})
	}
	if seen < 8 {
		t.Errorf("%d files, want at least 8", seen)
	}
}

// told writes down everything that a file says, one thing a line.
func told(name string, b []byte) string {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	var s Set
	if err := s.Add(name, bytes.NewReader(b)); err != nil {
		say("refused: %v", err)
		return out.String()
	}
	f, d := s.Files()[0], s.Documents()
	say("%s: %d rows used, %d not, whole %v", f.Kind, f.Rows, f.Unused, f.Whole)
	for _, h := range s.Have() {
		say("have %s", h)
	}
	for _, u := range d.Users {
		say("user %s %s %q mail=%s enabled=%s type=%s state=%s synced=%s created=%s other=%s", u.ID, u.UserPrincipalName, u.DisplayName,
			shown(u.Mail), shown(u.AccountEnabled), u.UserType, u.ExternalUserState, shown(u.OnPremisesSyncEnabled), u.CreatedDateTime.Format("2006-01-02T15:04"), u.Other)
	}
	for _, g := range d.Groups {
		say("group %s %q types=%v security=%s mail=%s members known %v", g.ID, g.DisplayName, g.GroupTypes, shown(g.SecurityEnabled), shown(g.MailEnabled), g.Members.Known)
		for _, m := range g.Members.List {
			say("  member %s %s", m.Type, m.ID)
		}
	}
	for _, a := range d.Assignments {
		say("assignment %s %s %q role=%s", a.PrincipalType, a.PrincipalID, a.PrincipalDisplayName, a.AppRoleID)
	}
	for i := range d.Records {
		r := &d.Records[i]
		say("record %s %s %s %s of %s %s (%s)", r.ID, r.ActivityDateTime.Format("2006-01-02T15:04:05"), r.Action, r.Status.Status, r.SourceIdentity.IdentityType, r.SourceIdentity.ID, r.SourceIdentity.DisplayName)
		for _, p := range r.Steps {
			say("  step %s %s %s %q %v", p.Name, p.Type, p.Status, p.Description, p.Details)
		}
	}
	for _, u := range d.OrgUsers {
		say("account %s %q %s status=%s account=%s membership=%s claim=%s products=%v groups=%v", u.AccountID, u.Name, u.Email, u.Status, u.AccountStatus, u.MembershipStatus, u.ClaimStatus, u.ProductAccess.Value, u.Groups.Value)
	}
	for _, g := range d.OrgGroups {
		say("group at Atlassian %s %q members=%v", g.ID, g.Name, g.Members.Value)
	}
	for _, l := range d.GuardLog {
		say("line %d: %s", l.Line, l.Text)
	}
	for _, g := range s.Gaps() {
		say("gap %s %s: %s: %s", g.File, g.Subject, g.What, g.Why)
	}
	for _, n := range s.Notes() {
		say("note %s", n)
	}
	return out.String()
}

func shown[T any](o document.Opt[T]) string {
	switch {
	case !o.Known:
		return "not told"
	case o.Null:
		return "empty"
	}
	return fmt.Sprint(o.Value)
}
