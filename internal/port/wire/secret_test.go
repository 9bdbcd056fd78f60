package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// key authorizes with keys one after the other, the last for ever, and counts.
func key(asked *int, keys ...string) Authorize {
	return func(_ context.Context, r *http.Request, challenge string) error {
		if challenge != "" {
			*asked++
		}
		r.Header.Set("Authorization", "Bearer "+keys[min(*asked, len(keys)-1)])
		return nil
	}
}

func TestARefusedTokenIsAskedForOnceMore(t *testing.T) {
	s := &service{answer: func(r *http.Request, _ int) (*http.Response, error) {
		if r.Header.Get("Authorization") == "Bearer new" {
			return reply(200, `{}`), nil
		}
		return reply(401, `{}`, "WWW-Authenticate", `Bearer claims="x"`), nil
	}}
	var heard []string
	res, failed, took := ask(t, s, post, func(o *Options) {
		o.Authorize = func(_ context.Context, r *http.Request, challenge string) error {
			heard = append(heard, challenge)
			r.Header.Set("Authorization", "Bearer old")
			if challenge != "" {
				r.Header.Set("Authorization", "Bearer new")
			}
			return nil
		}
	})
	if failed != nil || res.Attempts != 2 || took != 0 {
		t.Fatalf("after %v: %v %v", took, res, failed)
	}
	if want := `["" "Bearer claims=\"x\""]`; fmt.Sprintf("%q", heard) != want {
		t.Errorf("asked with %q", heard)
	}
}

func TestARevokedKeyIsToldAtOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		sent int
	}{
		{"that is all there is", []string{"k1"}, 1},
		{"and another that is no better", []string{"k1", "k2", "k3"}, 2},
	} {
		s := &service{answer: script(says(401, `{"detail":"k1 is not known"}`, "x-request-id", "r1"))}
		asked := 0
		_, failed, took := ask(t, s, post, func(o *Options) { o.Authorize = key(&asked, c.keys...) })
		if failed == nil || failed.Status != 401 || failed.RequestID != "r1" || failed.Lost || took != 0 {
			t.Errorf("%s: %+v after %v", c.name, failed, took)
		}
		if asked != 1 || len(s.sent) != c.sent {
			t.Errorf("%s: asked %d times for another, sent %d requests", c.name, asked, len(s.sent))
		}
	}
}

func TestWithoutCredentialsNothingIsSent(t *testing.T) {
	none := errors.New("the vault is closed")
	s := &service{answer: script(says(200, `{}`))}
	_, failed, _ := ask(t, s, post, func(o *Options) {
		o.Authorize = func(context.Context, *http.Request, string) error { return none }
	})
	if !errors.Is(failed, none) || failed.Lost || len(s.sent) != 0 {
		t.Errorf("%+v", failed)
	}
}

func TestSecretsAreNeitherInErrorsNorInTheLog(t *testing.T) {
	const secret = "hunter22+hunter22"
	link := base + "/Users?$deltatoken=" + url.QueryEscape(secret)
	deep := &url.Error{Op: "Get", URL: link, Err: &url.Error{Op: "Get", URL: link, Err: io.ErrUnexpectedEOF}}
	for name, answer := range map[string]any{
		"a transport's error":              deep,
		"a text that holds the query":      fmt.Errorf("asking %s: broken", link),
		"a text that holds the value":      fmt.Errorf("token %s: broken", secret),
		"a text that holds the key":        errors.New("cannot send Authorization: Bearer s3cr3t-key"),
		"a refusal that repeats the key":   says(400, `{"detail":"Bearer s3cr3t-key is not known"}`, "Set-Cookie", "s3cr3t-key"),
		"a refusal with a long way to go":  says(429, ``, "Retry-After", "9999"),
		"a redirect":                       says(302, ``, "Location", "https://evil.example/?q="+url.QueryEscape(secret)),
		"an answer that is not what it is": says(200, `{`),
		"a key that is not taken":          says(401, `{"detail":"s3cr3t-key"}`),
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			asked := 0
			_, failed, _ := ask(t, &service{answer: script(answer)}, Request{Path: link}, func(o *Options) {
				o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				o.Authorize = key(&asked, "s3cr3t-key")
			})
			if failed == nil {
				t.Fatal("it was no failure")
			}
			if log.Len() == 0 {
				t.Error("nothing was logged")
			}
			shown := fmt.Sprintf("%v\n%+v\n%s\n%v\n%s", failed, *failed, failed.Body, failed.Err, log.String())
			for err := error(failed); err != nil; err = errors.Unwrap(err) {
				shown += "\n" + err.Error()
			}
			for _, s := range []string{secret, url.QueryEscape(secret), "deltatoken", "s3cr3t-key"} {
				if strings.Contains(shown, s) {
					t.Errorf("%q is shown:\n%s", s, shown)
				}
			}
		})
	}
}

func TestTheOwnTransportDoesNotSendAWriteTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var carriedOut atomic.Int32
		server, own := within(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if r.Method != http.MethodGet {
				carriedOut.Add(1)
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				conn.Close() // carried out, and the answer lost
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{}`)
		})
		server.Start()
		defer server.Close()
		defer own.CloseIdleConnections()
		c := client(t, own, func(o *Options) { o.Base, o.Plain = server.URL, true })
		for i, r := range []Request{post, put, patch, remove} {
			if _, err := c.Do(t.Context(), get); err != nil { // so that there is a connection to be used again
				t.Fatal(err)
			}
			var failed *Error
			if _, err := c.Do(t.Context(), r); !errors.As(err, &failed) || !failed.Lost || failed.Attempts != 1 {
				t.Errorf("%s: %+v", r.Method, err)
			}
			if n := int(carriedOut.Load()); n != i+1 {
				t.Fatalf("%s was carried out %d times", r.Method, n-i)
			}
		}
	})
}

func TestNobodyListeningIsNotALostAnswer(t *testing.T) {
	waits := 0
	c := client(t, nil, func(o *Options) { // nil is its own transport
		o.Base, o.Plain, o.Attempts = "http://"+nobody(t), true, 3
		o.Sleep = func(context.Context, time.Duration) error {
			waits++
			return nil
		}
	})
	var failed *Error
	if _, err := c.Do(t.Context(), post); !errors.As(err, &failed) || failed.Lost || failed.Attempts != 3 || waits != 2 {
		t.Errorf("%d waits: %+v", waits, err)
	}
}

func TestACertificateThatIsNotTrustedIsNotAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, own := within(t, http.NotFound)
		server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		server.StartTLS()
		defer server.Close()
		c := client(t, own, func(o *Options) { o.Base = server.URL })
		var failed *Error
		_, err := c.Do(t.Context(), post)
		if _, stranger := errors.AsType[*tls.CertificateVerificationError](err); !stranger {
			t.Errorf("it is not the certificate: %v", err)
		}
		if !errors.As(err, &failed) || failed.Lost || failed.Attempts != 1 {
			t.Errorf("%+v", err)
		}
	})
}

func TestABodyThatWasBegunIsSentAgainOnlyByReading(t *testing.T) {
	for _, r := range []Request{post, patch, search} {
		c := client(t, &service{})
		req := c.request(t.Context(), r, c.base)
		if _, err := req.GetBody(); err != nil {
			t.Errorf("%s %s: nothing was sent yet: %v", r.Method, r.Path, err)
		}
		if _, err := io.CopyN(io.Discard, req.Body, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := req.GetBody(); (err == nil) != r.Reads {
			t.Errorf("%s %s: %v", r.Method, r.Path, err)
		}
	}
}
