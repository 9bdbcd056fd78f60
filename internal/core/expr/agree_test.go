package expr

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// write makes sources of every function, mostly with arguments of the right kind.
type write struct{ t *rapid.T }

func (w write) pick(of ...string) string { return rapid.SampledFrom(of).Draw(w.t, "pick") }

// fill picks a template and writes into its gaps: ‹t›ext, ‹l›ist, ‹n›umber, ‹b›oolean, ‹d›ate, ‹i›nterval.
func (w write) fill(depth int, of ...string) string {
	parts := strings.Split(w.pick(of...), "‹")
	out := parts[0]
	for _, p := range parts[1:] {
		gap, rest, _ := strings.Cut(p, "›")
		out += map[string]func(int) string{"t": w.text, "l": w.list, "n": w.number, "b": w.bool, "d": w.date, "i": w.interval}[gap](depth-1) + rest
	}
	return out
}

func (w write) text(depth int) string {
	if depth <= 0 {
		return w.pick(`[a]`, `[b]`, `[c]`, `[n]`, `[e]`, `"x y"`, `"Zoë"`, `"ADA-LOVELACE (first)"`, `""`, `"a,b"`, `"7"`, `"True"`, `"q\"\\"`)
	}
	switch w.pick("text", "text", "choice", "choice", "list", "date", "regex") {
	case "text":
		return w.fill(depth,
			`Append(‹t›, ‹t›)`, `ConvertToBase64(‹t›)`, `ConvertToUTF8Hex(‹t›)`, `CStr(‹t›)`, `Left(‹t›, ‹n›)`, `Mid(‹t›, ‹n›, ‹n›)`, `PCase(‹t›)`, `PCase(‹t›, " -")`,
			`Redact(‹t›)`, `Replace(‹t›, "x", , , ‹t›, , )`, `Replace(‹t›, "<u>", , , , , "<u>@x")`, `StripSpaces(‹t›)`, `ToLower(‹t›)`, `ToUpper(‹t›, "en-US")`, `Trim(‹t›)`,
			`Word(‹t›, ‹n›, " ,-")`, `NormalizeDiacritics(‹t›)`, `InStr(‹t›, ‹t›, , vbTextCompare)`, `InStr(‹t›, ‹t›, , vbBinaryCompare)`, `InStr(‹t›, "a", ‹n›, vbBinaryCompare)`,
		)
	case "choice":
		return w.fill(depth,
			`Coalesce(‹t›, ‹t›)`, `IIF(‹b›, ‹t›, ‹t›)`, `IgnoreFlowIfNullOrEmpty(‹t›)`, `Redact(‹b›)`, `Switch(‹t›, ‹t›, "x y", ‹t›, "", ‹t›)`, `BitAnd(‹n›, ‹n›)`, `CBool(‹n›)`, `CBool(‹b›)`,
		)
	case "list":
		return w.fill(depth, `Count(‹l›)`, `Item(‹l›, ‹n›)`, `Join(‹t›, ‹l›, ‹t›)`, `Join(", ", ‹t›, ‹t›)`, `SingleAppRoleAssignment(‹l›)`)
	case "regex":
		return w.fill(depth,
			`Replace(‹t›, , "[a-z]+[0-9]", , "<$0>", , )`, `Replace(‹t›, , "(?<first>[A-Z])", , "${first}.", , )`,
			`Replace(‹t›, , "^(?<up>[A-Z]+)", "up", "z", , )`, `Replace([n], , "(?<w>[a-zA-Z]+)", "w", , ‹t›, )`,
		)
	}
	return w.fill(depth, `‹d›`, `DateDiff(‹i›, ‹d›, ‹d›)`, `NumFromDate(‹d›)`, `FormatDateTime(‹d›, , "M/d/yyyy h:mm:ss tt", "yyyy-MM-dd")`, `FormatDateTime(‹d›, , "M/d/yyyy h:mm:ss tt", "dd MMM yyyy HH:mm")`)
}

func (w write) number(int) string { return w.pick("-1", "0", "1", "2", "3", "7", "[i]") }
func (w write) interval(int) string {
	return w.pick(`"yyyy"`, `"m"`, `"d"`, `"ww"`, `"h"`, `"n"`, `"s"`)
}

func (w write) bool(depth int) string {
	if depth <= 0 {
		return w.fill(1, `[t]`, `"False"`, `‹n› = ‹n›`, `‹n› <> ‹n›`, `‹n› < ‹n›`, `‹n› <= ‹n›`, `‹n› > ‹n›`, `‹n› >= ‹n›`)
	}
	return w.fill(depth, `Not(‹b›)`, `IsNull(‹t›)`, `IsNullOrEmpty(‹t›)`, `IsPresent(‹t›)`, `IsString(‹t›)`, `‹t› = ‹t›`)
}

func (w write) list(depth int) string {
	if depth <= 0 {
		return w.pick(`[l]`, `[l]`, `[r]`)
	}
	return w.fill(depth, `Split(‹t›, ",")`, `RemoveDuplicates(‹l›)`)
}

func (w write) date(depth int) string {
	if depth <= 0 {
		return `CDate(` + w.pick(`[d]`, `"2021-08-24"`, `"2009-06-15T01:45:30-07:00"`, `"2024-02-29Z"`, `"1/31/2023 1:02:03 AM"`) + `)`
	}
	return w.fill(depth, `DateAdd(‹i›, ‹n›, ‹d›)`, `DateFromNum(129699324000000000)`)
}

// source is what the naive evaluator reads; values is the same for the real one.
func values(source map[string]any) func(string) Value {
	return func(name string) Value {
		switch v := source[name].(type) {
		case string:
			return text(v)
		case []string:
			return list(v...)
		}
		return null
	}
}

func TestTwoEvaluatorsAgree(t *testing.T) {
	answered, all := map[string]int{}, 0
	rapid.Check(t, func(t *rapid.T) {
		w := write{t}
		source := w.text(rapid.IntRange(1, 3).Draw(t, "depth"))
		with := map[string]any{
			"a": w.pick("a,b c", "John", "abc1 d2", "é"), "b": w.pick("x y", "Smith-Doe", "XY", ""), "c": w.pick("a b  c", "7", "ß ø"), "n": nil, "e": "",
			"i": w.pick("1", "2", "41"), "t": "True", "d": w.pick("2020-03-16-07:00", "2012-03-16"), "l": []string{"u", "v", "u"}, "r": []string{"Admin"},
		}
		e, err := Parse(source)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		got, err := e.Eval(values(with))
		all++
		if err != nil {
			return // nothing documented, or an error: the naive one may say anything
		}
		e.root.walk(func(n *node) {
			if n.kind == invoke {
				answered[n.fn.name]++
			}
		})
		want := func() (v any) {
			defer func() {
				if r := recover(); r != nil {
					if why, ok := r.(gaveUp); ok {
						v = why
						return
					}
					panic(fmt.Sprintf("%s: %v", source, r))
				}
			}()
			return (&naive{src: source, with: with}).read()()
		}()
		if why, ok := want.(gaveUp); ok {
			if why.why == "a digit may stand inside a word" {
				return
			}
			t.Fatalf("%s over %v: the real one says %v, the naive one gave up: %s", source, with, got, why.why)
		}
		shown := fmt.Sprintf("%q", got.Text)
		if got.Null {
			shown = "null"
		} else if got.Multi() {
			shown = fmt.Sprintf("%q", got.Values)
		}
		naively := fmt.Sprintf("%q", want)
		if want == nil {
			naively = "null"
		}
		if shown != naively {
			t.Fatalf("%s over %v: the real one says %s, the naive one %s", source, with, shown, naively)
		}
	})
	if all < 20_000 {
		return // too few to expect every function; run with -rapid.checks=100000 to see
	}
	for _, f := range functions {
		if f.refused == "" && f.name != "Now" && answered[f.name] == 0 {
			t.Errorf("%s was never answered", f.name)
		}
	}
}
