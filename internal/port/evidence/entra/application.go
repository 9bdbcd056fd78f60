package entra

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// opening is what is asked first: what is about everybody.
type opening map[document.File]answered

// maxOpening is how many pages are read of each of its lists.
const maxOpening = 10

// open asks for some of what is about everybody, in one request.
func (s *Source) open(ctx context.Context, files ...document.File) (opening, error) {
	id := s.set.Connection.Application
	if id == "" {
		return nil, nil // Guard's connector has none
	}
	base := "/servicePrincipals/" + url.PathEscape(id)
	asks := make([]ask, len(files))
	for i, f := range files {
		switch asks[i].of, asks[i].path = f, base; f {
		case document.ServicePrincipals:
			asks[i].object, asks[i].query = true, url.Values{"$select": {"id,appId,displayName,accountEnabled,appRoles,passwordCredentials,servicePrincipalType,tags"}}
		case document.AppRoleAssignments:
			asks[i].path, asks[i].query = base+"/appRoleAssignedTo", url.Values{"$top": {"999"}}
		case document.SynchronizationJobs:
			asks[i].path = base + "/synchronization/jobs"
		case document.SynchronizationKeys:
			asks[i].path = base + "/synchronization/secrets"
		}
	}
	got, err := s.all(ctx, asks, maxOpening)
	if err != nil {
		return nil, fmt.Errorf("reading the application %s: %w", id, err)
	}
	out := opening{}
	for i, f := range files {
		out[f] = got[i]
	}
	return out, nil
}

// ofJobs is what a roll call opens with; source/entra reads the rest.
var ofJobs = []document.File{document.SynchronizationJobs, document.SynchronizationKeys}

// opens is what a question about a few people opens with.
func (s *Source) opens() []document.File {
	files := append([]document.File{document.ServicePrincipals}, ofJobs...)
	if s.set.Connection.Method != document.GuardNested {
		files = append(files, document.AppRoleAssignments)
	}
	return files
}

// Application tells whether the application of the settings is the id of a service principal, and gives it as the tenant
// writes it; "" where there is none. What a question opens with comes in the same request, and Find does not ask for it
// again. Where the service refuses to say, an id is taken for what it is.
func (s *Source) Application(ctx context.Context) (string, error) {
	if !isID(s.set.Connection.Application) {
		return "", nil
	}
	got, err := s.open(ctx, s.opens()...)
	if err != nil {
		return "", err
	}
	a := got[document.ServicePrincipals]
	_, refused := graph.Refused(a.err)
	switch {
	case graph.Missing(a.err):
		return "", nil
	case a.err != nil && !refused:
		return "", a.err
	}
	s.opened = got
	var object struct {
		ID string `json:"id"`
	}
	for _, v := range a.values {
		if reads(v, &object) && object.ID != "" {
			s.set.Connection.Application = object.ID
		}
	}
	return s.set.Connection.Application, nil
}

// synchronization takes the provisioning jobs of the application, reads the schema of the one that counts, and takes its
// settings.
func (s *Source) synchronization(ctx context.Context, opened opening, into sheaf) (*document.Schema, map[string]string, error) {
	id := s.set.Connection.Application
	if id == "" {
		return nil, nil, nil // Guard's connector has no such job
	}
	job, err := s.jobs(opened[document.SynchronizationJobs], into)
	if err != nil {
		return nil, nil, err
	}
	var schema *document.Schema
	if job != "" {
		path := "/servicePrincipals/" + url.PathEscape(id) + "/synchronization/jobs/" + url.PathEscape(job) + "/schema"
		if schema, err = s.schema(ctx, path, into); err != nil {
			return nil, nil, err
		}
	}
	settings, err := s.settings(opened[document.SynchronizationKeys], into)
	return schema, settings, err
}

// jobs takes the jobs and tells which one counts: of several the one that runs, as an answer about them takes it.
func (s *Source) jobs(got answered, into sheaf) (string, error) {
	const file = document.SynchronizationJobs
	var best document.Job
	err := got.each(func(raw jsontext.Value) error {
		var j document.Job
		if err := json.Unmarshal(raw, &j); err != nil {
			return err
		}
		active, better := j.Schedule.State == "Active", best.Schedule.State == "Active"
		if best.ID == "" || active && !better || active == better && j.ID < best.ID {
			best = j
		}
		into.add(file, raw)
		return nil
	})
	if err := s.ended(err, into, file, len(into.of(file).objects)); err != nil {
		return "", err
	}
	for _, g := range into.of(file).gaps {
		if best.ID == "" { // whether there is a schema is not known, either
			into.gap(gapOf(document.SynchronizationRule, "", "the whole document", g.Why))
		}
	}
	return best.ID, nil
}

func (s *Source) schema(ctx context.Context, path string, into sheaf) (*document.Schema, error) {
	const file = document.SynchronizationRule
	raw, err := s.graph.Get(ctx, path, nil)
	if err != nil {
		return nil, s.ended(err, into, file, 0)
	}
	var schema document.Schema
	if !reads(raw, &schema) {
		into.gap(gapOf(file, "", "the whole document", "the answer cannot be read"))
		return nil, nil
	}
	into.add(file, raw)
	into.whole(file)
	return &schema, nil
}

// open are the settings that are no secret. Nothing else is recorded, whatever it is called: the service answers
// secrets with a placeholder, but nobody promises that (entra.md 1.14).
var open = []string{"SyncAll", "BaseAddress", "SkipOutOfScopeDeletions", "EnforceDomain", "ValidateDomain"}

func (s *Source) settings(got answered, into sheaf) (map[string]string, error) {
	const file = document.SynchronizationKeys
	if got.err != nil {
		return nil, s.ended(got.err, into, file, 0)
	}
	var pairs []struct {
		Key   string         `json:"key"`
		Value jsontext.Value `json:"value"`
	}
	for _, raw := range got.values {
		pairs = append(pairs, struct {
			Key   string         `json:"key"`
			Value jsontext.Value `json:"value"`
		}{})
		if !reads(raw, &pairs[len(pairs)-1]) {
			into.gap(gapOf(file, "", "the whole document", "the answer cannot be read"))
			return nil, nil
		}
	}
	told := map[string]string{}
	for _, v := range pairs {
		var text string
		if !slices.Contains(open, v.Key) || json.Unmarshal(v.Value, &text) != nil {
			continue
		}
		if v.Key == "BaseAddress" {
			text = withoutKeys(text)
		}
		told[v.Key] = text
		pair, err := json.Marshal(document.KeyValue{Key: v.Key, Value: text})
		if err != nil {
			return nil, err
		}
		into.add(file, pair)
	}
	into.whole(file)
	return told, nil
}

// reads decodes an answer. Why one cannot be read is not told: the words would quote it.
func reads(raw jsontext.Value, into any) bool {
	return json.Unmarshal(raw, into, jsontext.AllowDuplicateNames(true)) == nil
}

// withoutKeys takes a user and the values of a query out of an address. Flags such as ?aadOptscim062020 stay.
func withoutKeys(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		before, _, _ := strings.Cut(address, "?")
		return before
	}
	u.User = nil
	if strings.Contains(u.RawQuery, "=") {
		u.RawQuery = ""
	}
	return u.String()
}
