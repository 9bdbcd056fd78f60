package outbound

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// taped keeps what was sent and gives prepared answers.
type taped struct {
	sent   []string
	bodies []any
	header http.Header
	status int
	answer string
	err    error
}

func (w *taped) RoundTrip(r *http.Request) (*http.Response, error) {
	u := r.URL.Path
	if r.URL.RawQuery != "" {
		q, err := url.QueryUnescape(r.URL.RawQuery)
		if err != nil {
			return nil, err
		}
		u += "?" + q
	}
	w.sent = append(w.sent, r.Method+" "+u)
	w.header = r.Header
	var body any
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &body); err != nil {
			return nil, fmt.Errorf("%s: %w", raw, err)
		}
	}
	w.bodies = append(w.bodies, body)
	if w.err != nil {
		return nil, w.err
	}
	return &http.Response{StatusCode: w.status, Header: http.Header{"Retry-After": {"2.5"}}, Body: io.NopCloser(bytes.NewReader([]byte(w.answer)))}, nil
}

func TestWhatTheTargetSaysAgainstItIsKept(t *testing.T) {
	w := &taped{status: 429, answer: "slow down"}
	_, err := New("https://scim.example", "", w).Get(t.Context(), "User", "1")
	f, ok := err.(*Failure) //nolint:errorlint // the client gives it bare
	if !ok || f.Status != 429 || f.Body != "slow down" || f.RetryAfter != 2500*time.Millisecond {
		t.Errorf("429: %#v", err)
	}
	for _, answer := range []string{"<html>", `{}`} {
		w.status, w.answer = 200, answer
		if list, err := New("https://scim.example", "", w).Find(t.Context(), "User", "x"); err == nil {
			t.Errorf("%s was taken for a list: %v", answer, list)
		}
	}
	w.err = io.ErrUnexpectedEOF
	if err := New("https://scim.example", "", w).Delete(t.Context(), "User", "1"); err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Errorf("a cut connection: %v", err)
	}
}

func TestValuesAreReadFromWhereMappingsPutThem(t *testing.T) {
	var r Resource
	if err := json.Unmarshal([]byte(`{"userName":"lena","active":false,"name":{"givenName":"Lena"},"emails":[{"type":"home","value":"h@x"},{"type":"work","value":"w@x","primary":true}],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales","manager":{"value":"7"}},"roles":[{"value":"a"},{"value":"b"}],"title":""}`), &r); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string][]string{
		"userName": {"lena"}, "active": {"False"}, "name.givenName": {"Lena"}, `emails[type eq "work"].value`: {"w@x"}, `emails[primary eq true].value`: {"w@x"},
		`emails[type eq "fax"].value`: nil, enterprise + ":department": {"Sales"}, enterprise + ":manager": {"7"}, "roles": {"a", "b"}, "title": nil,
		"urn:ietf:params:scim:schemas:core:2.0:User:userName": {"lena"}, "urn:x:1.0:User:y": nil,
	} {
		if diff := cmp.Diff(want, r.Value(target)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
	}
}
