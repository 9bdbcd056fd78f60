package exports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// readLogJSON reads the portal's JSON download: an array of records, {"value":[…]}, or records one after the
// other. Records are in Graph's spelling, or in that of the Log Analytics table, whose nested objects may be JSON
// inside a string.
func readLogJSON(src *source, r io.Reader) (*logFile, error) {
	f := &logFile{source: src}
	d := jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		var err error
		switch d.PeekKind() {
		case '[':
			err = f.list(d)
		case '{':
			err = f.object(d)
		default:
			if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
				src.whole = true
				return f, nil
			}
			if err == nil {
				err = fmt.Errorf("neither a record nor a list of records")
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: at byte %d: %w", src.name, d.InputOffset(), err)
		}
	}
}

func (f *logFile) list(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if f.rows+f.unused >= f.limit.orDefault().Rows {
			return fmt.Errorf("more than %d records; filter the download", f.limit.orDefault().Rows)
		}
		at := string(d.StackPointer())
		raw, err := d.ReadValue()
		if err != nil {
			return err
		}
		f.one(raw, first(string(d.StackPointer()), at))
	}
	_, err := d.ReadToken()
	return err
}

// object reads {"value":[…]} without holding it in memory, and a single record as what it is.
func (f *logFile) object(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	single := []byte{'{'}
	list := false
	for d.PeekKind() == '"' {
		key, err := d.ReadValue()
		if err != nil {
			return err
		}
		name := strings.ToLower(strings.Trim(string(key), `"`))
		if (name == "value" || name == "records") && d.PeekKind() == '[' {
			list = true
			if err := f.list(d); err != nil {
				return err
			}
			continue
		}
		if len(single) > 1 {
			single = append(single, ',')
		}
		single = append(append(single, key...), ':')
		v, err := d.ReadValue()
		if err != nil {
			return err
		}
		single = append(single, v...)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	if !list {
		f.one(append(single, '}'), string(d.StackPointer()))
	}
	return nil
}

// one takes a record.
func (f *logFile) one(raw jsontext.Value, at string) {
	note := Note{File: f.name, Column: at, Document: document.ProvisioningLogs}
	if raw.Kind() != '{' {
		f.unused++
		f.add(note, "it is no record of a provisioning log and is not used")
		return
	}
	fields := map[string]jsontext.Value{}
	if err := json.Unmarshal(raw, &fields, lenient); err != nil {
		f.unused++
		f.add(note, "the record cannot be read and is not used: %v", err)
		return
	}
	e := logEntry{at: note}
	if graphSpelling(fields) {
		if err := json.Unmarshal(raw, &e.ProvisioningRecord, lenient); err != nil {
			f.unused++
			f.add(note, "the record cannot be read and is not used: %v", err)
			return
		}
	} else {
		row := jsonRow{f, note, map[string]string{}}
		row.flatten(fields)
		if row.text("status") == "" && row.text("statusInfo") == "" && row.text("changeId") == "" {
			f.unused++
			f.add(note, "it is no record of a provisioning log and is not used")
			return
		}
		e.ProvisioningRecord, e.reportable = logRecord(row), row.text("reportableIdentifier")
	}
	if e.ID == "" {
		e.ID = f.name + ":" + at
	}
	f.rows++
	f.records = append(f.records, e)
}

// graphSpelling tells whether the nested objects are objects under Graph's names.
func graphSpelling(fields map[string]jsontext.Value) bool {
	return fields["provisioningStatusInfo"].Kind() == '{' && fields["activityDateTime"].Kind() == '"' &&
		fields["sourceIdentity"].Kind() != '"' && fields["provisioningSteps"].Kind() != '"'
}

// jsonRow is an object whose names are looked up as the columns of the CSV file are.
type jsonRow struct {
	f      *logFile
	at     Note
	fields map[string]string
}

func (j jsonRow) text(field string) string { return j.fields[field] }

func (j jsonRow) note(field, what string, args ...any) {
	at := j.at
	if field != "" {
		at.Column += "/" + field
	}
	j.f.add(at, what, args...)
}

// flatten files every property under its field. Azure Monitor wraps records in "properties".
func (j jsonRow) flatten(fields map[string]jsontext.Value) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		raw := fields[name]
		if strings.EqualFold(name, "properties") && raw.Kind() == '{' {
			inner := map[string]jsontext.Value{}
			if json.Unmarshal(raw, &inner, lenient) == nil {
				delete(inner, "properties") // one wrapping is known; more would be a trap
				j.flatten(inner)
			}
			continue
		}
		f := logMain.field(squash(name))
		if f == "" {
			continue
		}
		text := string(bytes.TrimSpace(raw))
		if raw.Kind() == '"' {
			if json.Unmarshal(raw, &text, lenient) != nil {
				continue
			}
		} else if raw.Kind() == 'n' {
			text = ""
		}
		if j.fields[f] == "" {
			j.fields[f] = strings.TrimSpace(text)
		}
	}
}
