package cli

import (
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// How values and expressions of foreign length and spacing are written beside one another.

// dotted joins what is said of one value.
func dotted(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

func shownText(s trace.Shown) string {
	out := ""
	switch s.State {
	case trace.TextShown:
		if out = spaced(s.Text); out == "" {
			out = `""`
		}
	case trace.ListShown:
		items := make([]string, len(s.List))
		for i, item := range s.List {
			items[i] = spaced(item)
		}
		out = "[" + strings.Join(items, ", ") + "]"
	case trace.NullShown:
		out = "null"
	case trace.Untold:
		out = "not known"
	case trace.Failed:
		out = "fails"
	case trace.NotTaken:
		out = "not taken"
	case trace.Redacted:
		out = "[Redact]"
	}
	if s.Cut {
		out += " …"
	}
	return out
}

func quoted(s trace.Shown) string {
	if s.State == trace.TextShown {
		return `"` + shownText(s) + `"`
	}
	return shownText(s)
}

// spaced shows blanks that wrapping would lose: at either end, and several in a row.
func spaced(s string) string {
	runes := []rune(text.Clean(s))
	for i, r := range runes {
		if r == ' ' && (i == 0 || i == len(runes)-1 || runes[i-1] == ' ' || runes[i-1] == '␣') {
			runes[i] = '␣'
		}
	}
	return string(runes)
}

// stacked is a row of two columns. What is too long for the left one goes over several lines, so that an expression of
// any length leaves room for its value.
func stacked(depth int, left string, beside text.Cell) [][]text.Cell {
	const widest, deepest, hanging = 40, 8, "    "
	indent := strings.Repeat("  ", min(depth, deepest))
	lines := broken(left, widest-len(indent))
	if len(lines) > 1 {
		lines = broken(left, widest-len(indent)-len(hanging))
	}
	var out [][]text.Cell
	for i, line := range lines {
		cell, last := plain(indent+line), plain("")
		if i > 0 {
			cell.Text = indent + hanging + line
		}
		if i == len(lines)-1 {
			last = beside
		}
		out = append(out, []text.Cell{cell, last})
	}
	return out
}

// broken breaks an expression into lines at blanks that stand in no constant.
func broken(expression string, limit int) []string {
	var lines []string
	line := ""
	for _, part := range parts(text.Clean(expression)) {
		switch {
		case line == "":
			line = part
		case text.Width(line)+1+text.Width(part) <= limit:
			line += " " + part
		default:
			lines, line = append(lines, line), part
		}
		if text.Width(line) > limit { // a long constant
			wrapped := text.Wrap(spaced(line), limit)
			lines, line = append(lines, wrapped[:len(wrapped)-1]...), wrapped[len(wrapped)-1]
		}
	}
	return append(lines, line)
}

// parts splits an expression at blanks that stand in no constant.
func parts(s string) []string {
	var out []string
	start, in := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case in && c == '\\':
			i++
		case c == '"':
			in = !in
		case c == ' ' && !in:
			if i > start {
				out = append(out, s[start:i])
			}
			start = i + 1
		}
	}
	return append(out, s[start:])
}
