package scope

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// maxPattern bounds the patterns that are compiled, in bytes.
const maxPattern = 4096

// pattern is a .NET regular expression that Go reads the same way.
type pattern struct {
	re    *regexp.Regexp
	ascii bool // the pattern holds a class whose meaning differs outside ASCII
}

// compilePattern makes a pattern ready, or says why it cannot be answered: the two dialects share most of their
// syntax, and where they do not, the construct is named.
func compilePattern(source string, foldCase bool) (*pattern, string) {
	if len(source) > maxPattern {
		return nil, "the regular expression is too long to evaluate"
	}
	if what := differs(source); what != "" {
		return nil, "the regular expression uses " + what + ", which is not evaluated"
	}
	text := source
	if foldCase {
		text = "(?i)" + text
	}
	re, err := regexp.Compile(text)
	var fault *syntax.Error
	switch {
	case errors.As(err, &fault):
		return nil, "the regular expression uses " + fault.Expr + ", which is not evaluated"
	case err != nil:
		return nil, "the regular expression is not evaluated: " + err.Error()
	}
	return &pattern{re: re, ascii: classes(source)}, ""
}

// differs names what both dialects accept but read differently: class subtraction, POSIX classes, quoted runs,
// Go's ungreedy flag.
func differs(source string) string {
	for _, construct := range []string{"-[", "[:", `\Q`, `\C`, "(?U", "(?P"} {
		if strings.Contains(source, construct) {
			return construct
		}
	}
	return ""
}

// classes tells whether the pattern holds \w, \d, \s or \b, which mean ASCII to Go and all of Unicode to .NET.
func classes(source string) bool {
	for i := 0; i+1 < len(source); i++ {
		if source[i] == '\\' {
			i++
			if strings.IndexByte("wWdDsSbB", source[i]) >= 0 {
				return true
			}
		}
	}
	return false
}

// match finds the pattern anywhere in the text, as .NET's IsMatch does; that Entra does not anchor it is not verified.
func (p *pattern) match(text string) (Outcome, string) {
	if p.ascii && strings.ContainsFunc(text, func(r rune) bool { return r > 127 }) {
		return Unknown, `a class such as \w over letters outside ASCII is not evaluated`
	}
	return outcome(p.re.MatchString(text)), ""
}
