package scenario_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/testkit"
)

// bystanders are facts that touch nobody of whom a scenario speaks.
var bystanders = []string{
	`in entra/users.json: add {"id": "u-by.stander", "userPrincipalName": "by.stander@fabrikam.example", "mail": "by.stander@fabrikam.example", "displayName": "Bea Stander", "userType": "Member", "accountEnabled": true, "department": "Archive", "createdDateTime": "3 days ago"}`,
	`in entra/users.json: add {"id": "u-by.gone", "userPrincipalName": "by.gone@fabrikam.example", "mail": null, "displayName": "Bo Gone", "userType": "Member", "accountEnabled": false, "createdDateTime": "2020-01-01T00:00:00Z"}`,
	`in entra/groups.json: add {"id": "g-archive", "displayName": "archive", "securityEnabled": true, "groupTypes": [], "members": [{"@odata.type": "#microsoft.graph.user", "id": "u-by.stander"}, {"@odata.type": "#microsoft.graph.group", "id": "g-archive"}]}`,
	`in atlassian/org-users.json: add {"accountId": "a-by.passer", "accountType": "atlassian", "status": "active", "accountStatus": "active", "membershipStatus": "active", "name": "Bob Passer", "email": "bob@passer.example", "emailVerified": false, "claimStatus": "unmanaged", "managementSource": "invited"}`,
	`in atlassian/org-groups.json: add {"id": "og-archive", "name": "archive", "externalSynced": false, "managedBy": "admins", "members": ["a-by.passer"], "roleAssignments": []}`,
	`in atlassian/manage.json: "a-by.passer" = {"key": "forbidden.targetUnverified"}`,
	`in atlassian/domains.json: add {"id": "dom-passer", "attributes": {"name": "passer.example", "claim": {"type": "dns", "status": "unverified"}}}`,
	`log 3 hours ago: create by.stander skipped NotEffectivelyEntitled "1) This object is not assigned to the application." {"Assigned to the application": "False"}`,
	`log 30 hours ago: update by.gone failed InternalServerError "StatusCode: 500"`,
	`audit 30 minutes ago: by.stander added to archive`,
	`audit 20 minutes ago: activity "Update application"`,
	`troubleshooting log: {"status":"409","scimType":"uniqueness","detail":"Resource [USER]: with email[bob@passer.example] already exists."}`,
}

func TestBystandersChangeNoAnswer(t *testing.T) {
	dir, all := asking(t)
	for _, s := range testkit.Sample(t, all, 10) {
		if strings.HasPrefix(s.File, "present/sync-all") || strings.HasPrefix(s.File, "present/connector-selects") {
			continue // everybody in Entra is expected there
		}
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			tenant := build(t, dir, s)
			files := strings.Join(tenant.Files(), " ")
			for _, sentence := range bystanders {
				if absent(sentence, files) {
					continue
				}
				if err := tenant.Change(sentence); err != nil {
					t.Fatal(err)
				}
			}
			before, after := load(t, saved(t, build(t, dir, s)), s), load(t, saved(t, tenant), s)
			compare(t, before, after, s)
			want, _ := check(before, s.Expect)
			got, _ := check(after, s.Expect)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("check (-before +with bystanders):\n%s", diff)
			}
		})
	}
}

// absent tells whether a sentence is about a document that the world does not have.
func absent(sentence, files string) bool {
	file, _, _ := strings.Cut(strings.TrimPrefix(sentence, "in "), ":")
	switch {
	case strings.HasPrefix(sentence, "log "):
		file = "entra/provisioning-logs.json"
	case strings.HasPrefix(sentence, "audit "):
		file = "entra/directory-audits.json"
	case strings.HasPrefix(sentence, "troubleshooting"):
		file = "atlassian/troubleshooting-log.txt"
	}
	return !strings.Contains(files, file)
}

// placeholder is a hole in a text of the catalogue that nobody filled.
var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestEveryNamedCauseHasEvidenceAndAFix(t *testing.T) {
	dir, all := asking(t)
	for _, s := range testkit.Sample(t, all, 10) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			w := load(t, saved(t, build(t, dir, s)), s)
			for _, a := range s.Asks {
				_, tr := why(w, a)
				if tr.Cause != "" {
					wellSaid(t, "why "+a.Subject, tr.Cause, tr.Summary, tr.Fix, evidenceOf(tr))
				}
			}
			_, rc := check(w, s.Expect)
			for _, f := range rc.Findings {
				if f.Cause != "" {
					wellSaid(t, "finding "+f.Subject.Name, f.Cause, f.Summary, f.Fix, f.Evidence)
				}
			}
		})
	}
}

func evidenceOf(tr trace.Trace) []trace.Evidence {
	var all []trace.Evidence
	for _, h := range tr.Hops {
		if h.Cause == tr.Cause || h.Status == trace.NotKnown {
			all = append(all, h.Evidence...)
		}
	}
	return all
}

func wellSaid(t *testing.T, who string, c cause.Code, summary string, fix []string, evidence []trace.Evidence) {
	t.Helper()
	if summary == "" || len(fix) == 0 || len(evidence) == 0 {
		t.Errorf("%s, %s: summary %q, %d steps to mend it, %d pieces of evidence", who, c, summary, len(fix), len(evidence))
	}
	for _, text := range append(fix, summary) {
		if hole := placeholder.FindString(text); hole != "" {
			t.Errorf("%s, %s: nobody filled %s in %q", who, c, hole, text)
		}
	}
	for _, e := range evidence {
		if e.Seen == "" || e.Fact == "" {
			t.Errorf("%s, %s: evidence without place or fact: %+v", who, c, e)
		}
	}
}
