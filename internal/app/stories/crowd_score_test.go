package stories

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// seeds is how many crowds are made. The nightly run names a number, of which a part is enough where there are many kinds.
func seeds(t *testing.T, n, part int) int {
	t.Helper()
	text := os.Getenv("ROLLCALL_CROWDS")
	if text == "" {
		return n
	}
	all, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return max(all/part, 1)
}

// threeHundred people are a company of so many branches.
func threeHundred() branches {
	of := make(branches, 27)
	for i := range of {
		of[i] = strconv.Itoa(i + 2)
	}
	return of
}

// chosen puts stories at random into branches, in an order.
func chosen(r *rand.Rand, of branches, own []*Story, n int) (in map[string]*Story, order []string) {
	in = map[string]*Story{}
	for range n {
		suffix := of[r.IntN(len(of))]
		if in[suffix] == nil {
			in[suffix] = own[r.IntN(len(own))]
			order = append(order, suffix)
		}
	}
	return in, order
}

// score compares what crowds should show with what they do.
type score struct {
	sync.Mutex
	right, missed, wrong int
}

func (s *score) count(t *testing.T, told string, want, got []string) {
	t.Helper()
	s.Lock()
	defer s.Unlock()
	for _, f := range want {
		if slices.Contains(got, f) {
			s.right++
			continue
		}
		s.missed++
		t.Errorf("%s: missed %s", told, f)
	}
	for _, f := range got {
		if !slices.Contains(want, f) {
			s.wrong++
			t.Errorf("%s: false %s", told, f)
		}
	}
}

func (s *score) tell(t *testing.T, what string, seeds int) {
	t.Helper()
	t.Logf("%s, %d seeds: precision %.3f, recall %.3f (%d right, %d false, %d missed)", what, seeds, float64(s.right)/float64(max(s.right+s.wrong, 1)),
		float64(s.right)/float64(max(s.right+s.missed, 1)), s.right, s.wrong, s.missed)
}
