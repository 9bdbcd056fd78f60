package cli

import (
	"bufio"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// writeJSON writes one value on one line. Lists that are nil are [], text from documents cannot steer a terminal.
func writeJSON(w io.Writer, v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true)) // an export may hold bytes that are no UTF-8; they become U+FFFD
	return text.CleanJSON(b), err
}

// writeRollCall writes one document, a finding a line, so that a hundred thousand findings are neither held as text
// nor unreadable in an editor.
func writeRollCall(w io.Writer, r trace.RollCall) error {
	out := bufio.NewWriterSize(w, 256<<10)
	head, err := encode(struct {
		Connection string       `json:"connection"`
		Method     string       `json:"method"`
		At         any          `json:"at"`
		Counts     trace.Counts `json:"counts"`
	}{r.Connection, r.Method, r.At, r.Counts})
	if err != nil {
		return err
	}
	notes, err := encode(r.Notes)
	if err != nil {
		return err
	}
	_, _ = out.Write(head[:len(head)-1])
	_, _ = out.WriteString(`,"findings":[`)
	for i := range r.Findings {
		line, err := encode(&r.Findings[i])
		if err != nil {
			return err
		}
		if i > 0 {
			_ = out.WriteByte(',')
		}
		_ = out.WriteByte('\n')
		_, _ = out.Write(line)
	}
	_, _ = out.WriteString("],\"notes\":")
	_, _ = out.Write(notes)
	_, _ = out.WriteString("}\n")
	return out.Flush()
}
