package trace

import (
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// Shown is a value as a person may see it.
type Shown struct {
	State ShownState `json:"state"`
	Text  string     `json:"text,omitzero"` // of TextShown
	List  []string   `json:"list,omitzero"` // of ListShown
	Cut   bool       `json:"cut,omitzero"`  // only the beginning is shown
}

// ShownState says what a shown value is.
type ShownState string

// The states.
const (
	TextShown ShownState = "text"
	ListShown ShownState = "list"
	NullShown ShownState = "null"
	Untold    ShownState = "unknown"  // the documents do not tell, or there is no answer here; Entra may have one
	Failed    ShownState = "failed"   // the expression fails, at Entra too
	NotTaken  ShownState = "skipped"  // not evaluated
	Redacted  ShownState = "redacted" // there is a value, and Redact hides it
)

// Bounds of what is shown of one value.
const (
	maxShownText = 1000 // bytes
	maxShownList = 50
)

func shownAttribute(v document.AttributeValue) Shown {
	switch {
	case !v.Known:
		return Shown{State: Untold}
	case v.Null:
		return Shown{State: NullShown}
	case v.Multi():
		s := Shown{State: ListShown, List: []string{}, Cut: len(v.Values) > maxShownList}
		for _, item := range v.Values[:min(len(v.Values), maxShownList)] {
			text, cut := beginning(item)
			s.List, s.Cut = append(s.List, text), s.Cut || cut
		}
		return s
	}
	text, cut := beginning(v.Text)
	return Shown{State: TextShown, Text: text, Cut: cut}
}

func shownMapped(m mapping.Mapped) Shown {
	if m.Err != nil {
		return Shown{State: failedOr(m.Err)}
	}
	return shownAttribute(document.AttributeValue{Text: m.Text, Values: m.Values, Known: m.Known, Null: m.Null})
}

// failedOr tells an expression that fails from one that only has no answer here.
func failedOr(err error) ShownState {
	if mapping.Unanswered(err) {
		return Untold
	}
	return Failed
}

// beginning cuts a long text before a character.
func beginning(s string) (text string, cut bool) {
	if len(s) <= maxShownText {
		return s, false
	}
	at := maxShownText
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at], true
}
