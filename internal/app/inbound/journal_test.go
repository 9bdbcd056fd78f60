package inbound_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

func textLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

func TestEveryRequestIsInTheLogWithTheReasonOfARefusal(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", ann, "User-Agent", "Azure").created()
	s.do("POST", "/Users", ann)
	s.do("GET", "/Users?filter=userName+eq+%22ann@example.com%22", "")
	s.do("PATCH", "/Users/"+id, `{"Operations":[{"op":"replace","path":"nothing","value":1}]}`)
	s.do("DELETE", "/Users/"+id, "")
	s.do("GET", "/Users/"+id, "")
	token := strings.Split(s.token, "_")[1]
	mine := inbox.Request{At: noon, Directory: "acme", Token: token, From: "192.0.2.1"}
	line := func(change func(*inbox.Request)) inbox.Request { r := mine; change(&r); return r }
	want := []inbox.Request{
		line(func(r *inbox.Request) {
			r.Method, r.Path, r.Status, r.Type, r.ID, r.Reason = "GET", "/Users/"+id, 404, "User", id, `There is no User with the id "`+id+`".`
		}),
		line(func(r *inbox.Request) {
			r.Method, r.Path, r.Status, r.Type, r.ID, r.Name = "DELETE", "/Users/"+id, 204, "User", id, "ann@example.com"
		}),
		line(func(r *inbox.Request) {
			r.Method, r.Path, r.Status, r.Type, r.ID, r.Name, r.ScimType, r.Size = "PATCH", "/Users/"+id, 400, "User", id, "ann@example.com", "invalidPath", 60
		}),
		line(func(r *inbox.Request) {
			r.Method, r.Path, r.Query, r.Status, r.Type, r.ID, r.Name = "GET", "/Users", "filter=userName+eq+%22ann@example.com%22", 200, "User", id, "ann@example.com"
		}),
		line(func(r *inbox.Request) {
			r.Method, r.Path, r.Status, r.Type, r.Name, r.ScimType, r.Size = "POST", "/Users", 409, "User", "ann@example.com", "uniqueness", len(ann)
			r.Reason = "Another User has this userName; it must be unique. Change the other one first, or send another value."
		}),
		line(func(r *inbox.Request) {
			r.Method, r.Path, r.Status, r.Type, r.ID, r.Name, r.Size, r.Agent = "POST", "/Users", 201, "User", id, "ann@example.com", len(ann), "Azure"
		}),
	}
	got := s.log(inbox.Log{})
	if !strings.Contains(got[2].Reason, "Operation 1") {
		t.Errorf("reason %q", got[2].Reason)
	}
	got[2].Reason = ""
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(inbox.Request{}, "Seq")); d != "" {
		t.Error(d)
	}
}

func TestNoSecretIsInTheLogWhereverAClientPutsIt(t *testing.T) {
	s := start(t)
	secret := strings.SplitN(s.token, "_", 3)[2]
	s.do("GET", "/Users?access_token="+s.token+"&client_secret="+secret, "")
	s.do("GET", "/Users/"+s.token, "")
	s.do("GET", "/Users", "", "User-Agent", "curl "+s.token)
	s.do("GET", "/Users?filter=userName+eq+%22"+s.token+"%22", "")
	s.do("POST", "/Users", `{"userName":"`+s.token+`"}`)
	s.do("GET", "/"+s.token, "")
	s.do("GET", "/Users", "", "Authorization", "Bearer "+s.token+"x")
	s.do("GET", "/Users", "", "Authorization", "Basic "+s.token)
	lines := s.log(inbox.Log{})
	if len(lines) != 8 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, r := range lines {
		for _, text := range []string{r.Path, r.Query, r.Agent, r.Reason, r.ID, r.Name} {
			if strings.Contains(text, secret) {
				t.Errorf("the secret is in %+v", r)
			}
		}
	}
}

func TestTheUseOfATokenIsNotedToTheMinute(t *testing.T) {
	s := start(t)
	s.clock.pass(90 * time.Second)
	s.do("GET", "/Users", "").is(http.StatusOK)
	s.log(inbox.Log{})
	token, err := s.inbox.Token(t.Context(), strings.Split(s.token, "_")[1])
	if err != nil || !token.Used.Equal(noon.Add(time.Minute)) || token.From != "192.0.2.1" {
		t.Errorf("%+v %v", token, err)
	}
}

// stuck is an inbox of which the log of requests does not go on until it is let.
type stuck struct {
	inbox.Inbox
	begun, free chan struct{}
	fail        error
}

func (s *stuck) PutRequests(ctx context.Context, all []inbox.Request) error {
	if s.begun != nil {
		select {
		case s.begun <- struct{}{}:
		default:
		}
		<-s.free
	}
	if s.fail != nil {
		return s.fail
	}
	return s.Inbox.PutRequests(ctx, all)
}

func TestALogThatCannotBeWrittenHoldsNobodyUpAndIsCounted(t *testing.T) {
	box := &stuck{begun: make(chan struct{}, 1), free: make(chan struct{})}
	s := start(t, func(o *inbound.Options) { box.Inbox, o.Inbox = o.Inbox, box })
	e, err := inbound.New(inbound.Options{Inbox: box, Now: s.clock.now, Rate: -1})
	if err != nil {
		t.Fatal(err)
	}
	s.endpoint, e = e, s.endpoint
	s.do("GET", "/Nothing", "")
	<-box.begun // the first one is being written; 4,096 have room
	for range 4096 + 5 {
		s.do("GET", "/Nothing", "")
	}
	if n := s.endpoint.Dropped(); n != 5 {
		t.Errorf("%d were dropped", n)
	}
	close(box.free)
	if err := s.endpoint.Close(); err == nil || !strings.Contains(err.Error(), "5 requests are missing") {
		t.Errorf("Close says %v", err)
	}
	lines, err := s.inbox.Requests(t.Context(), inbox.Log{Limit: 10_000})
	if err != nil || len(lines) != 4097 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	s.endpoint = e
}

func TestALogThatFailsIsToldToTheOperator(t *testing.T) {
	var log strings.Builder
	box := &stuck{fail: errors.New("disk full")}
	s := start(t)
	box.Inbox = s.inbox
	e, err := inbound.New(inbound.Options{Inbox: box, Now: s.clock.now, Log: textLog(&log)})
	if err != nil {
		t.Fatal(err)
	}
	s.endpoint, e = e, s.endpoint
	s.do("GET", "/Users", "").is(http.StatusOK)
	if err := s.endpoint.Close(); err == nil || !strings.Contains(log.String(), "disk full") || s.endpoint.Dropped() != 1 {
		t.Errorf("%v %s", err, log.String())
	}
	s.endpoint = e
}
