package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// trouble is what must not be: a query that finds the places, and what is then wrong with each.
type trouble struct{ query, text string }

var troubles = []trouble{
	{
		`SELECT seq FROM entries WHERE outcome NOT IN ('intended', 'done', 'failed', 'stale', 'blocked', 'held', 'undone', 'unsure')`,
		"entry %s has an outcome that does not exist",
	},
	{`SELECT seq FROM entries e WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = e.run AND r.connection = e.connection)`, "entry %s belongs to no run of its connection"},
	{`SELECT seq FROM entries e WHERE NOT EXISTS (SELECT 1 FROM subjects s WHERE s.num = e.subject)`, "entry %s is about nobody"},
	{
		`SELECT seq FROM entries e WHERE adds <> (SELECT count(*) FROM entry_members m WHERE m.seq = e.seq AND m.adds = 1)
			OR removes <> (SELECT count(*) FROM entry_members m WHERE m.seq = e.seq AND m.adds = 0)`, "entry %s lost members",
	},
	{`SELECT DISTINCT seq FROM entry_members m WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.seq = m.seq)`, "members are left of entry %s, which is gone"},
	{`SELECT seq FROM entry_members m WHERE NOT EXISTS (SELECT 1 FROM subjects s WHERE s.num = m.subject)`, "entry %s has a member who is nobody"},
	{`SELECT seq FROM entries WHERE seq > (SELECT value FROM counters WHERE name = 'entries')`, "entry %s has a number that was never given"},
	{`SELECT DISTINCT r.id FROM runs r JOIN entries e ON e.run = r.id WHERE r.state = 'done' AND e.outcome = 'intended'`, "run %s is done, but has changes whose outcome is not known"},
	{`SELECT kind || ' ' || source FROM links WHERE kind <> 'group' GROUP BY connection, kind, source HAVING count(*) > 1`, "%s has more than one link to the target"},
	{`SELECT DISTINCT grp FROM members m WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.num = m.grp AND n.file <> '')`, "members of a group without a name: %s"},
	{`SELECT DISTINCT member FROM members m WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.num = m.member AND n.file = '')`, "a member without a name: %s"},
	{`SELECT DISTINCT kind FROM members m WHERE NOT EXISTS (SELECT 1 FROM kinds k WHERE k.num = m.kind)`, "members of an unknown kind: %s"},
	{`SELECT DISTINCT file FROM objects o WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.mirror = o.mirror AND f.file = o.file)`, "the mirror holds objects of %s, but does not know that document"},
	{`SELECT DISTINCT mirror FROM files f WHERE NOT EXISTS (SELECT 1 FROM mirrors m WHERE m.num = f.mirror)`, "documents of a mirror that is gone: %s"},
	{`SELECT num FROM subjects WHERE num > (SELECT value FROM counters WHERE name = 'subjects')`, "subject %s has a number that was never given"},
	{`SELECT num FROM names WHERE num > (SELECT value FROM counters WHERE name = 'names')`, "name %s has a number that was never given"},
}

// mostTroubles is how many of one sort are told.
const mostTroubles = 20

// Check looks for what is wrong with the store.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	out, err := s.texts(ctx, `SELECT integrity_check FROM pragma_integrity_check`, "the file is damaged: %s")
	if err != nil {
		return nil, fmt.Errorf("checking the store: %w", err)
	}
	if len(out) == 1 && out[0] == "the file is damaged: ok" {
		out = nil
	}
	for _, t := range slices.Concat(troubles, inboxTroubles) {
		found, err := s.texts(ctx, t.query, t.text)
		if err != nil {
			return nil, fmt.Errorf("checking the store: %w", err)
		}
		out = append(out, found...)
	}
	broken, err := s.brokenObjects(ctx)
	if err != nil {
		return nil, err
	}
	indexes, err := s.brokenIndexes(ctx)
	if err != nil {
		return nil, fmt.Errorf("checking the inbox: %w", err)
	}
	return slices.Concat(out, broken, indexes), nil
}

func (s *Store) texts(ctx context.Context, query, text string) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	var out []string
	err = drain(rows, func(row scanner) error {
		var what string
		err := row.Scan(&what)
		if len(out) < mostTroubles {
			out = append(out, fmt.Sprintf(text, what))
		}
		return err
	})
	return out, err
}

// brokenObjects are objects of mirrors that are no JSON objects.
func (s *Store) brokenObjects(ctx context.Context) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT file, id, object FROM objects`)
	if err != nil {
		return nil, fmt.Errorf("checking the mirrors: %w", err)
	}
	var out []string
	err = drain(rows, func(row scanner) error {
		var file, id string
		var object []byte
		err := row.Scan(&file, &id, &object)
		if v := jsontext.Value(object); (v.Kind() != '{' || !v.IsValid()) && len(out) < mostTroubles {
			out = append(out, fmt.Sprintf("the mirror's object %s of %s is no JSON object", id, file))
		}
		return err
	})
	return out, err
}
