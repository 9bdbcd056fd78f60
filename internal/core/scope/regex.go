package scope

import (
	"github.com/rollcall/rollcall/internal/core/dotnet"
)

// pattern is a .NET regular expression that was made ready.
type pattern struct{ re *dotnet.Regexp }

// compilePattern makes a pattern ready, or says why it cannot be answered.
func compilePattern(source string, foldCase bool) (*pattern, string) {
	re, err := dotnet.Compile(source, foldCase)
	if err != nil {
		return nil, "in the regular expression: " + err.Error()
	}
	return &pattern{re: re}, ""
}

// match finds the pattern anywhere in the text, as .NET's IsMatch does; that Entra does not anchor it is not verified.
func (p *pattern) match(text string) (Outcome, string) {
	found, err := p.re.Match(text)
	if err != nil {
		return Unknown, "in the regular expression: " + err.Error()
	}
	return outcome(found), ""
}
