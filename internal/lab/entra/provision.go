package entra

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// Provisioning is how an application's provisioning is set up.
type Provisioning struct {
	// Template is the job's template, "scim" or "atlassianCloud"; empty is scim. A job that was loaded keeps its own.
	Template string
	// TenantURL is the SCIM base address, with the flags that the service takes, such as ?aadOptscim062020.
	TenantURL string
	// SecretToken is the bearer token that the target wants.
	SecretToken string
	// Grant, where it has a token URL, gets tokens by client credentials instead.
	Grant ClientCredentials
	// Through is the way to the target, such as the transport of another lab; nil is http.DefaultTransport.
	Through http.RoundTripper
	// SyncAll makes everybody in the tenant the scope. Otherwise it is those assigned to the application.
	SyncAll bool
	// Readings settle what Microsoft leaves open.
	Readings ProvisioningReadings
}

// ClientCredentials are those of a target that wants OAuth 2.0. Under which keys of the secrets the portal stores them was
// not found: ClientIdentifier, ClientSecret and Oauth2TokenExchangeUri are taken.
type ClientCredentials struct{ TokenURL, ID, Secret string }

// ProvisioningReadings are what the documents do not say, or numbers too large for a test. The zero value is the
// documented one or, where there is none, the one beside the field.
type ProvisioningReadings struct {
	// Parallel is how many requests for members of one group are on their way at once; 0: 1. Concurrent ones are seen
	// (2025), how many is not published.
	Parallel int
	// MembersPerPatch is how many members go into one PATCH; 0: 100. Nothing is published: one by one is seen as well.
	MembersPerPatch int
	// ProbesReferences asks the target before a reference is written (filter id eq … and manager eq …), as the
	// documents describe. Atlassian refuses such filters. The form for members is from memory.
	ProbesReferences bool
	// ManagerAsDocumented writes a manager as the documents show it instead of as it is seen on the wire.
	ManagerAsDocumented bool
	// ManagerRemoved takes a manager away who was cleared in Entra, as a report of 2023 has it. The documents say that
	// null never flows.
	ManagerRemoved bool
	// SpecialCharactersMatch lets values with " \ # & + or % be looked for as any others. Otherwise such a search fails;
	// known-issues.md says so of special characters and names none.
	SpecialCharactersMatch bool
	// QuietAboutUnassigned leaves out the log's entries about people who are not assigned.
	QuietAboutUnassigned bool
	// EscrowDisables pauses the job when an error has been retried for 28 days, which the page on quarantine says. That
	// one person's error should stop everybody's provisioning is hard to believe, so otherwise the error is dropped.
	EscrowDisables bool
	// Failures that lead to quarantine: from so many on (0: 5,000) more than 40 % of what was tried, or so many that are
	// no references (0: 40,000), or so many of all (0: 60,000).
	EscrowFrom, EscrowMost, EscrowTotal int
}

// Interval is the time between two cycles. It cannot be changed.
const Interval = 40 * time.Minute

// Job is one run of Entra's provisioning service for an application: what the administrator's page does to it are its
// methods. Cycles run when [Lab.Tick] or [Lab.Advance] say that time has passed. It may be used from several
// goroutines; a cycle and a change of settings wait for one another.
type Job struct {
	l   *Lab
	app *object
	id  string

	mu     sync.Mutex
	set    Provisioning
	plan   *rules.Plan
	planOf string // the schema that the plan was made from
	state  jobState

	watermark int                 // how many changes of the tenant were read; -1: an initial cycle is due
	seen      map[string][]string // principal -> its roles when the last cycle began
	links     map[string]*link    // source id -> what it is at the target
	escrow    map[string]*escrowed
	force     bool      // deletions above the threshold were allowed once
	due       time.Time // of the next cycle
	grant     *outbound.Grant
	deleted   bool
	cycles    int
}

// link is what the service remembers of an object that it matched or made.
type link struct {
	kind, id string // type and target id
	report   string // how the log calls it
	name     string // displayName
	sent     map[string][]string
	managed  bool // false since it fell out of scope: a later deletion in Entra is not passed on
	inactive bool // it was disabled
	deleted  bool // it was in the deleted items when the service last looked
	returned int  // the cycle in which it came back from there

	members map[string]string // of a group: source id -> target id, as sent
	stale   bool              // of a group: members changed while it was out of scope
	boss    string            // of a user: source id of the manager, as sent
	asked   string            // of a user: the manager who was looked for in vain
}

// Provision sets up an application's provisioning and gives the job, which waits to be started. An application whose
// job was loaded or put keeps that job, its mappings, filters and settings; TenantURL and SyncAll then count only
// where the job has none.
func (l *Lab) Provision(application string, p Provisioning) (*Job, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	app := l.dir.app(application)
	if app == nil {
		return nil, fmt.Errorf("setting up provisioning: service principal %q: %w", application, ErrUnknown)
	}
	for _, j := range l.provisioned {
		if j.app == app {
			return nil, fmt.Errorf("setting up provisioning: %s has a job already", app.text("displayName"))
		}
	}
	if p.Template == "" {
		p.Template = "scim"
	}
	if p.Through == nil {
		p.Through = http.DefaultTransport
	}
	j := &Job{l: l, app: app, set: p, watermark: -1, links: map[string]*link{}, escrow: map[string]*escrowed{}, seen: map[string][]string{}}
	if err := j.adopt(); err != nil {
		return nil, fmt.Errorf("setting up provisioning: %w", err)
	}
	l.provisioned = append(l.provisioned, j)
	return j, nil
}

// adopt takes over what the tenant has of the job, and makes what is missing. The caller holds the tenant's lock.
func (j *Job) adopt() error {
	s := j.l.dir.sync(j.app)
	for _, slot := range s.jobs.list {
		if slot.o != nil {
			j.id = slot.o.id
			j.state.read(slot.o)
			break
		}
	}
	made := j.id == ""
	if made {
		j.id = fmt.Sprintf("%s.%s.%s", j.set.Template, strings.ReplaceAll(j.l.tenant(), "-", ""), guid(0x5c, j.l.dir.next()))
		j.state = newJobState(j.set.Template)
	}
	if s.schemas[j.id] == nil {
		t, err := rules.Template(j.set.Template, guid(0x5d, j.l.dir.next()), guid(0x5e, j.l.dir.next()))
		if err != nil {
			return err
		}
		if s.schemas[j.id], err = t.JSON(); err != nil {
			return err
		}
	}
	j.settings(s, func(all secrets) {
		for k, v := range map[string]string{
			"SecretToken": j.set.SecretToken, "ClientIdentifier": j.set.Grant.ID, "ClientSecret": j.set.Grant.Secret, "Oauth2TokenExchangeUri": j.set.Grant.TokenURL,
		} {
			if v != "" {
				all[k] = v
			}
		}
	})
	if err := j.compile(s.schemas[j.id]); err != nil {
		return err
	}
	if made {
		j.l.auditOf(provisioningService, j.l.now(), addJob, about(j.app))
	}
	return j.publish()
}

// compile makes the mappings ready, unless they are already.
func (j *Job) compile(raw []byte) error {
	if j.plan != nil && j.planOf == string(raw) {
		return nil
	}
	s, err := rules.Read(raw)
	if err != nil {
		return err
	}
	p, err := rules.Compile(s)
	if err != nil {
		return fmt.Errorf("job %s: %w", j.id, err)
	}
	j.plan, j.planOf = p, string(raw)
	return nil
}

// ID is the job's id, as Graph has it.
func (j *Job) ID() string { return j.id }
