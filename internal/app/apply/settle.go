package apply

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// settlement is what follows from a change that was carried out: what came of it, whose the record is, and what the
// mirror of the target must hold from now on.
func settlement(e ledger.Entry, c target.Change, got target.Receipt) store.Settlement {
	out := store.Settlement{Entry: e}
	id := c.ID
	if id == "" {
		id = got.ID
	}
	link := &store.Link{Kind: c.Kind, Source: c.SourceID, Target: id}
	edit := store.Edit{File: document.ScimUsers, ID: id, Object: got.Object}
	if c.Kind == plan.KindGroup {
		edit.File = document.ScimGroups
	}
	switch {
	case c.Kind == plan.KindPolicy:
		for _, account := range c.Add {
			text, err := json.Marshal(map[string]string{"policyId": c.ID})
			if err == nil {
				out.Mirror = append(out.Mirror, store.Edit{File: document.AuthPolicies, ID: account, Object: text})
			}
		}
		return out
	case c.Op == plan.Delete:
		out.Unlink = link
		edit.Object, edit.Drop = nil, true
	case c.Op == plan.Create:
		out.Link = link
	}
	edit.Add, edit.Remove = c.Add, c.Remove
	if len(got.Missing) > 0 {
		edit.Add = without(edit.Add, got.Missing)
	}
	if edit.Object != nil || edit.Drop || len(edit.Add)+len(edit.Remove) > 0 {
		out.Mirror = []store.Edit{edit}
	}
	return out
}

func without(all, some []string) []string {
	gone := map[string]bool{}
	for _, s := range some {
		gone[s] = true
	}
	var out []string
	for _, s := range all {
		if !gone[s] {
			out = append(out, s)
		}
	}
	return out
}

// fieldsText are the changed values as a plan writes them; nil where there are none.
func fieldsText(fields []plan.Field) jsontext.Value {
	if len(fields) == 0 {
		return nil
	}
	text, err := json.Marshal(fields)
	if err != nil { // values are texts, numbers and truths: this cannot be
		return nil
	}
	return text
}

// Settled says what came of a change that an interrupted run had begun, by what the target says of it now.
func Settled(e ledger.Entry, c target.Change, got target.Receipt, said target.Confirmation) store.Settlement {
	switch said {
	case target.Done:
		e.Outcome, e.Text, e.Request = ledger.Done, "the run was interrupted; the target says that it was carried out", got.RequestID
		if e.Subject.Target == "" {
			e.Subject.Target = got.ID
		}
		return settlement(e, c, got)
	case target.NotDone:
		e.Outcome, e.Text = ledger.Undone, "the run was interrupted before it was carried out"
	case target.Other:
		e.Outcome, e.Class, e.Text = ledger.Failed, target.Permanent.String(), "the run was interrupted, and something that is not ours is in its place"
	default:
		e.Outcome, e.Text = ledger.Unsure, "the run was interrupted, and the target does not say whether it was carried out"
	}
	return store.Settlement{Entry: e}
}
