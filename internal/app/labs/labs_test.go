package labs

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/demo"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/bundle"
)

func company(t *testing.T) *Labs {
	t.Helper()
	files, err := demo.Documents(demo.At)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bundle.OpenFS(files, "kestrel")
	if err != nil {
		t.Fatal(err)
	}
	l, err := Load(files, b.Manifest.Connection)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serve starts the labs and gives a client that trusts what the folder says, and the folder.
func serve(t *testing.T, l *Labs, see func(Request)) (*http.Client, string) {
	t.Helper()
	if err := l.Serve("127.0.0.1:0", see); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	folder := t.TempDir()
	if err := l.Write(folder); err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(filepath.Join(folder, "lab-ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("the authority is no PEM")
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	t.Cleanup(c.CloseIdleConnections)
	return c, folder
}

// ask gives the status of an answer and the answer as a loose object.
func ask(t *testing.T, c *http.Client, address, authorization string, form url.Values) (int, map[string]any) {
	t.Helper()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return res.StatusCode, out
}

func key(t *testing.T, folder, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, "keys", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatTheFolderSaysLetsAClientIn(t *testing.T) {
	l := company(t)
	c, folder := serve(t, l, nil)
	f, err := config.Read(filepath.Join(folder, ConfigName))
	if err != nil {
		t.Fatalf("the configuration has faults: %v", err)
	}
	today, ours := l.Names()
	now, err := f.Connection(today)
	if err != nil {
		t.Fatal(err)
	}
	later, err := f.Connection(ours)
	if err != nil {
		t.Fatal(err)
	}
	if now.Method != document.EntraSCIM || later.Method != document.Rollcall || len(later.Policies) != 2 || len(now.Products) != 3 {
		t.Errorf("%+v\n%+v", now, later)
	}
	e := now.Source.Entra
	_, token := ask(t, c, e.LoginURL+"/"+e.Tenant+"/oauth2/v2.0/token", "", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {e.ClientID}, "client_secret": {key(t, folder, "entra")}, "scope": {"https://graph.microsoft.com/.default"},
	})
	bearer, _ := token["access_token"].(string)
	if status, answer := ask(t, c, e.GraphURL+"/users?$top=5", "Bearer "+bearer, nil); status != 200 || len(answer["value"].([]any)) != 5 {
		t.Errorf("Graph: %d %v", status, answer)
	}
	a := now.Target.Atlassian
	if status, answer := ask(t, c, a.APIURL+"/scim/directory/"+a.Directory+"/Groups", "Bearer "+key(t, folder, "scim"), nil); status != 200 || answer["totalResults"] != 13.0 {
		t.Errorf("the Guard directory: %d, %v groups", status, answer["totalResults"])
	}
	if status, _ := ask(t, c, a.APIURL+"/admin/v1/orgs/"+a.Org+"/domains", "Bearer "+key(t, folder, "admin"), nil); status != 200 {
		t.Errorf("the organization: %d", status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.Sites[0].URL+"/rest/api/3/group/member?groupname=legal", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(a.Sites[0].Email, key(t, folder, "site"))
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != http.StatusOK {
		t.Errorf("the site: %d", res.StatusCode)
	}
	if status, _ := ask(t, c, a.APIURL+"/admin/v1/orgs", "Bearer guessed", nil); status != 401 {
		t.Errorf("a guessed key: %d", status)
	}
}

func TestKeysAreForTheirOwnerAloneAndNewEachTime(t *testing.T) {
	l, other := company(t), company(t)
	if l.Keys == other.Keys || l.Keys.SCIM == l.Keys.Admin {
		t.Error("keys come twice")
	}
	_, folder := serve(t, l, nil)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		about, err := d.Info()
		if err == nil && about.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %s", path, about.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, ConfigName))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{l.Keys.ClientSecret, l.Keys.SCIM, l.Keys.Admin, l.Keys.Token} {
		if bytes.Contains(text, []byte(k)) {
			t.Error("a key stands in the configuration")
		}
	}
}

func TestEveryRequestIsTold(t *testing.T) {
	l := company(t)
	var mu sync.Mutex
	var told []Request
	c, _ := serve(t, l, func(r Request) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, r)
	})
	ask(t, c, l.EntraURL()+"/v1.0/users?$top=1", "", nil)
	ask(t, c, l.AtlassianURL()+"/api.atlassian.com/admin/v1/orgs", "", nil)
	l.Atlassian.Inject(atlassian.Fault{Cut: atlassian.CutBefore})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.AtlassianURL()+"/api.atlassian.com/gone", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := c.Do(r); err == nil {
		res.Body.Close()
		t.Error("the connection was to be cut")
	}
	if err := l.Close(); err != nil { // afterwards nothing is told any more
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(told) < 3 { // a client may try a cut connection once more
		t.Fatalf("told: %+v", told)
	}
	for i, want := range []Request{{"entra", "GET", "/v1.0/users?$top=1", 401, 0}, {"atlassian", "GET", "/api.atlassian.com/admin/v1/orgs", 401, 0}, {"atlassian", "GET", "/api.atlassian.com/gone", 0, 0}} {
		if told[i].Took = 0; told[i] != want {
			t.Errorf("told %+v, want %+v", told[i], want)
		}
	}
}

func TestTheLabIsForThisMachineAlone(t *testing.T) {
	for address, want := range map[string]string{
		"0.0.0.0:8443": "on this machine alone", "example.com:1": "on this machine alone", ":0": "on this machine alone",
		"127.0.0.1": "no address to listen at", "127.0.0.1:http": "no port", "127.0.0.1:65535": "no port",
	} {
		if err := company(t).Serve(address, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestABundleThatSaysLittleGetsTheLabsNames(t *testing.T) {
	l, err := Load(os.DirFS(t.TempDir()), document.Connection{Method: document.Rollcall})
	if err != nil {
		t.Fatal(err)
	}
	_, folder := serve(t, l, nil)
	f, err := config.Read(filepath.Join(folder, ConfigName))
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.Connection("")
	if err != nil {
		t.Fatal(err)
	}
	if today, ours := l.Names(); today != "lab" || ours != "lab" || c.Name != "lab" || len(c.Target.Atlassian.Sites) != 0 {
		t.Errorf("%s, %s: %+v", today, ours, c)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := l.Wait(ctx); err != nil {
		t.Errorf("interrupting it is an error: %v", err)
	}
}
