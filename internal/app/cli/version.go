package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(s Streams, g *Globals) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Which rollcall this is",
		Long:    "Prints the version, the commit it was built from and the Go release that built it.",
		Example: "  rollcall version --json",
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return runVersion(g, s, readBuild()) },
	}
}

// build is what the binary knows of itself.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Changed bool   `json:"changed"` // built from a tree with uncommitted changes
	Go      string `json:"go"`
}

func runVersion(g *Globals, s Streams, b build) error {
	if g.JSON {
		return writeJSON(s.Out, b)
	}
	line := "rollcall " + b.Version
	if b.Commit != "" {
		line += " (" + b.Commit[:min(12, len(b.Commit))]
		if b.Changed {
			line += ", changed"
		}
		line += ")"
	}
	_, err := fmt.Fprintf(s.Out, "%s, %s\n", line, b.Go)
	return err
}

func readBuild() build {
	b := build{Version: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Changed = s.Value == "true"
		}
	}
	return b
}
