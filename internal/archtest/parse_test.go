package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// file is what the rules need to know of one Go file.
type file struct {
	name    string // path inside the repository, with slashes
	dir     string
	pkg     string // the name in the package clause
	test    bool
	imports []imported
	calls   []call
	comment string // the package comment
}

type imported struct {
	path string
	line int
}

// call is a mention of a member of an imported package, such as time.Now.
type call struct {
	pkg, member string
	line        int
}

// tree parses every Go file of the repository.
func tree(t *testing.T) []file {
	t.Helper()
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatalf("the repository's root is not two folders up: %v", err)
	}
	var out []file
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); p != root && (base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		out = append(out, parse(t, filepath.ToSlash(rel), string(src)))
		return nil
	})
	if err != nil {
		t.Fatalf("reading the repository: %v", err)
	}
	return out
}

// parse reads one file. It parses the bodies too, since time.Now is an expression, not an import.
func parse(t *testing.T, name, src string) file {
	t.Helper()
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("parsing %s: %v", name, err)
	}
	f := file{name: name, dir: path.Dir(name), pkg: parsed.Name.Name, test: strings.HasSuffix(name, "_test.go")}
	if parsed.Doc != nil {
		f.comment = strings.TrimSpace(parsed.Doc.Text())
	}
	names := map[string]string{} // what the file calls a package -> its import path
	for _, spec := range parsed.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatalf("parsing %s: %v", name, err)
		}
		f.imports = append(f.imports, imported{p, fset.Position(spec.Pos()).Line})
		local := path.Base(p)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		names[local] = p
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && names[x.Name] != "" {
			f.calls = append(f.calls, call{names[x.Name], sel.Sel.Name, fset.Position(sel.Pos()).Line})
		}
		return true
	})
	return f
}

// packages groups the files that are not tests by folder.
func packages(files []file) (dirs []string, byDir map[string][]file) {
	byDir = map[string][]file{}
	for _, f := range files {
		if !f.test {
			byDir[f.dir] = append(byDir[f.dir], f)
		}
	}
	for d := range byDir {
		dirs = append(dirs, d)
	}
	slices.Sort(dirs)
	return dirs, byDir
}
