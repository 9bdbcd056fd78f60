package bundle

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Record hands the documents of a bundle to a recorder, object by object and unchanged, in the order of document.Files.
// What a document shows to be missing from it becomes a gap, as when it is loaded. The manifest and its gaps are the
// recorder's own affair. A bundle with exports of the portals is refused: they are joined only when they are loaded.
func (b *Bundle) Record(ctx context.Context, to evidence.Recorder) error {
	if len(b.exports) > 0 {
		return &Error{Path: b.path, What: "it holds exports of the portals, which cannot be recorded anew", Do: "take out the exports, or record the services"}
	}
	g := &gauge{limits: b.Limits}
	for _, e := range b.files {
		if e.file == document.Manifest {
			continue
		}
		if err := b.recordOne(ctx, g, e, to); err != nil {
			return b.wrap(e.file, err)
		}
	}
	return nil
}

func (b *Bundle) recordOne(ctx context.Context, g *gauge, e entry, to evidence.Recorder) error {
	r, err := b.tree.open(e.name)
	if err != nil {
		return err
	}
	defer r.Close()
	x, err := objects(e.file, &metered{ctx: ctx, r: r, g: g, file: e.file}, func(key string, object jsontext.Value) error {
		return to.Add(e.file, key, object)
	})
	if err != nil {
		return err
	}
	gap, cut := x.Gap(e.file)
	if cut {
		if err := to.Gap(gap); err != nil {
			return fmt.Errorf("recording a gap: %w", err)
		}
	}
	if x.Refused != "" && x.Items == 0 {
		return nil // an error answer in place of the document
	}
	return to.Whole(e.file)
}

// objects reads the objects of a document as they stand there.
func objects(file document.File, r io.Reader, take func(key string, object jsontext.Value) error) (document.Extent, error) {
	switch s := shapeOf(file); {
	case s.lines:
		return document.Extent{}, document.Lines(file, r, func(l document.LogLine) error {
			text, err := jsontext.AppendQuote(nil, l.Text)
			if err != nil {
				return err
			}
			return take("", text)
		})
	case file == document.AuthPolicies:
		return document.Keyed(file, r, func(key string, v *policy) error { return take(key, v.text) })
	case s.keyed:
		return document.Keyed(file, r, func(key string, v *jsontext.Value) error { return take(key, *v) })
	case s.single, file == document.SynchronizationJobs, file == document.SynchronizationKeys:
		all, x, err := document.Objects[jsontext.Value](file, r)
		if err != nil {
			return x, err
		}
		if s.single && len(all) > 1 {
			all = all[len(all)-1:] // as Load takes it
		}
		for _, v := range all {
			if err := take("", *v); err != nil {
				return x, err
			}
		}
		return x, nil
	}
	return document.Each(file, r, func(v *jsontext.Value) error { return take("", *v) })
}

// policy is an entry of the policies as it stands there; in a list it names its account.
type policy struct {
	document.AuthPolicy
	text jsontext.Value
}

// UnmarshalJSONFrom keeps the text beside what it says.
func (p *policy) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	text, err := d.ReadValue()
	if err != nil {
		return err
	}
	p.text = bytes.Clone(text)
	return json.Unmarshal(text, &p.AuthPolicy, jsontext.AllowDuplicateNames(true))
}

// Documents are the documents that are there, in the order of document.Files, the manifest left out.
func (b *Bundle) Documents() []document.File {
	var all []document.File
	for _, e := range b.files {
		if e.file != document.Manifest {
			all = append(all, e.file)
		}
	}
	return all
}
