package engine

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// SecondWriter says that somebody else writes the same directory, or that it is not known.
type SecondWriter struct {
	Who string // in words
	Do  string
}

func (e *SecondWriter) Error() string { return e.Who + "; " + e.Do }

// alone refuses to write while another service feeds the same directory: each would undo what the other does.
func (c *cycle) alone() error {
	if c.Alone {
		return nil
	}
	other := OtherWriter(c.world)
	if other == nil { // of a pointer's type: returned as it is, it would be an error
		return nil
	}
	return other
}

// OtherWriter finds a service that writes the directory beside rollcall. Nil: none that can be seen.
func OtherWriter(w *facts.World) *SecondWriter {
	if !w.Has(document.SynchronizationJobs) {
		return &SecondWriter{
			"whether Entra's provisioning service writes the same directory is not known: " + w.Call(document.SynchronizationJobs) + " was not answered",
			"grant Synchronization.Read.All, or make sure that provisioning is off and say so with --alone",
		}
	}
	return otherJob(w.Jobs, application(w))
}

// otherJob finds a job that runs, or may run.
func otherJob(jobs []document.Job, application string) *SecondWriter {
	for i := range jobs {
		j := &jobs[i]
		if active(j) {
			return &SecondWriter{
				fmt.Sprintf("Entra's provisioning job %s is on (%s) and writes the same directory", j.ID, strings.Join(words(j.Schedule.State, j.Status.Code), ", ")),
				"stop it first: Entra admin center › Enterprise applications › " + application + " › Provisioning › Stop provisioning",
			}
		}
	}
	return nil
}

// active tells whether a job runs, or may run: only one that is certainly off is not.
func active(j *document.Job) bool {
	switch strings.ToLower(j.Schedule.State) {
	case "disabled", "paused":
		return false
	case "active":
		return true
	}
	switch strings.ToLower(j.Status.Code) {
	case "notconfigured", "notrun", "paused":
		return false
	}
	return true
}

func application(w *facts.World) string {
	if w.Principal != nil && w.Principal.DisplayName != "" {
		return w.Principal.DisplayName
	}
	return "the application"
}

func words(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
