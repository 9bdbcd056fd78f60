package compose

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

var fabrikam = filepath.Join("..", "..", "..", "examples", "fabrikam")

// served is the world of a recording in labs on the loopback, at the moment of the recording, with a configuration.
type served struct {
	*labs.Labs
	folder string
	config *Configuration
	clock  *labkit.Clock
}

func serve(t testing.TB, dir string) *served {
	t.Helper()
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	s := &served{clock: labkit.At(b.Manifest.CapturedAt.Time), folder: t.TempDir()}
	if s.Labs, err = labs.Load(os.DirFS(dir), b.Manifest.Connection); err != nil {
		t.Fatal(err)
	}
	s.Entra.Now, s.Atlassian.Now = s.clock.Now, s.clock.Now
	s.Entra.Limits.Off = true
	if err := s.Serve("127.0.0.1:0", nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Labs.Close() })
	if err := s.Write(s.folder); err != nil {
		t.Fatal(err)
	}
	today, _ := s.Names()
	s.config = configured(t, filepath.Join(s.folder, labs.ConfigName), today)
	s.config.clockwork = clockwork{s.clock.Now, s.clock.Sleep}
	return s
}

func configured(t testing.TB, path, connection string) *Configuration {
	t.Helper()
	c, err := Configured(path, connection)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *served) load(t testing.TB, focus *engine.Focus) *facts.World {
	t.Helper()
	s.clock.Back()
	worlds, err := Live(s.config)
	if err != nil {
		t.Fatal(err)
	}
	w, err := worlds.Load(t.Context(), focus, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// recordedWorld is the world of the recording without what no service can be asked for.
func recordedWorld(t testing.TB, dir string) *facts.World {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(copied, filepath.FromSlash(string(document.TroubleshootingLog)))); err != nil {
		t.Fatal(err)
	}
	worlds, err := Bundle(copied, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := worlds.Load(t.Context(), nil, func(string, int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestALiveRollCallIsThatOfTheRecording(t *testing.T) {
	s := serve(t, fabrikam)
	live, recorded := s.load(t, nil), recordedWorld(t, fabrikam)
	roll := func(w *facts.World) trace.RollCall { return trace.New(w).Check(trace.CheckOptions{All: true}) }
	if diff := cmp.Diff(roll(recorded), roll(live)); diff != "" {
		t.Errorf("- recorded, + live\n%s", diff)
	}
	for _, u := range testkit.Sample(t, recorded.Users, 10) {
		q := trace.Query{Subject: u.UserPrincipalName}
		if diff := answers(recorded, live, q); diff != "" {
			t.Errorf("why %s (- recorded, + live)\n%s", q.Subject, diff)
		}
	}
}

func answers(a, b *facts.World, q trace.Query) string {
	x, errX := trace.New(a).Why(q)
	y, errY := trace.New(b).Why(q)
	if errX != nil || errY != nil {
		return cmp.Diff(said(errX), said(errY))
	}
	return cmp.Diff(x, y, cmp.AllowUnexported(trace.Trace{}))
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestALiveQuestionAsksLittleAndIsAnsweredAsFromTheRecording(t *testing.T) {
	s := serve(t, fabrikam)
	recorded := recordedWorld(t, fabrikam)
	most := 0
	ask := func(q trace.Query, limit int) {
		s.Entra.ForgetRequests()
		s.Atlassian.ForgetRequests()
		f := &engine.Focus{Subjects: []string{q.Subject}}
		if q.Group != "" {
			f.Groups = []string{q.Group}
		}
		w := s.load(t, f)
		if diff := answers(recorded, w, q); diff != "" {
			t.Errorf("why %s %s (- recorded, + live)\n%s", q.Subject, q.Group, diff)
		}
		entra := slices.DeleteFunc(s.Entra.Requests(), func(r labentra.Request) bool { return r.Part }) // of a batch
		n := len(entra) + len(s.Atlassian.Requests())
		if n > limit {
			t.Errorf("%d requests for %s %s: %d to Entra, %d to Atlassian", n, q.Subject, q.Group, len(entra), len(s.Atlassian.Requests()))
		}
		most = max(most, n)
	}
	const person = 30 // with two sites, and signing in
	for _, u := range testkit.Sample(t, recorded.Users, 5) {
		ask(trace.Query{Subject: u.UserPrincipalName}, person)
	}
	ask(trace.Query{Subject: "selin.kaya@fabrikam.example", Group: "confluence-users"}, person+3) // and what is inside the group and above it
	ask(trace.Query{Subject: "nobody@fabrikam.example"}, person)
	t.Logf("at most %d requests for one person", most)
	ask(trace.Query{Subject: "jira-developers"}, 1000) // everything is read
}

func TestLookingLiveOnlyReads(t *testing.T) {
	s := serve(t, fabrikam)
	s.load(t, nil)
	s.load(t, &engine.Focus{Subjects: []string{"lena.vogel@fabrikam.example"}})
	searches := []string{"/search", "/get-scim-links-for-email", "/bulk-fetch", "/oauth2/v2.0/token", "/$batch", "/bulk", "/role-assignments"}
	for _, r := range s.Entra.Requests() {
		if r.Method != http.MethodGet && !slices.ContainsFunc(searches, func(end string) bool { return strings.HasSuffix(strings.SplitN(r.Path, "?", 2)[0], end) }) {
			t.Errorf("Entra: %s %s", r.Method, r.Path)
		}
	}
	for _, r := range s.Atlassian.Requests() {
		if r.Method != http.MethodGet && !slices.ContainsFunc(searches, func(end string) bool { return strings.HasSuffix(r.Path, end) }) {
			t.Errorf("Atlassian: %s %s", r.Method, r.Path)
		}
	}
}

func TestNothingIsLeftOfALiveWorld(t *testing.T) {
	s := serve(t, fabrikam)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	s.load(t, nil)
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestWhatIsMissingInTheConfigurationIsSaidBeforeAnythingIsAsked(t *testing.T) {
	for sentence, c := range map[string]struct{ text, words string }{
		"no service":    {"    method: entra-scim\n", "names no `source` and no `target`"},
		"no secret":     {"    method: entra-scim\n    source: {entra: {tenant: t, client_id: c, client_secret: env:ROLLCALL_TEST_NOT_SET}}\n", "source.entra.client_secret: env:ROLLCALL_TEST_NOT_SET"},
		"no SCIM key":   {"    method: entra-scim\n    target: {atlassian: {directory: d, scim_key: file:nowhere}}\n", "target.atlassian.scim_key: file:nowhere"},
		"no token":      {"    method: entra-scim\n    target: {atlassian: {sites: [{url: acme.atlassian.net, email: e, token: env:ROLLCALL_TEST_NOT_SET}]}}\n", "target.atlassian.sites[0].token"},
		"no authority":  {"    method: entra-scim\n    target: {atlassian: {directory: d, ca: nowhere.pem}}\n", "reading the authorities to trust"},
		"a broken one":  {"    method: entra-scim\n    target: {atlassian: {directory: d, ca: rollcall.yaml}}\n", "holds no certificate in PEM"},
		"no token file": {"    method: entra-scim\n    source: {entra: {tenant: t, client_id: c, certificate: file:rollcall.yaml}}\n", "source.entra"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if _, err := Live(configured(t, write(t, c.text), "")); err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v, want %q", err, c.words)
			}
		})
	}
}
