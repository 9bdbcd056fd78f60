package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever the bytes are: no panic, and a file either has connections and no fault, or faults that stand inside of it.
func FuzzParse(f *testing.F) {
	design, err := os.ReadFile(filepath.Join("testdata", "design.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(design)
	for _, seed := range []string{
		"", "\ufeff", "---\n", "a: &a [*a]\n", "? [a]\n: b\n", "<<: {}\n", "connections: [{name: a, method: rollcall, map: {title: \"\\u00e4[\"}}]\r\n",
		acme("    scope: {filters: [['a EQUALS \"']], groups: [{name: '*'}, {name: x}]}\n"),
		acme("    map:\n      title: >-\n        Left(\n"), acme("notify: [{token: |\n  x\n }]\n"), "a: 'x''\u2028y'\nb: \"\\\n\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("f", text)
		if err == nil {
			if len(file.Connections) == 0 {
				t.Fatal("no connection and no fault")
			}
			for _, c := range file.Connections {
				c.Scope.Filter()
			}
			return
		}
		var faults *Faults
		if !errors.As(err, &faults) || len(faults.List) == 0 {
			t.Fatalf("an error without faults: %v", err)
		}
		lines := splitLines(strings.TrimPrefix(string(text), "\ufeff"))
		for i, one := range faults.List {
			if one.Line < 1 || one.Line > len(lines) || one.Column < 1 || one.Column > utf8.RuneCountInString(lines[one.Line-1])+1 {
				t.Errorf("%d:%d is outside the file of %d lines: %s", one.Line, one.Column, len(lines), one.Text)
			}
			if one.Text == "" || strings.Count(faults.Excerpt(i), "\n") != 1 {
				t.Errorf("fault %v with the excerpt %q", one, faults.Excerpt(i))
			}
		}
	})
}
