package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/dotnet"
)

// The arguments of Replace.
const (
	replSource, replOld, replPattern, replGroup = 0, 1, 2, 3
	replNew, replAttribute, replTemplate        = 4, 5, 6
)

// evalReplace tells the five documented modes apart by which arguments are written.
func evalReplace(c call) (Value, error) {
	letters := make([]byte, 0, replTemplate) // stays on the stack
	for i := replOld; i <= replTemplate; i++ {
		if c.given(i) {
			letters = append(letters, " opgrat"[i])
		}
	}
	written := string(letters)
	v, err := c.single(replSource)
	if err != nil {
		return v, err
	}
	switch written {
	case "or":
		return c.replaceText(v)
	case "ot":
		return c.fillTemplate(v)
	case "pr":
		return c.replacePattern(v)
	case "pgr":
		return c.replaceGroup(v)
	case "pga":
		return c.extract(v)
	}
	switch {
	case !strings.ContainsAny(written, "rat"):
		return Value{}, notEvaluated("Replace without a replacement is not documented")
	case !strings.ContainsAny(written, "op"):
		return Value{}, notEvaluated("Replace without a value to replace is not documented")
	}
	return Value{}, notEvaluated("Replace with arguments of two of the documented ways at once is not documented")
}

// replaceText is mode 1: every occurrence of the old value.
func (c call) replaceText(v Value) (Value, error) {
	from, err := c.oldValue()
	if err != nil || v.Null {
		return v, err
	}
	to, err := c.some(replNew, "a replacement")
	if err != nil {
		return Value{}, err
	}
	return c.replaceAll(v.Text, from, to)
}

// fillTemplate is mode 2: the source takes the place of the old value in the template.
func (c call) fillTemplate(v Value) (Value, error) {
	from, err := c.oldValue()
	if err != nil {
		return Value{}, err
	}
	template, err := c.some(replTemplate, "a template")
	switch {
	case err != nil:
		return Value{}, err
	case v.Null:
		return Value{}, notEvaluated("Replace of null into a template is not documented")
	}
	return c.replaceAll(template, from, v.Text)
}

func (c call) oldValue() (string, error) {
	from, null, err := c.text(replOld)
	if err == nil && (null || from == "") {
		err = notEvaluated("Replace without a value to replace is not documented")
	}
	return from, err
}

func (c call) replaceAll(s, from, to string) (Value, error) {
	if len(s)+strings.Count(s, from)*len(to) > maxText {
		return Value{}, c.tooLong()
	}
	return document.TextValue(strings.ReplaceAll(s, from, to)), nil
}

// replacePattern is mode 3: every match, with groups filled in.
func (c call) replacePattern(v Value) (Value, error) {
	re, err := c.regexp()
	if err != nil {
		return Value{}, err
	}
	to, err := c.some(replNew, "a replacement")
	if err != nil || v.Null {
		return v, err
	}
	s, err := re.Replace(v.Text, to, maxText)
	if err != nil {
		return Value{}, c.refuse(err)
	}
	return document.TextValue(s), nil
}

// replaceGroup is mode 4: what the group matched. "All values matching" the group can mean the places where it
// matched or every occurrence of what it matched; there is an answer where both are the same.
func (c call) replaceGroup(v Value) (Value, error) {
	re, group, err := c.grouped()
	if err != nil {
		return Value{}, err
	}
	to, err := c.some(replNew, "a replacement")
	if err != nil || v.Null {
		return v, err
	}
	if strings.Contains(to, "$") {
		return Value{}, notEvaluated("Replace of a group by a text with $ is not documented")
	}
	spans, err := re.Spans(v.Text, group)
	if err != nil {
		return Value{}, c.refuse(err)
	}
	if len(v.Text)+len(spans)*len(to) > maxText {
		return Value{}, c.tooLong()
	}
	var b strings.Builder
	last, everywhere := 0, v.Text
	var done []string
	for _, s := range spans {
		if s[0] == s[1] {
			return Value{}, notEvaluated("Replace of a group that matches nothing between two characters is not documented")
		}
		b.WriteString(v.Text[last:s[0]] + to)
		last = s[1]
		if found := v.Text[s[0]:s[1]]; len(done) < 50 && !slices.Contains(done, found) {
			done = append(done, found)
			if len(everywhere)+strings.Count(everywhere, found)*len(to) > maxText {
				return Value{}, c.tooLong()
			}
			everywhere = strings.ReplaceAll(everywhere, found, to)
		}
	}
	b.WriteString(v.Text[last:])
	if b.String() != everywhere {
		return Value{}, notEvaluated("Replace of a group whose text also stands elsewhere in the source is not documented")
	}
	return document.TextValue(everywhere), nil
}

// extract is mode 5: the source, or what the group finds in another attribute.
func (c call) extract(v Value) (Value, error) {
	if !v.Empty() {
		return v, nil
	}
	re, group, err := c.grouped()
	if err != nil {
		return Value{}, err
	}
	from, err := c.some(replAttribute, "another attribute's value")
	if err != nil {
		return Value{}, err
	}
	s, found, err := re.Find(from, group)
	switch {
	case err != nil:
		return Value{}, c.refuse(err)
	case !found:
		return Value{}, notEvaluated("Replace whose regular expression finds no group %s in the other attribute is not documented", group)
	}
	return document.TextValue(s), nil
}

// grouped is the regular expression and the group that is named.
func (c call) grouped() (*dotnet.Regexp, string, error) {
	re, err := c.regexp()
	if err != nil {
		return nil, "", err
	}
	group, err := c.some(replGroup, "a group name")
	if err == nil && !re.HasGroup(group) {
		err = notEvaluated("Replace with the group %q, which the regular expression does not name, is not documented", group)
	}
	return re, group, err
}

// regexp is the regular expression of the call. A constant one was made ready by the parser.
func (c call) regexp() (*dotnet.Regexp, error) {
	p := c.node.pattern
	source, err := c.some(replPattern, "a regular expression")
	if err != nil {
		return nil, err
	}
	if p == nil {
		p = compilePattern(source)
	}
	if p.err != nil {
		return nil, c.refuse(p.err)
	}
	return p.re, nil
}

func compilePattern(source string) *pattern {
	re, err := dotnet.Compile(source, false)
	return &pattern{re: re, err: err}
}

// prepareReplace compiles a constant regular expression once.
func prepareReplace(n *node) {
	if len(n.args) > replPattern && n.args[replPattern].kind == constant {
		n.pattern = compilePattern(n.args[replPattern].text)
	}
}

// refuse says which call met what .NET or we cannot do: no answer here, or an error in Entra too.
func (c call) refuse(err error) error {
	if _, ok := errors.AsType[*dotnet.UnsupportedError](err); ok {
		return notEvaluated("%s: %v", c.node.text, err)
	}
	return fmt.Errorf("%s: %w", c.node.text, err)
}
