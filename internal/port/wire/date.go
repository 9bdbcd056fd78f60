package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Clock asks a service for nothing but the time: how far its clock, by the Date of any answer, is ahead of this
// machine's. The error of the measurement is half a second and half of the way there and back.
func (c *Client) Clock(ctx context.Context) (ahead time.Duration, err error) {
	began := c.options.Now()
	var date string
	resp, err := c.Do(ctx, Request{Method: http.MethodGet, Path: "/"})
	failed, refused := errors.AsType[*Error](err)
	switch {
	case err == nil:
		date = resp.Header.Get("Date")
	case refused && failed.Status != 0:
		date = http.Header(failed.Header).Get("Date")
	default:
		return 0, err
	}
	took := c.options.Now().Sub(began)
	at, err := http.ParseTime(date)
	if err != nil {
		return 0, fmt.Errorf("%s does not say what time it is", c.base.Host)
	}
	at = at.Add(500 * time.Millisecond) // whole seconds, cut off
	return at.Sub(began.Add(took / 2)), nil
}
