package entra

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/rollcall/rollcall/internal/port/graph"
)

// Groups gives the ids of groups that are named by id or display name, in their order. A name that no group or that
// several have is an error.
func Groups(ctx context.Context, client *graph.Client, names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		name = strings.TrimSpace(name)
		if guid.MatchString(name) {
			out = append(out, name)
			continue
		}
		var found []string
		query := url.Values{"$filter": {"displayName eq '" + strings.ReplaceAll(name, "'", "''") + "'"}, "$select": {"id"}}
		for raw, err := range client.Objects(ctx, "/groups", query, nil) {
			if err != nil {
				return nil, err
			}
			id, _, err := plain(raw)
			if err != nil {
				return nil, fmt.Errorf("reading the group %q: %w", name, err)
			}
			if found = append(found, id); len(found) > 1 {
				return nil, fmt.Errorf("several groups are called %q: name the one by its id", name)
			}
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("no group is called %q", name)
		}
		out = append(out, found...)
	}
	return out, nil
}
