package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/demo"
	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/core/document"
)

// LabOptions are the flags of lab.
type LabOptions struct {
	*Globals
	Listen  string
	Folder  string
	Stopped bool
}

func newLab(s Streams, g *Globals) *cobra.Command {
	o := LabOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "Entra and Atlassian in miniature on this machine, for trying things out",
		Long: `Starts Entra (Microsoft Graph and its token endpoint) and Atlassian (the Guard directory, organization, control and Jira
APIs) in miniature on this machine, filled with a made-up company or with the recorded world of --bundle, and writes a
folder with the configuration and keys for them. It runs until it is interrupted. With --verbose every request is shown.

rollcall apply writes nothing while Entra's provisioning is on. --stopped starts the lab as it is after an administrator
has stopped it there.

What is written there is gone when it ends; the services themselves are never asked.`,
		Example: `  rollcall lab
  rollcall lab --stopped
  rollcall lab --bundle examples/fabrikam --verbose
  rollcall lab --listen 127.0.0.1:8443 --folder lab`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return runLab(ctx, o, s)
		},
	}
	cmd.AddCommand(newLabStory(s, g))
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Listen, "listen", "127.0.0.1:0", "the `ADDRESS` of Entra on this machine; Atlassian takes the port after it, port 0 any two")
	f.StringVar(&o.Folder, "folder", "", "write the configuration to `FOLDER` and keep it (default a temporary one)")
	f.BoolVar(&o.Stopped, "stopped", false, "Entra's provisioning is stopped, so that rollcall apply may write")
	return cmd
}

func runLab(ctx context.Context, o LabOptions, s Streams) (err error) {
	world, files, done, err := o.recording()
	if err != nil {
		return err
	}
	l, err := labs.Load(files, world.Connection)
	if closed := done.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("starting the lab: %w", err)
	}
	if o.Stopped {
		if _, err := l.StopProvisioning(ctx); err != nil {
			return err
		}
	}
	beside, err := l.Provisions(ctx)
	if err != nil {
		return err
	}
	folder, keep, err := o.folder()
	if err != nil {
		return err
	}
	if !keep {
		defer func() {
			if gone := os.RemoveAll(folder); err == nil {
				err = gone
			}
		}()
	}
	var see func(labs.Request)
	if o.Verbose {
		see = s.seeRequests()
	}
	if err := l.Serve(o.Listen, see); err != nil {
		return fmt.Errorf("starting the lab: %w", err)
	}
	defer func() {
		if closed := l.Close(); err == nil {
			err = closed
		}
	}()
	if err := l.Write(folder); err != nil {
		return err
	}
	p := s.page(o.Globals)
	viewLab(p, l, world, folder, beside, o)
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return l.Wait(ctx)
}

// recording is the world that fills the lab.
func (o *LabOptions) recording() (document.Bundle, fs.FS, io.Closer, error) {
	if o.Bundle != "" {
		return compose.Files(o.Bundle)
	}
	files, err := demo.Documents(time.Now())
	if err != nil {
		return document.Bundle{}, nil, nil, err
	}
	return compose.Within(files, "the made-up company")
}

// folder is where the configuration is written, and whether it stays there.
func (o *LabOptions) folder() (path string, keep bool, err error) {
	if o.Folder == "" {
		path, err = os.MkdirTemp("", "rollcall-lab-")
		if err != nil {
			return "", false, fmt.Errorf("making a folder for the lab's configuration: %w", err)
		}
		return path, false, nil
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return "", false, fmt.Errorf("making a folder for the lab's configuration: %w", err)
	}
	if _, err := os.Stat(filepath.Join(o.Folder, labs.ConfigName)); err == nil {
		return "", false, fmt.Errorf("%s has a %s already: nothing is written over; name another folder, or take the file away", o.Folder, labs.ConfigName)
	}
	return o.Folder, true, nil
}

// seeRequests writes one line for every request.
func (s Streams) seeRequests() func(labs.Request) {
	var mu sync.Mutex
	return func(r labs.Request) {
		answer := fmt.Sprint(r.Status)
		if r.Status == 0 {
			answer = "cut"
		}
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(s.Out, "%-9s  %s  %6s  %-6s %s\n", r.Service, answer, r.Took.Round(time.Millisecond), r.Method, text.Clean(text.Clip(r.Path, 200)))
	}
}

// viewLab says where the lab is and what can be asked of it; beside tells whether Entra's provisioning is on.
func viewLab(p *text.Page, l *labs.Labs, world document.Bundle, folder string, beside bool, o LabOptions) {
	today, ours := l.Names()
	what := "a made-up company: Kestrel Instruments"
	if o.Bundle != "" {
		what = o.Bundle + ", recorded " + text.Date(world.CapturedAt.Time) + " UTC"
	}
	p.Para(0, ink("The lab runs until you interrupt it (Ctrl-C). Ask it from another terminal.", text.Bold))
	p.Blank()
	p.Table(2, 2, [][]text.Cell{
		{plain("filled with"), plain(what)},
		{plain("Entra"), plain(l.EntraURL())},
		{plain("Atlassian"), plain(l.AtlassianURL())},
		{plain("configuration"), plain(filepath.Join(folder, labs.ConfigName))},
	})
	config := filepath.Join(folder, labs.ConfigName)
	command := func(verb, connection string, words ...string) string {
		g := Globals{Config: config, Connection: connection}
		return g.command(verb, words...)
	}
	does := "do it"
	if beside {
		does = "refused: Entra's provisioning is on, and never two writers; rollcall lab --stopped starts without it"
	}
	next := [][2]string{{command("check", today), "who is missing, and why"}}
	if o.Bundle == "" {
		next = append(next, [2]string{command("why", today, demo.Person), "one of them, step by step"})
	}
	next = append(next, [2]string{command("plan", ours), "what would change if rollcall did the provisioning"}, [2]string{command("apply", ours), does})
	viewCommands(p, 7, next)
}
