package cli

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// RequestsOptions are the flags of requests.
type RequestsOptions struct {
	*Globals
	Query        inbox.Log
	Since, Until string
}

func newRequests(s Streams, g *Globals) *cobra.Command {
	o := RequestsOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "requests [NAME]",
		Short: "What identity providers sent to rollcall, and what became of every request",
		Long: `Shows the requests that came to the SCIM endpoint, the newest first: who sent them, about whom, and what they were
answered; of a refusal also the reason, which for a wrong token is more than the provider is told. NAME is a userName or
the displayName of a group.`,
		Example: `  rollcall requests --refused
  rollcall requests lena.vogel@fabrikam.example --since 24h
  rollcall requests --directory okta --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.Query.Name = args[0]
			}
			return runRequests(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Query.Directory, "directory", "", "only of the directory `ID`")
	f.StringVar(&o.Query.ID, "id", "", "only about the resource `ID`")
	f.BoolVar(&o.Query.Refused, "refused", false, "only what was refused")
	f.StringVar(&o.Since, "since", "", "only since `WHEN`: 24h, 2026-11-01, or a moment as RFC 3339")
	f.StringVar(&o.Until, "until", "", "only before `WHEN`")
	f.IntVar(&o.Query.Limit, "limit", 100, "at most so many, up to 10,000")
	return cmd
}

// mostRequests is how many requests are shown at most: what is shown is in memory.
const mostRequests = 10_000

func runRequests(ctx context.Context, o RequestsOptions, s Streams) (err error) {
	now := time.Now()
	if o.Query.From, err = moment(o.Since, now); err != nil {
		return fmt.Errorf("--since: %w", err)
	}
	if o.Query.Until, err = moment(o.Until, now); err != nil {
		return fmt.Errorf("--until: %w", err)
	}
	if o.Query.Limit < 1 || o.Query.Limit > mostRequests {
		return fmt.Errorf("--limit: from 1 to %s", text.Number(mostRequests))
	}
	return withInbox(ctx, o.Globals, func(box inbox.Inbox, all []config.Directory) error {
		if o.Query.Directory != "" {
			if err := knownDirectory(all, o.Query.Directory); err != nil {
				return err
			}
		}
		found, err := box.Requests(ctx, o.Query)
		if err != nil {
			return fmt.Errorf("reading the log of requests: %w", err)
		}
		if o.JSON {
			out := []sentRequest{}
			for i := range found {
				out = append(out, sent(&found[i]))
			}
			return writeJSON(s.Out, out)
		}
		return viewRequests(s, o, found)
	})
}

// sentRequest is a request of the log as JSON has it.
type sentRequest struct {
	Seq       int64     `json:"seq"`
	At        time.Time `json:"at"`
	Took      int64     `json:"took_us"` // microseconds
	Directory string    `json:"directory,omitzero"`
	Token     string    `json:"token,omitzero"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Query     string    `json:"query,omitzero"`
	Status    int       `json:"status"`
	ScimType  string    `json:"scim_type,omitzero"`
	Reason    string    `json:"reason,omitzero"`
	Type      string    `json:"type,omitzero"`
	ID        string    `json:"id,omitzero"`
	Name      string    `json:"name,omitzero"`
	Size      int       `json:"size,omitzero"`
	Agent     string    `json:"agent,omitzero"`
	From      string    `json:"from,omitzero"`
}

func sent(r *inbox.Request) sentRequest {
	return sentRequest{
		Seq: r.Seq, At: r.At.UTC(), Took: r.Took.Microseconds(), Directory: r.Directory, Token: r.Token, Method: r.Method, Path: r.Path, Query: r.Query, Status: r.Status,
		ScimType: r.ScimType, Reason: r.Reason, Type: r.Type, ID: r.ID, Name: r.Name, Size: r.Size, Agent: r.Agent, From: r.From,
	}
}

func viewRequests(s Streams, o RequestsOptions, found []inbox.Request) error {
	p := s.page(o.Globals)
	if len(found) == 0 {
		words := "No request came yet."
		if o.Query.Directory+o.Query.Name+o.Query.ID+o.Since+o.Until != "" || o.Query.Refused {
			words = "No request of the log is like that."
		}
		p.Para(0, plain(words))
		return p.Flush()
	}
	var table [][]text.Cell
	for i := range found {
		r := &found[i]
		shade := text.Good
		if r.Status >= 400 {
			shade = text.Bad
		}
		words := r.Method + " " + r.Path
		if r.Query != "" {
			words += "?" + r.Query
		}
		if r.Name != "" {
			words += "  " + r.Name
		}
		if r.Reason != "" {
			words += ": " + r.Reason
		}
		table = append(table, []text.Cell{ink(text.Date(r.At), text.Dim), plain(orWords(r.Directory, "?")), ink(strconv.Itoa(r.Status), shade), plain(words)})
	}
	p.Table(0, 2, table)
	return p.Flush()
}
