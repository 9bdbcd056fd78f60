package sqlstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

// PutRequests keeps a batch of the request log.
func (x *Inbox) PutRequests(ctx context.Context, all []inbox.Request) error {
	if len(all) == 0 {
		return nil
	}
	return x.s.together(ctx, func(t *tx) error {
		seq, err := t.next("inbox_requests", len(all))
		if err != nil {
			return err
		}
		b := t.bulk(`INSERT INTO inbox_requests (seq, at, took, directory, token, method, path, query, status, scim_type, reason, type, id, name, size, agent, sender)`, 17, ``)
		for i, q := range all {
			if err := b.add(seq+int64(i), nanos(q.At), int64(q.Took), q.Directory, q.Token, q.Method, q.Path, q.Query, q.Status, q.ScimType, q.Reason,
				q.Type, q.ID, q.Name, q.Size, q.Agent, q.From); err != nil {
				return err
			}
		}
		return b.flush()
	})
}

// usual is how many requests are given where nobody says how many.
const usual = 1000

// Requests gives the log, the newest first.
func (x *Inbox) Requests(ctx context.Context, q inbox.Log) (out []inbox.Request, err error) {
	text, args := logSearch(q)
	err = x.look(ctx, func(r *reader) error {
		return r.each(text, func(row scanner) error {
			var one inbox.Request
			var at int64
			err := row.Scan(&one.Seq, &at, &one.Took, &one.Directory, &one.Token, &one.Method, &one.Path, &one.Query, &one.Status, &one.ScimType, &one.Reason,
				&one.Type, &one.ID, &one.Name, &one.Size, &one.Agent, &one.From)
			one.At = moment(at)
			out = append(out, one)
			return err
		}, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the request log: %w", err)
	}
	return out, nil
}

func logSearch(q inbox.Log) (text string, args []any) {
	var where []string
	ask := func(condition string, value any) {
		args = append(args, value)
		where = append(where, condition+" $"+strconv.Itoa(len(args)))
	}
	for _, c := range []struct{ column, value string }{{"directory", q.Directory}, {"token", q.Token}, {"id", q.ID}, {"name", q.Name}} {
		if c.value == "" {
			continue
		}
		ask(c.column+" =", c.value)
		if c.column == "id" || c.column == "name" {
			where = append(where, c.column+" <> ''") // as the index has it
		}
	}
	if q.Refused {
		where = append(where, "status >= 400")
	}
	if !q.From.IsZero() {
		ask("at >=", nanos(q.From))
	}
	if !q.Until.IsZero() {
		ask("at <", nanos(q.Until))
	}
	if q.Before > 0 {
		ask("seq <", q.Before)
	}
	text = `SELECT seq, at, took, directory, token, method, path, query, status, scim_type, reason, type, id, name, size, agent, sender FROM inbox_requests`
	if len(where) > 0 {
		text += " WHERE " + strings.Join(where, " AND ")
	}
	limit := q.Limit
	if limit <= 0 {
		limit = usual
	}
	args = append(args, limit)
	return text + " ORDER BY seq DESC LIMIT $" + strconv.Itoa(len(args)), args
}

// Prune forgets requests and events of before, and resources that were deleted and of which nothing is told any more.
func (x *Inbox) Prune(ctx context.Context, before time.Time) (removed int, err error) {
	for _, forget := range []func(*tx, int64) (int, error){forgetRequests, forgetEvents} {
		for {
			n := 0
			if err := x.s.change(ctx, nil, func(t *tx) (err error) {
				n, err = forget(t, nanos(before))
				return err
			}); err != nil {
				return removed, fmt.Errorf("forgetting what is old of the inbox: %w", err)
			}
			if removed += n; n < pruneStep {
				break
			}
		}
	}
	return removed, nil
}

func forgetRequests(t *tx, before int64) (int, error) {
	n, err := t.exec(`DELETE FROM inbox_requests WHERE seq IN (SELECT seq FROM inbox_requests WHERE at < $1 ORDER BY at LIMIT $2)`, before, pruneStep)
	return int(n), err
}

// forgetEvents forgets the oldest events, up to the first one that is to stay: marks point into their order.
func forgetEvents(t *tx, before int64) (int, error) {
	n, last := 0, int64(0)
	var gone []int64
	old := true
	if err := t.each(`SELECT num, at, what, resource FROM inbox_events ORDER BY num LIMIT $1`, func(row scanner) error {
		var num, at, what, resource int64
		err := row.Scan(&num, &at, &what, &resource)
		if old = old && at < before; !old {
			return err
		}
		n, last = n+1, num
		if what == deleted {
			gone = append(gone, resource)
		}
		return err
	}, pruneStep); err != nil || n == 0 {
		return 0, err
	}
	if _, err := t.exec(`DELETE FROM inbox_events WHERE num <= $1`, last); err != nil {
		return 0, err
	}
	for _, resource := range gone {
		if _, err := t.exec(`DELETE FROM inbox_resources WHERE num = $1 AND gone = 1
			AND NOT EXISTS (SELECT 1 FROM inbox_events WHERE resource = $1) AND NOT EXISTS (SELECT 1 FROM inbox_events WHERE member = $1 AND member > 0)`, resource); err != nil {
			return 0, err
		}
	}
	_, err := t.exec(`UPDATE counters SET value = $1 WHERE name = 'inbox_pruned'`, last)
	return n, err
}
