package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

func newToken(s Streams, g *Globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Tokens with which identity providers push to rollcall",
		Long: `A token belongs to one directory. It is shown once, when it is made; only a hash of it is kept. To replace one without a
pause: make a second one, give it to the provider, see that it is used, revoke the first.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTokenCreate(s, g), newTokenList(s, g), newTokenRevoke(s, g))
	return cmd
}

// mostDays is a century, as in store.keep.
const mostDays = 36_500

func newTokenCreate(s Streams, g *Globals) *cobra.Command {
	var name string
	var days int
	cmd := &cobra.Command{
		Use:     "create DIRECTORY",
		Short:   "Make a token, and show it this once",
		Example: `  rollcall token create okta --name "Okta production" --days 365`,
		Args:    oneDirectory,
		RunE: func(cmd *cobra.Command, args []string) error {
			if days < 0 || days > mostDays {
				return fmt.Errorf("--days: how many days the token is good for, up to %d; 0 for without an end", mostDays)
			}
			return withInbox(cmd.Context(), g, func(box inbox.Inbox, all []config.Directory) error {
				if err := knownDirectory(all, args[0]); err != nil {
					return err
				}
				now := time.Now()
				end := time.Time{}
				if days > 0 {
					end = now.AddDate(0, 0, days)
				}
				t, secret := inbound.NewToken(args[0], orWords(name, whoami(s)), now, end)
				if err := box.PutToken(cmd.Context(), t); err != nil {
					return fmt.Errorf("keeping the token: %w", err)
				}
				return showToken(s, g, t, secret)
			})
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "what people call it (default who makes it)")
	cmd.Flags().IntVar(&days, "days", 365, "how many `DAYS` it is good for; 0: without an end")
	return cmd
}

// oneDirectory is the argument of a directory.
func oneDirectory(cmd *cobra.Command, args []string) error {
	if len(args) != 1 || blank(args[0]) {
		return fmt.Errorf("which directory? One of those below inbound.directories: %s okta", cmd.CommandPath())
	}
	return nil
}

func knownDirectory(all []config.Directory, id string) error {
	var names []string
	for _, d := range all {
		names = append(names, d.ID)
	}
	if !slices.Contains(names, id) {
		return fmt.Errorf("there is no directory %q below inbound.directories (known: %s)", id, strings.Join(names, ", "))
	}
	return nil
}

// withInbox does something with what providers push to.
func withInbox(ctx context.Context, g *Globals, do func(inbox.Inbox, []config.Directory) error) (err error) {
	c, err := configured(g)
	if err != nil {
		return err
	}
	box, all, err := compose.Inbox(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	return do(box, all)
}

// shownToken is a token without its hash.
type shownToken struct {
	ID        string    `json:"id"`
	Directory string    `json:"directory"`
	Name      string    `json:"name"`
	Created   time.Time `json:"created"`
	Expires   time.Time `json:"expires,omitzero"`
	Revoked   time.Time `json:"revoked,omitzero"`
	Used      time.Time `json:"used,omitzero"`
	From      string    `json:"from,omitzero"`
	Token     string    `json:"token,omitzero"` // when it is made
}

func public(t inbox.Token) shownToken {
	return shownToken{ID: t.ID, Directory: t.Directory, Name: t.Name, Created: t.Created.UTC(), Expires: t.Expires, Revoked: t.Revoked, Used: t.Used, From: t.From}
}

func showToken(s Streams, g *Globals, t inbox.Token, secret string) error {
	if g.JSON {
		out := public(t)
		out.Token = secret
		return writeJSON(s.Out, out)
	}
	p := s.page(g)
	until := "It has no end."
	if !t.Expires.IsZero() {
		until = "It is good until " + text.Date(t.Expires) + " UTC."
	}
	p.Para(0, plain("The token of the directory "+t.Directory+". "+until+" It is shown this once:"))
	p.Blank()
	p.Line(2, 1, ink(secret, text.Bold))
	p.Blank()
	p.Para(0, ink("For OAuth client credentials the client id is "+t.ID+", and the secret what follows the second underscore.", text.Dim))
	return p.Flush()
}

func newTokenList(s Streams, g *Globals) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List tokens: until when they are good, and when they were used last",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withInbox(cmd.Context(), g, func(box inbox.Inbox, all []config.Directory) error {
				tokens := []shownToken{}
				for _, d := range all {
					of, err := box.Tokens(cmd.Context(), d.ID)
					if err != nil {
						return fmt.Errorf("reading the tokens of %s: %w", d.ID, err)
					}
					for _, t := range of {
						tokens = append(tokens, public(t))
					}
				}
				if g.JSON {
					return writeJSON(s.Out, map[string]any{"tokens": tokens})
				}
				return viewTokens(s, g, tokens, time.Now())
			})
		},
	}
}

func viewTokens(s Streams, g *Globals, tokens []shownToken, now time.Time) error {
	p := s.page(g)
	if len(tokens) == 0 {
		p.Para(0, plain("There is no token: nobody can push yet. Make one with rollcall token create DIRECTORY"))
		return p.Flush()
	}
	table := [][]text.Cell{{ink("directory", text.Dim), ink("id", text.Dim), ink("name", text.Dim), ink("state", text.Dim), ink("last used", text.Dim)}}
	for _, t := range tokens {
		state, shade := "good", text.Good
		switch {
		case !t.Revoked.IsZero():
			state, shade = "revoked "+text.Date(t.Revoked), text.Dim
		case !t.Expires.IsZero() && !now.Before(t.Expires):
			state, shade = "expired "+text.Date(t.Expires), text.Bad
		case !t.Expires.IsZero():
			state = "until " + text.Date(t.Expires)
		}
		used := "never"
		if !t.Used.IsZero() {
			used = text.Date(t.Used) + " from " + t.From
		}
		table = append(table, []text.Cell{plain(t.Directory), ink(t.ID, text.Code), plain(t.Name), ink(state, shade), plain(used)})
	}
	p.Table(0, 2, table)
	return p.Flush()
}

func newTokenRevoke(s Streams, g *Globals) *cobra.Command {
	return &cobra.Command{
		Use:     "revoke ID",
		Short:   "End a token at once",
		Example: `  rollcall token revoke k3jv9c2m7x1a`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || blank(args[0]) {
				return fmt.Errorf("which token? rollcall token list shows their ids: %s k3jv9c2m7x1a", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return withInbox(cmd.Context(), g, func(box inbox.Inbox, _ []config.Directory) error {
				t, err := box.Token(cmd.Context(), args[0])
				if errors.Is(err, inbox.ErrNone) {
					return fmt.Errorf("there is no token %q: rollcall token list shows their ids", args[0])
				}
				if err != nil {
					return fmt.Errorf("reading the token: %w", err)
				}
				if t.Revoked.IsZero() {
					t.Revoked = time.Now()
				}
				if err := box.PutToken(cmd.Context(), t); err != nil {
					return fmt.Errorf("ending the token: %w", err)
				}
				if g.JSON {
					return writeJSON(s.Out, public(t))
				}
				p := s.page(g)
				p.Para(0, plain("The token "+t.ID+" of the directory "+t.Directory+" is good for nothing any more."))
				return p.Flush()
			})
		},
	}
}
