package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// Events are what the vendors' logs in a recording say of a subject, and which of the logs were not read.
func Events(w *facts.World, s trace.Subject) (events []Event, notes []string) {
	for _, f := range []document.File{document.ProvisioningLogs, document.DirectoryAudits, document.Events} {
		if !w.Has(f) {
			notes = append(notes, fmt.Sprintf("%s was not read: %s", f, w.Call(f)))
		}
	}
	keys := keysOf(w, s)
	for _, r := range w.RecordsOf(s.ID) {
		events = append(events, provisioned(r))
	}
	seen := map[*document.DirectoryAudit]bool{}
	for key := range keys {
		for _, a := range w.AuditsOf(key) {
			if !seen[a] {
				seen[a] = true
				events = append(events, audited(a))
			}
		}
	}
	for i := range w.Events {
		if concerns(&w.Events[i], keys) {
			events = append(events, organization(&w.Events[i]))
		}
	}
	return events, notes
}

// keysOf are the texts by which logs name the subject.
func keysOf(w *facts.World, s trace.Subject) map[string]bool {
	out := map[string]bool{}
	add := func(all ...string) {
		for _, k := range all {
			if k != "" {
				out[facts.Fold(k)] = true
			}
		}
	}
	add(s.ID)
	if u, ok := w.UserByID(s.ID); ok {
		user := &w.Users[u]
		add(user.UserPrincipalName, user.Mail.Value)
		for _, r := range w.ScimByExternal(s.ID) {
			add(w.ScimUsers[r].ID, w.ScimUsers[r].Atlassian.Value.AtlassianAccountID.Value)
		}
		for _, a := range w.AccountsByEmail(user.Mail.Value) {
			add(w.OrgUsers[a].AccountID)
		}
	} else {
		add(s.Name)
	}
	return out
}

func provisioned(r *document.ProvisioningRecord) Event {
	text := strings.TrimSpace(r.Action + " at " + cmp.Or(r.TargetSystem.DisplayName, "the target") + ": " + r.Status.Status)
	if e := r.Status.Error(); e != nil {
		text += ", " + strings.Join(present(e.ErrorCode, e.Reason), ": ")
	}
	bad := !strings.EqualFold(r.Status.Status, "success") || strings.EqualFold(r.Action, "disable") || strings.EqualFold(r.Action, "delete")
	return Event{At: r.ActivityDateTime.Time, Log: "Entra's provisioning log", Seen: string(document.ProvisioningLogs), Text: text, Bad: bad}
}

func audited(a *document.DirectoryAudit) Event {
	var names, changes []string
	for _, t := range a.TargetResources {
		names = append(names, present(cmp.Or(t.DisplayName, t.UserPrincipalName))...)
		for _, p := range t.ModifiedProperties {
			was, is := facts.Unquote(p.OldValue.Value), facts.Unquote(p.NewValue.Value)
			switch {
			case was == is:
			case p.DisplayName == "Group.DisplayName":
				names = append(names, cmp.Or(is, was))
			case !strings.Contains(p.DisplayName, "."):
				changes = append(changes, fmt.Sprintf("%s: %s → %s", p.DisplayName, cmp.Or(was, "nothing"), cmp.Or(is, "nothing")))
			}
		}
	}
	text := strings.Join(slices.Concat([]string{a.ActivityDisplayName}, changes), "; ")
	if len(names) > 0 {
		text += " (" + strings.Join(names, ", ") + ")"
	}
	if a.Result != "" && !strings.EqualFold(a.Result, "success") {
		text += ": " + a.Result
	}
	by := ""
	switch {
	case a.InitiatedBy.User != nil:
		by = cmp.Or(a.InitiatedBy.User.UserPrincipalName, a.InitiatedBy.User.DisplayName)
	case a.InitiatedBy.App != nil:
		by = a.InitiatedBy.App.DisplayName
	}
	low := strings.ToLower(a.ActivityDisplayName)
	bad := strings.Contains(low, "remove") || strings.Contains(low, "delete") || strings.Contains(low, "disable") || strings.Contains(low, "update") || strings.Contains(low, "stop") || strings.Contains(low, "quarantine")
	return Event{At: a.ActivityDateTime.Time, Log: "Entra's audit log", Seen: string(document.DirectoryAudits), Text: text, By: by, Bad: bad}
}

// concerns tells whether an event of the organization names the subject.
func concerns(e *document.Event, keys map[string]bool) bool {
	for _, c := range e.Attributes.Context {
		if keys[facts.Fold(c.ID)] {
			return true
		}
		for _, v := range c.Attributes {
			if text, ok := v.(string); ok && keys[facts.Fold(text)] {
				return true
			}
		}
	}
	return false
}

func organization(e *document.Event) Event {
	text := cmp.Or(e.Attributes.Message.Content, cmp.Or(e.Message.Content, e.Attributes.Action))
	low := strings.ToLower(e.Attributes.Action + " " + text)
	bad := strings.Contains(low, "remove") || strings.Contains(low, "delete") || strings.Contains(low, "deactivat") || strings.Contains(low, "suspend") || strings.Contains(low, "revoke") || strings.Contains(low, "unlink")
	return Event{At: e.Attributes.Time.Time, Log: "the organization's audit log", Seen: string(document.Events), Text: text, By: cmp.Or(e.Attributes.Actor.Name, e.Attributes.Actor.Email), Bad: bad}
}

func present(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
