package entra

import (
	"net/http"
	"slices"
)

// maxIDs is how many ids one getByIds may name.
const maxIDs = 1000

// getByIDs answers POST /directoryObjects/getByIds: the objects with all their properties. Ids of nothing, of
// deleted objects and of types that were not asked for are left out without a word.
func (l *Lab) getByIDs(c *call) answer {
	var in struct {
		IDs   []string `json:"ids"`
		Types []string `json:"types"`
	}
	err := c.body(&in)
	switch {
	case err != nil:
		return err.answer(c)
	case len(in.IDs) == 0:
		return (&graphError{status: 400, code: "Request_BadRequest", message: "Invalid value specified for property 'ids' of the request."}).answer(c)
	case len(in.IDs) > maxIDs:
		return (&graphError{status: 400, code: "Directory_ResultSizeLimitExceeded", message: "Too many ids: at most 1000 can be specified."}).answer(c)
	}
	for i := range in.Types {
		in.Types[i] = fold(in.Types[i])
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	p := &page{context: c.context("directoryObjects"), count: -1, values: [][]byte{}}
	seen := map[*object]bool{}
	for _, id := range in.IDs {
		o := l.dir.anywhere(id)
		if o == nil || !o.alive() || seen[o] {
			continue
		}
		seen[o] = true
		if len(in.Types) > 0 && !slices.Contains(in.Types, fold(o.kind)) && !slices.Contains(in.Types, "directoryobject") {
			continue
		}
		p.values = append(p.values, full(o))
	}
	return answer{status: http.StatusOK, page: p}
}

// full is an object with everything that is stored of it.
func full(o *object) []byte {
	b := quote(key([]byte{'{'}, "@odata.type"), "#microsoft.graph."+o.kind)
	for _, f := range o.fields {
		b = append(key(b, f.name), f.raw...)
	}
	return append(b, '}')
}
