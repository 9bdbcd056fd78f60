package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzZip opens and loads whatever lies there: there is a world or an Error, never a panic.
func FuzzZip(f *testing.F) {
	for _, text := range []string{`{"value":[{"id":"a","members":[{"id":"a"}]}]}`, `{`, "", `{"g":{"values":[]}}`} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, content := range map[string]string{"bundle.json": manifestText, "entra/users.json": text, "entra/groups.json": text, "jira/h/groups.json": text, "exports/x.csv": text, "x.csv": "a,b\n"} {
			w, err := z.Create(name)
			if err != nil {
				f.Fatal(err)
			}
			if _, err := w.Write([]byte(content)); err != nil {
				f.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
		f.Add(b.Bytes()[:b.Len()/2])
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "x.zip")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, focus := range [][]string{nil, {"a"}} {
			err := func() error {
				b, err := Open(path)
				if err != nil {
					return err
				}
				defer b.Close()
				_, err = b.Load(t.Context(), focus, nil)
				return err
			}()
			var e *Error
			if err != nil && (!errors.As(err, &e) || e.What == "" || e.Path == "") {
				t.Errorf("%v does not say what is wrong", err)
			}
		}
	})
}
