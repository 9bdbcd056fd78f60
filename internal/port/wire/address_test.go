package wire

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheServiceMustBeSpokenToOverHTTPS(t *testing.T) {
	for _, c := range []struct {
		base  string
		plain bool
		want  string // in the error; "" is good
	}{
		{"https://graph.microsoft.com/v1.0", false, ""},
		{"https://graph.microsoft.com/v1.0/", true, ""},
		{"http://127.0.0.1:8080", true, ""},
		{"http://[::1]:8080/scim", true, ""},
		{"http://localhost:8080", true, ""},
		{"http://localhost:8080", false, "not https"},
		{"http://graph.microsoft.com", true, "not this machine"},
		{"http://localhost.example.com", true, "not this machine"},
		{"http://127.0.0.1.example.com", true, "not this machine"},
		{"", false, "not a URL"},
		{"graph.microsoft.com", false, "not a URL"},
		{"ftp://example.com", true, "not a URL"},
		{"https://anna:hunter22@example.com", false, "secrets belong elsewhere"},
		{"https://example.com/?key=hunter22", false, "query"},
		{"https://example.com/%zz?key=hunter22", false, "cannot be read"},
	} {
		_, err := New(Options{Base: c.base, Plain: c.plain})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.base, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter22")):
			t.Errorf("%s: %v does not say %q", c.base, err, c.want)
		}
	}
}

func TestALinkToAnotherHostIsRefused(t *testing.T) {
	for _, link := range []string{
		"https://evil.example/scim/Users", "http://api.example/scim/Users", "https://api.example:8443/scim/Users",
		"https://api.example.evil.example/", "https://anna:pass@api.example/scim/Users", "//evil.example/Users",
		"ftp://api.example/", "https:api.example/scim", "Users", `\\evil.example\x`, "https://api.example\t.evil.example/",
	} {
		s := &service{answer: script(says(200, `{}`))}
		if strings.HasPrefix(link, "//") { // is a path below the base, and goes there
			res, failed, _ := ask(t, s, Request{Path: link})
			if failed != nil || s.sent[0].URL.Host != "api.example" {
				t.Errorf("%s: %v %v", link, res, failed)
			}
			continue
		}
		_, failed, _ := ask(t, s, Request{Path: link})
		if failed == nil || len(s.sent) != 0 || failed.Lost || failed.Attempts != 0 {
			t.Errorf("%s was followed: %v", link, failed)
		}
		if strings.Contains(link, "evil.example/") && !errors.Is(failed, errElsewhere) && !strings.Contains(link, "\t") {
			t.Errorf("%s: %v", link, failed)
		}
	}
}

func TestTheServicesOwnLinkIsFollowedLetterByLetter(t *testing.T) {
	const link = "https://API.example:443/other/Users?$skiptoken=a%2Fb+c~d&$top=5"
	s := &service{answer: script(says(200, `{}`))}
	if _, failed, _ := ask(t, s, Request{Path: link}); failed != nil {
		t.Fatal(failed)
	}
	if got := s.sent[0].URL.String(); got != link {
		t.Errorf("asked for %s", got)
	}
}

func TestAQueryIsWrittenSoThatEverybodyReadsIt(t *testing.T) {
	s := &service{answer: script(says(200, `{}`))}
	r := Request{Path: "/Users?count=5", Query: url.Values{"filter": {`userName eq "a+b@example.com"`}}}
	if _, failed, _ := ask(t, s, r); failed != nil {
		t.Fatal(failed)
	}
	want := base + `/Users?count=5&filter=userName%20eq%20%22a%2Bb%40example.com%22`
	if got := s.sent[0].URL.String(); got != want {
		t.Errorf("asked for %s", got)
	}
}

func TestAnIdentifierDoesNotClimb(t *testing.T) {
	for _, path := range []string{"/Users/..", "/Users/../Groups/1", "/Users/%2e%2e", "/Users/%2E%2E%2FGroups", "/./x", "/%zz"} {
		s := &service{answer: script(says(200, `{}`))}
		if _, failed, _ := ask(t, s, Request{Method: http.MethodDelete, Path: path}); failed == nil || len(s.sent) != 0 {
			t.Errorf("%s was sent", path)
		}
	}
}

func TestARedirectIsFollowedOnlyByReadingOnTheSameHost(t *testing.T) {
	for _, c := range []struct {
		name, method, to string
		follows          bool
	}{
		{"on the same host", "GET", "/scim/v2/Users", true},
		{"on the same host, named", "HEAD", "https://api.example/v2", true},
		{"to another host", "GET", "https://evil.example/Users?token=hunter22", false},
		{"to http", "GET", "http://api.example/scim/Users", false},
		{"to another port", "GET", "https://api.example:444/scim/Users", false},
		{"to another host by two slashes", "GET", "//evil.example/Users", false},
		{"of a write", "POST", "/scim/v2/Users", false},
		{"of a deletion", "DELETE", "/scim/v2/Users", false},
		{"to nowhere", "GET", "", false},
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			s := &service{answer: script(says(status, ``, "Location", c.to), says(200, ``))}
			authorized := 0
			res, failed, _ := ask(t, s, Request{Method: c.method, Path: "/Users"}, func(o *Options) {
				o.Authorize = key(&authorized, "k1")
			})
			if c.follows {
				if failed != nil || res.Status != 200 || len(s.sent) != 2 || s.sent[1].Header.Get("Authorization") != "Bearer k1" {
					t.Errorf("%d %s: %v %v", status, c.name, res, failed)
				}
				continue
			}
			if failed == nil || failed.Status != status || failed.Err == nil || len(s.sent) != 1 || failed.Lost {
				t.Errorf("%d %s: followed: %v %v", status, c.name, res, failed)
			}
			if strings.Contains(failed.Error(), "hunter22") {
				t.Errorf("%v holds a secret", failed)
			}
		}
	}
}

func TestRedirectsInACircleEnd(t *testing.T) {
	s := &service{answer: script(says(302, ``, "Location", "/scim/Users"))}
	if _, failed, _ := ask(t, s, get); failed == nil || len(s.sent) != maxHops+1 {
		t.Errorf("%v after %d requests", failed, len(s.sent))
	}
}
