package exports

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// HeadBytes is how much of a file's beginning is enough to recognise it.
const HeadBytes = 64 << 10

// Recognise tells what a file is by its beginning. The columns decide; the name helps only where a header alone
// fits two kinds. The error of a file that is not recognised names the columns found and what the closest kind
// would need; a template for bulk edits is refused with the download to take instead.
func Recognise(name string, head []byte) (Kind, error) {
	kind, _, err := inspect(name, head, false)
	return kind, err
}

// inspect recognises a file; the layout is nil for files that are no tables. members says that the caller knows
// the file to be the members of a group.
func inspect(name string, head []byte, members bool) (Kind, *layout, error) {
	src := bufio.NewReaderSize(bytes.NewReader(head), 4096)
	text, err := io.ReadAll(utf8Text(src))
	if err != nil {
		return Unrecognised, nil, fmt.Errorf("%s: %w", name, err)
	}
	switch trimmed := bytes.TrimSpace(text); {
	case len(trimmed) == 0:
		return Unrecognised, nil, fmt.Errorf("%s: the file is empty", name)
	case looksLikeGuardLog(trimmed):
		return GuardLog, nil, nil
	case trimmed[0] == '{' || trimmed[0] == '[':
		kind, err := inspectJSON(name, trimmed)
		return kind, nil, err
	}
	header, rows, err := firstRows(text, len(head) >= HeadBytes)
	if err != nil {
		return Unrecognised, nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := refuseTemplate(name, append([][]string{header}, rows[:min(len(rows), 2)]...)); err != nil {
		return Unrecognised, nil, err
	}
	if l := choose(name, header, rows, members); l != nil {
		return l.shape.kind, l, nil
	}
	if isText(name) && !isTable(header, rows) {
		if saysLog(name) {
			return GuardLog, nil, nil
		}
		return Unrecognised, nil, fmt.Errorf("%s: none of its lines is known from Guard's troubleshooting log; if it is that log, call the file troubleshooting-log.txt", name)
	}
	return Unrecognised, nil, unknown(name, header, members)
}

// firstRows are the header and the rows of a file's beginning. A row that the beginning may have cut is left out.
func firstRows(text []byte, cut bool) (header []string, rows [][]string, err error) {
	c, first, err := startTable(bytes.NewReader(text), Limits{RowBytes: HeadBytes})
	if err != nil {
		if cut {
			return nil, nil, fmt.Errorf("the header line is longer than %d bytes", HeadBytes)
		}
		return nil, nil, err
	}
	header = slices.Clone(first.cells)
	for {
		r, err := c.next()
		if err != nil || r.cut && cut {
			return header, rows, nil //nolint:nilerr // a row that cannot be read is met again, with its line, when the file is read
		}
		rows = append(rows, slices.Clone(r.cells))
	}
}

// isTable tells whether the rows line up under a header, as they do not in a pasted log.
func isTable(header []string, rows [][]string) bool {
	return len(header) >= 3 && !slices.ContainsFunc(rows, func(r []string) bool { return len(r) != len(header) })
}

// choose is the layout of the kind that fits. Where several fit, the one that leaves the fewest columns without
// a meaning is taken. Values decide only where the names fit nothing.
func choose(name string, header []string, rows [][]string, members bool) *layout {
	if members || hint(name) == EntraMembers {
		if l := asMembers(header, rows, members); l != nil {
			return l
		}
	}
	var best *layout
	for _, s := range shapes {
		l := lay(s, header)
		if !l.fits() || !l.plausible(rows) || s == &bareGroups && hint(name) == EntraUsers {
			continue
		}
		if best == nil || len(l.other) < len(best.other) {
			best = l
		}
	}
	if best != nil {
		best.guess(rows)
		return best
	}
	if hint(name) == EntraMembers {
		if l := asMembers(header, rows, true); l != nil {
			return l
		}
	}
	for _, s := range shapes {
		l := lay(s, header)
		l.guess(rows)
		// Guessing needs something to hold on to: a name that is known, or a file name that says the kind.
		if !l.fits() || !l.plausible(rows) || len(l.guessed) == 0 || len(l.at) == len(l.guessed) && hint(name) != s.kind {
			continue
		}
		if best != nil {
			return nil
		}
		best = l
	}
	return best
}

// asMembers takes any table with an object id or a user principal name as members; a type is not needed then.
func asMembers(header []string, rows [][]string, guess bool) *layout {
	l := lay(&entraMembers, header)
	if guess {
		l.guess(rows)
	}
	_, id := l.at["id"]
	_, upn := l.at["userPrincipalName"]
	for _, h := range header {
		if slices.Contains(entraMembers.never, squash(h)) {
			return nil
		}
	}
	if !id && !upn || !l.plausible(rows) {
		return nil
	}
	if !guess {
		l.guess(rows) // the other of the two, and the type
	}
	return l
}

// hint is what a file name says of the kind.
func hint(name string) Kind {
	switch base := squash(stem(name)); {
	case strings.Contains(base, "managed"):
		return ManagedAccounts
	case strings.Contains(base, "provisioningsteps"):
		return ProvisioningSteps
	case strings.Contains(base, "modifiedproperties"):
		return ModifiedProperties
	case strings.Contains(base, "provisioninglog"):
		return ProvisioningLog
	case strings.Contains(base, "members"), strings.Contains(base, "exportgroupmember"):
		return EntraMembers
	case strings.Contains(base, "user"):
		return EntraUsers
	case strings.Contains(base, "group"):
		return EntraGroups
	}
	return Unrecognised
}

// stem is the file name without folders and ending.
func stem(name string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	if ext := path.Ext(base); len(ext) > 1 && len(ext) <= 5 {
		base = strings.TrimSuffix(base, ext)
	}
	return base
}
