package wire

import "context"

type guardKey struct{}

// Guarded is a context in which the client asks before it sends a write, after every wait and right before the bytes
// leave: an error keeps it from being sent, and is what Do gives, as certainly not sent. Whoever must not write any more
// learns it there, however long a write has waited for its turn.
func Guarded(ctx context.Context, ask func(context.Context) error) context.Context {
	return context.WithValue(ctx, guardKey{}, ask)
}

// mayWrite asks whether a write may be sent.
func mayWrite(ctx context.Context, r Request) error {
	ask, guarded := ctx.Value(guardKey{}).(func(context.Context) error)
	if !guarded || repeatable(r) {
		return nil
	}
	return ask(ctx)
}
