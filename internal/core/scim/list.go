package scim

import "strconv"

// List is an answer with several resources, RFC 7644 section 3.4.2 and RFC 9865 section 2.
type List struct {
	Total    int    // of all pages; negative: not known
	Start    int    // the number of the first one, from 1; 0 with cursors
	Next     string // cursor of the page behind; empty: this is the last one
	Previous string // cursor of the page before; empty: none is offered
}

// Append writes a list of n documents; write appends the one of index i. Resource.Append writes a resource.
func (l List) Append(dst []byte, n int, write func(dst []byte, i int) []byte) []byte {
	dst = append(dst, `{"schemas":["`+listMessage+`"]`...)
	if l.Total >= 0 {
		dst = count(append(dst, `,"totalResults":`...), l.Total)
	}
	if l.Start > 0 {
		dst = count(append(dst, `,"startIndex":`...), l.Start)
	}
	if l.Previous != "" {
		dst = text(append(dst, `,"previousCursor":`...), l.Previous)
	}
	if l.Next != "" {
		dst = text(append(dst, `,"nextCursor":`...), l.Next)
	}
	dst = count(append(dst, `,"itemsPerPage":`...), n)
	dst = append(dst, `,"Resources":[`...)
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = write(dst, i)
	}
	return append(dst, "]}"...)
}

func count(dst []byte, n int) []byte { return strconv.AppendInt(dst, int64(n), 10) }
