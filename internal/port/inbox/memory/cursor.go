package memory

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// cursor says behind which record a page begins. It holds a hash of the query that it is for, and with sorting one of the
// value by which the record was sorted: when that has changed, so has the place.
type cursor struct {
	seq          uint64
	query, value uint32
}

// cursorAt is the cursor of the page behind a record: three numbers.
func cursorAt(q *scim.Query, r *record) string {
	return fmt.Sprintf("%d.%x.%x", r.seq, queryHash(r.t.of, q), valueHash(q, r))
}

// readCursor reads the cursor of a query of a type; the error is an *scim.Error.
func readCursor(t *scim.ResourceType, q *scim.Query) (cursor, error) {
	parts := strings.Split(q.Page.Cursor, ".")
	if len(parts) != 3 {
		return cursor{}, scim.BadCursor()
	}
	seq, err1 := strconv.ParseUint(parts[0], 10, 64)
	query, err2 := strconv.ParseUint(parts[1], 16, 32)
	value, err3 := strconv.ParseUint(parts[2], 16, 32)
	if err1 != nil || err2 != nil || err3 != nil || query != uint64(queryHash(t, q)) {
		return cursor{}, scim.BadCursor()
	}
	return cursor{seq, uint32(query), uint32(value)}, nil
}

func queryHash(t *scim.ResourceType, q *scim.Query) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.Name()))
	if q.Filter != nil {
		fmt.Fprintf(h, "\x00%s", q.Filter)
	}
	if q.Sort != nil {
		fmt.Fprintf(h, "\x00%s\x00%t", q.Sort.Attr.Path(), q.Sort.Descending)
	}
	return h.Sum32()
}

func valueHash(q *scim.Query, r *record) uint32 {
	if q.Sort == nil {
		return 0
	}
	h := fnv.New32a()
	text, ok := q.Sort.Of(r.now.Load())
	fmt.Fprintf(h, "%t%s", ok, text)
	return h.Sum32()
}
