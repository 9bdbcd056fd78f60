package labs

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
)

// graphURL is how the lab is asked within the process; whatever the host, it is the lab.
const graphURL = "https://graph.microsoft.com/v1.0"

// StopProvisioning stops Entra's provisioning jobs, as an administrator does with "Stop provisioning", and tells how many
// there were to stop.
func (l *Labs) StopProvisioning(ctx context.Context) (int, error) {
	if l.Connection.Application == "" {
		return 0, nil
	}
	jobs, err := l.jobs(ctx)
	if err != nil {
		return 0, fmt.Errorf("stopping the lab's provisioning: %w", err)
	}
	stopped := 0
	for _, job := range jobs {
		schedule, _ := job["schedule"].(map[string]any)
		status, _ := job["status"].(map[string]any)
		if schedule == nil || status == nil || schedule["state"] != "Active" {
			continue
		}
		schedule["state"], status["code"] = "Disabled", "Paused" // as Graph shows a job that was stopped
		delete(job, "@odata.context")
		if err := l.Entra.PutJob(l.Connection.Application, job, nil); err != nil {
			return stopped, fmt.Errorf("stopping the lab's provisioning: %w", err)
		}
		stopped++
	}
	return stopped, nil
}

// Provisions tells whether a job of Entra's is on, beside which rollcall writes nothing.
func (l *Labs) Provisions(ctx context.Context) (bool, error) {
	if l.Connection.Application == "" {
		return false, nil
	}
	jobs, err := l.jobs(ctx)
	if err != nil {
		return false, fmt.Errorf("asking the lab for its provisioning: %w", err)
	}
	for _, job := range jobs {
		if schedule, _ := job["schedule"].(map[string]any); schedule["state"] == "Active" {
			return true, nil
		}
	}
	return false, nil
}

// jobs are the application's synchronization jobs as Graph shows them.
func (l *Labs) jobs(ctx context.Context) ([]map[string]any, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, graphURL+"/servicePrincipals/"+l.Connection.Application+"/synchronization/jobs", http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+l.Entra.Token(l.ClientID))
	answer, err := l.Entra.Transport().RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound { // provisioning was never set up, or the application is not there
		return nil, nil
	}
	var page struct{ Value []map[string]any }
	if err := json.UnmarshalRead(answer.Body, &page, json.MatchCaseInsensitiveNames(true)); err != nil {
		return nil, fmt.Errorf("the lab answered %s: %w", answer.Status, err)
	}
	return page.Value, nil
}
