package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Documents gives what the mirror holds. It is one moment of the mirror, whatever is written meanwhile.
func (s *Store) Documents(ctx context.Context, connection string, side store.Side, to evidence.Recorder) error {
	t, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = t.Rollback() }() // it only reads
	v := &view{ctx: ctx, t: t, to: to}
	err = t.QueryRowContext(ctx, `SELECT num FROM mirrors WHERE connection = $1 AND side = $2`, connection, string(side)).Scan(&v.mirror)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the mirror of the %s of %s: %w", side, connection, err)
	}
	files, err := v.files()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := v.document(f); err != nil {
			return fmt.Errorf("reading the mirror of the %s of %s: %s: %w", side, connection, f.file, err)
		}
	}
	return nil
}

// view is a mirror while it is read. It lives as long as one call, and therefore holds its context.
type view struct {
	ctx    context.Context
	t      *sql.Tx
	mirror int64
	to     evidence.Recorder
	people *people // of memberships; read when the first group is met
}

type file struct {
	file  document.File
	whole bool
}

// files are the documents in the order in which a bundle is best read.
func (v *view) files() ([]file, error) {
	rows, err := v.t.QueryContext(v.ctx, `SELECT file, whole FROM files WHERE mirror = $1 ORDER BY file`, v.mirror)
	if err != nil {
		return nil, err
	}
	var out []file
	err = drain(rows, func(row scanner) error {
		var f file
		err := row.Scan(&f.file, &f.whole)
		out = append(out, f)
		return err
	})
	rank := map[document.File]int{}
	for i, info := range document.Files {
		rank[info.File] = i
	}
	slices.SortStableFunc(out, func(a, b file) int {
		x, _ := document.SplitSite(a.file)
		y, _ := document.SplitSite(b.file)
		return rank[x] - rank[y]
	})
	return out, err
}

func (v *view) document(f file) error {
	give := v.objects
	if groups(f.file) {
		give = v.groups
	}
	if err := give(f.file); err != nil {
		return err
	}
	var gaps []document.Gap
	rows, err := v.t.QueryContext(v.ctx, `SELECT subject, what, why, call FROM gaps WHERE mirror = $1 AND file = $2 ORDER BY pos`, v.mirror, string(f.file))
	if err != nil {
		return err
	}
	if err := drain(rows, func(row scanner) error {
		g := document.Gap{File: string(f.file)}
		err := row.Scan(&g.Subject, &g.What, &g.Why, &g.Call)
		gaps = append(gaps, g)
		return err
	}); err != nil {
		return err
	}
	for _, g := range gaps {
		if err := v.to.Gap(g); err != nil {
			return err
		}
	}
	if f.whole {
		return v.to.Whole(f.file)
	}
	return nil
}

func (v *view) objects(f document.File) error {
	rows, err := v.t.QueryContext(v.ctx, `SELECT id, object FROM objects WHERE mirror = $1 AND file = $2 ORDER BY id`, v.mirror, string(f))
	if err != nil {
		return err
	}
	return drain(rows, func(row scanner) error {
		var id string
		var text []byte
		if err := row.Scan(&id, &text); err != nil {
			return err
		}
		return v.to.Add(f, id, text)
	})
}

// groupPage is how many groups are in memory at a time, without their members.
const groupPage = 500

// groups gives groups with their members in them.
func (v *view) groups(f document.File) error {
	if v.people == nil {
		var err error
		if v.people, err = readPeople(v.ctx, v.t, v.mirror); err != nil {
			return err
		}
	}
	page, err := v.t.PrepareContext(v.ctx, `SELECT o.id, o.object, coalesce(n.num, 0) FROM objects o LEFT JOIN names n ON n.mirror = o.mirror AND n.file = o.file AND n.id = o.id
		WHERE o.mirror = $1 AND o.file = $2 AND o.id > $3 ORDER BY o.id LIMIT $4`)
	if err != nil {
		return err
	}
	defer page.Close()
	members, err := v.t.PrepareContext(v.ctx, `SELECT member, kind FROM members WHERE grp = $1`)
	if err != nil {
		return err
	}
	defer members.Close()
	type row struct {
		id     string
		object jsontext.Value
		num    int64
	}
	for after := ""; ; {
		rows, err := page.QueryContext(v.ctx, v.mirror, string(f), after, groupPage)
		if err != nil {
			return err
		}
		var all []row
		if err := drain(rows, func(s scanner) error {
			var r row
			err := s.Scan(&r.id, (*[]byte)(&r.object), &r.num)
			all = append(all, r)
			return err
		}); err != nil {
			return err
		}
		for _, r := range all {
			object, err := v.people.in(v.ctx, f, r.object, r.num, members)
			if err != nil {
				return err
			}
			if err := v.to.Add(f, r.id, object); err != nil {
				return err
			}
		}
		if len(all) < groupPage {
			return nil
		}
		after = all[len(all)-1].id
	}
}

// people are the members of groups, in the order of their ids, and written as JSON.
type people struct {
	rank  map[int64]int32 // by number
	texts []string        // quoted, by rank
	kinds map[int64]string
	found []ranked
}

type ranked struct {
	rank int32
	kind int64
}

func readPeople(ctx context.Context, t *sql.Tx, mirror int64) (*people, error) {
	p := &people{rank: map[int64]int32{}, kinds: map[int64]string{}}
	rows, err := t.QueryContext(ctx, `SELECT num, id FROM names WHERE mirror = $1 AND file = '' ORDER BY id`, mirror)
	if err != nil {
		return nil, err
	}
	if err := drain(rows, func(row scanner) error {
		var num int64
		var id []byte
		if err := row.Scan(&num, &id); err != nil {
			return err
		}
		p.rank[num] = int32(len(p.texts))
		p.texts = append(p.texts, quoted(string(id)))
		return nil
	}); err != nil {
		return nil, err
	}
	if rows, err = t.QueryContext(ctx, `SELECT num, kind FROM kinds`); err != nil {
		return nil, err
	}
	return p, drain(rows, func(row scanner) error {
		var num int64
		var kind string
		err := row.Scan(&num, &kind)
		if kind != "" {
			p.kinds[num] = `"@odata.type":` + quoted(kind) + `,`
		}
		return err
	})
}

// in puts the members of a group into it.
func (p *people) in(ctx context.Context, f document.File, object jsontext.Value, group int64, members *sql.Stmt) (jsontext.Value, error) {
	p.found = p.found[:0]
	rows, err := members.QueryContext(ctx, group)
	if err != nil {
		return nil, err
	}
	if err := drain(rows, func(row scanner) error {
		var num, kind int64
		if err := row.Scan(&num, &kind); err != nil {
			return err
		}
		p.found = append(p.found, ranked{p.rank[num], kind})
		return nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(p.found, func(a, b ranked) int { return int(a.rank - b.rank) })
	open := bytes.TrimSuffix(object, []byte("}"))
	out := make([]byte, 0, len(open)+16+100*len(p.found))
	out = append(out, open...)
	if len(open) > 1 {
		out = append(out, ',')
	}
	out = append(out, `"members":[`...)
	key := `"value":`
	if f == document.Groups {
		key = `"id":`
	}
	for i, m := range p.found {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		if f == document.Groups {
			out = append(out, p.kinds[m.kind]...)
		}
		out = append(append(append(out, key...), p.texts[m.rank]...), '}')
	}
	return append(out, "]}"...), nil
}

// quoted is a text as JSON. Ids are plain; one that is not valid UTF-8 is told as far as it is.
func quoted(s string) string {
	out, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		out, _ = jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\uFFFD"))
	}
	return string(out)
}
