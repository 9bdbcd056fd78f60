package wire

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestAWriteIsAskedForRightBeforeItLeavesAndARefusedOneIsNotSent(t *testing.T) {
	fenced := errors.New("somebody else writes by now")
	for sentence, c := range map[string]struct {
		request Request
		refuse  int // the how manyth question is refused; 0: none
		answers []any
		sent    int
		asked   int
	}{
		"a write that may be sent":                {post, 0, []any{says(201, `{}`)}, 1, 1},
		"a write that may not":                    {post, 1, []any{says(201, `{}`)}, 0, 1},
		"a write that was told to wait meanwhile": {patch, 2, []any{says(429, ``, "Retry-After", "60"), says(200, `{}`)}, 1, 2},
		"a reading":             {get, 1, []any{says(200, `{}`)}, 1, 0},
		"a search, which reads": {search, 1, []any{says(200, `{}`)}, 1, 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := &service{answer: script(c.answers...)}
			asked := 0
			var err error
			synctest.Test(t, func(t *testing.T) {
				ctx := Guarded(t.Context(), func(context.Context) error {
					if asked++; asked == c.refuse {
						return fenced
					}
					return nil
				})
				_, err = client(t, s).Do(ctx, c.request)
			})
			refused := c.refuse > 0 && c.asked > 0
			if errors.Is(err, fenced) != refused || len(s.sent) != c.sent || asked != c.asked {
				t.Errorf("sent %d times, asked %d times: %v", len(s.sent), asked, err)
			}
			if failed, ok := errors.AsType[*Error](err); ok && failed.Lost {
				t.Errorf("what was not sent is told as lost: %v", err)
			}
		})
	}
}
