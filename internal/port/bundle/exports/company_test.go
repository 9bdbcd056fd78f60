package exports

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// company reads the files of testdata/fabrikam-exports: a made-up company of eleven people, as its administrator
// would download it. Lena Vogel is in jira-developers only through platform-team; an old account has the address of
// Jonas Weber; Greta Holm has left; everybody else is fine.
func company(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	dir := filepath.Join("testdata", "fabrikam-exports")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if out[f.Name()], err = os.ReadFile(filepath.Join(dir, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// setOf adds files in the order of their names.
func setOf(t *testing.T, files map[string][]byte) *Set {
	t.Helper()
	var s Set
	var names []string
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if err := s.Add(n, bytes.NewReader(files[n])); err != nil {
			t.Fatal(err)
		}
	}
	return &s
}

func world(s *Set) *facts.World {
	b := facts.NewBuilder(document.Bundle{Version: 1, CapturedAt: document.At(s.Newest())}, facts.Focus{})
	s.FeedPeople(b)
	b.SealPeople()
	s.FeedGroups(b)
	return b.World()
}

func TestTheCompanysFilesAreRecognisedAndWhole(t *testing.T) {
	s := setOf(t, company(t))
	want := []File{
		{"ProvisioningLogs.csv", ProvisioningLog, document.ProvisioningLogs, "", 4, 0, true},
		{"ProvisioningLogs_ModifiedProperties.csv", ModifiedProperties, document.ProvisioningLogs, "", 5, 0, true},
		{"ProvisioningLogs_ProvisioningSteps.csv", ProvisioningSteps, document.ProvisioningLogs, "", 12, 0, true},
		{"assignments.csv", Assignments, document.AppRoleAssignments, "", 1, 0, true},
		{"export-users.csv", OrgUsers, document.OrgUsers, "", 12, 0, true},
		{"exportUsers_2026-11-20.csv", EntraUsers, document.Users, "", 11, 0, true},
		{"managed_accounts.csv", ManagedAccounts, document.OrgUsers, "", 10, 0, true},
		{"members-jira-developers.csv", EntraMembers, document.Groups, "jira-developers", 10, 0, true},
		{"members-platform-team.csv", EntraMembers, document.Groups, "platform-team", 3, 0, true},
	}
	if diff := cmp.Diff(want, s.Files()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	have := []document.File{document.OrgGroups, document.OrgUsers, document.AppRoleAssignments, document.Groups, document.ProvisioningLogs, document.Users}
	if diff := cmp.Diff(have, s.Have()); diff != "" {
		t.Errorf("have (-want +got):\n%s", diff)
	}
	if gaps := s.Gaps(); len(gaps) > 0 {
		t.Errorf("gaps = %v, want none", gaps)
	}
	if got := s.Newest().Format("2006-01-02T15:04:05Z"); got != "2026-11-20T04:02:31Z" {
		t.Errorf("newest = %s", got)
	}
}

func TestTheCompanysDocumentsSayWhatTheAPIsWould(t *testing.T) {
	d := setOf(t, company(t)).Documents()
	olga := find(t, d.Users, func(u document.User) bool { return u.GivenName == "Olga" })
	if got := olga.Attribute("streetAddress").Text; got != "Hafenstraße 7,\nBuilding B" {
		t.Errorf("a cell with a separator and a line break = %q", got)
	}
	if got := olga.CreatedDateTime.Format("2006-01-02"); got != "2019-02-18" {
		t.Errorf("created = %s, want the month first", got)
	}
	greta := find(t, d.Users, func(u document.User) bool { return u.GivenName == "Greta" })
	if !document.Is(greta.AccountEnabled, false) {
		t.Errorf("accountEnabled of Greta = %v, want false", greta.AccountEnabled)
	}
	developers := find(t, d.Groups, func(g document.Group) bool { return g.DisplayName == "jira-developers" })
	if developers.ID != "c9dd5641-17ca-4740-a817-8a78356a9ee6" {
		t.Errorf("the file of members took the id %s, want the one that the assignments tell", developers.ID)
	}
	inner := document.Member{Type: graphGroup, ID: "17752e69-d710-4fd7-b1f4-841fc889168e"}
	if !developers.Members.Known || len(developers.Members.List) != 10 || !slices.Contains(developers.Members.List, inner) {
		t.Errorf("members of jira-developers = %v, want ten, one of them a group", developers.Members)
	}
	team := find(t, d.Groups, func(g document.Group) bool { return g.ID == inner.ID })
	if team.DisplayName != "platform-team" || len(team.Members.List) != 3 {
		t.Errorf("platform-team = %v", team)
	}
	failed := d.Records[len(d.Records)-1]
	if failed.Status.Status != "failure" || failed.Status.Error() == nil || !strings.Contains(failed.Status.Error().Reason, "Resource [USER]: with email[jonas.weber@fabrikam.example] already exists.") {
		t.Errorf("the newest record = %+v, want the conflict", failed)
	}
	if len(failed.Steps) != 4 || failed.Steps[3].Type != "export" || failed.Steps[3].Details["ReportableIdentifier"] != "jonas.weber@fabrikam.example" {
		t.Errorf("steps = %+v", failed.Steps)
	}
	if len(failed.ModifiedProperties) != 2 || failed.ModifiedProperties[0].NewValue.Value != "jonas.weber@fabrikam.example" || !failed.ModifiedProperties[0].OldValue.Null {
		t.Errorf("changed attributes = %+v", failed.ModifiedProperties)
	}
	mara := find(t, d.OrgUsers, func(u document.OrgUser) bool { return u.Name == "Mara Lindqvist" })
	want := document.OrgUser{
		AccountID: "712020:2da9c859-f0e8-453b-9551-bd59010b948f", Name: "Mara Lindqvist", Email: "mara.lindqvist@fabrikam.example",
		Status: "active", AccountStatus: "active", MembershipStatus: "active", ClaimStatus: "managed", EmailVerified: document.Some(true),
		AddedToOrg: document.ParseTime("2023-01-09"),
		ProductAccess: document.Some([]document.ProductGrant{
			{Key: "confluence", Name: "Confluence", URL: "https://fabrikam.atlassian.net"}, {Key: "jira-software", Name: "Jira", URL: "https://fabrikam.atlassian.net"},
		}),
		Groups: document.Some([]document.OrgGroupRef{{ID: "f4d7e6a5-26c1-465f-8f31-f38204999533", Name: "jira-developers"}, {ID: "d52aa6a9-17cf-4306-a814-8ae1f8593ee1", Name: "confluence-users"}}),
	}
	if diff := cmp.Diff(want, mara); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	for _, g := range d.OrgGroups {
		if g.ExternalSynced.Known {
			t.Errorf("%s: externalSynced is told, but no export tells it", g.Name)
		}
	}
}

func TestTheCompanysFilesTellWhoIsMissing(t *testing.T) {
	tr := trace.New(world(setOf(t, company(t))))
	tests := map[string]struct{ subject, cause string }{
		"Lena is missing because groups inside groups are not read": {"lena.vogel@fabrikam.example", "nested-group"},
		// No export tells the links of SCIM records, so another directory that holds the address is not ruled out:
		// the duplicate may be the cause or the likeliest of several.
		"an old account has the address of Jonas": {"jonas.weber@fabrikam.example", "duplicate-account"},
		"Mara is fine": {"mara.lindqvist@fabrikam.example", ""},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			got, err := tr.Why(trace.Query{Subject: tt.subject})
			if err != nil {
				t.Fatal(err)
			}
			if (got.Verdict == trace.Present) != (tt.cause == "") {
				t.Errorf("verdict %s, cause %q", got.Verdict, got.Cause)
			}
			named := slices.ContainsFunc(got.Alternatives, func(a trace.Alternative) bool { return string(a.Cause) == tt.cause })
			if string(got.Cause) != tt.cause && !named {
				t.Errorf("cause %q, alternatives %v; want %q among them", got.Cause, got.Alternatives, tt.cause)
			}
		})
	}
	counts := tr.Check(trace.CheckOptions{}).Counts
	if counts.Expected != 10 || counts.Present != 8 {
		t.Errorf("counts = %+v, want 10 expected and 8 present", counts)
	}
}

// The same files as other programs would have written them say the same.
func TestColumnOrderSeparatorAndEncodingDoNotMatter(t *testing.T) {
	files := company(t)
	dress := map[string]func([][]string) []byte{
		"columns from right to left":                func(r [][]string) []byte { return written(turned(r), ',', "\n") },
		"semicolons":                                func(r [][]string) []byte { return written(r, ';', "\r\n") },
		"semicolons behind a sep line":              func(r [][]string) []byte { return append([]byte("sep=;\r\n"), written(r, ';', "\r\n")...) },
		"tabs":                                      func(r [][]string) []byte { return written(r, '\t', "\n") },
		"headers in capitals with blanks":           func(r [][]string) []byte { return written(shouted(r), ',', "\n") },
		"every cell in quotes, blank lines between": quoted,
		"UTF-16 little-endian":                      func(r [][]string) []byte { return utf16Of(written(r, '\t', "\r\n"), false, true) },
		"UTF-16 big-endian":                         func(r [][]string) []byte { return utf16Of(written(r, ',', "\r\n"), true, true) },
		"UTF-16 little-endian without a mark":       func(r [][]string) []byte { return utf16Of(written(r, ',', "\n"), false, false) },
		"a last line without a line break":          func(r [][]string) []byte { return bytes.TrimRight(written(r, ',', "\n"), "\n") },
		"lines that end in a carriage return only": func(r [][]string) []byte {
			return bytes.ReplaceAll(written(r, ',', "\r"), []byte("\r\n"), []byte("\r"))
		},
		"one more separator at the end of every row": func(r [][]string) []byte {
			return bytes.ReplaceAll(written(r, ',', "\n"), []byte("\n"), []byte(",\n"))
		},
	}
	for sentence, f := range dress {
		t.Run(sentence, func(t *testing.T) {
			plain, other := map[string][]byte{}, map[string][]byte{}
			for n, b := range files {
				rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasSuffix(sentence, "every row") {
					rows = plainCells(rows) // the replacement must not hit line breaks inside cells
				}
				plain[n], other[n] = written(rows, ',', "\n"), f(rows)
			}
			if diff := cmp.Diff(setOf(t, plain).Documents(), setOf(t, other).Documents()); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
		})
	}
}

func turned(rows [][]string) [][]string {
	var out [][]string
	for _, r := range rows {
		r = slices.Clone(r)
		slices.Reverse(r)
		out = append(out, r)
	}
	return out
}

func shouted(rows [][]string) [][]string {
	out := slices.Clone(rows)
	out[0] = slices.Clone(rows[0])
	for i, h := range out[0] {
		if !strings.Contains(h, " - ") { // names of apps and sites are values
			out[0][i] = " " + strings.ToUpper(h) + " "
		}
	}
	return out
}

func plainCells(rows [][]string) [][]string {
	var out [][]string
	for _, r := range rows {
		r = slices.Clone(r)
		for i := range r {
			r[i] = strings.ReplaceAll(r[i], "\n", " ")
		}
		out = append(out, r)
	}
	return out
}

func written(rows [][]string, comma rune, end string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	for _, r := range rows {
		_ = w.Write(r)
	}
	w.Flush()
	if end == "\n" {
		return b.Bytes()
	}
	return bytes.ReplaceAll(b.Bytes(), []byte("\n"), []byte(end))
}

func quoted(rows [][]string) []byte {
	var b bytes.Buffer
	for _, r := range rows {
		for i, c := range r {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
		}
		b.WriteString("\n\n")
	}
	return b.Bytes()
}

func utf16Of(text []byte, big, mark bool) []byte {
	units := utf16.Encode([]rune(string(text)))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	var out []byte
	for _, u := range units {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func find[T any](t *testing.T, list []T, is func(T) bool) T {
	t.Helper()
	i := slices.IndexFunc(list, is)
	if i < 0 {
		t.Fatalf("not found among %d", len(list))
	}
	return list[i]
}
