package exports

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRowsAreReadAsSpreadsheetsAndPeopleWriteThem(t *testing.T) {
	tests := map[string]struct {
		text string
		want [][]string
	}{
		"plain cells":                      {"a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"quotes hold separators":           {"a,b\n\"1,1\",2\n", [][]string{{"a", "b"}, {"1,1", "2"}}},
		"quotes hold line breaks":          {"a,b\n\"1\r\n1\",2\n", [][]string{{"a", "b"}, {"1\n1", "2"}}},
		"a doubled quote is one":           {"a,b\n\"say \"\"hi\"\"\",2\n", [][]string{{"a", "b"}, {`say "hi"`, "2"}}},
		"a quote inside a plain cell":      {"a,b\nRobert \"Bob\" X,2\n", [][]string{{"a", "b"}, {`Robert "Bob" X`, "2"}}},
		"text behind a closing quote":      {"a,b\n\"Bob\" X,2\n", [][]string{{"a", "b"}, {"Bob X", "2"}}},
		"a blank before a quote":           {"a, \"b,c\"\n", [][]string{{"a", "b,c"}}},
		"blank lines are nothing":          {"\n\na,b\n\n1,2\n\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"empty cells":                      {"a,b,c\n,,\n", [][]string{{"a", "b", "c"}, {"", "", ""}}},
		"no line break at the end":         {"a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		"an empty quoted cell at the end":  {"a,b\n1,\"\"", [][]string{{"a", "b"}, {"1", ""}}},
		"a sep line is no header":          {"sep=;\na;b\n1;2,5\n", [][]string{{"a", "b"}, {"1", "2,5"}}},
		"a sep line in quotes":             {"\"sep=|\"\na|b\n", [][]string{{"a", "b"}}},
		"semicolons win over commas":       {"a;b;c,d\n", [][]string{{"a", "b", "c,d"}}},
		"tabs":                             {"a\tb\n", [][]string{{"a", "b"}}},
		"separators in quotes do not vote": {"\"a;;;b\",c\n", [][]string{{"a;;;b", "c"}}},
		"a formula stays text":             {"a,b\n=1+1,=\"x\"\n", [][]string{{"a", "b"}, {"=1+1", `="x"`}}},
		"NUL bytes are taken out":          {"a,b\n1\x00,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"bytes of Windows-1252":            {"a,b\nM\xfcller,\x80 5\n", [][]string{{"a", "b"}, {"Müller", "€ 5"}}},
		"UTF-8 in another cell of the row": {"a,b\nM\xfcller,Zoë\n", [][]string{{"a", "b"}, {"Müller", "Zoë"}}},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			got, err := rowsOf(strings.NewReader(tt.text), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func rowsOf(r io.Reader, l Limits) ([][]string, error) {
	c, header, err := startTable(r, l)
	if err != nil {
		return nil, err
	}
	rows := [][]string{slices.Clone(header.cells)}
	for {
		row, err := c.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, slices.Clone(row.cells))
	}
}

func TestRowsKnowTheirLines(t *testing.T) {
	c, _, err := startTable(strings.NewReader("sep=,\r\na,b\r\n\r\n\"1\n1\",2\r\n3,4"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	type lines struct {
		First, Last int
		Cut         bool
	}
	var got []lines
	for {
		row, err := c.next()
		if err != nil {
			break
		}
		got = append(got, lines{row.line, row.last, row.cut})
	}
	if diff := cmp.Diff([]lines{{4, 5, false}, {6, 6, true}}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestRowsThatCannotBeToldApartAreAnErrorWithALine(t *testing.T) {
	tests := map[string]struct {
		text string
		want string
	}{
		"a quote that is never closed": {"a,b\n1,2\n3,\"4\n5,6\n", "line 3: a quote is opened and never closed"},
		"a row that is too long":       {"a,b\n" + strings.Repeat("x", 200) + "\n", "line 2: the row is longer than 100 bytes"},
		"a quote that swallows rows":   {"a,b\n1,\"2\n" + strings.Repeat("x,y\n", 50), "the quote opened in line 2 is probably not closed"},
		"too many columns":             {"a,b\n" + strings.Repeat(",", 5000), "more than"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			l := Limits{RowBytes: 100}
			if sentence == "too many columns" {
				l = Limits{}
			}
			if _, err := rowsOf(strings.NewReader(tt.text), l); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestAReadErrorIsNotTheEndOfTheFile(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(errors.New("the disk is gone")))
	if _, err := rowsOf(broken, Limits{}); err == nil || !strings.Contains(err.Error(), "the disk is gone") {
		t.Errorf("error = %v", err)
	}
}

// What a strict writer writes is read back as it was.
func TestWrittenCellsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "separator")
		width := rapid.IntRange(2, 5).Draw(t, "width")
		cell := rapid.StringMatching(`[a-z ,;"=\t\n]{0,12}`)
		rows := [][]string{slices.Repeat([]string{"h"}, width)}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			row := []string{"x"}
			for len(row) < width {
				row = append(row, cell.Draw(t, "cell"))
			}
			rows = append(rows, row)
		}
		got, err := rowsOf(bytes.NewReader(written(rows, comma, "\r\n")), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rows, got); diff != "" {
			t.Fatalf("rows (-want +got):\n%s", diff)
		}
	})
}

func TestTextIsReadInEveryEncodingThatPortalsAndExcelWrite(t *testing.T) {
	const text = "userPrincipalName,displayName\nzoë@fabrikam.example,Zoë 田中 🙂\n"
	tests := map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with a mark": []byte("\xef\xbb\xbf" + text),
		"UTF-16 little-endian":                utf16Of([]byte(text), false, true),
		"UTF-16 big-endian":                   utf16Of([]byte(text), true, true),
		"UTF-16 little-endian without a mark": utf16Of([]byte(text), false, false),
		"UTF-16 big-endian without a mark":    utf16Of([]byte(text), true, false),
	}
	for sentence, b := range tests {
		t.Run(sentence, func(t *testing.T) {
			for how, r := range map[string]io.Reader{"whole": bytes.NewReader(b), "byte by byte": iotest.OneByteReader(bytes.NewReader(b))} {
				got, err := io.ReadAll(utf8Text(bufio.NewReader(r)))
				if err != nil || string(got) != text {
					t.Errorf("%s: %q, %v", how, got, err)
				}
			}
		})
	}
}

func TestBrokenUTF16LosesOnlyTheBrokenCharacter(t *testing.T) {
	lone := append(utf16Of([]byte("ab"), false, true), 0x00, 0xD8, 'c', 0) // half a pair, then c
	for sentence, tt := range map[string]struct {
		b    []byte
		want string
	}{
		"half a pair":       {lone, "ab�c"},
		"half a pair, last": {lone[:len(lone)-2], "ab�"},
		"an odd last byte":  {append(utf16Of([]byte("ab"), false, true), 'c'), "ab�"},
	} {
		got, err := io.ReadAll(utf8Text(bufio.NewReader(bytes.NewReader(tt.b))))
		if err != nil || string(got) != tt.want || !utf8.Valid(got) {
			t.Errorf("%s: %q, %v; want %q", sentence, got, err, tt.want)
		}
	}
}

func TestDatesAreReadInTheFormsOfBothPortals(t *testing.T) {
	tests := map[string]struct {
		text, want string
		order      dateOrder
	}{
		"Entra, US order":                     {"8/19/2021 1:25:31 PM", "2021-08-19T13:25:31Z", monthDay},
		"Entra, a day that could be a month":  {"8/9/2021 1:25:31 PM", "2021-08-09T13:25:31Z", eitherOrder},
		"through a European spreadsheet":      {"19/8/2021 13:25:31", "2021-08-19T13:25:31Z", dayMonth},
		"Log Analytics":                       {"11/20/2026, 9:01:02.123 AM", "2026-11-20T09:01:02Z", monthDay},
		"Graph":                               {"2026-11-20T09:01:02.5Z", "2026-11-20T09:01:02Z", noOrder},
		"a zone":                              {"2026-11-20T09:01:02+02:00", "2026-11-20T07:01:02Z", noOrder},
		"Atlassian":                           {"02 Jan 2023", "2023-01-02T00:00:00Z", noOrder},
		"Atlassian, last active":              {"2026-11-19", "2026-11-19T00:00:00Z", noOrder},
		"with points":                         {"19.08.2021 13:25", "2021-08-19T13:25:00Z", noOrder},
		"a narrow blank before PM, as in ICU": {"8/19/2021, 1:25:31\u202fPM", "2021-08-19T13:25:31Z", monthDay},
		"no date":                             {"", "0001-01-01T00:00:00Z", noOrder},
	}
	for sentence, tt := range tests {
		got, order := moment(tt.text)
		if s := got.UTC().Format("2006-01-02T15:04:05Z"); s != tt.want || order != tt.order || got.Text != "" {
			t.Errorf("%s: %s, order %d, text %q; want %s, %d", sentence, s, order, got.Text, tt.want, tt.order)
		}
	}
	if got, _ := moment("soon"); got.Text != "soon" || !got.IsZero() {
		t.Errorf("what is no date keeps its text: %+v", got)
	}
}

func TestTruthIsReadInManyLanguages(t *testing.T) {
	for _, s := range []string{"True", "TRUE", " yes ", "Ja", "Oui", "Sí", "Si", "Sì", "1", "Wahr"} {
		if v, ok := truth(s); !v || !ok {
			t.Errorf("%q: %v, %v", s, v, ok)
		}
	}
	for _, s := range []string{"False", "No", "Nein", "Non", "0", "Falsch"} {
		if v, ok := truth(s); v || !ok {
			t.Errorf("%q: %v, %v", s, v, ok)
		}
	}
	for _, s := range []string{"", "maybe", "Member"} {
		if _, ok := truth(s); ok {
			t.Errorf("%q is taken for a Boolean", s)
		}
	}
}
