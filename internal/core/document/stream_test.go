package document

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/testkit"
)

// ids reads a list and gives the ids of its elements.
func ids(f File, text string) (ids []string, x Extent, err error) {
	x, err = Each(f, strings.NewReader(text), func(u *User) error {
		ids = append(ids, u.ID)
		return nil
	})
	return ids, x, err
}

func TestAListIsFoundUnderItsKeyOrBare(t *testing.T) {
	const two = `[{"id":"a"},{"id":"b","somethingNew":{"deep":[1]}}]`
	for sentence, c := range map[string]struct {
		file File
		text string
	}{
		"Graph":                    {Users, `{"@odata.context":"x","value":` + two + `}`},
		"SCIM":                     {ScimUsers, `{"schemas":["x"],"totalResults":2,"startIndex":1,"Resources":` + two + `}`},
		"organization":             {OrgUsers, `{"data":` + two + `,"links":{"self":"x","next":null},"meta":{}}`},
		"links":                    {ScimLinks, `{"scimLinks":` + two + `}`},
		"bare":                     {Users, two},
		"byte-order mark":          {Users, "\uFEFF" + two},
		"UTF-16, little endian":    {Users, inUTF16(two, false)},
		"UTF-16, big endian":       {Users, inUTF16(two, true)},
		"white space around it":    {Users, "\r\n\t " + two + " \r\n"},
		"a count that is not more": {Users, `{"@odata.count":2,"value":` + two + `}`},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, x, err := ids(c.file, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
				t.Error(diff)
			}
			if g, cut := x.Gap(c.file); cut {
				t.Errorf("it counts as cut: %+v", g)
			}
		})
	}
}

func inUTF16(s string, big bool) string {
	var b strings.Builder
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(s))...) {
		if big {
			b.WriteByte(byte(u >> 8))
			b.WriteByte(byte(u))
		} else {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
	}
	return b.String()
}

func TestAnErrorReadsLikeASentenceWithItsPlace(t *testing.T) {
	text := "{\"value\":[\n{\"id\":\"a\"},\n{\"id\":\"b\"},\n{\"id\":\"ü\",\"mail\":17}]}"
	const want = "entra/users.json, line 4 column 19, /value/2/mail: expected a string, found a number"
	_, _, err := ids(Users, text)
	if err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
	// A reader that cannot seek leaves the line to whoever can open the document again.
	_, err = Each(Users, struct{ io.Reader }{strings.NewReader("\uFEFF" + text)}, func(*User) error { return nil })
	var e *Error
	if !errors.As(err, &e) || e.Line != 0 {
		t.Fatalf("error %v", err)
	}
	if e.Locate(strings.NewReader("\uFEFF" + text)); e.Error() != want {
		t.Errorf("located: %v", err)
	}
}

func TestFaultsOfTheReaderAndOfTheTakerPassThrough(t *testing.T) {
	broken := errors.New("the cable is out")
	r := io.MultiReader(strings.NewReader(`{"value":[{"id":"a"},`), iotest.ErrReader(broken))
	if _, err := Each(Users, r, func(*User) error { return nil }); !errors.Is(err, broken) || !strings.Contains(err.Error(), string(Users)) {
		t.Errorf("error %v", err)
	}
	enough := errors.New("enough")
	n := 0
	if _, err := Each(Users, strings.NewReader(`[{},{},{}]`), func(*User) error { n++; return enough }); !errors.Is(err, enough) || n != 1 {
		t.Errorf("error %v after %d", err, n)
	}
}

func TestAValueThatNeverEndsIsRefusedInBoundedMemory(t *testing.T) {
	values := map[string]struct{ front, fill, words string }{
		"a string":             {`{"value":[{"id":"`, "x", "than 4 MiB"},
		"a value kept as is":   {`{"value":[{"id":"a","unknown":[`, "1,", "than 4 MiB"},
		"white space":          {`{"value":[`, " ", ""},
		"a key":                {`{"`, "x", "longer than 4 MiB"},
		"an element of a list": {`{"value":[{"targetResources":[`, `{},`, "larger than 4 MiB"},
	}
	for _, sentence := range testkit.Sample(t, slices.Sorted(maps.Keys(values)), 2) {
		c := values[sentence]
		t.Run(sentence, func(t *testing.T) {
			endless := io.MultiReader(strings.NewReader(c.front), &repeat{text: c.fill, left: 10 << 20})
			read := func() (Extent, error) {
				return Each(DirectoryAudits, endless, func(*DirectoryAudit) error { return nil })
			}
			if strings.Contains(c.front, "unknown") { // users keep what has no field
				read = func() (Extent, error) { return Each(Users, endless, func(*User) error { return nil }) }
			}
			_, err := read()
			if err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("error %v", err)
			}
		})
	}
}

type repeat struct {
	text string
	left int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(r.text) <= len(p) && r.left > 0 {
		n += copy(p[n:], r.text)
		r.left -= len(r.text)
	}
	return n, nil
}

func TestAnElementIsFoundAgainWhereItBegan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		space := rapid.StringMatching(`[ \n\r\t]{0,3}`)
		var text strings.Builder
		if rapid.Bool().Draw(t, "mark") {
			text.WriteString("\uFEFF")
		}
		text.WriteString(`{"before":["{"],"value":[`)
		var want []string
		for i := range rapid.IntRange(0, 20).Draw(t, "n") {
			id := rapid.String().Draw(t, "id")
			quoted, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(id, "?"))
			if err != nil {
				t.Fatal(err)
			}
			if i > 0 {
				text.WriteString(space.Draw(t, "space") + ",")
			}
			fmt.Fprintf(&text, `%s{"x":"]}","id":%s}`, space.Draw(t, "space"), quoted)
			want = append(want, strings.ToValidUTF8(id, "?"))
		}
		text.WriteString("]}")
		var at []int64
		var got []string
		if _, err := EachAt(Users, strings.NewReader(text.String()), func(place int64, u *User) error {
			at, got = append(at, place), append(got, u.ID)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		for i, place := range at {
			u, err := One[User](Users, strings.NewReader(text.String()[place:]))
			if err != nil || u.ID != want[i] {
				t.Fatalf("element %d at %d: %v, %v", i, place, u, err)
			}
		}
	})
}

func TestSmallDocumentsMayStandAloneOrInAList(t *testing.T) {
	for sentence, text := range map[string]string{
		"alone":        `{"id":"j","status":{"code":"Active"}}`,
		"in a list":    `[{"id":"j","status":{"code":"Active"}}]`,
		"under value":  `{"value":[{"id":"j","status":{"code":"Active"}}]}`,
		"with a mark":  "\uFEFF" + `{"id":"j","status":{"code":"Active"}}`,
		"in UTF-16":    inUTF16(`{"value":[{"id":"j","status":{"code":"Active"}}]}`, false),
		"with a count": `{"@odata.count":1,"value":[{"id":"j","status":{"code":"Active"}}]}`,
	} {
		t.Run(sentence, func(t *testing.T) {
			all, x, err := Objects[Job](SynchronizationJobs, strings.NewReader(text))
			if err != nil || len(all) != 1 || all[0].ID != "j" || all[0].Status.Code != "Active" || x.Items != 1 {
				t.Errorf("%v, %+v, %v", all, x, err)
			}
		})
	}
	settings, _, err := Objects[KeyValue](SynchronizationKeys, strings.NewReader(`{"key":"SyncAll","value":"false"}`))
	if err != nil || len(settings) != 1 || settings[0].Value != "false" {
		t.Errorf("a single setting: %v, %v", settings, err)
	}
	if none, _, err := Objects[Job](SynchronizationJobs, strings.NewReader(`{"value":[]}`)); err != nil || len(none) != 0 {
		t.Errorf("an empty list: %v, %v", none, err)
	}
	if _, _, err := Objects[Job](SynchronizationJobs, &repeat{text: " ", left: 64 << 20}); err == nil || !strings.Contains(err.Error(), "16 MiB") {
		t.Errorf("an endless one: %v", err)
	}
}

func TestPropertiesReadFromTheTextAreThoseOfTheLibrary(t *testing.T) {
	value := rapid.OneOf(rapid.Just(`"plain"`), rapid.Just(`"q\"uote,}"`), rapid.Just(`""`), rapid.Just(`null`), rapid.Just(`-1.5e3`), rapid.Just(`true`), rapid.Just(`{"id":"inner","a":[{"b":"]"}]}`), rapid.Just(`[ "x" , {"y":"}"} ]`), rapid.Just(`"\u0041"`))
	space := rapid.StringMatching(`[ \n\r\t]{0,2}`)
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"id", "value", "@odata.type", "x", "accountId", ""}), rapid.ID).Draw(t, "names")
		var b strings.Builder
		b.WriteString("{" + space.Draw(t, "s"))
		for i, n := range names {
			if i > 0 {
				b.WriteString("," + space.Draw(t, "s"))
			}
			fmt.Fprintf(&b, "%q%s:%s%s%s", n, space.Draw(t, "s"), space.Draw(t, "s"), value.Draw(t, "value"), space.Draw(t, "s"))
		}
		b.WriteString("}")
		var want map[string]jsontext.Value
		if err := json.Unmarshal([]byte(b.String()), &want); err != nil {
			t.Fatalf("%s: %v", b.String(), err)
		}
		for _, n := range []string{"id", "value", "@odata.type", "x", "accountId", "", "absent"} {
			if got := member(jsontext.Value(b.String()), n); string(got) != string(want[n]) {
				t.Fatalf("%s of %s: %s, want %s", n, b.String(), got, want[n])
			}
		}
	})
}
