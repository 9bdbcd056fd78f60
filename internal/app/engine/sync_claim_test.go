package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/port/store"
)

// passedOn is a store whose lease was another's for a while, and is free again.
type passedOn struct {
	store.Store
	released []store.Fence
}

func (*passedOn) Claim(_ context.Context, connection, _ string, _ time.Time, _ time.Duration) (store.Fence, bool, string, time.Time, error) {
	return store.Fence{Connection: connection, Token: 3}, true, "", time.Time{}, nil
}

func (p *passedOn) Release(_ context.Context, f store.Fence) error {
	p.released = append(p.released, f)
	return nil
}

func TestAClaimThatWasLostIsNotHeldAnewByAskingForIt(t *testing.T) {
	s := &passedOn{}
	l := &claim{Sync: &Sync{Store: s, Lease: time.Minute, Now: time.Now, Holder: "here"}, fence: store.Fence{Connection: "acme", Token: 1}}
	if err := l.still(t.Context()); !errors.Is(err, store.ErrFenced) {
		t.Errorf("it goes on with a claim that was another's in between: %v", err)
	}
	if len(s.released) != 1 || s.released[0].Token != 3 {
		t.Errorf("the new one, which nobody uses, was not given back: %+v", s.released)
	}
}
