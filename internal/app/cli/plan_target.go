package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/app/compose"
)

// checkOut refuses a file that --out must not write over: what the plan is made from, and everything that is no older
// plan.
func (o *PlanOptions) checkOut() error {
	target, err := planTarget(o.Out)
	if err != nil {
		return err
	}
	for _, in := range o.inputs() {
		if within(target, in.path) {
			return fmt.Errorf("--out %s would write over what the plan is made from: %s; name another file", o.Out, in.what)
		}
	}
	return nil
}

type input struct{ what, path string }

// inputs are the files and folders that the flags name.
func (o *PlanOptions) inputs() []input {
	config := cmp.Or(o.Config, compose.ConfigName)
	all := []input{{"the configuration " + config, config}}
	if o.Bundle != "" {
		all = append(all, input{"the bundle " + o.Bundle, o.Bundle})
	}
	for _, w := range o.With {
		all = append(all, input{"--with " + w, w})
		if _, file, ok := strings.Cut(w, "="); ok {
			all = append(all, input{"--with " + w, file})
		}
	}
	return all
}

// within tells whether a path is another one, or lies in it. Files are compared, not names: there are links, and
// folders that do not tell small letters from capitals.
func within(path, other string) bool {
	is, err := os.Stat(other)
	if err != nil {
		return false
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return false
	}
	for {
		if at, err := os.Stat(path); err == nil && os.SameFile(at, is) {
			return true
		}
		up := filepath.Dir(path)
		if up == path {
			return false
		}
		path = up
	}
}

// planTarget is where a plan goes that is saved under a path: what a link leads to, so that a link stays a link.
func planTarget(path string) (string, error) {
	if path == "-" {
		return "", errors.New("--out names a file; for standard output: --json")
	}
	target, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if to, err := os.Readlink(path); err == nil {
			return "", fmt.Errorf("%s is a link to %s, and nothing is there", path, to)
		}
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("%s cannot be written: there is no folder %s", path, filepath.Dir(path))
		case err != nil:
			return "", fmt.Errorf("%s cannot be written: %w", path, bare(err))
		}
		return filepath.Join(folder, filepath.Base(path)), nil
	case err != nil:
		return "", fmt.Errorf("%s cannot be written: %w", path, bare(err))
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s cannot be written: %w", path, bare(err))
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder; name a file in it", path)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is there already, and is no file", path)
	case info.Size() > 0 && !looksSaved(target):
		return "", fmt.Errorf("%s is there already, and is no saved plan; delete it first, or name another file", path)
	}
	return target, nil
}

// looksSaved tells whether a file begins as a saved plan does. Whether it is whole does not matter to one that replaces
// it.
func looksSaved(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	d := jsontext.NewDecoder(io.LimitReader(f, 64<<10))
	if t, err := d.ReadToken(); err != nil || t.Kind() != jsontext.KindBeginObject {
		return false
	}
	for _, name := range []string{"id", "at", "connection", "method"} {
		key, err := d.ReadToken()
		if err != nil || key.String() != name {
			return false
		}
		if value, err := d.ReadToken(); err != nil || value.Kind() != jsontext.KindString {
			return false
		}
	}
	return true
}

// bare is an error of the file system without the path, which may be of a file that nobody named.
func bare(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	if at, ok := errors.AsType[*os.LinkError](err); ok {
		return at.Err
	}
	return err
}
