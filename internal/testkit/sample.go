package testkit

import "os"

// The race detector makes a test ten to twenty times slower, and looks only at what goroutines share. A test that tries
// many cases one after the other shows it nothing in its hundredth case that it did not show in its tenth. Such a test
// says how many are enough: without the detector all of its cases run, with it a part. Nothing is skipped, and the gate
// runs every test both ways. ROLLCALL_RACE=full asks for all cases under the detector too, as .ci/nightly does.

// Logger is the part of testing.TB that tells how many cases run.
type Logger interface {
	Helper()
	Logf(format string, args ...any)
}

// Cases is how many of a test's cases to try: all of them, or underRace of them with the race detector.
func Cases(t Logger, all, underRace int) int {
	t.Helper()
	return cases(t, all, underRace, sampled())
}

// Sample is the part of a test's cases to try: all of them, or underRace of them with the race detector, spread evenly
// over the list and in its order.
func Sample[T any](t Logger, all []T, underRace int) []T {
	t.Helper()
	n := Cases(t, len(all), underRace)
	part := make([]T, n)
	for i := range part {
		part[i] = all[i*len(all)/n]
	}
	return part
}

func cases(t Logger, all, underRace int, sampled bool) int {
	t.Helper()
	if !sampled || all <= underRace {
		return all
	}
	t.Logf("%d of %d cases under the race detector; ROLLCALL_RACE=full runs all", underRace, all)
	return underRace
}

func sampled() bool { return detector && os.Getenv("ROLLCALL_RACE") != "full" }
