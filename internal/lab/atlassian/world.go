package atlassian

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// object is a piece of JSON with fields of any kind: what the lab does not know of is kept.
type object = map[string]any

// world is the state behind a lab. Everything here is used with the lab's lock held.
type world struct {
	at      time.Time // the moment of this request or change
	queue   effects
	lastDue time.Time
	seq     int
	ids     int

	org         Org
	limits      Limits
	readings    Readings
	propagation time.Duration
	builtIn     map[string]bool

	keys        []AdminKey
	directories []*directory
	domains     []*domain
	policies    []Policy
	sites       []*site
	tasks       map[string]*task

	accounts   []*account // also closed ones: the place is the cursor of a list
	byID       map[string]*account
	byEmail    map[string]*account
	holders    map[string][]*record // of an e-mail address, in all directories
	groups     []*group             // also deleted ones
	groupByID  map[string]*group
	groupNames map[string]*group

	events    []*event
	numbered  int             // the number of the last event
	lines     []string        // of the troubleshooting log
	conflicts []string        // names of groups that wait for a review
	released  map[string]bool // names whose next SCIM group takes over the local one

	eventCalls []time.Time // of the last minute

	lapsed    bool       // there is no Guard subscription
	connector *connector // nil: no Microsoft account is connected
}

// directory is a SCIM directory at work.
type directory struct {
	Directory
	users       set[record]
	groups      set[scimGroup]
	userByID    map[string]*record
	groupByID   map[string]*scimGroup
	byUserName  map[string]*record
	byExternal  map[string][]*record
	byName      map[string]*scimGroup
	memberships int
	graph       bool // Guard's connector fills it: there is no key
}

// domain is a domain with what was loaded of it.
type domain struct {
	Domain
	id     string
	synced bool // the connector verified it
	byHand bool // new accounts are not claimed by themselves
	raw    object
}

func newWorld(l *Lab, now time.Time) *world {
	w := &world{
		at: now, org: l.Org, limits: l.Limits.withDefaults(), readings: l.Readings, propagation: l.Propagation,
		keys: l.AdminKeys, policies: l.Policies, builtIn: map[string]bool{}, tasks: map[string]*task{},
		byID: map[string]*account{}, byEmail: map[string]*account{}, holders: map[string][]*record{},
		groupByID: map[string]*group{}, groupNames: map[string]*group{}, released: map[string]bool{},
	}
	w.org.ID = cmp.Or(w.org.ID, DefaultOrg)
	w.org.Name = cmp.Or(w.org.Name, w.org.ID)
	if w.keys == nil {
		w.keys = []AdminKey{{Key: DefaultAdminKey}}
	}
	directories := l.Directories
	if directories == nil && l.Connector == nil {
		directories = []Directory{{ID: DefaultDirectory, Name: "Lab", Key: DefaultKey}}
	}
	for _, d := range directories {
		w.addDirectory(d)
	}
	if l.Connector != nil {
		w.connect(*l.Connector)
	}
	if w.policies == nil {
		w.policies = []Policy{{ID: "policy-local", Name: "Default policy", Directory: LocalDirectory, Default: true}}
		for _, d := range w.directories {
			w.addDefaultPolicy(d)
		}
	}
	names := l.BuiltIn
	if names == nil {
		names = commonBuiltIn
	}
	for _, n := range names {
		w.builtIn[w.fold(n)] = true
	}
	for _, d := range l.Domains {
		w.domains = append(w.domains, &domain{Domain: d, id: w.newID("d0")})
	}
	for _, s := range l.Sites {
		w.addSite(s)
	}
	return w
}

func (w *world) addDirectory(d Directory) *directory {
	dir := &directory{
		Directory: d, userByID: map[string]*record{}, groupByID: map[string]*scimGroup{},
		byUserName: map[string]*record{}, byExternal: map[string][]*record{}, byName: map[string]*scimGroup{},
	}
	w.directories = append(w.directories, dir)
	w.setKey(dir, d.Key, d.Expires)
	return dir
}

func (w *world) addDefaultPolicy(d *directory) {
	w.policies = append(w.policies, Policy{ID: "policy-" + d.ID, Name: cmp.Or(d.Name, d.ID) + " policy", Directory: d.ID, Default: true})
}

func (w *world) directory(id string) *directory {
	for _, d := range w.directories {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// newID makes the next identifier. The same calls give the same identifiers.
func (w *world) newID(kind string) string {
	w.ids++
	return fmt.Sprintf("%s1ab000-0000-4000-8000-%012x", kind, w.ids)
}

// fold is the form in which names and addresses are compared.
func (w *world) fold(s string) string {
	if w.readings.ExactCase {
		return s
	}
	return strings.ToLower(s)
}

// claimed tells whether the accounts of an address are the organization's to manage.
func (w *world) claimed(email string) bool {
	d := w.domainOf(email)
	return d != nil && d.State == Claimed
}

func (w *world) domainOf(email string) *domain {
	_, name, _ := strings.Cut(email, "@")
	for _, d := range w.domains {
		if strings.EqualFold(d.Name, name) {
			return d
		}
	}
	return nil
}

// trouble writes a line of the troubleshooting log.
func (w *world) trouble(format string, args ...any) {
	w.lines = append(w.lines, fmt.Sprintf(format, args...))
}

// stamp is how Atlassian writes a moment.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// str is the text of a loose value, empty if it is none.
func str(v any) string {
	s, _ := v.(string)
	return s
}
