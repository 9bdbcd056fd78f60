package atlassian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// status is an answer that is no success.
type status int

func (s status) Error() string { return fmt.Sprintf("Graph answers %d", int(s)) }

// consent takes a 403 to a list that everybody with the consent may read for a lost consent.
func consent(err error) error {
	if errors.Is(err, status(http.StatusForbidden)) {
		return fmt.Errorf("%w: %w", errConsent, err)
	}
	return err
}

// maxGraphPages bounds a list.
const maxGraphPages = 100_000

// pages reads a list to its end.
func pages[T any](ctx context.Context, r *reader, path string, each func(T)) error {
	next := r.base + path
	for range maxGraphPages {
		var page struct {
			Value []T    `json:"value"`
			Next  string `json:"@odata.nextLink"`
		}
		if err := r.get(ctx, next, &page); err != nil {
			return err
		}
		for _, v := range page.Value {
			each(v)
		}
		if next = page.Next; next == "" {
			return nil
		}
	}
	return errors.New("a list of Graph has no end")
}

func (r *reader) get(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("asking Graph: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("ConsistencyLevel", "eventual")
	resp, err := (&http.Client{Transport: r.transport}).Do(req)
	if err != nil {
		return fmt.Errorf("asking Graph: %w", err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", errConsent, status(resp.StatusCode))
	case resp.StatusCode != http.StatusOK:
		return status(resp.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxBody)).Decode(into); err != nil {
		return fmt.Errorf("reading Graph: %w", err)
	}
	return nil
}
