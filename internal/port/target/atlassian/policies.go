package atlassian

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// standing is what the control API says of one account.
type standing struct{ email, policy string }

// assign puts accounts into a policy. The service takes addresses, so they are asked for first, together with where the
// accounts are now; who is there already is left out.
func (t *Target) assign(ctx context.Context, c *target.Change) (target.Receipt, error) {
	now, err := t.of(ctx, c.Add)
	if err != nil {
		return target.Receipt{}, err
	}
	move := others(now, c)
	r := target.Receipt{ID: c.ID}
	if len(move) == 0 {
		r.Text = "they were in it already"
		return r, nil
	}
	var emails []string
	for _, account := range move {
		at, known := now[account]
		if !known || at.email == "" {
			return r, &target.Error{Class: target.Permanent, Text: fmt.Sprintf("the organization does not know the account %s as managed; only managed accounts can be in an authentication policy", account)}
		}
		emails = append(emails, at.email)
	}
	for batch := range slices.Chunk(emails, t.opts.PolicyBatch) {
		if err := t.add(ctx, c.ID, batch, &r); err != nil {
			return r, err
		}
	}
	return r, t.settle(ctx, c)
}

// others are the accounts of a change that are not in its policy.
func others(now map[string]standing, c *target.Change) []string {
	var out []string
	for _, account := range c.Add {
		if now[account].policy != c.ID {
			out = append(out, account)
		}
	}
	return out
}

// add begins to move the accounts of some addresses, and waits until the service has gone through them.
func (t *Target) add(ctx context.Context, policy string, emails []string, r *target.Receipt) error {
	var begun struct {
		TaskID string `json:"taskId"`
	}
	got, err := t.call(ctx, http.MethodPost, "/auth-policy/"+url.PathEscape(policy)+"/add-users", map[string]any{"users": emails}, false, &begun)
	if err != nil {
		return missingPolicy(err, policy)
	}
	r.Status, r.RequestID = got.Status, got.RequestID
	if begun.TaskID == "" {
		return nil // whether it worked is seen by where the accounts are
	}
	return t.wait(ctx, func() (bool, error) {
		var task struct {
			InProgress int `json:"inProgressCount"`
			Failures   int `json:"failureCount"`
			Reasons    []struct {
				Emails  []string `json:"emails"`
				Details struct {
					Status int    `json:"status"`
					Title  string `json:"title"`
					Detail string `json:"detail"`
				} `json:"details"`
			} `json:"failureReasons"`
		}
		_, err := t.call(ctx, http.MethodGet, "/auth-policy/task/"+url.PathEscape(begun.TaskID), nil, true, &task)
		if w, ok := errors.AsType[*wire.Error](err); ok && w.Status == http.StatusNotFound {
			return false, nil // not known yet, or no longer
		}
		if err != nil || task.InProgress > 0 {
			return false, err
		}
		if task.Failures == 0 && len(task.Reasons) == 0 {
			return true, nil
		}
		text := fmt.Sprintf("%d of %d were not taken", max(task.Failures, 1), len(emails))
		status := 0
		if len(task.Reasons) > 0 {
			d := task.Reasons[0].Details
			text, status = text+": "+d.Detail, d.Status
			if d.Detail == "" {
				text += d.Title
			}
		}
		return false, &target.Error{Class: target.Permanent, Status: status, Text: text}
	})
}

// missingPolicy says what a 404 means here: there is no such policy, which every account of the change will hear.
func missingPolicy(err error, policy string) error {
	failed := scimtarget.Fault(err)
	if failed.Class != target.Gone {
		return failed
	}
	out := *failed
	out.Class, out.Text = target.Person, fmt.Sprintf("there is no authentication policy %s: %s", policy, failed.Text)
	return &out
}

// settle waits until the accounts are where they should be: what a task has done is seen with a delay.
func (t *Target) settle(ctx context.Context, c *target.Change) error {
	return t.wait(ctx, func() (bool, error) {
		now, err := t.of(ctx, c.Add)
		return err == nil && len(others(now, c)) == 0, err
	})
}

// wait asks again and again, more and more seldom, until something is so. When the time is up nobody knows whether it
// will be: the error says Lost. What cannot be read just now is asked for again, too.
func (t *Target) wait(ctx context.Context, is func() (bool, error)) error {
	var last error
	pause := 500 * time.Millisecond
	for waited := time.Duration(0); ; {
		done, err := is()
		if done {
			return nil
		}
		if err != nil {
			failed := scimtarget.Fault(err)
			if failed.Class != target.Transient {
				return failed
			}
			last = failed
		}
		if waited >= t.opts.Settle {
			return &target.Error{Class: target.Lost, Text: fmt.Sprintf("the change of authentication policies was taken and is not done after %v", t.opts.Settle), Err: last}
		}
		if err := t.opts.Sleep(ctx, pause); err != nil {
			return &target.Error{Class: target.Lost, Text: "the change of authentication policies was taken; whether it is done was not waited for", Err: err}
		}
		waited += pause
		pause = min(2*pause, 5*time.Second)
	}
}

// of asks where accounts are. Accounts that the service does not know are left out.
func (t *Target) of(ctx context.Context, accounts []string) (map[string]standing, error) {
	out := map[string]standing{}
	for batch := range slices.Chunk(accounts, t.opts.PolicyBatch) {
		list, err := t.fetch(ctx, batch)
		if err != nil {
			return nil, err
		}
		told := true // every element names its account
		for i := range list {
			told = told && list[i].AccountID != ""
		}
		for i := range list {
			p := &list[i]
			switch {
			case told:
				out[p.AccountID] = standing{p.Email, p.PolicyID}
			case len(batch) == 1:
				out[batch[0]] = standing{p.Email, p.PolicyID}
			}
		}
		if told || len(batch) == 1 {
			continue
		}
		// Of an element only the address is documented (atlassian.md 8.4). Where it does not say whose it is, one is asked
		// for at a time.
		for _, account := range batch {
			one, err := t.fetch(ctx, []string{account})
			if err != nil {
				return nil, err
			}
			if len(one) == 1 {
				out[account] = standing{one[0].Email, one[0].PolicyID}
			}
		}
	}
	return out, nil
}

func (t *Target) fetch(ctx context.Context, accounts []string) ([]document.AuthPolicy, error) {
	var list []document.AuthPolicy
	_, err := t.call(ctx, http.MethodPost, "/users/auth-policies/bulk-fetch", map[string]any{"accountIds": accounts}, true, &list)
	return list, err
}

// call sends one request to the control API of the organization.
func (t *Target) call(ctx context.Context, method, path string, body any, reads bool, into any) (*wire.Response, error) {
	r := wire.Request{Method: method, Path: "/admin/control/v1/orgs/" + url.PathEscape(t.opts.Org) + path, Reads: reads}
	if body != nil {
		var err error
		if r.Body, err = json.Marshal(body, json.Deterministic(true)); err != nil {
			return nil, fmt.Errorf("%s %s: writing the request: %w", method, r.Path, err)
		}
	}
	got, err := t.admin.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	if len(got.Body) == 0 {
		return got, nil
	}
	if err := json.Unmarshal(got.Body, into, json.MatchCaseInsensitiveNames(true)); err != nil {
		return got, fmt.Errorf("%s %s: the answer cannot be read: %w", method, r.Path, err)
	}
	return got, nil
}
