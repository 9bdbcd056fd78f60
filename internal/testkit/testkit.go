// Package testkit helps tests find what is not in the repository. It is imported by tests alone, knows nothing of
// the program, and decides for all of them in one place whether an absent thing skips a test or fails it.
package testkit

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// TB is the part of testing.TB that the helpers need.
type TB interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Shared is the path of an entry of the shared reference folder, which lies beside the repository and is found
// through ROLLCALL_SHARED (default: ../shared, seen from the repository's root). Where the entry is absent, the test is
// skipped, or fails if ROLLCALL_REQUIRE lists "shared", as the gate does.
func Shared(t TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("ROLLCALL_SHARED")
	if root == "" {
		root = filepath.Join("..", "shared")
	}
	if !filepath.IsAbs(root) { // a test runs in its package's folder, the variable is meant from the root
		root = filepath.Join(Root(t), root)
	}
	p := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(p); err != nil {
		if Required("shared") {
			t.Fatalf("ROLLCALL_REQUIRE asks for the shared folder: %v", err)
			return ""
		}
		t.Skipf("needs the shared reference folder (set ROLLCALL_SHARED): %v", err)
		return ""
	}
	return p
}

// Root is the folder of the repository's go.mod.
func Root(t TB) string {
	t.Helper()
	dir, ok := repository()
	if !ok {
		t.Fatalf("no go.mod in any folder above the test: cannot tell where the repository is")
	}
	return dir
}

// Required tells whether ROLLCALL_REQUIRE, a list with commas, names the thing: then its absence is a failure.
func Required(name string) bool {
	return slices.Contains(strings.FieldsFunc(os.Getenv("ROLLCALL_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' }), name)
}

// repository walks up from the folder in which the test runs, which is its package's.
func repository() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}
