package entra

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

var (
	addJob       = act{"Add provisioning configuration", provisioningManagement, "Add"}
	startJob     = act{"Enable/start provisioning configuration", provisioningManagement, "Update"}
	deleteJob    = act{"Delete provisioning configuration", provisioningManagement, "Delete"}
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
	s.hide(after)
	for k, v := range map[string]string{
		"BaseAddress": j.set.TenantURL, "SyncAll": strconv.FormatBool(j.set.SyncAll),
		"SyncNotificationSettings": `{"Enabled":false,"Recipients":"","DeleteThresholdEnabled":false,"DeleteThresholdValue":0,"HumanResourcesLookaheadQueryEnabled":false}`,
	} {
		if after[k] == "" && v != "" {
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

// QuarantineFrom lets more failures than so many lead to quarantine, as [ProvisioningReadings.EscrowMost] does: 40,000 are
// too many for a story.
func (j *Job) QuarantineFrom(failures int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.set.Readings.EscrowMost = failures
}

// UseCredentials sets tenant URL and secret token.
func (j *Job) UseCredentials(tenantURL, secretToken string) {
	j.configure(func(s secrets) { s["BaseAddress"], s["SecretToken"] = tenantURL, secretToken })
}

// secretKeys are the keys that are secret: what is stored under them is not given out again, and not in the log.
var secretKeys = []string{
	"SecretToken", "Password", "AppKey", "ClientSecret", "ConsumerSecret", "TokenKey", "Oauth2ClientSecret", "Oauth2AccessToken",
	"Oauth2RefreshToken", "Oauth2AuthorizationCode", "ConnectionString",
}

// hide takes what is secret out of the settings.
func (s *synced) hide(all secrets) {
	for _, k := range secretKeys {
		if v, given := all[k]; given {
			if s.hidden == nil {
				s.hidden = secrets{}
			}
			s.hidden[k] = v
			delete(all, k)
		}
	}
}

// client is what sends to the target that the settings name. Tokens of client credentials live longer than a cycle.
func (j *Job) client(open, hidden secrets) *outbound.Client {
	c := outbound.New(open["BaseAddress"], hidden["SecretToken"], j.set.Through)
	address, id, secret := open["Oauth2TokenExchangeUri"], open["ClientIdentifier"], hidden["ClientSecret"]
	switch g := j.grant; {
	case address == "":
		j.grant = nil
	case g == nil || g.TokenURL != address || g.ClientID != id || g.ClientSecret != secret:
		j.grant = &outbound.Grant{TokenURL: address, ClientID: id, ClientSecret: secret, Through: j.set.Through, Now: j.l.now}
	}
	c.Grant = j.grant
	return c
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
