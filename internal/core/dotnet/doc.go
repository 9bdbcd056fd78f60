// Package dotnet reads what Entra hands to .NET as .NET reads it: regular expressions, letter case by culture, and
// date formats. Scoping filters and attribute mappings share it. It translates what can be translated exactly; every
// other construct is refused by name, and so is a text over which the two would differ.
//
// Categories of letters are those of the Unicode version that Go carries; a letter that is younger than Entra's
// .NET may be judged differently there.
package dotnet

import "fmt"

// UnsupportedError names a construct that .NET has and this package does not answer. At is the character of the
// pattern or format where it stands, counted from 1; 0 means no single place.
type UnsupportedError struct {
	What string
	At   int
}

// Error names the construct and its place.
func (e *UnsupportedError) Error() string { return e.What + place(e.At) + " is not evaluated" }

// SyntaxError says what is wrong with a pattern or format that .NET refuses too. At is as in UnsupportedError.
type SyntaxError struct {
	What string
	At   int
}

// Error says the fault and its place.
func (e *SyntaxError) Error() string { return e.What + place(e.At) }

func place(at int) string {
	if at == 0 {
		return ""
	}
	return fmt.Sprintf(" (character %d)", at)
}
