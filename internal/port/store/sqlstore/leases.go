package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/rollcall/rollcall/internal/port/store"
)

// Claim takes or renews the lease of a connection.
func (s *Store) Claim(ctx context.Context, connection, holder string, now time.Time, ttl time.Duration) (f store.Fence, ok bool, other string, until time.Time, err error) {
	if connection == "" || holder == "" {
		return f, false, "", until, errors.New("a lease needs a connection and a holder")
	}
	err = s.change(ctx, nil, func(t *tx) error {
		var token int64
		err := t.row(`INSERT INTO leases (connection, holder, token, expires) VALUES ($1, $2, 1, $4)
			ON CONFLICT (connection) DO UPDATE SET
				token = CASE WHEN leases.holder = excluded.holder THEN leases.token ELSE leases.token + 1 END,
				holder = excluded.holder, expires = excluded.expires
			WHERE leases.expires <= $3 OR leases.holder = excluded.holder
			RETURNING token`, connection, holder, nanos(now), nanos(now.Add(ttl))).Scan(&token)
		if errors.Is(err, sql.ErrNoRows) {
			var expires int64
			err := t.row(`SELECT holder, expires FROM leases WHERE connection = $1`, connection).Scan(&other, &expires)
			until = moment(expires)
			return err
		}
		f, ok = store.Fence{Connection: connection, Token: token}, err == nil
		return err
	})
	if err != nil {
		return store.Fence{}, false, "", time.Time{}, err
	}
	return f, ok, other, until, nil
}

// TakeOver takes a lease from one holder, and from nobody else.
func (s *Store) TakeOver(ctx context.Context, connection, from, holder string, now time.Time, ttl time.Duration) (f store.Fence, ok bool, err error) {
	if connection == "" || from == "" || holder == "" {
		return f, false, errors.New("taking a lease over needs a connection, its holder and the new one")
	}
	err = s.change(ctx, nil, func(t *tx) error {
		f = store.Fence{Connection: connection}
		err := t.row(`UPDATE leases SET holder = $3, token = token + 1, expires = $4 WHERE connection = $1 AND holder = $2 RETURNING token`,
			connection, from, holder, nanos(now.Add(ttl))).Scan(&f.Token)
		ok = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil || !ok {
		return store.Fence{}, false, err
	}
	return f, true, nil
}

// Release gives a lease back, so that nothing more can be written with it. One that is lost already is left alone.
func (s *Store) Release(ctx context.Context, f store.Fence) error {
	return s.change(ctx, nil, func(t *tx) error {
		_, err := t.exec(`UPDATE leases SET holder = '', expires = 0, token = token + 1 WHERE connection = $1 AND token = $2`, f.Connection, f.Token)
		return err
	})
}

// Holder is who holds the lease of a connection at a moment, and until when; "" where nobody does.
func (s *Store) Holder(ctx context.Context, connection string, now time.Time) (holder string, until time.Time, err error) {
	var expires int64
	err = s.read.QueryRowContext(ctx, `SELECT holder, expires FROM leases WHERE connection = $1 AND expires > $2`, connection, nanos(now)).Scan(&holder, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return holder, moment(expires), err
}
