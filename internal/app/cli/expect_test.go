package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestAListOfExpectedPeople(t *testing.T) {
	for sentence, c := range map[string]struct {
		in    string
		want  []string
		fault string // part of the error; empty: none
	}{
		"one a line, remarks and blanks left out": {"# Monday\n\na@x.example\n  b@x.example  \n", []string{"a@x.example", "b@x.example"}, ""},
		"as a spreadsheet saves it":               {"\xef\xbb\xbfa@x.example\r\nb@x.example\r\n", []string{"a@x.example", "b@x.example"}, ""},
		"the same person twice counts once":       {"a@x.example\nA@X.example\n", []string{"a@x.example"}, ""},
		"the name of a guest has a # inside":      {"a_y.example#EXT#@x.example\n", []string{"a_y.example#EXT#@x.example"}, ""},
		"nothing expects nobody":                  {"", nil, ""},
		"no end of line at the end":               {"a@x.example", []string{"a@x.example"}, ""},
		"a name is no address":                    {"a@x.example\nAda Thin\n", nil, `line 2: "Ada Thin" has a blank`},
		"a row of a table is more than one value": {"a@x.example;b@x.example\n", nil, "line 1: \"a@x.example;b@x.example\" is more than one value"},
		"a word without @":                        {"ada\n", nil, "line 1: \"ada\" is no user principal name"},
		"nothing before the @":                    {"@x.example\n", nil, "line 1"},
		"bytes that are no UTF-8":                 {"\xe9t\xe9@x.example\n", nil, "line 1: not UTF-8"},
		"a control character":                     {"a\x1b@x.example\n", nil, "line 1"},
		"a line without end":                      {"a@x.example\n" + strings.Repeat("a", 70<<10), nil, "line 2: longer than any address"},
		"more faults than anybody reads":          {strings.Repeat("ada\n", 50), nil, "and 30 more lines like these"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := parseExpected(strings.NewReader(c.in))
			if (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Fatalf("error = %v, want %q", err, c.fault)
			}
			if err == nil {
				if d := cmp.Diff(c.want, got); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

func TestAListThatBreaksOffIsRefused(t *testing.T) {
	if _, err := parseExpected(iotest.ErrReader(errors.New("disk on fire"))); err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Error(err)
	}
}

func FuzzParseExpected(f *testing.F) {
	f.Add([]byte("# x\r\na@x.example\n"))
	f.Add([]byte("\xef\xbb\xbfa@x\n\n;@\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		people, err := parseExpected(bytes.NewReader(raw))
		if err != nil {
			return
		}
		again, err := parseExpected(strings.NewReader(strings.Join(people, "\n")))
		if err != nil || cmp.Diff(people, again) != "" {
			t.Fatalf("%q was read as %q, and that as %q (%v)", raw, people, again, err)
		}
	})
}

func TestTheNearestWordIsTheOneThatWasMeant(t *testing.T) {
	words := []string{"check", "why", "causes", "version", "completion"}
	for typed, want := range map[string]string{
		"chek": "check", "chcek": "check", "CHECK": "check", "cause": "causes", "vers": "version", "wy": "why", "comp": "completion",
		"xyzzy": "", "": "", "plan": "",
	} {
		if got := nearest(typed, words); got != want {
			t.Errorf("nearest(%q) = %q, want %q", typed, got, want)
		}
	}
}

func ExampleMain() {
	var out, errs strings.Builder
	code := Main(context.Background(), []string{"causes", "nested-gruop"}, strings.NewReader(""), &out, &errs, nil)
	fmt.Println(code, errs.String())
	// Output: 2 rollcall: no cause is called "nested-gruop"; did you mean "nested-group"?
}
