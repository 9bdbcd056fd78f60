package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/history"
)

func TestABreakIsToldInWholeSentences(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2026, 11, day, 14, 20, 0, 0, time.UTC) }
	left := &history.Event{At: at(21), Text: "Remove member from group (jira-developers)", By: "anna@fabrikam.example"}
	paused := &history.Event{At: at(18), Text: "Disable/pause provisioning configuration"}
	for want, b := range map[string]history.Break{
		"It broke on 21 Nov 2026 at 14:20 UTC, because: Remove member from group (jira-developers), by anna@fabrikam.example.": {At: at(21), Before: at(22), Event: left},
		"It broke on 21 Nov 2026 at 14:20 UTC, with: Remove member from group (jira-developers), by anna@fabrikam.example. " +
			"That was not carried over, because on 18 Nov 2026 at 14:20 UTC: Disable/pause provisioning configuration.": {At: at(21), Before: at(22), Event: paused, Change: left},
		"It broke on 21 Nov 2026 at 14:20 UTC, with: Remove member from group (jira-developers), by anna@fabrikam.example. " +
			"What keeps that from being carried over is not known. Somebody knows.": {At: at(21), Before: at(22), Change: left, Untold: "Somebody knows"},
		"It broke between 20 Nov 2026 at 14:20 UTC and 22 Nov 2026 at 14:20 UTC. No log has it.":                                                                       {After: at(20), Before: at(22), Untold: "No log has it"},
		"It was so already on 22 Nov 2026 at 14:20 UTC, and nothing before that was looked at. On 18 Nov 2026 at 14:20 UTC: Disable/pause provisioning configuration.": {Before: at(22), Event: paused},
		"It broke on 21 Nov 2026 at 14:20 UTC, because: Remove member from group (jira-developers), by anna@fabrikam.example. By now the cause is another one: not-assigned.": {
			At: at(21), Before: at(22), Event: left, Now: cause.NotAssigned,
		},
		"It broke between 20 Nov 2026 at 14:20 UTC and 22 Nov 2026 at 14:20 UTC. Between these two moments lie rollcall's own roll calls: the first found nothing, the second did.": {
			After: at(20), Before: at(22), Checked: true,
		},
	} {
		if got := strings.Join(breakWords(&b), " "); got != want {
			t.Errorf("- wanted, + said\n- %s\n+ %s", want, got)
		}
	}
}
