package trace

import (
	"cmp"
	"slices"
	"strings"
)

// Find gives the users or the groups (kind "user" or "group") who answer to what a person typed, found as Why finds
// them. None, one or several.
func (t *Tracer) Find(query, kind string) []Subject {
	query = strings.TrimSpace(query)
	if scheme, address, ok := strings.Cut(query, ":"); ok && strings.EqualFold(scheme, "smtp") {
		query = address // as copied from proxyAddresses
	}
	for _, look := range []func(string) []candidate{t.byKey, t.deletedByKey, t.groupsByKey, t.atTarget, t.byDisplayName} {
		var out []Subject
		for _, c := range look(query) {
			if c.subject.Kind == kind && !slices.Contains(out, c.subject) {
				out = append(out, c.subject)
			}
		}
		if len(out) > 0 {
			slices.SortFunc(out, func(a, b Subject) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
			return out
		}
	}
	return nil
}
