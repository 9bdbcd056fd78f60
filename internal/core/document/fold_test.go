package document

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFoldingIsLowerCaseWithoutBlanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]{0,20}`), rapid.StringMatching(`[a-z0-9-]{5,40}`)).Draw(t, "s")
		if folded(s) && strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x80 || r >= 'A' && r <= 'Z' }) {
			t.Fatalf("%q counts as folded", s)
		}
		if got, want := Fold(s), strings.ToLower(strings.TrimSpace(s)); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}
