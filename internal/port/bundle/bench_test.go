package bundle

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rollcall/rollcall/bench/company"
)

// big is the bundle that benchmarks read: the one that ROLLCALL_BENCH names, else a company of 20,000.
func big(b *testing.B) string {
	if dir := os.Getenv("ROLLCALL_BENCH"); dir != "" {
		return dir
	}
	dir := filepath.Join(b.TempDir(), "big")
	if err := company.Write(dir, 20_000, 200_000, 1); err != nil {
		b.Fatal(err)
	}
	return dir
}

func BenchmarkLoadEverything(b *testing.B) { benchmarkLoad(b, nil) }

func BenchmarkLoadForOnePerson(b *testing.B) {
	benchmarkLoad(b, []string{"yusuf.dietz502@fabrikam.example"})
}

func benchmarkLoad(b *testing.B, focus []string) {
	dir := big(b)
	b.ReportAllocs()
	for b.Loop() {
		w, err := Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		var bytes int64
		for _, e := range w.files {
			bytes += e.size
		}
		b.SetBytes(bytes)
		if _, err := w.Load(b.Context(), focus, nil); err != nil {
			b.Fatal(err)
		}
		_ = w.Close()
	}
}
