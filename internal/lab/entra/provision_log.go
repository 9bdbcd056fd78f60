package entra

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// summary is a provisioningObjectSummary, in the order of Microsoft's example.
type summary struct {
	ID        string        `json:"id"`
	At        string        `json:"activityDateTime"`
	Tenant    string        `json:"tenantId"`
	Job       string        `json:"jobId"`
	Cycle     string        `json:"cycleId"`
	Change    string        `json:"changeId"`
	Action    string        `json:"provisioningAction"`
	Duration  int           `json:"durationInMilliseconds"`
	Status    summaryStatus `json:"provisioningStatusInfo"`
	Steps     []step        `json:"provisioningSteps"`
	Modified  []modified    `json:"modifiedProperties"`
	Principal idName        `json:"servicePrincipal"`
	SourceSys system        `json:"sourceSystem"`
	TargetSys system        `json:"targetSystem"`
	Source    identity      `json:"sourceIdentity"`
	Target    identity      `json:"targetIdentity"`
	Initiated initiatedBy   `json:"initiatedBy"`
}

type summaryStatus struct {
	Status string     `json:"status"`
	Error  *errorInfo `json:"errorInformation"`
}

type errorInfo struct {
	Code       string  `json:"errorCode"`
	Reason     string  `json:"reason"`
	Additional *string `json:"additionalDetails"`
	Category   string  `json:"errorCategory"`
	Advice     *string `json:"recommendedAction"`
}

type step struct {
	Name        string         `json:"name"`
	Type        string         `json:"provisioningStepType"`
	Status      string         `json:"status"`
	Description string         `json:"description"`
	Details     jsontext.Value `json:"details"`
}

type idName struct {
	ID   string `json:"id"`
	Name string `json:"displayName"`
}

type system struct {
	ID      string         `json:"id"`
	Name    string         `json:"displayName"`
	Details jsontext.Value `json:"details"`
}

type identity struct {
	ID      string         `json:"id"`
	Name    string         `json:"displayName"`
	Type    string         `json:"identityType"`
	Details jsontext.Value `json:"details"`
}

type initiatedBy struct {
	ID   string `json:"id"`
	Name string `json:"displayName"`
	Type string `json:"initiatorType"`
}

// details are a step's details: texts in a fixed order. Of a name that comes twice the first counts.
func details(pairs ...string) jsontext.Value {
	b := []byte{'{'}
	told := map[string]bool{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if !told[pairs[i]] {
			b = quote(key(b, pairs[i]), pairs[i+1])
		}
		told[pairs[i]] = true
	}
	return append(b, '}')
}

// log writes an entry about an object. Entries of one cycle differ by a microsecond, so that their order can be told
// where the clock stands still.
func (c *cycle) log(e *sourceObject, ln *link, s summary) {
	c.l.mu.Lock()
	defer c.l.mu.Unlock()
	d := &c.l.dir
	now := c.l.now()
	at := now.Add(time.Duration(c.records) * time.Microsecond)
	c.records++
	s.ID, s.Change = guid(0x1d, d.next()), guid(0x1c, d.next())
	s.At, s.Tenant, s.Job, s.Cycle = precise(at), c.l.tenant(), c.Job.id, c.id
	s.Principal = idName{c.app.id, c.app.text("displayName")}
	s.SourceSys = system{guid(0x55, 1), c.plan.SourceSystem, details()}
	s.TargetSys = system{guid(0x56, 1), c.plan.Target, details("ApplicationId", c.app.text("appId"), "ServicePrincipalId", c.app.id, "ServicePrincipalDisplayName", c.app.text("displayName"))}
	s.Source = identity{e.id, e.name, e.kind, details()}
	if e.kind == "User" {
		s.Source.Details = details("id", e.id, "odatatype", "User", "DisplayName", e.name, "UserPrincipalName", e.report)
	}
	s.Target = identity{Type: e.kind, Details: details()}
	if ln != nil {
		s.Target.ID, s.Target.Name = ln.id, e.name
	}
	if s.Initiated.Type == "" {
		s.Initiated = initiatedBy{"", "Azure AD Provisioning Service", "system"}
	}
	if s.Modified == nil {
		s.Modified = []modified{}
	}
	c.last = &s
	raw, err := json.Marshal(s, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		panic(err) // the entry is made of texts and numbers
	}
	o, err := parsed(jsontext.Value(raw), "provisioningObjectSummary")
	if err != nil {
		panic(err)
	}
	o.seq = d.next()
	d.provisioning.add(at, o)
}
