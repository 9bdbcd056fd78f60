package config

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const (
	excerptWidth = 100 // characters of a line that are shown
	mask         = "•••"
)

// excerpt shows a line and points at its column. From the column hide on (0: none) nothing is shown.
func (p *parser) excerpt(f Fault, hide int) string {
	text, column := []rune(p.line(f.Line)), f.Column
	if hide > 0 && hide <= len(text) {
		text = append(text[:hide-1:hide-1], []rune(mask)...)
		column = min(column, hide)
	}
	if from := column - excerptWidth*3/4; len(text) > excerptWidth && from > 0 {
		text, column = append([]rune("…"), text[from:]...), column-from+1
	}
	if len(text) > excerptWidth {
		text = append(text[:excerptWidth:excerptWidth], '…')
	}
	var line, below strings.Builder
	for i, r := range text {
		if r != '\t' && !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		line.WriteRune(r)
		if i < column-1 {
			below.WriteRune(cmp.Or(map[rune]rune{'\t': '\t'}[r], ' '))
		}
	}
	number := strconv.Itoa(f.Line)
	return number + " | " + line.String() + "\n" + strings.Repeat(" ", len(number)) + " | " + below.String() + "^"
}

// hidden says from which column on a line must not be shown, by line. A secret ends somewhere; to the end of the line is
// the sure choice. Where there is a tree it says where secrets stand, over several lines too; where YAML could not read
// the file, the look of the lines has to do. Both are always asked.
func (p *parser) hidden(root *value) map[int]int {
	out := map[int]int{}
	hide := func(line, column int) {
		if at, ok := out[line]; !ok || column < at {
			out[line] = column
		}
	}
	p.hideByLook(hide)
	if root == nil {
		return out
	}
	var all []place
	p.places(*root, false, &all)
	slices.SortStableFunc(all, func(a, b place) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column)) })
	for i, s := range all {
		if !s.secret {
			continue
		}
		hide(s.line, s.column)
		end := len(p.lines) + 1
		if i+1 < len(all) {
			end = all[i+1].line
		}
		for line := s.line + 1; line < end; line++ {
			hide(line, 1)
		}
		if end > s.line && end <= len(p.lines) { // the last line of the secret may go on with something else
			line := []rune(p.line(end))
			if strings.Trim(string(line[:min(all[i+1].column-1, len(line))]), " \t-") != "" {
				hide(end, 1)
			}
		}
	}
	return out
}

// place is where a node begins.
type place struct {
	line, column int
	secret       bool
}

func (p *parser) places(v value, secret bool, out *[]place) {
	secret = secret || v.hidden || p.strange[v.Node]
	switch v.Kind {
	case yaml.MappingNode:
		for _, e := range v.pairs() {
			*out = append(*out, place{e.at.Line, e.at.Column, secret})
			p.places(e.value, secret, out)
		}
	case yaml.SequenceNode:
		for i := range v.Content {
			p.places(v.item(i), secret, out)
		}
	default:
		_, ref := ParseSecret(v.Value)
		*out = append(*out, place{v.Line, v.Column, secret && !ref && v.Value != "" && !v.null() || credentials.MatchString(v.Value)})
	}
}

var (
	anyKey = regexp.MustCompile(`([\w-]+)["']?\s*:\s*`)
	newKey = regexp.MustCompile(`^\s*(?:- *)*["']?[\w.-]+["']?\s*:(?:\s|$)`)
	sound  = regexp.MustCompile(`^["']?(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\s,}\]"']+|https?://[\w.:-]+/?)["']?\s*(?:[,}\]#]|$)`)
)

// secretKeys are those of this file, to know their misspellings.
var secretKeys = []string{"client_secret", "scim_key", "admin_key", "token", "postgres"}

// hideByLook hides what follows a key that sounds like a secret, and the lines below it up to the next key that
// stands no deeper.
func (p *parser) hideByLook(hide func(line, column int)) {
	within, indent := false, 0
	for i, line := range p.lines {
		depth := len(line) - len(strings.TrimLeft(line, " \t"))
		if within && !(newKey.MatchString(line) && depth <= indent) && strings.TrimSpace(line) != "" {
			hide(i+1, 1)
			continue
		}
		within = false
		for _, at := range anyKey.FindAllStringSubmatchIndex(line, -1) {
			if key := line[at[2]:at[3]]; !notifySecret(key) && nearest(key, secretKeys) == "" {
				continue
			}
			rest := line[at[1]:]
			if sound.MatchString(rest) {
				continue
			}
			if rest != "" {
				hide(i+1, utf8.RuneCountInString(line[:at[1]])+1)
			}
			within, indent = true, depth
			break
		}
		if at := credentials.FindStringIndex(line); at != nil {
			hide(i+1, utf8.RuneCountInString(line[:at[0]])+1)
		}
	}
}
