package entra

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

var (
	addJob       = act{"Add provisioning configuration", provisioningManagement, "Add"}
	startJob     = act{"Enable/start provisioning configuration", provisioningManagement, "Update"}
	restartJob   = act{"Enable/restart provisioning configuration", provisioningManagement, "Update"}
	pauseJob     = act{"Disable/pause provisioning configuration", provisioningManagement, "Update"}
	updateRules  = act{"Update attribute mappings or scope", provisioningManagement, "Update"}
	updateSecret = act{"Update provisioning setting or credentials", provisioningManagement, "Update"}
	quarantined  = act{"Quarantine", provisioningManagement, "Update"}
)

const (
	provisioningManagement = "ProvisioningManagement"
	provisioningService    = "Account Provisioning"
)

// secrets are the synchronization secrets that are none: those that Graph gives out.
type secrets map[string]string

func (s *synced) secretPairs() secrets {
	var list []struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	out := secrets{}
	if json.Unmarshal(s.secrets, &list) != nil {
		return out
	}
	for _, p := range list {
		out[p.Key] = p.Value
	}
	return out
}

func (s secrets) is(key string) bool { return strings.EqualFold(s[key], "true") }

// threshold is the accidental-deletion threshold; 0: none.
func (s secrets) threshold() int {
	var n struct {
		On    bool
		Value int
	}
	var raw map[string]any
	if json.Unmarshal([]byte(s["SyncNotificationSettings"]), &raw) != nil {
		return 0
	}
	n.On, _ = raw["DeleteThresholdEnabled"].(bool)
	v, _ := raw["DeleteThresholdValue"].(float64)
	if n.Value = int(v); !n.On {
		return 0
	}
	return n.Value
}

// settings changes the secrets and writes them. What a new job needs is made. The caller holds the tenant's lock.
func (j *Job) settings(s *synced, change func(secrets)) (before, after secrets) {
	before, after = s.secretPairs(), s.secretPairs()
	change(after)
	for k, v := range map[string]string{
		"BaseAddress": j.set.TenantURL, "SyncAll": strconv.FormatBool(j.set.SyncAll),
		"SyncNotificationSettings": `{"Enabled":false,"Recipients":"","DeleteThresholdEnabled":false,"DeleteThresholdValue":0,"HumanResourcesLookaheadQueryEnabled":false}`,
	} {
		if after[k] == "" {
			after[k] = v
		}
	}
	s.secrets = pairs(after)
	return before, after
}

// configure changes settings, with one entry in the audit log that names each that changed. What the real entry's
// modifiedProperties look like was not found: the keys of the secrets, with the values as text.
func (j *Job) configure(change func(secrets)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.l.mu.Lock()
	defer j.l.mu.Unlock()
	before, after := j.settings(j.l.dir.sync(j.app), change)
	var changes []modified
	for _, k := range sortedKeys(after) {
		if before[k] != after[k] {
			m := modified{DisplayName: k, NewValue: quoted(after[k])}
			if old, had := before[k]; had {
				m.OldValue = quoted(old)
			}
			changes = append(changes, m)
		}
	}
	j.l.auditOf(provisioningService, j.l.now(), updateSecret, about(j.app, changes...))
}

// SyncEverybody makes all users and groups the scope. SyncAssigned narrows it to those assigned, which takes effect
// with the next restart alone: until then nobody is evaluated who does not change.
func (j *Job) SyncEverybody() { j.configure(func(s secrets) { s["SyncAll"] = "true" }) }

// SyncAssigned is the opposite of [Job.SyncEverybody].
func (j *Job) SyncAssigned() { j.configure(func(s secrets) { s["SyncAll"] = "false" }) }

// SkipOutOfScopeDeletions leaves those who fall out of scope as they are at the target.
func (j *Job) SkipOutOfScopeDeletions(on bool) {
	j.configure(func(s secrets) { s["SkipOutOfScopeDeletions"] = strconv.FormatBool(on) })
}

// PreventDeletions holds a cycle's deletions and deactivations when there are more than so many; 0 ends that.
func (j *Job) PreventDeletions(most int) {
	j.configure(func(s secrets) {
		s["SyncNotificationSettings"] = fmt.Sprintf(`{"Enabled":true,"Recipients":"admin@lab.example","DeleteThresholdEnabled":%t,"DeleteThresholdValue":%d,"HumanResourcesLookaheadQueryEnabled":false}`, most > 0, most)
	})
}

// UseCredentials sets tenant URL and secret token.
func (j *Job) UseCredentials(tenantURL, secretToken string) {
	j.mu.Lock()
	j.set.SecretToken = secretToken
	j.mu.Unlock()
	j.configure(func(s secrets) { s["BaseAddress"] = tenantURL })
}

// editRules changes the schema as the mapping page does: saving begins a new initial cycle.
func (j *Job) editRules(object, doing string, edit func(*rules.ObjectMapping) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.l.mu.Lock()
	defer j.l.mu.Unlock()
	schemas := j.l.dir.sync(j.app).schemas
	err := func() error {
		s, err := rules.Read(schemas[j.id])
		if err != nil {
			return err
		}
		r, err := s.Outbound()
		if err != nil {
			return err
		}
		m := r.Mapping(object)
		if m == nil {
			return fmt.Errorf("the schema has no mapping for %q, only User and Group can have one", object)
		}
		if err := edit(m); err != nil {
			return err
		}
		s.Version = guid(0x5d, j.l.dir.next())
		raw, err := s.JSON()
		if err == nil {
			err = j.compile(raw)
		}
		if err == nil {
			schemas[j.id] = raw
		}
		return err
	}()
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	j.watermark, j.due = -1, j.l.now()
	j.l.auditOf(provisioningService, j.l.now(), updateRules, about(j.app))
	return nil
}

// Map fills an attribute of the target from an expression: Map("User", "title", "[jobTitle]").
func (j *Job) Map(object, target, source string) error {
	return j.editRules(object, "changing the mapping", func(m *rules.ObjectMapping) error { return m.Map(target, source) })
}

// Unmap removes an attribute mapping.
func (j *Job) Unmap(object, target string) error {
	return j.editRules(object, "removing the mapping of "+target, func(m *rules.ObjectMapping) error {
		n := len(m.Attributes)
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a rules.AttributeMapping) bool { return strings.EqualFold(a.Target, target) })
		if len(m.Attributes) == n {
			return fmt.Errorf("no attribute mapping has that target")
		}
		return nil
	})
}

// Default is the value of an attribute where the source has none. It is written when an object is created.
func (j *Job) Default(object, target, value string) error {
	return j.editRow(object, target, func(a *rules.AttributeMapping) { a.Default = &value })
}

// Flow sets when an attribute is written: Always, ObjectAddOnly, AttributeAddOnly, ValueAddOnly, MultiValueAddOnly.
func (j *Job) Flow(object, target, flowType string) error {
	return j.editRow(object, target, func(a *rules.AttributeMapping) { a.FlowType = flowType })
}

func (j *Job) editRow(object, target string, edit func(*rules.AttributeMapping)) error {
	return j.editRules(object, "changing the mapping of "+target, func(m *rules.ObjectMapping) error {
		for i := range m.Attributes {
			if strings.EqualFold(m.Attributes[i].Target, target) {
				edit(&m.Attributes[i])
				return nil
			}
		}
		return fmt.Errorf("no attribute mapping has that target")
	})
}

// Match sets the matching attributes in order of precedence: Match("User", "externalId", "userName").
func (j *Job) Match(object string, targets ...string) error {
	return j.editRules(object, "changing the matching", func(m *rules.ObjectMapping) error { return m.Match(targets...) })
}

// Filter adds a scoping filter; its clauses are joined by AND: Filter("User", "Sales", "department EQUALS Sales").
// Several filters are joined by OR.
func (j *Job) Filter(object, title string, clauses ...string) error {
	return j.editRules(object, "adding the scoping filter "+title, func(m *rules.ObjectMapping) error {
		g := rules.FilterGroup{Name: title}
		for _, text := range clauses {
			c, err := rules.ParseClause(text)
			if err != nil {
				return err
			}
			g.Clauses = append(g.Clauses, c)
		}
		if m.Scope == nil {
			m.Scope = &rules.Scope{}
		}
		m.Scope.Groups = append(m.Scope.Groups, g)
		return nil
	})
}

// Unfilter removes all scoping filters of an object type.
func (j *Job) Unfilter(object string) error {
	return j.editRules(object, "removing the scoping filters", func(m *rules.ObjectMapping) error { m.Scope = nil; return nil })
}

// Actions sets what is done to objects of a type: some of Add, Update, Delete, or nothing to switch the type off. The
// mapping of users cannot be switched off.
func (j *Job) Actions(object string, actions ...string) error {
	return j.editRules(object, "changing the actions", func(m *rules.ObjectMapping) error {
		on := len(actions) > 0
		if !on && strings.EqualFold(object, "User") {
			return fmt.Errorf("the mapping of users cannot be switched off")
		}
		m.Enabled = &on
		if on {
			m.FlowTypes = strings.Join(actions, ",")
		}
		return nil
	})
}

// pairs writes secrets as Graph lists them.
func pairs(p map[string]string) jsontext.Value {
	b := []byte{'['}
	for i, k := range sortedKeys(p) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(key(append(b, '{'), "key"), quote(nil, k)...)
		b = append(append(key(b, "value"), quote(nil, p[k])...), '}')
	}
	return append(b, ']')
}
