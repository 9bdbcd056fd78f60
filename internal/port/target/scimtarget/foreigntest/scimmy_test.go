package foreigntest

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/target/targettest"
)

// scimmy starts the npm packages as a server, which ends with the test.
func scimmy(t *testing.T) (base string) {
	t.Helper()
	dir := filepath.Join("testdata", "scimmy")
	missing := ""
	if _, err := exec.LookPath("node"); err != nil {
		missing = "node is not installed"
	} else if _, err := os.Stat(filepath.Join(dir, "node_modules", "scimmy-routers")); err != nil {
		missing = "its packages are not installed: run `npm ci --ignore-scripts` in " + dir
	}
	if missing != "" && os.Getenv("ROLLCALL_REQUIRE") != "" {
		t.Fatal("scimmy cannot be tried: " + missing)
	} else if missing != "" {
		t.Skip("scimmy is not tried: " + missing)
	}
	node := exec.Command("node", "server.js")
	node.Dir, node.Stderr = dir, os.Stderr
	in, err := node.StdinPipe() // it ends when this is closed, also when this process dies
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := node.Wait(); err != nil {
			t.Errorf("node: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("node did not say where it listens: %v", err)
	}
	return strings.TrimSpace(line)
}

func TestScimmy(t *testing.T) {
	base := scimmy(t)
	for name, opts := range map[string]scimtarget.Options{
		"as it is":              {},
		"few members at a time": {PatchMembers: 5, MembersInCreate: 2, Page: 20},
		"without PATCH":         {Patch: scimtarget.No},
	} {
		t.Run(name, func(t *testing.T) {
			targettest.Run(t, func(t *testing.T) *targettest.Harness {
				r, err := http.Post(base+"/empty", "text/plain", http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				r.Body.Close()
				h := open(t, base+"/scim", opts)
				h.Unable = map[string]string{"names are found in any letter case": "compares names with their letter case in filters"}
				return h
			})
		})
	}
}
