package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Open gives the intents of a connection that have no outcome.
func (s *Store) Open(ctx context.Context, connection string) ([]ledger.Entry, error) {
	if connection == "" {
		return nil, errors.New("open intents are those of a connection: none was named")
	}
	var out []ledger.Entry
	for e, err := range s.Entries(ctx, store.Query{Connection: connection, Outcome: ledger.Intended}) {
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// entryPage is how many entries are read at a time: whoever is slow with them keeps no transaction open.
const entryPage = 500

// Entries searches the ledger.
func (s *Store) Entries(ctx context.Context, q store.Query) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		left := q.Limit
		if left <= 0 {
			left = math.MaxInt
		}
		before := int64(math.MaxInt64)
		for left > 0 {
			page, err := s.page(ctx, q, before, min(left, entryPage))
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(ledger.Entry{}, fmt.Errorf("reading the ledger: %w", err))
				return
			}
			if len(page) < min(left, entryPage) {
				return
			}
			left -= len(page)
			q.After, before = next(q, page[len(page)-1].Seq, before)
		}
	}
}

func next(q store.Query, last, before int64) (after, upTo int64) {
	if q.Newest {
		return q.After, last
	}
	return last, before
}

func (s *Store) page(ctx context.Context, q store.Query, before int64, limit int) ([]ledger.Entry, error) {
	t, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = t.Rollback() }() // it only reads
	text, args := search(q, before, limit)
	rows, err := t.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	var out []ledger.Entry
	var members []int // how many are added, of each
	err = drain(rows, func(row scanner) error {
		e, adds, removes, err := scanEntry(row)
		e.Add, e.Remove = make([]ledger.Member, 0, adds), make([]ledger.Member, 0, removes)
		out, members = append(out, e), append(members, adds+removes)
		return err
	})
	if err != nil {
		return nil, err
	}
	read, err := t.PrepareContext(ctx, `SELECT m.adds, s.id, s.name, s.target FROM entry_members m JOIN subjects s ON s.num = m.subject WHERE m.seq = $1 ORDER BY m.pos`)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if err := readMembers(ctx, read, &out[i], members[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readMembers(ctx context.Context, read *sql.Stmt, e *ledger.Entry, n int) error {
	if n > 0 {
		rows, err := read.QueryContext(ctx, e.Seq)
		if err != nil {
			return err
		}
		if err := drain(rows, func(row scanner) error {
			var m ledger.Member
			var adds bool
			err := row.Scan(&adds, &m.ID, &m.Name, &m.Target)
			if adds {
				e.Add = append(e.Add, m)
			} else {
				e.Remove = append(e.Remove, m)
			}
			return err
		}); err != nil {
			return err
		}
	}
	if len(e.Add) == 0 {
		e.Add = nil
	}
	if len(e.Remove) == 0 {
		e.Remove = nil
	}
	return nil
}

// search writes the query down. A subject is found by its keys first, and entries by it: never by reading them all.
func search(q store.Query, before int64, limit int) (text string, args []any) {
	var where []string
	ask := func(condition string, value any) {
		args = append(args, value)
		where = append(where, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	for _, c := range []struct{ column, value string }{
		{"connection", q.Connection}, {"run", q.Run}, {"op", q.Op}, {"kind", q.Kind}, {"outcome", string(q.Outcome)},
	} {
		switch {
		case c.value == "":
		case c.column == "outcome" && q.Outcome == ledger.Intended: // as the index of open intents has it
			where = append(where, "e.outcome = 'intended'")
		default:
			ask("e."+c.column+" = ?", c.value)
		}
	}
	if q.Subject != "" {
		of := `(SELECT num FROM subjects WHERE id_key = ? UNION SELECT num FROM subjects WHERE name_key = ? UNION SELECT num FROM subjects WHERE target_key = ?)`
		ask(`e.seq IN (SELECT seq FROM entries WHERE subject IN `+of+` UNION SELECT seq FROM entry_members WHERE subject IN `+of+`)`, document.Fold(q.Subject))
	}
	if !q.Since.IsZero() {
		ask("e.at >= ?", nanos(q.Since))
	}
	if !q.Until.IsZero() {
		ask("e.at < ?", nanos(q.Until))
	}
	ask("e.seq > ?", q.After)
	if before < math.MaxInt64 {
		ask("e.seq < ?", before)
	}
	order := "ASC"
	if q.Newest {
		order = "DESC"
	}
	args = append(args, limit)
	return `SELECT e.seq, e.run, e.step, e.op, e.kind, s.id, s.name, s.target, e.fields, e.adds, e.removes, e.reason, e.why, e.at, e.took, e.outcome, e.class, e.text, e.status, e.request, e.approved, e.allowed
		FROM entries e JOIN subjects s ON s.num = e.subject WHERE ` + strings.Join(where, " AND ") +
		` ORDER BY e.seq ` + order + ` LIMIT $` + strconv.Itoa(len(args)), args
}

func scanEntry(row scanner) (e ledger.Entry, adds, removes int, err error) {
	var fields string
	var at, took int64
	err = row.Scan(&e.Seq, &e.Run, &e.Step, &e.Op, &e.Kind, &e.Subject.ID, &e.Subject.Name, &e.Subject.Target, &fields, &adds, &removes,
		&e.Reason, &e.Why, &at, &took, &e.Outcome, &e.Class, &e.Text, &e.Status, &e.Request, &e.Approved, &e.Allowed)
	if fields != "" {
		e.Fields = jsontext.Value(fields)
	}
	e.At, e.Took = moment(at), time.Duration(took)
	return e, adds, removes, err
}

// Removed gives what was taken away since a moment, or may have been, and nobody had let go; oldest first.
func (s *Store) Removed(ctx context.Context, connection string, since time.Time) ([]plan.Removal, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT at, op, kind, removes, allowed FROM entries
		WHERE connection = $1 AND at >= $2 AND outcome IN ('done', 'unsure') AND (op IN ('deactivate', 'delete') OR removes > 0) ORDER BY at, seq`,
		connection, nanos(since))
	if err != nil {
		return nil, fmt.Errorf("reading what was taken away: %w", err)
	}
	var out []plan.Removal
	err = drain(rows, func(row scanner) error {
		var at int64
		var op plan.Op
		var kind string
		var allowed int
		r := plan.Removal{Class: plan.MemberRemovals}
		if err := row.Scan(&at, &op, &kind, &r.Count, &allowed); err != nil {
			return err
		}
		r.At = moment(at)
		switch {
		case op == plan.Deactivate:
			r.Class, r.Count = plan.Deactivations, 1
		case op == plan.Delete && kind != plan.KindGroup: // a record that a repair deleted: no limit is about these
			return nil
		case op == plan.Delete:
			r.Class, r.Count = plan.GroupDeletions, 1
		}
		if r.Count -= allowed; r.Count > 0 {
			out = append(out, r)
		}
		return nil
	})
	return out, err
}
