package entra

import (
	"errors"
	"slices"
	"testing"
)

func TestWhatIsDoneToAnApplicationIsInTheAuditLog(t *testing.T) {
	g := open(t, &Lab{})
	app, err := g.l.AddServicePrincipal(Props{"displayName": "Atlassian"})
	must(t, err)
	must(t, g.l.UpdateServicePrincipal(app, Props{"accountEnabled": false}))
	if r := g.get("/servicePrincipals/" + app); r.body["accountEnabled"] != false {
		t.Errorf("the application is still on: %s", r.raw)
	}
	must(t, g.l.Consent(app, false))
	must(t, g.l.Consent(app, true))
	var did []string
	entries, _ := g.all("/auditLogs/directoryAudits")
	for _, e := range entries {
		did = append(did, e["activityDisplayName"].(string))
	}
	for _, want := range []string{"Update service principal", "Remove delegated permission grant", "Consent to application"} {
		if !slices.Contains(did, want) {
			t.Errorf("no entry %q among %v", want, did)
		}
	}
	if err := g.l.Consent("x", true); !errors.Is(err, ErrUnknown) {
		t.Errorf("an application that is not there: %v", err)
	}
	if err := g.l.UpdateServicePrincipal("x", nil); !errors.Is(err, ErrUnknown) {
		t.Errorf("an application that is not there: %v", err)
	}
}
