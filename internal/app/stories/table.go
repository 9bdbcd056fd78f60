package stories

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/cause"
)

// Row is what became of one story: whether the first cause was right, asking the services, from a recording and from
// a redacted one, how many findings were false or missed in its roll calls, and how many requests its dearest question
// took; and of whoever was well before, whether history told when it broke, of two recordings and of one alone.
type Row struct {
	Story                    *Story
	Live, Recorded, Redacted Score
	Requests                 int
	Captures, Alone          Score
	Untold                   []string // questions whose moment nothing knows, with the reason
}

// Score counts answers of one way of asking.
type Score struct {
	Right, Asked int
	False        int // findings of roll calls that the tale does not have
	Missed       int // and the other way round
}

// Judge plays a story and scores it.
func Judge(ctx context.Context, s *Story) (Row, error) {
	r := Row{Story: s}
	err := Play(ctx, s, func(Line) {}, func(a Answer) { r.take(&a) })
	return r, err
}

func (r *Row) take(a *Answer) {
	for _, way := range []struct {
		score *Score
		said  string
	}{{&r.Live, a.Live}, {&r.Recorded, a.Recorded}, {&r.Redacted, a.Redacted}} {
		way.score.Asked++
		if way.said == a.Want {
			way.score.Right++
		}
		if a.Roll != nil {
			way.score.False += beyond(way.said, a.Want)
			way.score.Missed += beyond(a.Want, way.said)
		}
	}
	if a.Roll == nil {
		r.Requests = max(r.Requests, a.Requests)
	}
	if a.Since == nil {
		return
	}
	for _, way := range []struct {
		score *Score
		wrong string
	}{{&r.Captures, a.Since.Captures + a.Since.Redacted}, {&r.Alone, a.Since.Alone + a.Since.Live}} {
		way.score.Asked++
		if way.wrong == "" {
			way.score.Right++
		}
	}
	if a.Since.Unknown != "" {
		r.Untold = append(r.Untold, "`"+a.Line.Text+"` in "+r.Story.Name+": "+a.Since.Unknown)
	}
}

// Right tells whether every answer and every history is.
func (r *Row) Right() bool {
	for _, s := range []Score{r.Live, r.Recorded, r.Redacted, r.Captures, r.Alone} {
		if s.Right < s.Asked {
			return false
		}
	}
	return true
}

// beyond counts the lines of one text that another does not have.
func beyond(a, b string) int {
	n, have := 0, strings.Split(b, "\n")
	for _, line := range strings.Split(a, "\n") {
		if line != "" && !slices.Contains(have, line) {
			n++
		}
	}
	return n
}

// JudgeAll plays all stories, a few at a time.
func JudgeAll(ctx context.Context, all []*Story, workers int, told func(done int)) ([]Row, error) {
	rows, faults, next, mu, done := make([]Row, len(all)), make([]error, len(all)), make(chan int), sync.Mutex{}, 0
	var wg sync.WaitGroup
	for range max(1, workers) {
		wg.Go(func() {
			for i := range next {
				rows[i], faults[i] = Judge(ctx, all[i])
				mu.Lock()
				done++
				told(done)
				mu.Unlock()
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range faults {
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Markdown is the page of the diagnosis: cause by cause what rollcall said of its stories.
func Markdown(rows []Row) string {
	var b strings.Builder
	b.WriteString(`# Diagnosis: every cause, end to end

Written by ` + "`rollcall lab story --table`" + `; a test keeps it fresh. Each row is a story that ` + "`rollcall lab story NAME`" + ` plays: what
people and services do happens in Entra and Atlassian in miniature, then rollcall is asked from the outside, and then somebody
does what the catalogue tells them to, until the roll call is clean. A question counts as right if its first cause is the
story's; a roll call, if it has all of the story's findings and no other.

The columns are three ways of asking: the services themselves, a recording of them, a redacted recording. Requests are those
of the dearest question about one person, as the services count them (a batch is one).

History is asked of everybody who was where they should be earlier in the story: once of the last recording in which all was
well and one of now, redacted or not, and once of the logs alone, recorded or live. It counts as right if it names the moment,
the cause, the station with what differs, and the event that did it, by its id in its log; or, where nothing can know the
moment, if it names none and says what would tell.

| cause | story | method | live | recorded | redacted | false findings | missed | requests | history, recordings | history, logs alone |
|---|---|---|---|---|---|---|---|---|---|---|
`)
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(x, y Row) int {
		return cmp.Or(cause.Compare(x.Story.Cause, y.Story.Cause), strings.Compare(x.Story.Name, y.Story.Name))
	})
	right, asked, told := 0, 0, map[cause.Code]bool{}
	var past Score
	var untold []string
	for _, r := range rows {
		told[r.Story.Cause] = true
		wrong, missed := 0, 0
		for _, s := range []Score{r.Live, r.Recorded, r.Redacted} {
			right, asked = right+s.Right, asked+s.Asked
			wrong, missed = wrong+s.False, missed+s.Missed
		}
		for _, s := range []Score{r.Captures, r.Alone} {
			past.Right, past.Asked = past.Right+s.Right, past.Asked+s.Asked
		}
		untold = append(untold, r.Untold...)
		fmt.Fprintf(&b, "| [`%s`](causes.md#%s) | %s | %s | %s | %s | %s | %d | %d | %d | %s | %s |\n", r.Story.Cause, r.Story.Cause, r.Story.Name, r.Story.Method,
			r.Live, r.Recorded, r.Redacted, wrong, missed, r.Requests, r.Captures, r.Alone)
	}
	fmt.Fprintf(&b, "\n%d of %d answers are right, in %d stories. %d of %d histories are.\n", right, asked, len(rows), past.Right, past.Asked)
	if len(untold) > 0 {
		b.WriteString("\nWhere no log and no date knows the moment, so that history names the recordings between which it was, and what would tell:\n\n")
		for _, line := range untold {
			b.WriteString("- " + line + "\n")
		}
	}
	var without []string
	for _, c := range cause.All() {
		if !told[c.Code] {
			without = append(without, "`"+string(c.Code)+"`")
		}
	}
	if len(without) > 0 {
		fmt.Fprintf(&b, "\nWithout a story of their own: %s. `internal/scenario` tries them on documents.\n", strings.Join(without, ", "))
	}
	return b.String()
}

// String is "3 of 3".
func (s Score) String() string {
	if s.Asked == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d", s.Right, s.Asked)
}
