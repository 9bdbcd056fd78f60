package sqlstore

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// inboxTroubles are what must not be in the inbox, as troubles.
var inboxTroubles = []trouble{
	{`SELECT DISTINCT owner FROM inbox_members m JOIN inbox_resources r ON r.num = m.owner WHERE r.gone = 1`, "the inbox's resource %s is deleted, and has members"},
	{`SELECT DISTINCT owner FROM inbox_members m WHERE NOT EXISTS (SELECT 1 FROM inbox_resources r WHERE r.num = m.owner)`, "the inbox has members of resource %s, which is not there"},
	{`SELECT DISTINCT member FROM inbox_members m WHERE NOT EXISTS (SELECT 1 FROM inbox_resources r WHERE r.num = m.member AND r.gone = 0)`, "the inbox's resource %s is a member, and is not there"},
	{
		`SELECT DISTINCT m.list FROM inbox_members m JOIN inbox_resources r ON r.num = m.owner
			WHERE NOT EXISTS (SELECT 1 FROM inbox_attributes a WHERE a.num = m.list AND a.type = r.type AND a.role = 'list')`, "the inbox has members in list %s, which does not belong to their owner",
	},
	{`SELECT r.num FROM inbox_resources r WHERE gone = 0 AND NOT EXISTS (SELECT 1 FROM inbox_texts x WHERE x.resource = r.num)`, "the inbox's resource %s has lost its attributes"},
	{`SELECT resource FROM inbox_texts x WHERE NOT EXISTS (SELECT 1 FROM inbox_resources r WHERE r.num = x.resource AND r.gone = 0)`, "the inbox has attributes of resource %s, which is not there"},
	{
		`SELECT r.num FROM inbox_resources r WHERE NOT EXISTS (SELECT 1 FROM inbox_types t WHERE t.num = r.type AND t.directory = r.directory)`,
		"the inbox's resource %s has a type that its directory does not have",
	},
	{`SELECT t.name FROM inbox_types t WHERE total <> (SELECT count(*) FROM inbox_resources r WHERE r.type = t.num AND r.gone = 0)`, "the inbox counts the resources of type %s wrongly"},
	{`SELECT num FROM inbox_events WHERE num > (SELECT value FROM counters WHERE name = 'inbox')`, "the inbox's event %s has a number that was never given"},
	{
		`SELECT num FROM inbox_events e WHERE NOT EXISTS (SELECT 1 FROM inbox_resources r WHERE r.num = e.resource)
			OR member > 0 AND NOT EXISTS (SELECT 1 FROM inbox_resources r WHERE r.num = e.member)`, "the inbox's event %s is about nobody",
	},
	{`SELECT seq FROM inbox_requests WHERE seq > (SELECT value FROM counters WHERE name = 'inbox_requests')`, "request %s of the inbox's log has a number that was never given"},
}

// keyIndex is one that the inbox has of an attribute.
type keyIndex struct {
	num   int64
	table string
	path  string
	names []string // of the attribute, from the top of the JSON down
	found int64    // rows that belong to a resource
}

// brokenIndexes compares the indexes of the inbox with the resources. What a schema says of an attribute is not known here:
// a value is in an index as it is, or folded.
func (s *Store) brokenIndexes(ctx context.Context) (out []string, err error) {
	ofType := map[int64][]*keyIndex{}
	rows, err := s.read.QueryContext(ctx, `SELECT num, type, role, path FROM inbox_attributes WHERE role <> 'list' ORDER BY num`)
	if err != nil {
		return nil, err
	}
	if err := drain(rows, func(row scanner) error {
		x := &keyIndex{table: "inbox_keys"}
		var kind int64
		var role string
		err := row.Scan(&x.num, &kind, &role, &x.path)
		if role == "unique" {
			x.table = "inbox_unique"
		}
		x.names = strings.Split(x.path, ".")
		if at := strings.LastIndexByte(x.path, ':'); at >= 0 { // of an extension, whose URN has dots, too
			x.names = append([]string{x.path[:at]}, strings.Split(x.path[at+1:], ".")...)
		}
		ofType[kind] = append(ofType[kind], x)
		return err
	}); err != nil {
		return nil, err
	}
	if rows, err = s.read.QueryContext(ctx, `SELECT r.num, r.type, x.text FROM inbox_resources r JOIN inbox_texts x ON x.resource = r.num`); err != nil {
		return nil, err
	}
	if err := drain(rows, func(row scanner) error {
		var num, kind int64
		var text string
		if err := row.Scan(&num, &kind, &text); err != nil {
			return err
		}
		for _, x := range ofType[kind] {
			missing, err := s.missing(ctx, x, num, jsontext.Value(text))
			if err != nil {
				return err
			}
			if missing && len(out) < mostTroubles {
				out = append(out, fmt.Sprintf("the inbox's resource %d is not in the index of %s", num, x.path))
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for _, all := range ofType {
		for _, x := range all {
			var have int64
			if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM `+x.table+` WHERE attribute = $1`, x.num).Scan(&have); err != nil {
				return nil, err
			}
			if have != x.found {
				out = append(out, fmt.Sprintf("the inbox's index of %s has %d rows for %d values", x.path, have, x.found))
			}
		}
	}
	return out, nil
}

// missing tells whether a value of a resource is not in an index, and counts those that are.
func (s *Store) missing(ctx context.Context, x *keyIndex, num int64, text jsontext.Value) (missing bool, err error) {
	if !text.IsValid() {
		return true, nil
	}
	seen := map[string]bool{}
	for _, value := range valuesAt(nil, text, x.names) {
		var key string
		err := s.read.QueryRowContext(ctx, `SELECT key FROM `+x.table+` WHERE attribute = $1 AND key IN ($2, $3) AND resource = $4`,
			x.num, short(value), short(scim.Fold(value)), num).Scan(&key)
		switch {
		case noRows(err):
			missing = true
		case err != nil:
			return false, err
		default:
			seen[key] = true
		}
	}
	x.found += int64(len(seen))
	return missing, nil
}

// valuesAt are the texts at the end of a path of names, through all lists. The JSON is valid.
func valuesAt(out []string, v jsontext.Value, names []string) []string {
	switch v.Kind() {
	case '[':
		d := jsontext.NewDecoder(bytes.NewReader(v))
		for _, err := d.ReadToken(); err == nil && d.PeekKind() != ']'; {
			var one jsontext.Value
			if one, err = d.ReadValue(); err == nil {
				out = valuesAt(out, one.Clone(), names)
			}
		}
	case '{':
		all, err := properties(v)
		if err != nil || len(names) == 0 {
			return out
		}
		for _, p := range all {
			if p.name == names[0] {
				out = valuesAt(out, p.value, names[1:])
			}
		}
	case '"':
		text, err := jsontext.AppendUnquote(nil, v)
		if err == nil && len(names) == 0 {
			out = append(out, string(text))
		}
	default:
		if len(names) == 0 {
			out = append(out, string(v))
		}
	}
	return out
}
