package inbound_test

import (
	"net/http"
	"testing"
)

// Whatever is sent, the answer is none of a fault of ours, and the service goes on.
func FuzzRequests(f *testing.F) {
	for _, c := range [][3]string{
		{"POST", "/Users", ann},
		{"PATCH", "/Users/x", patchOf(`{"op":"add","path":"emails[type eq \"work\"].value","value":"x"}`)},
		{"PATCH", "/Groups/x", patchOf(`{"op":"replace","path":"members","value":[{"value":"x"}]}`)},
		{"PUT", "/Groups/x", `{"displayName":"g","members":["x"]}`},
		{"GET", "/Users?filter=userName+eq+%22x%22&sortBy=name.familyName&cursor=&count=1&attributes=userName", ""},
		{"GET", "/?startIndex=2&sortBy=meta.created", ""},
		{"POST", "/.search", `{"filter":"members[value eq \"x\"]","cursor":"0~1.2.3"}`},
		{"POST", "/Bulk", `{` + bulkSchemas + `,"Operations":[{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"a"}},{"method":"PATCH","path":"/Groups/bulkId:u","data":{}}]}`},
		{"DELETE", "//users/%2e%2e/", ""},
		{"GET", "/Schemas/urn:x", ""},
		{"OPTIONS", "/Me", ""},
	} {
		f.Add(c[0], c[1], c[2])
	}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		s := start(t)
		r, err := http.NewRequestWithContext(t.Context(), method, "http://x"+s.base+target, http.NoBody)
		if err != nil {
			return // net/http takes no such request
		}
		for _, m := range []string{method, http.MethodGet} {
			again := s.request(http.MethodPost, "", body)
			again.Method, again.URL = m, r.URL
			if a := s.send(again); a.Code >= http.StatusInternalServerError && a.Code != http.StatusNotImplemented {
				t.Errorf("%s %s: %d %s", m, target, a.Code, a.Body)
			}
		}
		s.do("POST", "/Users", `{"userName":"still here"}`).created()
	})
}
