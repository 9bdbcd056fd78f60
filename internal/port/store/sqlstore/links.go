package sqlstore

import (
	"context"
	"fmt"

	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Links gives what is ours, sorted by kind, source and target.
func (s *Store) Links(ctx context.Context, connection string) ([]store.Link, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT kind, source, target FROM links WHERE connection = $1 ORDER BY kind, source, target`, connection)
	if err != nil {
		return nil, fmt.Errorf("reading the links: %w", err)
	}
	var out []store.Link
	err = drain(rows, func(row scanner) error {
		var l store.Link
		err := row.Scan(&l.Kind, &l.Source, &l.Target)
		out = append(out, l)
		return err
	})
	return out, err
}

// PutLinks adds links, or replaces those that they contradict.
func (s *Store) PutLinks(ctx context.Context, f store.Fence, links []store.Link) error {
	return s.change(ctx, &f, func(t *tx) error {
		for i := range links {
			if err := t.link(f.Connection, &links[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// link writes down that something is ours. It belongs to one of the source; a user has one record. Of a renamed group
// both groups are ours until the old one is deleted: without its link nobody would ever be taken out of it.
func (t *tx) link(connection string, l *store.Link) error {
	if l.Kind == "" || l.Source == "" || l.Target == "" {
		return fmt.Errorf("a link needs a kind and an id at both sides: %+v", *l)
	}
	if l.Kind != plan.KindGroup {
		if _, err := t.exec(`DELETE FROM links WHERE connection = $1 AND kind = $2 AND source = $3 AND target <> $4`, connection, l.Kind, l.Source, l.Target); err != nil {
			return err
		}
	}
	_, err := t.exec(`INSERT INTO links (connection, kind, source, target) VALUES ($1, $2, $3, $4)
		ON CONFLICT (connection, kind, target) DO UPDATE SET source = excluded.source`, connection, l.Kind, l.Source, l.Target)
	return err
}

// unlink takes away the link of something at the target, whoever of the source it belongs to. One without a target is told
// by its source.
func (t *tx) unlink(connection string, l *store.Link) error {
	_, err := t.exec(`DELETE FROM links WHERE connection = $1 AND kind = $2 AND (target = $4 OR $4 = '' AND source = $3)`,
		connection, l.Kind, l.Source, l.Target)
	return err
}
