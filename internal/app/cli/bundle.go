package cli

import (
	"errors"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
)

var errNoBundle = errors.New(`nothing to look at: name a recorded world with --bundle FOLDER or --bundle FILE.zip, or say in a rollcall.yaml where your services are
to try it: rollcall check --bundle examples/fabrikam
what a bundle holds and how to make one: docs/bundle.md; what rollcall.yaml holds: docs/config.md`)

// open gives the engine over the world that the flags name, and the configuration, if there is one: a recorded world, or
// without one the services that the configuration names, as they are now.
func (g *Globals) open(b *bar) (*engine.Engine, *compose.Configuration, error) {
	c, err := compose.Configured(g.Config, g.Connection)
	if err != nil {
		return nil, nil, err
	}
	worlds, err := g.worlds(c)
	if err != nil {
		return nil, nil, err
	}
	return &engine.Engine{Worlds: c.Expecting(worlds), Progress: b.draw}, c, nil
}

func (g *Globals) worlds(c *compose.Configuration) (engine.Worlds, error) {
	switch {
	case len(g.Bundles) > 1:
		return nil, errors.New("one recorded world at a time: --bundle was given " + count(len(g.Bundles), "time", "times") + "; rollcall history takes several")
	case g.Bundle != "":
		return compose.Bundle(g.Bundle, g.With)
	case c == nil:
		return nil, errNoBundle
	}
	return compose.Live(c, g.With...)
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
