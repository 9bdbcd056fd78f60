package sqlstore

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Inbox keeps the directories that are pushed to in the file of a store. All processes that use one file have the same
// schemas.
type Inbox struct {
	s *Store

	mu    sync.Mutex
	kinds map[kindKey]*kind
	ends  ends
}

var _ inbox.Inbox = (*Inbox)(nil)

// Inbox gives the inbox of the store.
func (s *Store) Inbox() *Inbox {
	return &Inbox{s: s, kinds: map[kindKey]*kind{}, ends: ends{}}
}

// Close closes the store with everything in it, once what is under way has ended. Closing again does nothing.
func (x *Inbox) Close() error { return x.s.Close() }

// reader reads the inbox.
type reader struct {
	asker
	x *Inbox
}

// look lets do read. It is one moment of the inbox unless do moves on.
func (x *Inbox) look(ctx context.Context, do func(*reader) error) (err error) {
	s, err := x.s.looks.take(ctx, x.s.w.over)
	if err != nil {
		return fmt.Errorf("reading the inbox: %w", err)
	}
	defer func() { x.s.looks.free <- s }()
	// Statements are short: one that could be interrupted costs a goroutine. Whoever asks many looks at ctx in between.
	r := &reader{asker{s, context.WithoutCancel(ctx)}, x}
	if _, err = r.exec(`BEGIN`); err != nil {
		return fmt.Errorf("reading the inbox: %w", err)
	}
	defer func() {
		if _, end := r.exec(`COMMIT`); end != nil && err == nil {
			err = fmt.Errorf("reading the inbox: %w", end)
		}
	}()
	return do(r)
}

// moveOn lets the reader see what was written meanwhile. A long reading does so now and then: otherwise the log of writes
// could not be copied back, and would grow.
func (r *reader) moveOn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, text := range []string{`COMMIT`, `BEGIN`} {
		if _, err := r.exec(text); err != nil {
			return err
		}
	}
	return nil
}

// PutDirectory keeps a directory, or gives it another name.
func (x *Inbox) PutDirectory(ctx context.Context, d inbox.Directory) error {
	return x.s.together(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE inbox_directories SET name = $2 WHERE id = $1`, d.ID, d.Name)
		if err != nil || n > 0 {
			return err
		}
		num, err := t.number()
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO inbox_directories (num, id, name, created) VALUES ($1, $2, $3, $4)`, num, d.ID, d.Name, nanos(d.Created))
		return err
	})
}

// Directories gives them by id.
func (x *Inbox) Directories(ctx context.Context) (out []inbox.Directory, err error) {
	err = x.look(ctx, func(r *reader) error {
		return r.each(`SELECT id, name, created FROM inbox_directories ORDER BY id`, func(row scanner) error {
			var d inbox.Directory
			var created int64
			err := row.Scan(&d.ID, &d.Name, &created)
			d.Created = moment(created)
			out = append(out, d)
			return err
		})
	})
	return out, err
}

// inboxNumbers are the numbers that a transaction gives, and what it adds to counts. Both are written once, before it is
// committed: nobody else can write meanwhile.
type inboxNumbers struct {
	read  bool
	last  int64
	added []addition
}

// addition is what becomes of the counts of a type.
type addition struct{ kind, total, deleted int64 }

// number gives the next number.
func (t *tx) number() (int64, error) {
	if !t.inbox.read {
		if err := t.row(`UPDATE counters SET value = value WHERE name = 'inbox' RETURNING value`).Scan(&t.inbox.last); err != nil {
			return 0, err
		}
		t.inbox.read = true
	}
	t.inbox.last++
	return t.inbox.last, nil
}

func (n *inboxNumbers) add(k *kind, total, deleted int64) {
	n.added = append(n.added, addition{k.num, total, deleted})
}

func (n *inboxNumbers) write(t *tx) error {
	if !n.read {
		return nil
	}
	if _, err := t.exec(`UPDATE counters SET value = $1 WHERE name = 'inbox'`, n.last); err != nil {
		return err
	}
	sums := map[int64]addition{}
	for _, a := range n.added {
		sum := sums[a.kind]
		sums[a.kind] = addition{a.kind, sum.total + a.total, sum.deleted + a.deleted}
	}
	for _, a := range sums {
		if _, err := t.exec(`UPDATE inbox_types SET total = total + $2, deleted = deleted + $3 WHERE num = $1`, a.kind, a.total, a.deleted); err != nil {
			return err
		}
	}
	return nil
}

// meta is what a service knows about a resource.
func meta(created, modified, version int64) scim.Meta {
	return scim.Meta{Created: moment(created), LastModified: moment(modified), Version: fmt.Sprintf(`W/"%d"`, version)}
}

// found is a resource, and its number.
type found struct {
	num int64
	*scim.Resource
}

const columns = `r.num, r.id, r.version, r.created, r.modified, x.text FROM inbox_resources r JOIN inbox_texts x ON x.resource = r.num`

// scan reads the columns. text is as it was written.
func (k *kind) scan(row scanner) (f found, text string, err error) {
	var version, created, modified int64
	f.Resource = &scim.Resource{Type: k.of}
	if err := row.Scan(&f.num, &f.ID, &version, &created, &modified, &text); err != nil {
		return f, "", err
	}
	f.Meta = meta(created, modified, version)
	if f.Attrs, err = k.of.DecodeStored([]byte(text)); err != nil {
		return f, "", fmt.Errorf("%s %s is kept in a form that cannot be read: %w", k.of.Name(), f.ID, err)
	}
	return f, text, nil
}

// resource reads the resource of an id; sql.ErrNoRows: there is none.
func (a asker) resource(k *kind, id string) (found, string, error) {
	return k.scan(a.row(`SELECT `+columns+` WHERE r.directory = $1 AND r.id = $2 AND r.type = $3 AND r.gone = 0`, k.directory, id, k.num))
}

// orNone puts the port's error in the place of the database's.
func orNone(err error) error {
	if noRows(err) {
		return inbox.ErrNone
	}
	return err
}

// later is the later one of two times, in nanoseconds.
func later(n int64, t time.Time) int64 { return max(n, nanos(t)) }
