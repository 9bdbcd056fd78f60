package guard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Limits of a user directory: what the vendor recommends, and what it takes at most (atlassian.md 1.9).
const (
	usersAdvised, usersMost   = 500_000, 1_000_000
	groupsAdvised, groupsMost = 200_000, 250_000
)

const (
	providers = "Atlassian Administration › Security › Identity providers › the directory"
	apiKeys   = "Atlassian Administration › Settings › API keys"
	domains   = "Atlassian Administration › Settings › Domains"
)

// Probe looks whether the directory and the organization let rollcall in, and how near they are to their limits. It
// only reads, some ten times.
func (s *Source) Probe(ctx context.Context) []evidence.Check {
	r := &reading{Source: s}
	ctx, cancel := context.WithTimeout(ctx, 45*time.Second)
	defer cancel()
	var scim, org []evidence.Check
	var wg sync.WaitGroup
	wg.Go(func() { scim = r.probeDirectory(ctx) })
	wg.Go(func() { org = r.probeOrganization(ctx) })
	wg.Wait()
	return append(scim, org...)
}

// KeyEnd is what can be told of a key's end. No call tells when it ends, but a key lives for a year at most (atlassian.md
// 1.1, 2.1), and it was there when its file was written. Zero: it is in no file.
func KeyEnd(name string, written, now time.Time) evidence.Check {
	c := evidence.Check{Name: name + "'s end", State: evidence.Unknown, Fact: "no call tells it, and Atlassian does not warn", Lost: "from then on what the key opens"}
	look := apiKeys
	if name == ScimKey {
		look = providers + " › Provisioning"
	}
	c.Fix = "look at " + look + ", and write the date into a calendar"
	if written.IsZero() {
		return c
	}
	latest := written.AddDate(1, 0, 0)
	c.Fact += "; by " + day(latest) + " at the latest (a key lives for a year, and its file is of " + day(written) + ")"
	if latest.Sub(now) > evidence.Soon {
		return c
	}
	// Keys from before 2025 live longer than a year: a warning, and never bad.
	c.State, c.Fix = evidence.Warning, "look there and make a new key before the old one ends: "+look
	return c
}

func day(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

// ScimKey and AdminKey are the names of the checks of both keys.
const (
	ScimKey  = "SCIM key"
	AdminKey = "admin key"
)

func (r *reading) probeDirectory(ctx context.Context) []evidence.Check {
	key := evidence.Check{Name: ScimKey, State: evidence.OK, Fact: "the directory " + r.o.Connection.Directory + " answers", Lost: "the directory's records: who was provisioned, with which values, linked to which account"}
	if r.o.Connection.Method == document.Rollcall {
		key.Lost = "the directory: nothing can be read or written there"
	}
	if r.scim == nil {
		key.State, key.Fact, key.Fix = evidence.Warning, "none is configured", "write `directory:` and `scim_key:` below target.atlassian; both are shown at "+providers
		if r.o.Connection.Method == document.Rollcall {
			key.State = evidence.Bad
		}
		return []evidence.Check{key}
	}
	if _, err := r.get(ctx, r.scim, r.directoryPath()+"/ServiceProviderConfig", nil); err != nil {
		key.State, key.Fact = evidence.Bad, evidence.Reason(err)
		switch evidence.Status(err) {
		case http.StatusUnauthorized:
			key.Fact = "refused: the key was revoked, has ended, or is another kind of key (" + key.Fact + ")"
			key.Fix = "make a new one and put it in place of the old: " + providers + " › ⋯ › Regenerate API key. The old one ends at once, for Entra's service too"
		case http.StatusForbidden:
			key.Fact = "refused: it is the key of another directory, or has ended (" + key.Fact + ")"
			key.Fix = "compare `directory` with the end of the Directory base URL at " + providers
		case http.StatusNotFound:
			key.Fact = "there is no directory " + r.o.Connection.Directory + " (" + key.Fact + ")"
			key.Fix = "`directory` is the end of the Directory base URL at " + providers
		default:
			key.State, key.Fix = silence(err), "let this machine reach "+r.o.Base+", or wait: status.atlassian.com"
		}
		return []evidence.Check{key}
	}
	key.Lost = ""
	var users, groups evidence.Check
	var wg sync.WaitGroup
	wg.Go(func() { users = r.size(ctx, "users in the directory", "/Users", usersAdvised, usersMost) })
	wg.Go(func() { groups = r.size(ctx, "groups in the directory", "/Groups", groupsAdvised, groupsMost) })
	wg.Wait()
	return []evidence.Check{key, users, groups}
}

// silence is the state where a service gives no answer, as opposed to one that it gives with regret.
func silence(err error) evidence.State {
	if evidence.Status(err) == 0 {
		return evidence.Bad
	}
	return evidence.Unknown
}

// size compares how many there are with what the vendor allows.
func (r *reading) size(ctx context.Context, name, path string, advised, most int) evidence.Check {
	c := evidence.Check{Name: name, State: evidence.OK}
	page, err := r.scimPage(ctx, path, url.Values{"startIndex": {"1"}, "count": {"1"}})
	if err != nil {
		c.State, c.Fact, c.Lost = silence(err), evidence.Reason(err), "what is in the directory"
		c.Fix = "try again: status.atlassian.com"
		return c
	}
	c.Fact = grouped(page.Total) + "; advised are at most " + grouped(advised) + ", allowed " + grouped(most)
	switch {
	case page.Total >= most:
		c.State, c.Lost = evidence.Bad, "what is above the limit is neither created nor updated"
	case page.Total >= advised/10*9:
		c.State, c.Lost = evidence.Warning, "above the limit nothing is created or updated"
	}
	if c.State != evidence.OK {
		c.Fix = "narrow the scope (fewer groups, or filters), or spread the organization over several directories"
	}
	return c
}

func (r *reading) probeOrganization(ctx context.Context) []evidence.Check {
	key := evidence.Check{Name: AdminKey, State: evidence.OK, Lost: "accounts, groups, domains, links and policies of the organization: why can follow nobody beyond the directory"}
	org := r.o.Connection.Org
	if r.admin == nil {
		key.State, key.Fact, key.Fix = evidence.Warning, "none is configured", "make one without scopes at "+apiKeys+", and write `org:` and `admin_key:` below target.atlassian"
		return []evidence.Check{key}
	}
	base := "/admin/v1/orgs/" + url.PathEscape(org)
	raw, err := r.get(ctx, r.admin, base, nil)
	if err != nil {
		key.State, key.Fact = evidence.Bad, evidence.Reason(err)
		switch evidence.Status(err) {
		case http.StatusUnauthorized:
			key.Fact = "refused: the key was revoked, has ended, or is another kind of key (" + key.Fact + ")"
			key.Fix = "make a new one without scopes at " + apiKeys + " and put it in place of the old"
		case http.StatusForbidden, http.StatusNotFound:
			key.Fix = "compare `org` with the address of Atlassian Administration, admin.atlassian.com/o/{org}"
		default:
			key.State, key.Fix = silence(err), "let this machine reach "+r.o.Base+", or wait: status.atlassian.com"
		}
		return []evidence.Check{key}
	}
	var answer struct {
		Data struct {
			Attributes struct {
				Name string `json:"name"`
			} `json:"attributes"`
		} `json:"data"`
	}
	_ = json.Unmarshal(raw, &answer) // a name is a kindness; the id is known
	key.Fact, key.Lost = strings.TrimSpace("the organization "+answer.Data.Attributes.Name+" answers"), ""
	if answer.Data.Attributes.Name == "" {
		key.Fact = "the organization " + org + " answers"
	}
	var reach, log, owned evidence.Check
	var wg sync.WaitGroup
	wg.Go(func() { reach = r.reach(ctx, base) })
	wg.Go(func() { log = r.log(ctx, base) })
	wg.Go(func() { owned = r.owned(ctx, base) })
	wg.Wait()
	return []evidence.Check{key, reach, log, owned}
}

// reach tells whether the key has scopes: the calls that tell who holds an account take only keys without (atlassian.md
// 2.1, 8.7).
func (r *reading) reach(ctx context.Context, base string) evidence.Check {
	c := evidence.Check{Name: "admin key's reach", State: evidence.OK, Fact: "managed accounts and who holds them"}
	regret := func(err error) evidence.Check {
		c.State, c.Fact, c.Lost, c.Fix = evidence.Unknown, evidence.Reason(err), "managed accounts", "try again: status.atlassian.com"
		if evidence.Status(err) == http.StatusForbidden {
			c.State, c.Lost, c.Fix = evidence.Warning, "who holds an account (another directory, another organization): why guesses less", "make a key without scopes at "+apiKeys
		}
		return c
	}
	raw, err := r.get(ctx, r.admin, base+"/users", nil)
	if err != nil {
		return regret(err)
	}
	var page struct {
		Data []struct {
			ID string `json:"account_id"`
		} `json:"data"`
	}
	if json.Unmarshal(raw, &page) != nil || len(page.Data) == 0 {
		c.State, c.Fact = evidence.Unknown, "no managed account to try it on"
		return c
	}
	if _, err := r.get(ctx, r.admin, "/users/"+url.PathEscape(page.Data[0].ID)+"/manage", nil); err != nil {
		return regret(err)
	}
	return c
}

func (r *reading) log(ctx context.Context, base string) evidence.Check {
	c := evidence.Check{Name: "organization's audit log", State: evidence.OK, Fact: "readable"}
	if _, err := r.get(ctx, r.admin, base+"/events", url.Values{"limit": {"1"}}); err != nil {
		c.State, c.Fact, c.Lost, c.Fix = evidence.Unknown, evidence.Reason(err), "when an account or a group changed at Atlassian", "try again: it takes ten calls a minute"
		if evidence.Status(err) == http.StatusForbidden {
			c.State, c.Fix = evidence.Warning, "it takes Guard Standard and a key without scopes: "+apiKeys
		}
	}
	return c
}

// owned tells which domains are verified: accounts of other addresses are never managed.
func (r *reading) owned(ctx context.Context, base string) evidence.Check {
	c := evidence.Check{Name: "domains", State: evidence.OK}
	var good, not []string
	_, err := orgList(func(cursor string) (jsontext.Value, error) {
		q := url.Values{}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		return r.get(ctx, r.admin, base+"/domains", q)
	}, "id", 20, func(_ string, o jsontext.Value) error {
		var d document.Domain
		if err := json.Unmarshal(o, &d); err != nil {
			return errors.New("a domain cannot be read")
		}
		if strings.EqualFold(d.Attributes.Claim.Status, "verified") {
			good = append(good, d.Attributes.Name)
		} else if !strings.EqualFold(d.Attributes.Claim.Status, "deleted") {
			not = append(not, d.Attributes.Name+" ("+d.Attributes.Claim.Status+")")
		}
		return nil
	})
	switch {
	case err != nil:
		c.State, c.Fact, c.Lost, c.Fix = evidence.Unknown, evidence.Reason(err), "which addresses can be managed", "try again: status.atlassian.com"
	case len(good) == 0:
		c.State, c.Fact = evidence.Bad, "none is verified"
		c.Lost, c.Fix = "no account can be managed: records are made and linked to nobody", "verify and claim one at "+domains
	case len(not) > 0:
		c.State, c.Fact = evidence.Warning, "not verified: "+few(not)
		c.Lost, c.Fix = "people with addresses there have no managed account", "verify them at "+domains+", or remove them there"
	default:
		c.Fact = "verified: " + few(good)
	}
	return c
}

// grouped writes 1203 as 1,203.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func few(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
