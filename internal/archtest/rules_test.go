package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// violations judges one file by the table. Tests are free to import what they need: they prove things about a
// package from outside.
func violations(f file) []string {
	var out []string
	say := func(line int, format string, args ...any) {
		out = append(out, fmt.Sprintf("%s:%d: ", f.name, line)+fmt.Sprintf(format, args...))
	}
	if f.test {
		return nil
	}
	for _, i := range f.imports {
		own, ours := strings.CutPrefix(i.path, module+"/")
		switch {
		case ours:
			if why := ownImport(f.dir, own); why != "" {
				say(i.line, "%s", why)
			}
		case strings.Contains(strings.Split(i.path, "/")[0], "."):
			if why := foreignImport(f.dir, i.path); why != "" {
				say(i.line, "%s", why)
			}
		case storey(f.dir) == 1 && listed(impure, i.path):
			say(i.line, "the core is pure and must not import %s: take what it would give as a value", i.path)
		}
	}
	if storey(f.dir) == 1 {
		for _, c := range f.calls {
			if slices.Contains(impureCalls[c.pkg], c.member) {
				say(c.line, "the core is pure and must not use %s.%s: take what it would give as a value", c.pkg, c.member)
			}
		}
	}
	return out
}

// ownImport judges the arrow from one package of ours to another.
func ownImport(from, to string) string {
	switch {
	case forTests(to) && !forTests(from):
		return to + " is for tests only"
	case strings.HasPrefix(from, "internal/lab/") && !strings.HasPrefix(to, labOf(from)):
		return "the lab stands for the vendors' services: it may import nothing of ours, or lab and client would agree on a mistake, not " + to
	case strings.HasPrefix(to, "internal/lab/") && storey(from) != 3 && !strings.HasPrefix(from, "internal/lab/") && !forTests(from):
		return "only the app may start the lab, not " + from
	case strings.HasPrefix(from, "cmd/") && to != "internal/app/cli":
		return "a command's main calls internal/app/cli and nothing else, not " + to
	case storey(from) > 0 && storey(to) == 0 && !strings.HasPrefix(to, "internal/lab/"):
		return fmt.Sprintf("%s stands in no storey (core, port, app), so %s must not lean on it", to, from)
	case storey(from) > 0 && storey(to) > storey(from):
		return fmt.Sprintf("imports run app -> port -> core, not from %s up to %s", from, to)
	case storey(from) == 1:
		return coreImport(from, to)
	case storey(from) == 2 && connector(from) && connector(to) && !strings.HasPrefix(to, from+"/") && !strings.HasPrefix(from, to+"/") && standsOn[from] != to:
		return fmt.Sprintf("a connector knows nothing of its siblings: %s must not import %s", from, to)
	case connector(to) && (from == "internal/app/engine" || from == "internal/app/hub"):
		return fmt.Sprintf("%s works with ports: only internal/app/compose names a connector such as %s", from, to)
	}
	return ""
}

func coreImport(from, to string) string {
	name, target := strings.TrimPrefix(from, "internal/core/"), strings.TrimPrefix(to, "internal/core/")
	may, ok := coreImports[name]
	switch {
	case !ok:
		return fmt.Sprintf("core/%s has no row in the import table (table_test.go)", name)
	case !slices.Contains(may, target):
		return fmt.Sprintf("core/%s may import of the core only [%s], not %s", name, strings.Join(may, " "), target)
	}
	return ""
}

// forTests tells whether a package exists for tests, as everything below one does.
func forTests(dir string) bool {
	return slices.ContainsFunc(testOnly, func(p string) bool { return strings.HasPrefix(dir+"/", p+"/") })
}

// labOf is the folder of the vendor's lab that a package belongs to: internal/lab/entra/ for everything below it.
func labOf(dir string) string {
	parts := strings.SplitAfter(dir+"/", "/")
	return strings.Join(parts[:3], "")
}

// foreignImport judges the use of a third party's module.
func foreignImport(from, importPath string) string {
	if strings.HasPrefix(from, "internal/lab/") && strings.HasPrefix(importPath, "golang.org/x/") {
		return ""
	}
	for mod, users := range thirdParty {
		if importPath != mod && !strings.HasPrefix(importPath, mod+"/") {
			continue
		}
		for _, u := range users {
			if strings.HasPrefix(from+"/", strings.TrimSuffix(u, "/")+"/") {
				return ""
			}
		}
		return fmt.Sprintf("%s may be imported by [%s], not by %s", mod, strings.Join(users, " "), from)
	}
	return fmt.Sprintf("%s is in no row of the table of third parties (table_test.go)", importPath)
}

func listed(list []string, importPath string) bool {
	return slices.ContainsFunc(list, func(l string) bool {
		return importPath == l || strings.HasSuffix(l, "/") && strings.HasPrefix(importPath, l)
	})
}

// uncommented tells what is wrong with the package comment of a folder, if anything is.
func uncommented(dir string, files []file) string {
	want := "Package " + path.Base(dir) + " "
	var comments []string
	for _, f := range files {
		if f.pkg == "main" {
			want = "Command " + path.Base(dir) + " "
		}
		if f.comment != "" {
			comments = append(comments, f.comment)
		}
	}
	switch {
	case len(comments) == 0:
		return dir + " has no package comment: say in a sentence what it owns and what it must not touch"
	case len(comments) > 1:
		return dir + " has more than one package comment: keep one, in the file that is read first"
	case !strings.HasPrefix(comments[0], want):
		return fmt.Sprintf("%s: the package comment should begin with %q", dir, want)
	}
	return ""
}
