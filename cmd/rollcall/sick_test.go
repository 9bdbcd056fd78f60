package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// sick starts the services of the example company with something broken, and writes their configuration to a folder:
// "sick FOLDER WHAT…". WHAT is secret-ends, secret-ended, scim-key-revoked, clock-ahead, job-stopped, or the name of a
// permission that was not granted. The variables LOGIN, GRAPH, API, SITE, TENANT, CLIENT, DIRECTORY and ORG say what to
// answer about them.
func sick(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: sick FOLDER WHAT…")
	}
	l, err := company(ts, []string{"examples/fabrikam"})
	ts.Check(err)
	client := l.Entra.Clients[l.ClientID]
	for _, what := range args[1:] {
		switch what {
		case "secret-ends":
			client.Secrets[0].Expires = time.Now().Add(9*24*time.Hour + time.Hour)
		case "secret-ended":
			client.Secrets[0].Expires = time.Now().Add(-time.Hour)
		case "scim-key-revoked":
			l.Keys.SCIM = "a-key-that-was-revoked"
		case "clock-ahead":
			l.Entra.Now = func() time.Time { return time.Now().Add(-5 * time.Minute) }
		case "job-stopped":
			_, err := l.StopProvisioning(context.Background())
			ts.Check(err)
		default:
			if !slices.Contains(client.Permissions, what) {
				ts.Fatalf("nothing is called %s", what)
			}
			client.Permissions = slices.DeleteFunc(client.Permissions, func(p string) bool { return p == what || p == "Directory.Read.All" })
		}
	}
	l.Entra.Clients[l.ClientID] = client
	ts.Check(l.Serve("127.0.0.1:0", nil))
	ts.Defer(func() { _ = l.Close() })
	folder := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(folder, 0o700))
	ts.Check(l.Write(folder))
	for name, value := range map[string]string{
		"LOGIN": l.EntraURL(), "GRAPH": l.EntraURL() + "/v1.0", "API": l.AtlassianURL() + "/api.atlassian.com",
		"SITE": l.AtlassianURL() + "/" + strings.TrimPrefix(l.Connection.Sites[0], "https://"), "CLIENT": l.ClientID,
		"DIRECTORY": l.Connection.Directory, "ORG": l.Connection.Org, "TENANT": tenantOf(ts, filepath.Join(folder, "rollcall.yaml")),
	} {
		ts.Setenv(name, value)
	}
}

// tenantOf reads the tenant off the configuration.
func tenantOf(ts *testscript.TestScript, path string) string {
	_, rest, found := strings.Cut(ts.ReadFile(path), "tenant: ")
	if !found {
		ts.Fatalf("%s names no tenant", path)
	}
	tenant, _, _ := strings.Cut(rest, "\n")
	return tenant
}

// answers writes a file of lines, in which $NAME is the variable's value: "answers FILE LINE…".
func answers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: answers FILE LINE…")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(args[1:], "\n")+"\n"), 0o600))
}
