package inbound_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// blank takes an answer and keeps nothing.
type blank struct {
	h      http.Header
	status int
}

func (b *blank) Header() http.Header         { return b.h }
func (b *blank) Write(p []byte) (int, error) { return len(p), nil }
func (b *blank) WriteHeader(status int)      { b.status = status }

// What the endpoint does for a request, without what net/http and the network do: a fifth of the whole.
func BenchmarkRequests(b *testing.B) {
	s := start(b)
	var user, group string
	var members []string
	for i := range 1000 {
		user = s.do("POST", "/Users", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"user%05d@example.test","externalId":"e%d","active":true,
			"displayName":"Given Family","name":{"givenName":"Given","familyName":"Family"},"emails":[{"primary":true,"type":"work","value":"user%05d@example.test"}]}`, i, i, i)).created()
		members = append(members, `{"value":"`+user+`"}`)
	}
	all := strings.Join(members, ",")
	group = s.do("POST", "/Groups", `{"displayName":"g","members":[`+all+`]}`).created()
	n := 0
	for _, c := range []struct { // those that make groups come last: each makes the users larger
		name, method, path string
		body               func() string
		status             int
	}{
		{"get a user", "GET", "/Users/" + user, nil, 200},
		{"find a user by name", "GET", `/Users?filter=userName+eq+%22user00500@example.test%22`, nil, 200},
		{"a page of 100", "GET", "/Users?count=100&startIndex=401", nil, 200},
		{"change a user", "PATCH", "/Users/" + user, func() string {
			n++
			return fmt.Sprintf(`{"Operations":[{"op":"replace","path":"title","value":"%d"}]}`, n)
		}, 200},
		{"add a member", "PATCH", "/Groups/" + group, func() string {
			return `{"Operations":[{"op":"add","path":"members","value":[{"value":"` + user + `"}]}]}`
		}, 204},
		{"get a group of 1000", "GET", "/Groups/" + group, nil, 200},
		{"create a user", "POST", "/Users", func() string { n++; return fmt.Sprintf(`{"userName":"new%d","name":{"givenName":"Given"}}`, n) }, 201},
		{"create a group of 1000 members", "POST", "/Groups", func() string { n++; return fmt.Sprintf(`{"displayName":"n%d","members":[%s]}`, n, all) }, 201},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				body := ""
				if c.body != nil {
					body = c.body()
				}
				r := s.request(c.method, c.path, body)
				w := &blank{h: http.Header{}}
				s.endpoint.ServeHTTP(w, r)
				if w.status != c.status {
					b.Fatal(w.status)
				}
			}
		})
	}
}
