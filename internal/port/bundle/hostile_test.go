package bundle

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// read opens and loads, and fails where that takes longer than a person would wait for a refusal.
func read(t *testing.T, path string, change func(*Bundle)) (*facts.World, error) {
	t.Helper()
	began := time.Now()
	defer func() {
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("took %s", took)
		}
	}()
	b, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	if change != nil {
		change(b)
	}
	return b.Load(t.Context(), nil, nil)
}

// refusedWith checks that an error is one that the command line can show: what happened, where, in plain words.
func refusedWith(t *testing.T, err error, words ...string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no *Error", err)
	}
	if e.What == "" || e.Path == "" {
		t.Errorf("error %#v does not say what happened, or where", e)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
	for _, jargon := range []string{"jsontext", "Go ", "unmarshal", "openat", "0x"} {
		if strings.Contains(err.Error(), jargon) {
			t.Errorf("error %q speaks of %q", err, jargon)
		}
	}
}

func TestABrokenManifestIsRefusedWithWhatToWrite(t *testing.T) {
	const connection = `"connection":{"method":"entra-scim"}`
	for sentence, c := range map[string]struct {
		text  string
		words []string
	}{
		"empty":                   {"", []string{"bundle.json", "the file is empty"}},
		"not JSON":                {"version: 1", []string{"bundle.json", "line 1 column 1", "not JSON"}},
		"a list":                  {"[]", []string{"bundle.json", "expected an object, found a list"}},
		"without captured_at":     {`{"version":1,` + connection + `}`, []string{"captured_at is missing", "2026-11-20T12:00:00Z"}},
		"captured_at is no time":  {`{"version":1,"captured_at":"yesterday",` + connection + `}`, []string{`"yesterday"`, "captured_at"}},
		"captured_at is a number": {`{"version":1,"captured_at":5,` + connection + `}`, []string{"/captured_at", "expected a string, found a number"}},
		"an unknown method":       {`{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"method":"okta"}}`, []string{`"okta"`, "entra-scim, guard-nested, rollcall"}},
		"a newer version":         {`{"version":2,"captured_at":"2026-11-20T12:00:00Z",` + connection + `}`, []string{"version is 2", "newer rollcall"}},
		"two documents":           {`{"version":1,"captured_at":"2026-11-20T12:00:00Z",` + connection + `}{}`, []string{"a second JSON document"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := read(t, bundleOf(t, map[string]string{"bundle.json": c.text}), nil)
			refusedWith(t, err, c.words...)
		})
	}
}

func TestABrokenDocumentIsRefusedWithItsPlace(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for sentence, c := range map[string]struct {
		file, text string
		words      []string
	}{
		"empty":                     {"entra/users.json", "", []string{"the file is empty"}},
		"not JSON":                  {"entra/users.json", "id,name\n", []string{"line 1 column 1", "not JSON"}},
		"cut off":                   {"entra/users.json", "{\"value\":[\n{\"id\":\"a\",\n\"mail\":\"x", []string{"line 3", "cut off"}},
		"cut off between elements":  {"entra/users.json", `{"value":[{"id":"a"},`, []string{"cut off"}},
		"two documents":             {"entra/users.json", "{\"value\":[]}\n{\"value\":[]}", []string{"line 2 column 1", "a second JSON document"}},
		"another shape":             {"entra/users.json", `{"users":[]}`, []string{`under "value"`, `"users"`}},
		"a text":                    {"entra/users.json", `"hello"`, []string{"expected a list", "found a string"}},
		"an object in place of one": {"entra/users.json", `{"value":{"a":1}}`, []string{"/value", "expected a list, found an object"}},
		"an element that is none":   {"entra/users.json", `{"value":[{"id":"a"},null]}`, []string{"/value/1", "expected an object, found null"}},
		"a wrong type":              {"entra/users.json", "{\"value\":[\n {\"id\":\"a\"},\n {\"id\":\"b\",\n  \"mail\":5}\n]}", []string{"line 4 column 10", "/value/1/mail", "expected a string, found a number"}},
		"a wrong type in a member":  {"entra/groups.json", "{\"value\":[{\"id\":\"g\",\"members\":[{\"id\":\"a\"},\n{\"id\":7}]}]}", []string{"line 2 column 7", "/value/0/members/1/id", "expected a string, found a number"}},
		"members that are no list":  {"entra/groups.json", `{"value":[{"id":"g","members":"all"}]}`, []string{"/value/0/members", "expected a list, found a string"}},
		"bytes that are no UTF-8":   {"atlassian/scim-users.json", "{\"Resources\":[{\"id\":\"a\",\"userName\":\"\xff\xfe\"}]}", []string{"not valid UTF-8"}},
		"a hundred thousand levels": {"entra/users.json", `{"value":[{"id":"a","x":` + deep + `}]}`, []string{"nested deeper"}},
		"deep from the start":       {"entra/users.json", deep, []string{"expected an object, found a list"}},
		"one value twice":           {"atlassian/org-users.json", "{\"data\":[{\"emailVerified\":true,\n\"emailVerified\":false}]}", []string{"line 2", "/data/0/emailVerified", `"emailVerified" stands twice`}},
		"members twice":             {"entra/groups.json", `{"value":[{"members":[],"members":[{"id":"a"}]}]}`, []string{"/value/0/members", `"members" stands twice`}},
		"the list twice":            {"entra/groups.json", `{"value":[],"value":[{"id":"a"}]}`, []string{"/value", `"value" stands twice`}},
		"a list of accounts":        {"atlassian/manage.json", `[]`, []string{"expected an object with an entry for each account id, found a list"}},
		"a job that is none":        {"entra/synchronization-jobs.json", `{"value":[5]}`, []string{"/value/0", "expected an object, found a number"}},
		"a schema that is a list":   {"entra/synchronization-schema.json", `[1]`, []string{"expected an object"}},
		"of a site":                 {"jira/acme.atlassian.net/groups.json", `{"g":5}`, []string{"jira/acme.atlassian.net/groups.json", "/g", "found a number"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := read(t, bundleOf(t, map[string]string{c.file: c.text}), nil)
			refusedWith(t, err, append(c.words, filepath.FromSlash(c.file))...)
		})
	}
}

func TestOfSeveralBrokenDocumentsAlwaysTheSameIsReported(t *testing.T) {
	dir := bundleOf(t, map[string]string{"entra/users.json": "x", "atlassian/org-users.json": "y", "atlassian/scim-users.json": "z" + strings.Repeat(" ", 9999)})
	for range 20 {
		_, err := read(t, dir, nil)
		refusedWith(t, err, filepath.FromSlash("entra/users.json"))
	}
}

func TestWhatIsNoBundleIsRefused(t *testing.T) {
	dir := t.TempDir()
	_, err := read(t, dir, nil)
	refusedWith(t, err, "no bundle.json", "captured_at")
	_, err = read(t, filepath.Join(dir, "nowhere"), nil)
	refusedWith(t, err, "no such folder or file")
	put(t, dir, "notes.txt", "PK but not really")
	_, err = read(t, filepath.Join(dir, "notes.txt"), nil)
	refusedWith(t, err, "neither a folder nor a zip")
	put(t, dir, "entra/users.json", `{"value":[]}`)
	_, err = read(t, dir, nil)
	refusedWith(t, err, "no bundle.json")
}

func TestAFileOfTwoGigabytesIsRefusedUnread(t *testing.T) {
	dir := bundleOf(t, nil)
	put(t, dir, "entra/users.json", "")
	if err := os.Truncate(filepath.Join(dir, "entra", "users.json"), 2<<30); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	began := time.Now()
	_, err := read(t, dir, nil)
	refusedWith(t, err, "users.json", "2.0 GiB", "1.0 GiB")
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the refusal took %s", took)
	}
}

func TestDocumentsThatAreTooLargeTogetherAreRefused(t *testing.T) {
	dir := bundleOf(t, nil)
	for _, f := range []string{"entra/users.json", "entra/groups.json", "atlassian/scim-users.json", "atlassian/scim-groups.json", "atlassian/org-users.json"} {
		put(t, dir, f, "")
		if err := os.Truncate(filepath.Join(dir, filepath.FromSlash(f)), 1<<30); err != nil {
			t.Skipf("no sparse files here: %v", err)
		}
	}
	_, err := read(t, dir, nil)
	refusedWith(t, err, "4.0 GiB together")
}

func TestAFileThatGrowsWhileItIsReadIsRefused(t *testing.T) {
	dir := bundleOf(t, map[string]string{"entra/users.json": `{"value":[{"id":"a"}]` + strings.Repeat(" ", 2<<20) + `}`})
	_, err := read(t, dir, func(b *Bundle) { b.Limits = Limits{Document: 1 << 20, Total: 1 << 30} })
	refusedWith(t, err, "users.json", "larger than 1.0 MiB")
	_, err = read(t, dir, func(b *Bundle) { b.Limits = Limits{Document: 1 << 30, Total: 1 << 20} })
	refusedWith(t, err, "larger than 1.0 MiB together")
}

func TestLinksAndSpecialFilesAreRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and pipes are made with Unix calls")
	}
	outside := t.TempDir()
	put(t, outside, "users.json", `{"value":[{"id":"secret"}]}`)
	for sentence, c := range map[string]struct {
		make  func(path string) error
		words string
	}{
		"a link out of the folder":    {func(p string) error { return os.Symlink(filepath.Join(outside, "users.json"), p) }, "leads out of the bundle"},
		"a relative link out of it":   {func(p string) error { return os.Symlink("../../../users.json", p) }, "leads out of the bundle"},
		"a link to nothing":           {func(p string) error { return os.Symlink("nowhere.json", p) }, "link to nothing"},
		"a pipe that nobody writes":   {func(p string) error { return syscall.Mkfifo(p, 0o600) }, "a pipe"},
		"a link to a device, outside": {func(p string) error { return os.Symlink("/dev/zero", p) }, "leads out of the bundle"},
	} {
		t.Run(sentence, func(t *testing.T) {
			dir := bundleOf(t, map[string]string{"entra/deleted-users.json": `{"value":[]}`})
			if err := c.make(filepath.Join(dir, "entra", "users.json")); err != nil {
				t.Fatal(err)
			}
			_, err := read(t, dir, nil)
			refusedWith(t, err, "users.json", c.words)
		})
	}
}

func TestALinkThatStaysInsideIsFollowed(t *testing.T) {
	dir := bundleOf(t, map[string]string{"entra/all.json": `{"value":[{"id":"a"}]}`})
	if err := os.Symlink("all.json", filepath.Join(dir, "entra", "users.json")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	w, err := read(t, dir, nil)
	if err != nil || len(w.Users) != 1 {
		t.Errorf("error %v", err)
	}
}

func TestWhatACutRecordingHidesIsUnknown(t *testing.T) {
	for sentence, c := range map[string]struct {
		file document.File
		text string
		why  string
	}{
		"a link to a next page":     {document.Users, `{"@odata.nextLink":"https://graph/x","value":[{"id":"a"}]}`, "further page"},
		"more than are there":       {document.ScimUsers, `{"totalResults":2,"Resources":[{"id":"a"}]}`, "pages are missing"},
		"a next page of Atlassian":  {document.OrgUsers, `{"data":[{"accountId":"a"}],"links":{"next":"cursor"}}`, "further page"},
		"an error answer of Graph":  {document.Users, `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges"}}`, "Authorization_RequestDenied: Insufficient privileges"},
		"an error answer of SCIM":   {document.ScimUsers, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","detail":"Unauthorized"}`, "Unauthorized"},
		"an error of the org":       {document.OrgGroups, `{"errors":[{"status":"403","code":"ADMIN-403-3","title":"Forbidden"}]}`, "ADMIN-403-3: Forbidden"},
		"an error for all accounts": {document.Manage, `{"code":401,"message":"Unauthorized"}`, "Unauthorized"},
		"an error for the job":      {document.SynchronizationJobs, `{"error":{"code":"x","message":"y"}}`, "x: y"},
	} {
		t.Run(sentence, func(t *testing.T) {
			w, err := read(t, bundleOf(t, map[string]string{string(c.file): c.text}), nil)
			if err != nil {
				t.Fatal(err)
			}
			g, ok := w.Gap(c.file)
			if !ok || w.Has(c.file) {
				t.Fatalf("gap %v, the document counts as whole: %v", ok, w.Has(c.file))
			}
			if !strings.Contains(g.Why, c.why) || g.What == "" || g.Call == "" {
				t.Errorf("gap %+v does not say %q, what, or which call", g, c.why)
			}
		})
	}
}

func TestMembersThatAreCutAreAGapOfTheirGroup(t *testing.T) {
	w, err := read(t, bundleOf(t, map[string]string{
		"entra/groups.json": `{"value":[{"id":"g","displayName":"G","members":[{"id":"a"}],"members@odata.nextLink":"https://graph/x"},{"id":"h","members":[]}]}`,
		"jira/groups.json":  `{"j":{"values":[{"accountId":"a"}],"total":5,"isLast":false},"k":{"errorMessages":["No such group"]}}`,
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := w.Gap(document.Groups, "G", "g"); !ok || !w.Has(document.Groups) {
		t.Error("the group has no gap, or the whole document has one")
	}
	if _, ok := w.Gap(document.Groups, "h"); ok {
		t.Error("another group has the gap")
	}
	j := w.Sites[0].Groups["j"]
	if _, ok := w.Gap(document.JiraGroups, "j"); !ok || j.Known || !j.Has("a") {
		t.Errorf("the site's group is %+v, gap %v", j, ok)
	}
	if k := w.Sites[0].Groups["k"]; k.Known || k.Error != "No such group" {
		t.Errorf("the group that the site refused is %+v", k)
	}
}

func TestOdditiesAreNotedAndNothingIsLost(t *testing.T) {
	w, err := read(t, bundleOf(t, map[string]string{
		"entra/users.json":  `{"value":[{"id":"a","displayName":"first"},{"id":"A","displayName":"second"},{"id":"b"}]}`,
		"entra/groups.json": `{"value":[{"id":"g","displayName":"G","members":[{"@odata.type":"#microsoft.graph.group","id":"g"},{"@odata.type":"#microsoft.graph.user","id":"b"},{"@odata.type":"#microsoft.graph.user","id":"gone"}]},{"id":"G","displayName":"again"}]}`,
		"entra/user.json":   `{}`,
		"users.json":        `{}`,
		"reports.csv":       "a,b\n1,2\n",
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Users) != 2 || w.Users[0].DisplayName != "first" || len(w.Groups) != 1 {
		t.Errorf("%d users, %d groups", len(w.Users), len(w.Groups))
	}
	if got := w.Graph.Children(0); len(got) != 1 || got[0] != 0 {
		t.Errorf("the group that contains itself has the children %v", got)
	}
	all := ""
	for _, n := range w.Notes {
		all += string(n.File) + ": " + n.Text + "\n"
	}
	for _, want := range []string{
		"id A stands there more than once", "id G stands there more than once", "group G has 1 member(s) that are in none",
		"entra/user.json is not read: a bundle has no document of that name; did you mean entra/users.json?",
		"did you mean entra/users.json?", "reports.csv: not read",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no note says %q:\n%s", want, all)
		}
	}
}

func TestReadingStopsWhenTheCallerGivesUp(t *testing.T) {
	b, err := Open(bundleOf(t, map[string]string{"entra/users.json": `{"value":[]}`}))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, focus := range [][]string{nil, {"a"}} {
		if _, err := b.Load(ctx, focus, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("focus %v: error %v", focus, err)
		}
	}
}

func TestProgressEndsAtTheWhole(t *testing.T) {
	dir := bundleOf(t, map[string]string{"entra/users.json": `{"value":[{"id":"a","userPrincipalName":"a@x.example"}` + strings.Repeat(" ", 3<<20) + `]}`})
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	last, calls := int64(0), 0
	if _, err := b.Load(t.Context(), nil, func(file string, done, total int64) {
		if calls++; done < last || done > total || file == "" {
			t.Errorf("%s: %d of %d after %d", file, done, total, last)
		}
		last = done
	}); err != nil {
		t.Fatal(err)
	}
	if calls < 3 || last < 2<<20 {
		t.Errorf("%d calls, the last at %d", calls, last)
	}
}
