package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	expectBytes  = 64 << 20 // a file of a million addresses is about 40 MB
	expectFaults = 20       // faults told one by one
)

// readExpected reads the people whom somebody expects: a user principal name or an address a line, blank lines and
// lines that begin with # left out. "-" reads standard input. Every line that cannot be meant is named with its number.
func readExpected(path string, stdin io.Reader) ([]string, error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("reading the expected people: %w", err)
		}
		defer f.Close()
		in = f
	}
	people, err := parseExpected(in)
	if err != nil {
		return nil, fmt.Errorf("the expected people in %s cannot be read:\n%w", path, err)
	}
	return people, nil
}

func parseExpected(in io.Reader) ([]string, error) {
	limited := &io.LimitedReader{R: in, N: expectBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(make([]byte, 0, 4096), 64<<10)
	var people []string
	var faults []error
	seen := map[string]bool{}
	number := 0
	for lines.Scan() {
		number++
		raw := lines.Bytes()
		if number == 1 {
			raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
		}
		line := strings.TrimSpace(string(raw))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if why := unreadable(line); why != "" {
			faults = append(faults, fmt.Errorf("line %d: %s", number, why))
			continue
		}
		if key := strings.ToLower(line); !seen[key] {
			seen[key] = true
			people = append(people, line)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		faults = append(faults, fmt.Errorf("line %d: longer than any address", number+1))
	case err != nil:
		return nil, err
	case limited.N <= 0:
		return nil, fmt.Errorf("more than %d MB; that is no list of people", expectBytes>>20)
	}
	if more := len(faults) - expectFaults; more > 0 {
		faults = append(faults[:expectFaults], fmt.Errorf("and %d more lines like these", more))
	}
	return people, errors.Join(faults...)
}

// unreadable says why a line is neither a user principal name nor an address. Both are one word with an @; everything
// finer is for the directory to judge.
func unreadable(line string) string {
	before, after, at := strings.Cut(line, "@")
	switch {
	case !utf8.ValidString(line):
		return "not UTF-8; save the file as UTF-8"
	case strings.ContainsFunc(line, unicode.IsControl):
		return fmt.Sprintf("%q has a control character", line)
	case strings.ContainsAny(line, ",;\t"):
		return fmt.Sprintf("%q is more than one value; write one address a line", line)
	case strings.ContainsFunc(line, unicode.IsSpace):
		return fmt.Sprintf("%q has a blank in it; write one address a line", line)
	case !at || before == "" || after == "":
		return fmt.Sprintf("%q is no user principal name and no address", line)
	}
	return ""
}
