package exports

import (
	"fmt"
	"io"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// logFile is one file of a provisioning log: records, or the steps or changed attributes that belong to them.
type logFile struct {
	*source
	records    []logEntry
	steps      map[string][]document.ProvisioningStep // by change id, folded
	properties map[string][]document.ModifiedProperty
}

// logEntry is a record with its place.
type logEntry struct {
	document.ProvisioningRecord
	at         Note
	reportable string // how the log names the object to people: usually the user principal name
}

func readLog(src *source, l *layout, r io.Reader) (*logFile, error) {
	f := &logFile{source: src}
	t := &table{src, l}
	return f, t.read(r, func(row record) {
		e := logEntry{
			ProvisioningRecord: logRecord(row), reportable: row.text("reportableIdentifier"),
			at: Note{File: src.name, Line: row.line, Column: row.column("source"), Document: src.document()},
		}
		if e.ID == "" {
			e.ID = fmt.Sprintf("%s:%d", src.name, row.line)
		}
		f.records = append(f.records, e)
	})
}

func readSteps(src *source, l *layout, r io.Reader) (*logFile, error) {
	f := &logFile{source: src, steps: map[string][]document.ProvisioningStep{}}
	t := &table{src, l}
	return f, t.read(r, func(row record) {
		change := row.text("changeId")
		if change == "" {
			row.drop("changeId", "no change id, so the step belongs to no record")
			return
		}
		f.steps[fold(change)] = append(f.steps[fold(change)], document.ProvisioningStep{
			Name: row.text("name"), Type: strings.ToLower(row.text("provisioningStepType")), Status: strings.ToLower(row.text("status")),
			Description: row.text("description"), Details: detailsOf(row.text("details")),
		})
	})
}

func readProperties(src *source, l *layout, r io.Reader) (*logFile, error) {
	f := &logFile{source: src, properties: map[string][]document.ModifiedProperty{}}
	t := &table{src, l}
	return f, t.read(r, func(row record) {
		change := row.text("changeId")
		if change == "" {
			row.drop("changeId", "no change id, so the attribute belongs to no record")
			return
		}
		f.properties[fold(change)] = append(f.properties[fold(change)], document.ModifiedProperty{
			DisplayName: row.text("displayName"), OldValue: row.opt("oldValue"), NewValue: row.opt("newValue"),
		})
	})
}
