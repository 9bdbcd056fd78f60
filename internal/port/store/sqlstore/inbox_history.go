package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

// what an event is. The numbers stand in the file.
const (
	created int64 = 1 + iota
	changed
	deleted
	memberAdded
	memberRemoved
)

var eventWords = map[int64]string{created: "created", changed: "changed", deleted: "deleted", memberAdded: "member added", memberRemoved: "member removed"}

// event writes down that something became of a resource, and gives the number of that.
func (t *tx) event(k *kind, at time.Time, what, resource, member int64, before string) (int64, error) {
	num, err := t.number()
	if err != nil {
		return 0, err
	}
	return num, t.putEvent(k, num, at, what, resource, member, before)
}

func (t *tx) putEvent(k *kind, num int64, at time.Time, what, resource, member int64, before string) error {
	_, err := t.exec(`INSERT INTO inbox_events (num, directory, at, what, resource, member, before) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		num, k.directory, nanos(at), what, resource, member, before)
	return err
}

// History tells what became of a resource.
func (x *Inbox) History(ctx context.Context, directory, id string) (out []inbox.Event, err error) {
	err = x.look(ctx, func(r *reader) error {
		var num int64
		err := r.row(`SELECT r.num FROM inbox_resources r JOIN inbox_directories d ON d.num = r.directory WHERE d.id = $1 AND r.id = $2`, directory, id).Scan(&num)
		if noRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		out, err = r.history(directory, num)
		return err
	})
	return out, err
}

// mostEvents is how many events are told of one resource: those of a group of 100,000 members fit into memory.
const mostEvents = 100_000

// history reads the events from the newest to the oldest: what each tells of attributes is how they were before it.
func (r *reader) history(directory string, num int64) (out []inbox.Event, err error) {
	after := "" // how the attributes were after the event that is read next
	if err := r.row(`SELECT text FROM inbox_texts WHERE resource = $1`, num).Scan(&after); err != nil && !noRows(err) {
		return nil, err
	}
	err = r.each(`SELECT e.at, e.what, e.before, CASE WHEN e.resource = $2 THEN coalesce(m.id, '') ELSE o.id END,
			coalesce((SELECT max(q.seq) FROM inbox_requests q WHERE q.id = o.id AND q.directory = $1 AND q.at = e.at), 0)
		FROM (SELECT * FROM inbox_events WHERE resource = $2 UNION SELECT * FROM inbox_events WHERE member = $2 AND member > 0) e
		JOIN inbox_resources o ON o.num = e.resource LEFT JOIN inbox_resources m ON m.num = e.member ORDER BY e.num DESC LIMIT $3`, func(row scanner) error {
		var e inbox.Event
		var at, what int64
		var before string
		err := row.Scan(&at, &what, &before, &e.Of, &e.Request)
		e.At, e.What = moment(at), eventWords[what]
		switch what {
		case created:
			e.Text = []byte(after)
		case changed:
			e.Text = []byte(after)
			after = before
		case deleted:
			after = before
		}
		out = append(out, e)
		return err
	}, directory, num, mostEvents)
	slices.Reverse(out)
	return out, err
}

// Since gives what changed behind a mark, which is the number of an event.
func (x *Inbox) Since(ctx context.Context, directory, mark string) (iter.Seq2[inbox.Changed, error], string, error) {
	var num, newest, pruned int64
	err := x.look(ctx, func(r *reader) error {
		if err := r.row(`SELECT num FROM inbox_directories WHERE id = $1`, directory).Scan(&num); err != nil && !noRows(err) {
			return err
		}
		return r.row(`SELECT a.value, b.value FROM counters a, counters b WHERE a.name = 'inbox' AND b.name = 'inbox_pruned'`).Scan(&newest, &pruned)
	})
	if err != nil {
		return nil, "", err
	}
	next := strconv.FormatInt(newest, 10)
	if mark == "" {
		return x.stream(ctx, everything(num)), next, nil
	}
	from, err := strconv.ParseInt(mark, 10, 64)
	if err != nil || from < pruned || from > newest { // or of another file, such as before a backup was put back
		return nil, "", fmt.Errorf("the mark %q: %w", mark, inbox.ErrOldMark)
	}
	return x.stream(ctx, since(num, from, newest)), next, nil
}

// pieces gives the next piece of a stream; none is the end.
type pieces func(*reader) ([]inbox.Changed, error)

// stream reads piece after piece: whoever is slow with them keeps no transaction open.
func (x *Inbox) stream(ctx context.Context, next pieces) iter.Seq2[inbox.Changed, error] {
	return func(yield func(inbox.Changed, error) bool) {
		for {
			var piece []inbox.Changed
			err := x.look(ctx, func(r *reader) (err error) {
				piece, err = next(r)
				return err
			})
			if err != nil {
				yield(inbox.Changed{}, fmt.Errorf("reading what changed: %w", err))
				return
			}
			for _, c := range piece {
				if !yield(c, nil) {
					return
				}
			}
			if len(piece) == 0 {
				return
			}
		}
	}
}

func since(directory, from, until int64) pieces {
	return func(r *reader) (out []inbox.Changed, err error) {
		err = r.each(`SELECT e.num, e.what, k.name, o.id, coalesce(m.id, '') FROM inbox_events e JOIN inbox_resources o ON o.num = e.resource
			JOIN inbox_types k ON k.num = o.type LEFT JOIN inbox_resources m ON m.num = e.member
			WHERE e.num > $1 AND e.num <= $2 AND e.directory = $3 ORDER BY e.num LIMIT $4`, func(row scanner) error {
			var c inbox.Changed
			var what int64
			err := row.Scan(&from, &what, &c.Type, &c.ID, &c.Member)
			c.Gone = what == deleted || what == memberRemoved
			out = append(out, c)
			return err
		}, from, until, directory, pieceSize)
		return out, err
	}
}

// everything gives the resources, and behind them the memberships.
func everything(directory int64) pieces {
	var after, owner, member int64
	return func(r *reader) (out []inbox.Changed, err error) {
		if err := r.each(`SELECT o.num, k.name, o.id FROM inbox_resources o JOIN inbox_types k ON k.num = o.type
			WHERE o.num > $1 AND o.directory = $2 AND o.gone = 0 ORDER BY o.num LIMIT $3`, func(row scanner) error {
			var c inbox.Changed
			err := row.Scan(&after, &c.Type, &c.ID)
			out = append(out, c)
			return err
		}, after, directory, pieceSize); err != nil || len(out) > 0 {
			return out, err
		}
		// Who is in two lists of one resource is told once, as in what changed later.
		err = r.each(`SELECT DISTINCT x.owner, x.member, k.name, o.id, m.id FROM inbox_members x JOIN inbox_resources o ON o.num = x.owner
			JOIN inbox_types k ON k.num = o.type JOIN inbox_resources m ON m.num = x.member
			WHERE (x.owner > $1 OR x.owner = $1 AND x.member > $2) AND x.owner >= $1 AND o.directory = $3 ORDER BY x.owner, x.member LIMIT $4`, func(row scanner) error {
			var c inbox.Changed
			err := row.Scan(&owner, &member, &c.Type, &c.ID, &c.Member)
			out = append(out, c)
			return err
		}, owner, member, directory, pieceSize)
		return out, err
	}
}
