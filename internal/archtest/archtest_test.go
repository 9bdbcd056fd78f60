package archtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImportsRunOneWay(t *testing.T) {
	for _, f := range tree(t) {
		for _, v := range violations(f) {
			t.Error(v)
		}
	}
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	dirs, byDir := packages(tree(t))
	for _, d := range dirs {
		if why := uncommented(d, byDir[d]); why != "" {
			t.Error(why)
		}
	}
}

func TestTheImportTableNamesOnlyPackagesThatExistWithoutCycles(t *testing.T) {
	_, byDir := packages(tree(t))
	for name := range coreImports {
		if len(byDir["internal/core/"+name]) == 0 {
			t.Errorf("the table has a row for core/%s, which does not exist", name)
		}
	}
	var visit func(name string, way []string)
	visit = func(name string, way []string) {
		if slices.Contains(way, name) {
			t.Fatalf("the table has a cycle: %s", strings.Join(append(way, name), " -> "))
		}
		for _, to := range coreImports[name] {
			if _, ok := coreImports[to]; !ok {
				t.Errorf("core/%s may import core/%s, which has no row", name, to)
			}
			visit(to, append(slices.Clone(way), name))
		}
	}
	for name := range coreImports {
		visit(name, nil)
	}
}

// Every rule is broken here on purpose, so that a rule that stops working is seen.
func TestEachRuleNamesWhatBreaksIt(t *testing.T) {
	const ours = `import _ "` + module + "/"
	tests := map[string]struct {
		name, src string
		want      string // part of the only violation; empty: none
	}{
		"a log in the core":                   {"internal/core/trace/x.go", `import "log/slog"`, "must not import log/slog"},
		"a network in the core":               {"internal/core/trace/x.go", `import "net/http"`, "must not import net/http"},
		"randomness in the core":              {"internal/core/facts/x.go", `import "math/rand/v2"`, "must not import math/rand/v2"},
		"the clock in the core":               {"internal/core/facts/x.go", "import \"time\"\nvar x = time.Now", "x.go:3: the core is pure and must not use time.Now"},
		"the clock under another name":        {"internal/core/facts/x.go", "import clock \"time\"\nvar x = clock.Since", "must not use time.Since"},
		"printing in the core":                {"internal/core/facts/x.go", "import \"fmt\"\nfunc f() { fmt.Println() }", "must not use fmt.Println"},
		"a duration in the core is fine":      {"internal/core/facts/x.go", "import \"time\"\nvar x = time.Hour", ""},
		"the clock in a test is fine":         {"internal/core/facts/x_test.go", "import \"time\"\nvar x = time.Now", ""},
		"files in the app are fine":           {"internal/app/cli/x.go", `import "os"`, ""},
		"facts that know the trace":           {"internal/core/facts/x.go", ours + `internal/core/trace"`, "core/facts may import of the core only [directory document], not trace"},
		"trace may know facts":                {"internal/core/trace/x.go", ours + `internal/core/facts"`, ""},
		"a core package without a row":        {"internal/core/novel/x.go", ours + `internal/core/facts"`, "core/novel has no row"},
		"a core that knows a port":            {"internal/core/facts/x.go", ours + `internal/port/bundle"`, "imports run app -> port -> core"},
		"a port that knows the app":           {"internal/port/bundle/x.go", ours + `internal/app/engine"`, "imports run app -> port -> core"},
		"an engine that names a connector":    {"internal/app/engine/x.go", ours + `internal/port/source/entra"`, "only internal/app/compose names a connector"},
		"a hub that names a connector":        {"internal/app/hub/x.go", ours + `internal/port/store/sqlstore"`, "only internal/app/compose names a connector"},
		"an engine may know a port":           {"internal/app/engine/x.go", ours + `internal/port/source"`, ""},
		"connectors that know each other":     {"internal/port/source/entra/x.go", ours + `internal/port/target/atlassian"`, "knows nothing of its siblings"},
		"a connector that stands on another":  {"internal/port/target/atlassian/x.go", ours + `internal/port/target/scimtarget"`, ""},
		"but not the other way round":         {"internal/port/target/scimtarget/x.go", ours + `internal/port/target/atlassian"`, "knows nothing of its siblings"},
		"a connector may know its port":       {"internal/port/source/entra/x.go", ours + `internal/port/source"`, ""},
		"a main that does work itself":        {"cmd/rollcall/x.go", ours + `internal/app/engine"`, "calls internal/app/cli and nothing else"},
		"a main may call the command line":    {"cmd/rollcall/x.go", ours + `internal/app/cli"`, ""},
		"a lab that shares code":              {"internal/lab/entra/x.go", ours + `internal/core/facts"`, "nothing of ours"},
		"a lab that shares the decoder":       {"internal/lab/entra/x.go", ours + `internal/core/document"`, "nothing of ours"},
		"a lab that knows the other lab":      {"internal/lab/entra/x.go", ours + `internal/lab/atlassian"`, "nothing of ours"},
		"a lab in several packages is fine":   {"internal/lab/entra/x.go", ours + `internal/lab/entra/job"`, ""},
		"a lab with a module of Go's is fine": {"internal/lab/entra/x.go", `import "golang.org/x/crypto/pkcs12"`, ""},
		"a core that starts the lab":          {"internal/core/facts/x.go", ours + `internal/lab/entra"`, "only the app may start the lab"},
		"test helpers in the program":         {"internal/app/cli/x.go", ours + `internal/testkit"`, "is for tests only"},
		"the labs' helpers in a port":         {"internal/port/graph/x.go", ours + `internal/testkit/labkit"`, "is for tests only"},
		"the labs' helpers in a command":      {"cmd/rollcall/x.go", ours + `internal/testkit/labkit"`, "is for tests only"},
		"the labs' helpers in a benchmark":    {"bench/gen/x.go", ours + `internal/testkit/labkit"`, "is for tests only"},
		"the labs' helpers may start a lab":   {"internal/testkit/labkit/x.go", ours + `internal/lab/entra"`, ""},
		"a port that starts the lab":          {"internal/port/graph/x.go", ours + `internal/lab/entra"`, "only the app may start the lab"},
		"a package outside the storeys":       {"internal/app/cli/x.go", ours + `internal/helpers"`, "stands in no storey"},
		"a dependency nobody decided on":      {"internal/app/cli/x.go", `import "example.com/left/pad"`, "in no row of the table of third parties"},
		"a command-line library in the core":  {"internal/core/facts/x.go", `import "github.com/spf13/cobra"`, "may be imported by [internal/app/cli], not by internal/core/facts"},
		"a json library in the core is fine":  {"internal/core/document/x.go", `import "github.com/go-json-experiment/json/jsontext"`, ""},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			got := violations(parse(t, tt.name, "package x\n"+tt.src+"\n"))
			if tt.want == "" {
				if len(got) > 0 {
					t.Errorf("violations = %q, want none", got)
				}
				return
			}
			if len(got) != 1 || !strings.Contains(got[0], tt.want) {
				t.Errorf("violations = %q, want one that says %q", got, tt.want)
			}
		})
	}
}

func TestAPackageWithoutACommentIsNamed(t *testing.T) {
	tests := map[string]struct {
		dir  string
		srcs []string
		want string
	}{
		"no comment at all":             {"internal/x", []string{"package x"}, "internal/x has no package comment: say in a sentence what it owns and what it must not touch"},
		"a license is not a comment":    {"internal/x", []string{"// Copyright\n\npackage x"}, "internal/x has no package comment: say in a sentence what it owns and what it must not touch"},
		"one in two files":              {"internal/x", []string{"package x", "// Package x owns x.\npackage x"}, ""},
		"two of them":                   {"internal/x", []string{"// Package x owns x.\npackage x", "// Package x owns x.\npackage x"}, "internal/x has more than one package comment: keep one, in the file that is read first"},
		"a comment about something":     {"internal/x", []string{"// Helpers.\npackage x"}, `internal/x: the package comment should begin with "Package x "`},
		"a program is called a command": {"bench/x", []string{"// Command x does x.\npackage main"}, ""},
		"a program is no package":       {"cmd/x", []string{"// Package x does x.\npackage main"}, `cmd/x: the package comment should begin with "Command x "`},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			var files []file
			for _, s := range tt.srcs {
				files = append(files, parse(t, tt.dir+"/x.go", s))
			}
			if diff := cmp.Diff(tt.want, uncommented(tt.dir, files)); diff != "" {
				t.Errorf("uncommented (-want +got):\n%s", diff)
			}
		})
	}
}
