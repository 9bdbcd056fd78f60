package scim

import (
	"time"
)

// meta writes what the service knows of the resource.
func (w *writer) meta(dst []byte, r *Resource) []byte {
	meta := r.Type.root.names["meta"]
	if !w.p.Shows(meta) {
		return dst
	}
	dst = append(dst, `,"meta":`...)
	start := len(dst)
	for _, s := range meta.subs {
		if !w.p.Shows(s) {
			continue
		}
		at := len(dst)
		dst = append(dst, ',')
		dst = append(dst, s.key...)
		switch s.special {
		case isCreated:
			dst = when(dst, r.Meta.Created, at)
		case isLastModified:
			dst = when(dst, r.Meta.LastModified, at)
		case isLocation:
			dst = w.location(dst, r.Type.def.Endpoint, r.ID)
		case isVersion:
			if r.Meta.Version == "" {
				dst = dst[:at]
				continue
			}
			dst = text(dst, r.Meta.Version)
		case isResourceType:
			dst = text(dst, r.Type.def.Name)
		}
	}
	if len(dst) == start {
		return dst[:start-len(`,"meta":`)]
	}
	dst[start] = '{'
	return append(dst, '}')
}

// when writes a moment; without one it takes back what was written from at on.
func when(dst []byte, t time.Time, at int) []byte {
	if t.IsZero() {
		return dst[:at]
	}
	dst = append(dst, '"')
	dst = t.UTC().AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"')
}

// location writes the address of a resource below the base.
func (w *writer) location(dst []byte, endpoint, id string) []byte {
	if w.endpoint != endpoint {
		w.endpoint = endpoint
		w.place = text(w.place[:0], w.base+endpoint+"/")
		w.place = w.place[:len(w.place)-1]
	}
	dst = append(dst, w.place...)
	at := len(dst)
	dst = text(dst, id)
	return append(dst[:at], dst[at+1:]...) // without the quote before it
}
