package expr

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/dotnet"
)

// onText makes a function of one text; null stays null.
func onText(f func(string) string) func(call) (Value, error) {
	return func(c call) (Value, error) {
		v, err := c.single(0)
		if err != nil || v.Null {
			return v, err
		}
		return document.TextValue(f(v.Text)), nil
	}
}

// ofSome makes a function of one text of which null is not documented.
func ofSome(f func(string) string) func(call) (Value, error) {
	return func(c call) (Value, error) {
		s, err := c.some(0, "a value")
		if err != nil {
			return Value{}, err
		}
		return document.TextValue(f(s)), nil
	}
}

func stripSpaces(s string) string { return strings.ReplaceAll(s, " ", "") }

func evalRedact(c call) (Value, error) {
	c.note("Entra's provisioning logs show [Redact] in the place of this value")
	return c.value(0)
}

func evalAppend(c call) (Value, error) {
	source, null, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	suffix, nothing, err := c.text(1)
	if err != nil {
		return Value{}, err
	}
	if null || nothing {
		return Value{}, notEvaluated("Append of an empty attribute is not documented")
	}
	return document.TextValue(source + suffix), nil
}

// changeCase is ToLower and ToUpper.
func changeCase(change func(dotnet.Culture, string) (string, error)) func(call) (Value, error) {
	return func(c call) (Value, error) {
		v, err := c.single(0)
		if err != nil {
			return v, err
		}
		var culture dotnet.Culture
		if c.given(1) {
			name, err := c.some(1, "a culture")
			if err != nil {
				return Value{}, err
			}
			if culture, err = dotnet.ParseCulture(name); err != nil {
				return Value{}, c.refuse(err)
			}
		}
		if v.Null {
			return v, nil
		}
		s, err := change(culture, v.Text)
		if err != nil {
			return Value{}, c.refuse(err)
		}
		return document.TextValue(s), nil
	}
}

func evalPCase(c call) (Value, error) {
	s, err := c.some(0, "a value")
	if err != nil {
		return Value{}, err
	}
	if !c.given(1) {
		title, err := dotnet.Title(s)
		if err != nil {
			return Value{}, c.refuse(err)
		}
		return document.TextValue(title), nil
	}
	separators, err := c.some(1, "word separators")
	if err != nil {
		return Value{}, err
	}
	if separators == "" {
		return Value{}, notEvaluated("PCase with no word separators between the quotes is not documented")
	}
	title, err := dotnet.TitleBetween(s, separators)
	if err != nil {
		return Value{}, c.refuse(err)
	}
	return document.TextValue(title), nil
}
