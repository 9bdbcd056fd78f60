package sqlstore

import "github.com/rollcall/rollcall/internal/core/document"

// name is a group of a document, or, without a file, somebody who is a member.
type name struct {
	mirror int64
	file   document.File
	id     string
}

// fewNames are looked up one by one; for more, it is quicker to read all names of the mirror.
const fewNames = 10_000

// nameNumbers makes sure that the names have numbers, and that t.names knows them.
func (t *tx) nameNumbers(mirror int64, all []name) error {
	missing := t.unknown(all)
	switch {
	case len(missing) == 0:
		return nil
	case len(missing) > fewNames:
		if err := t.each(`SELECT file, id, num FROM names WHERE mirror = $1`, func(row scanner) error {
			n := name{mirror: mirror}
			var num int64
			err := row.Scan(&n.file, &n.id, &num)
			t.names.put(n, num)
			return err
		}, mirror); err != nil {
			return err
		}
	default:
		for _, n := range missing {
			var num int64
			err := t.row(`SELECT num FROM names WHERE mirror = $1 AND file = $2 AND id = $3`, mirror, string(n.file), n.id).Scan(&num)
			if err == nil {
				t.names.put(n, num)
			} else if !noRows(err) {
				return err
			}
		}
	}
	if missing = t.unknown(missing); len(missing) == 0 {
		return nil
	}
	num, err := t.next("names", len(missing))
	if err != nil {
		return err
	}
	b := t.bulk(`INSERT INTO names (num, mirror, file, id)`, 4, ``)
	for _, n := range missing {
		if err := b.add(num, mirror, string(n.file), n.id); err != nil {
			return err
		}
		t.names.put(n, num)
		num++
	}
	return b.flush()
}

func (t *tx) unknown(all []name) []name {
	var out []name
	for _, n := range all {
		if _, ok := t.names.get(n); !ok {
			out = append(out, n)
		}
	}
	return out
}

// kindNumbers gives the numbers of kinds of members, in the order of the texts.
func (t *tx) kindNumbers(texts []string) ([]int64, error) {
	have := map[string]int64{}
	if err := t.each(`SELECT num, kind FROM kinds`, func(row scanner) error {
		var num int64
		var kind string
		err := row.Scan(&num, &kind)
		have[kind] = num
		return err
	}); err != nil {
		return nil, err
	}
	out := make([]int64, len(texts))
	for i, kind := range texts {
		num, ok := have[kind]
		if !ok {
			var err error
			if num, err = t.next("kinds", 1); err != nil {
				return nil, err
			}
			if _, err := t.exec(`INSERT INTO kinds (num, kind) VALUES ($1, $2)`, num, kind); err != nil {
				return nil, err
			}
		}
		out[i] = num
	}
	return out, nil
}
