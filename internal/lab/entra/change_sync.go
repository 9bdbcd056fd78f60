package entra

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// role gives an app role's value and display name; both are empty for default access.
func role(app *object, id string) (value, name string) {
	var roles []struct {
		ID          string  `json:"id"`
		Value       *string `json:"value"`
		DisplayName string  `json:"displayName"`
	}
	if err := json.Unmarshal(app.get("appRoles"), &roles); err != nil {
		return "", ""
	}
	for _, r := range roles {
		if strings.EqualFold(r.ID, id) {
			if r.Value != nil {
				value = *r.Value
			}
			return value, r.DisplayName
		}
	}
	return "", ""
}

// PutJob sets a synchronizationJob of an application, and its schema unless that is nil. A job of the same id is
// replaced. Both are the documents that Graph gives, as values or raw JSON.
func (l *Lab) PutJob(application string, job, schema any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	app := l.dir.app(application)
	if app == nil {
		return fmt.Errorf("setting a job: service principal %q: %w", application, ErrUnknown)
	}
	o, err := parsed(job, "synchronizationJob")
	if err != nil {
		return fmt.Errorf("setting a job: %w", err)
	}
	s := l.dir.sync(app)
	if schema != nil {
		raw, err := encode(schema)
		if err != nil {
			return fmt.Errorf("setting the schema of job %q: %w", o.id, err)
		}
		s.schemas[o.id] = raw
	}
	if old := s.jobs.find(o.id); old != nil {
		old.fields = o.fields
		return nil
	}
	o.seq = l.dir.next()
	s.jobs.add(o)
	return nil
}

// PutSecrets sets the synchronization secrets of an application: {key, value} pairs, of which only those that are
// no secret belong here (BaseAddress, SyncAll, …), since the lab gives out what it holds.
func (l *Lab) PutSecrets(application string, p map[string]string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	app := l.dir.app(application)
	if app == nil {
		return fmt.Errorf("setting secrets: service principal %q: %w", application, ErrUnknown)
	}
	l.dir.sync(app).secrets = pairs(p)
	return nil
}

// AddProvisioningLog adds an entry to /auditLogs/provisioning: a provisioningObjectSummary as Graph gives it, with
// an id and an activityDateTime.
func (l *Lab) AddProvisioningLog(entry any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, err := parsed(entry, "provisioningObjectSummary")
	if err != nil {
		return fmt.Errorf("adding to the provisioning log: %w", err)
	}
	at := moment(o.text("activityDateTime"))
	if at.IsZero() {
		return fmt.Errorf("adding to the provisioning log: entry %q has no activityDateTime", o.id)
	}
	o.seq = l.dir.next()
	l.dir.provisioning.add(at, o)
	return nil
}

// parsed turns a value into an object.
func parsed(v any, kind string) (*object, error) {
	raw, err := encode(v)
	if err != nil {
		return nil, err
	}
	return (&reader{}).object(jsontext.NewDecoder(strings.NewReader(string(raw))), kind)
}

func sortedKeys(m map[string]string) []string {
	p := make(Props, len(m))
	for k := range m {
		p[k] = nil
	}
	return sorted(p)
}
