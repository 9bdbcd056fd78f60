package sqlstore

import (
	"context"
	"time"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

// PutToken keeps a token, or gives it another name and another end.
func (x *Inbox) PutToken(ctx context.Context, k inbox.Token) error {
	return x.s.together(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO inbox_tokens (id, directory, name, hash, created, expires, revoked, used, sender) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, expires = excluded.expires, revoked = excluded.revoked`,
			k.ID, k.Directory, k.Name, k.Hash, nanos(k.Created), nanos(k.Expires), nanos(k.Revoked), nanos(k.Used), k.From)
		return err
	})
}

const tokenColumns = `id, directory, name, hash, created, expires, revoked, used, sender FROM inbox_tokens`

func scanToken(row scanner) (k inbox.Token, err error) {
	var created, expires, revoked, used int64
	err = row.Scan(&k.ID, &k.Directory, &k.Name, &k.Hash, &created, &expires, &revoked, &used, &k.From)
	k.Created, k.Expires, k.Revoked, k.Used = moment(created), moment(expires), moment(revoked), moment(used)
	return k, err
}

// Token finds a token by its public part.
func (x *Inbox) Token(ctx context.Context, id string) (k inbox.Token, err error) {
	err = x.look(ctx, func(r *reader) error {
		k, err = scanToken(r.row(`SELECT `+tokenColumns+` WHERE id = $1`, id))
		return orNone(err)
	})
	return k, err
}

// Tokens are those of a directory, the oldest first.
func (x *Inbox) Tokens(ctx context.Context, directory string) (out []inbox.Token, err error) {
	err = x.look(ctx, func(r *reader) error {
		return r.each(`SELECT `+tokenColumns+` WHERE directory = $1 ORDER BY created, id`, func(row scanner) error {
			k, err := scanToken(row)
			out = append(out, k)
			return err
		}, directory)
	})
	return out, err
}

// UsedToken notes when a token was used last, to the minute: a client that asks a hundred times in a second costs one write.
func (x *Inbox) UsedToken(ctx context.Context, id string, at time.Time, from string) error {
	k, err := x.Token(ctx, id)
	if err != nil {
		return err
	}
	minute := at.Truncate(time.Minute)
	if !k.Used.Before(minute) {
		return nil
	}
	return x.s.together(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE inbox_tokens SET used = $2, sender = $3 WHERE id = $1 AND used < $2`, id, nanos(minute), from)
		return err
	})
}
