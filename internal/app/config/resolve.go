package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// maxSecret bounds a secret, a certificate with its chain included.
const maxSecret = 256 << 10

// ErrNoSecret is wrapped by every error of a secret that is not there.
var ErrNoSecret = errors.New("the secret is not there")

// Read gives the secret itself. A file's path starts in the configuration's folder; the line end behind a secret is no
// part of it. The error says which variable or file is meant and what to do, and never repeats the value.
func (s Secret) Read(file *File) (string, error) {
	switch {
	case s.Env != "":
		text, set := os.LookupEnv(s.Env)
		return s.checked(text, set, fmt.Sprintf("set the environment variable %s to the secret", s.Env))
	case s.File != "":
		path := file.Locate(s.File)
		text, err := readSecret(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return s.checked("", false, "put the secret into the file "+path)
		case err != nil:
			return "", fmt.Errorf("%s: %w: %s cannot be read (%w)", s, ErrNoSecret, path, cause(err))
		}
		return s.checked(text, true, "put the secret into the file "+path)
	}
	return "", fmt.Errorf("%w: the configuration names none; write `env:NAME` or `file:PATH`", ErrNoSecret)
}

func (s Secret) checked(text string, set bool, do string) (string, error) {
	text = strings.TrimRight(text, "\r\n")
	switch {
	case !set:
		return "", fmt.Errorf("%s: %w; %s", s, ErrNoSecret, do)
	case strings.TrimSpace(text) == "":
		return "", fmt.Errorf("%s: %w: it is empty; %s", s, ErrNoSecret, do)
	case len(text) > maxSecret:
		return "", fmt.Errorf("%s: it is larger than %d KiB, which no secret is; %s", s, maxSecret>>10, do)
	}
	return text, nil
}

func readSecret(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+2)) // and the line end
	return string(text), err
}

// cause is an error of the file system without the path, which is said already.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
