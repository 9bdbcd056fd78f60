package exports

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/rollcall/rollcall/internal/core/document"
)

// guardMarks are parts of the only lines of Guard's troubleshooting log that are published. The log has no export:
// people paste it, so any text with one of these is taken for it. Of other texts the name must say so: a log in
// which nothing is known says that nothing of what is known happened, which somebody's notes do not.
var guardMarks = []string{
	"failed to create group of name", "email update to unmanaged user", "due to existing group with same name",
	"api:messages:2.0:error", `"scimtype"`, "resource [user]", "resource [group]",
}

func looksLikeGuardLog(text []byte) bool {
	line := text
	if len(line) > 4096 {
		line = line[:4096]
	}
	// A provisioning log quotes the same answers, but it is a table or a list of records.
	lower := bytes.ToLower(line)
	if bytes.Contains(lower, []byte("changeid")) || bytes.Contains(lower, []byte("change id")) {
		return false
	}
	for _, m := range guardMarks {
		if bytes.Contains(lower, []byte(m)) {
			return true
		}
	}
	return false
}

func isText(name string) bool {
	switch strings.ToLower(path.Ext(strings.TrimSpace(name))) {
	case ".txt", ".log":
		return true
	}
	return false
}

// saysLog tells whether a file's name says that it is a log: troubleshooting-log.txt, guard.txt, pasted.log.
func saysLog(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/"))), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return w == "log" || w == "logs" || w == "guard" || strings.HasPrefix(w, "troubleshoot")
	})
}

type guardFile struct {
	*source
	lines []document.LogLine
}

// readGuardLog keeps every line that says something, with its number.
func readGuardLog(src *source, r io.Reader) (*guardFile, error) {
	f := &guardFile{source: src}
	limit, marked := src.limit.orDefault(), false
	b := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := readLine(b, limit.RowBytes)
		if errors.Is(err, errLongLine) {
			return nil, fmt.Errorf("%s: line %d: longer than %d bytes", src.name, n, limit.RowBytes)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: line %d: %w", src.name, n, err)
		}
		if text := strings.TrimSpace(strings.ReplaceAll(asUTF8(line), "\x00", "")); text != "" {
			marked = marked || looksLikeGuardLog([]byte(text))
			if src.rows++; src.rows > limit.Rows {
				return nil, fmt.Errorf("%s: line %d: more than %d lines", src.name, n, limit.Rows)
			}
			f.lines = append(f.lines, document.LogLine{Line: n, Text: text})
		}
		if errors.Is(err, io.EOF) {
			if src.whole = true; !marked {
				src.note(0, "", "taken for Guard's troubleshooting log by its name; none of its lines is known from there")
			}
			return f, nil
		}
	}
}

var errLongLine = errors.New("line too long")

func readLine(b *bufio.Reader, most int) ([]byte, error) {
	var out []byte
	for {
		part, err := b.ReadSlice('\n')
		out = append(out, part...)
		if len(out) > most {
			return nil, errLongLine
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return out, err
		}
	}
}
