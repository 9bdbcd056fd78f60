package entra_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// graph reads from Microsoft Graph.
func (c *company) graph(path string) map[string]any {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "https://graph.microsoft.com/v1.0"+strings.ReplaceAll(path, " ", "%20"), http.NoBody)
	c.must(err)
	req.Header.Set("Authorization", "Bearer "+c.Token(entra.DefaultClient))
	resp, err := (&http.Client{Transport: c.Transport()}).Do(req)
	c.must(err)
	defer resp.Body.Close()
	var out map[string]any
	c.must(json.NewDecoder(resp.Body).Decode(&out))
	if resp.StatusCode != http.StatusOK {
		c.t.Fatalf("GET %s: %d %v", path, resp.StatusCode, out)
	}
	return out
}

// log is the provisioning log, oldest first, as "action status of name: reason".
func (c *company) log() []string {
	c.t.Helper()
	var out []string
	for _, r := range c.records() {
		status := r["provisioningStatusInfo"].(map[string]any)
		line := fmt.Sprintf("%s %s of %s", r["provisioningAction"], status["status"], r["sourceIdentity"].(map[string]any)["displayName"])
		if e, ok := status["errorInformation"].(map[string]any); ok {
			line += ": " + e["errorCode"].(string)
		}
		steps := r["provisioningSteps"].([]any)
		if d := steps[len(steps)-1].(map[string]any)["details"].(map[string]any); d["SkipReason"] != nil {
			line += ": " + d["SkipReason"].(string)
		}
		out = append(out, line)
	}
	return out
}

func (c *company) records() []map[string]any {
	c.t.Helper()
	var out []map[string]any
	for _, v := range c.graph("/auditLogs/provisioning?$orderby=activityDateTime asc")["value"].([]any) {
		out = append(out, v.(map[string]any))
	}
	return out
}

// status is the job's, as Graph gives it.
func (c *company) status() map[string]any {
	c.t.Helper()
	return c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs/" + c.job.ID())["status"].(map[string]any)
}

// reads asks Microsoft Graph from any goroutine and does not look at the answer.
func (c *company) reads(path, token string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://graph.microsoft.com/v1.0"+path, http.NoBody)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if resp, err := c.Transport().RoundTrip(req); err == nil {
		_ = resp.Body.Close()
	}
}
