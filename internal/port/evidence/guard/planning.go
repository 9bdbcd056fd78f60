package guard

import (
	"context"

	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Planning is the source narrowed to what a plan reads beside the directory: accounts, groups of the organization,
// domains and authentication policies.
func (s *Source) Planning() evidence.Source { return planning{s} }

type planning struct{ *Source }

// Fetch implements evidence.Source, without a focus.
func (p planning) Fetch(ctx context.Context, _ *evidence.Focus, to evidence.Recorder) error {
	r := &reading{Source: p.Source, to: to}
	_, org, err := r.askable()
	if err != nil || !org {
		return err
	}
	w := &whole{reading: r, linked: map[string]bool{}, groups: map[string][]string{}}
	for _, step := range []func(context.Context) error{w.accounts, w.orgGroups, w.domains, w.policies} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}
