package cli

import (
	"errors"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
)

var errNoBundle = errors.New(`nothing to look at: name a recorded world with --bundle FOLDER or --bundle FILE.zip
to try it: rollcall check --bundle examples/fabrikam
what a bundle holds and how to make one: docs/bundle.md`)

// open gives the engine over the world that the flags name, and the configuration, if there is one.
func (g *Globals) open(b *bar) (*engine.Engine, *compose.Configuration, error) {
	c, err := compose.Configured(g.Config, g.Connection)
	if err != nil {
		return nil, nil, err
	}
	if g.Bundle == "" {
		return nil, nil, errNoBundle
	}
	worlds, err := compose.Bundle(g.Bundle, g.With)
	if err != nil {
		return nil, nil, err
	}
	return &engine.Engine{Worlds: c.Expecting(worlds), Progress: b.draw}, c, nil
}

// command writes a command of ours about the same world, ready to be pasted.
func (g *Globals) command(verb string, words ...string) string {
	all := []string{"rollcall", verb}
	if g.Bundle != "" {
		all = append(all, "--bundle", text.Shell(g.Bundle))
	}
	for _, w := range g.With {
		all = append(all, "--with", text.Shell(w))
	}
	if g.Config != "" {
		all = append(all, "--config", text.Shell(g.Config))
	}
	if g.Connection != "" {
		all = append(all, "--connection", text.Shell(g.Connection))
	}
	for _, w := range words {
		all = append(all, text.Shell(w))
	}
	return strings.Join(all, " ")
}
