package exports

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func TestWhatIsTooMuchIsRefusedAndNotCut(t *testing.T) {
	rows := "id,userPrincipalName,mail\n" + strings.Repeat("x,a@x.example,\n", 50)
	tests := map[string]struct {
		limits Limits
		name   string
		text   string
		want   string
	}{
		"too many rows":    {Limits{Rows: 10}, "users.csv", rows, "users.csv: line 12: more than 10 rows"},
		"too many bytes":   {Limits{FileBytes: 100}, "users.csv", rows, "users.csv: the file is longer than an export can be"},
		"a row too long":   {Limits{RowBytes: 100}, "users.csv", rows + strings.Repeat("y", 200), "line 52: the row is longer than 100 bytes"},
		"too many records": {Limits{Rows: 1}, "log.json", `[` + graphRecord + `,` + graphRecord + `]`, "more than 1 records"},
		"too many lines":   {Limits{Rows: 2}, "log.txt", "a\nb\nc\nd\n", "line 3: more than 2 lines"},
		"a line too long":  {Limits{RowBytes: 20}, "log.txt", "a\n" + strings.Repeat("b", 200), "line 2: longer than 20 bytes"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := Set{Limits: tt.limits}
			err := s.Add(tt.name, strings.NewReader(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want %q", err, tt.want)
			}
			if len(s.Files()) != 0 {
				t.Error("the file was kept")
			}
		})
	}
}

func TestAFileOfExactlyTheLimitIsRead(t *testing.T) {
	text := "group\ndev\n"
	s := Set{Limits: Limits{FileBytes: int64(len(text)), Rows: 1}}
	if err := s.Add("x.csv", iotest.OneByteReader(strings.NewReader(text))); err != nil {
		t.Error(err)
	}
}

func TestAFileWithoutAnEndCostsNoMoreThanTheLimit(t *testing.T) {
	for sentence, r := range map[string]io.Reader{
		"one endless row":       io.MultiReader(strings.NewReader("id,userPrincipalName,mail\n"), endless("x")),
		"one endless quote":     io.MultiReader(strings.NewReader("id,userPrincipalName,mail\n\""), endless("x\n")),
		"an endless header":     endless("h,"),
		"endless NULs":          endless("\x00"),
		"an endless log record": io.MultiReader(strings.NewReader(`[{"changeId":"x","a":"`), endless("x")),
	} {
		t.Run(sentence, func(t *testing.T) {
			s := Set{Limits: Limits{FileBytes: 4 << 20, RowBytes: 64 << 10}}
			if err := s.Add("x.csv", r); err == nil {
				t.Error("no error")
			}
		})
	}
}

type endless string

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e) <= len(p) {
		n += copy(p[n:], e)
	}
	return max(n, copy(p, e[:min(len(p), len(e))])), nil
}

func TestNothingCanBeAddedOnceTheFilesAreJoined(t *testing.T) {
	var s Set
	if len(s.Have()) != 0 {
		t.Error("an empty set has documents")
	}
	if err := s.Add("x.csv", strings.NewReader("group\ndev\n")); err == nil || !strings.Contains(err.Error(), "already joined") {
		t.Errorf("error = %v", err)
	}
}

// BenchmarkUsers reads a file of the size that the portal can give at most.
func BenchmarkUsers(b *testing.B) {
	var text bytes.Buffer
	text.WriteString("userPrincipalName,displayName,mail,id,userType,accountEnabled,createdDateTime,department,city\n")
	const rows = 100_000
	for i := range rows {
		fmt.Fprintf(&text, "user%d@fabrikam.example,\"User, %d\",user%d@fabrikam.example,00000000-0000-4000-8000-%012d,Member,True,8/9/2021 1:25:31 PM,Sales,Hamburg\n", i, i, i, i)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		var s Set
		if err := s.Add("users.csv", bytes.NewReader(text.Bytes())); err != nil {
			b.Fatal(err)
		}
		if len(s.Documents().Users) != rows {
			b.Fatal("rows are missing")
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/rows, "heap-B/row")
}
