package document

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxLine bounds a line of pasted text, in bytes. What stands beyond it is left out.
const MaxLine = 64 << 10

// Lines reads pasted text line by line: Guard's troubleshooting log. Blank lines are left out but counted; a line
// that is too long is cut and ends with "…". Bytes that are not UTF-8 are replaced: this is text that a person
// copied from a page.
func Lines(f File, r io.Reader, take func(LogLine) error) error {
	text := plainText(r)
	for n := 1; ; n++ {
		line, err := boundedLine(text)
		if s := strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD")); s != "" {
			if err := take(LogLine{Line: n, Text: s}); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s, line %d: %w", f, n, err)
		}
	}
}

func boundedLine(r *bufio.Reader) (string, error) {
	var line strings.Builder
	for {
		part, err := r.ReadSlice('\n')
		if room := MaxLine - line.Len(); len(part) > room {
			line.Write(part[:max(room, 0)])
			if room > 0 {
				line.WriteString("…")
			}
		} else {
			line.Write(part)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line.String(), err
		}
	}
}
