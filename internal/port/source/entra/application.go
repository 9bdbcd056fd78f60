package entra

import (
	"context"
	"strings"

	"github.com/rollcall/rollcall/internal/port/graph"
)

// Application gives the id of an application's service principal, by whatever name it goes; see Options. Where the
// service refuses to say, an id is taken for what it is.
func Application(ctx context.Context, client *graph.Client, name string) (string, error) {
	r := &reading{Source: &Source{graph: client, application: strings.TrimSpace(name)}}
	object, err := r.find(ctx)
	if _, refused := graph.Refused(err); refused && guid.MatchString(r.application) {
		return r.application, nil
	}
	if err != nil {
		return "", err
	}
	id, _, err := plain(object)
	return id, err
}
