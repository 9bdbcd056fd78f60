package bundle

import (
	"os"
	"path/filepath"
)

// sheet is what a document is written on: memory as long as it may be kept there, then a file.
type sheet struct {
	name string                 // of the file
	keep int                    // so many bytes may stay in memory; less than 0: none, there is a file from the start
	dir  func() (string, error) // the folder of the files, which may be made only now

	text []byte // what is not in the file
	f    *os.File
	err  error // the first; nothing is written any more
}

// buffer is how much is written to a file at once.
const buffer = 64 << 10

func (s *sheet) write(text string) (int, error) {
	s.text = append(s.text, text...)
	switch {
	case s.err != nil:
		return 0, s.err
	case s.f == nil && len(s.text) > s.keep, s.f != nil && len(s.text) >= buffer:
		s.flush()
	}
	return len(text), s.err
}

// flush puts what is in memory into the file, which it makes if there is none.
func (s *sheet) flush() {
	if s.f == nil {
		if s.err = s.create(); s.err != nil {
			return
		}
	}
	_, s.err = s.f.Write(s.text)
	s.text = s.text[:0]
}

func (s *sheet) create() error {
	dir, err := s.dir()
	if err != nil {
		return err
	}
	s.name = filepath.Join(dir, s.name)
	if err := os.MkdirAll(filepath.Dir(s.name), 0o700); err != nil {
		return err
	}
	s.f, err = os.OpenFile(s.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return err
}

// end is the last word of it.
func (s *sheet) end() error {
	if s.f == nil || s.err != nil {
		return s.err
	}
	s.flush()
	if shut := s.f.Close(); s.err == nil {
		s.err = shut
	}
	return s.err
}

// discard takes away what was written.
func (s *sheet) discard() error {
	s.text = nil
	if s.f == nil {
		return nil
	}
	_ = s.f.Close()
	return os.Remove(s.name)
}
