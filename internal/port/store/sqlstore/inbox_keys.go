package sqlstore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// index writes the rows of new indexes for the resources that are there.
func (t *tx) index(k *kind, fresh map[int64]bool) error {
	for after := int64(0); ; {
		piece, err := t.piece(k, after, pieceSize)
		if err != nil {
			return err
		}
		for _, f := range piece {
			keys := slices.DeleteFunc(k.keys(f.Resource), func(key key) bool { return !fresh[key.of.num] })
			if err := errors.Join(t.untaken(k, keys), t.putKeys(f.num, keys)); err != nil {
				return fmt.Errorf("%s: %w", f.ID, err)
			}
			after = f.num
		}
		if len(piece) < pieceSize {
			return nil
		}
	}
}

// key is a value in an index.
type key struct {
	of   *indexed
	text string
}

// keys are what the indexes have of a resource.
func (k *kind) keys(r *scim.Resource) (out []key) {
	for i := range k.indexed {
		a := &k.indexed[i]
		for text := range r.Values(a.Attr) {
			if one := (key{a, short(a.Key(text))}); !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
	}
	return out
}

// longest is how many bytes a key may have: any database has room for that.
const longest = 512

// short makes a key of any length one that an index takes. Equal ones stay equal, others stay apart, and each begins as the
// text does, for half of its length at least.
func short(text string) string {
	if len(text) <= longest {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	end := hex.EncodeToString(sum[:])
	return strings.ToValidUTF8(text[:longest-len(end)], "") + end
}

// untaken refuses values that are unique and that another resource has.
func (t *tx) untaken(k *kind, keys []key) error {
	for _, key := range keys {
		if !key.of.unique {
			continue
		}
		var other int64
		err := t.row(`SELECT resource FROM inbox_unique WHERE attribute = $1 AND key = $2`, key.of.num, key.text).Scan(&other)
		if err == nil {
			return k.of.Taken(key.of.Attr)
		}
		if !noRows(err) {
			return err
		}
	}
	return nil
}

// putKeys writes keys of a resource. Those that are unique are so by the primary key as well.
func (t *tx) putKeys(num int64, keys []key) error {
	for _, key := range keys {
		text := `INSERT INTO inbox_keys (attribute, key, resource) VALUES ($1, $2, $3)`
		if key.of.unique {
			text = `INSERT INTO inbox_unique (attribute, key, resource) VALUES ($1, $2, $3)`
		}
		if _, err := t.exec(text, key.of.num, key.text, num); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) dropKeys(num int64, keys []key) error {
	for _, key := range keys {
		text := `DELETE FROM inbox_keys WHERE attribute = $1 AND key = $2 AND resource = $3`
		if key.of.unique {
			text = `DELETE FROM inbox_unique WHERE attribute = $1 AND key = $2 AND resource = $3`
		}
		if _, err := t.exec(text, key.of.num, key.text, num); err != nil {
			return err
		}
	}
	return nil
}
