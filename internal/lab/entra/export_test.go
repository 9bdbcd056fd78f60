package entra

import "testing"

// Contract checks values against the vendor's entity model, for tests from outside: typ is a name such as
// provisioningObjectSummary. It tells what is wrong.
func Contract(t *testing.T) func(at string, v any, typ string) []string {
	c := readCSDL(t)
	return func(at string, v any, typ string) []string { return c.check(at, v, "graph."+typ) }
}
