package entra

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// synchronization reads the provisioning jobs of the application, the schema of the one that counts, and its settings.
func (s *Source) synchronization(ctx context.Context, into sheaf) (*document.Schema, map[string]string, error) {
	if s.set.Connection.Application == "" {
		return nil, nil, nil // Guard's connector has no such job
	}
	base := "/servicePrincipals/" + url.PathEscape(s.set.Connection.Application) + "/synchronization"
	var settings map[string]string
	var fault error
	var beside sync.WaitGroup
	keys := sheaf{}
	beside.Go(func() { settings, fault = s.settings(ctx, base+"/secrets", keys) })
	defer beside.Wait() // also where the jobs are an error
	job, err := s.jobs(ctx, base, into)
	if err != nil {
		return nil, nil, err
	}
	var schema *document.Schema
	if job != "" {
		if schema, err = s.schema(ctx, base+"/jobs/"+url.PathEscape(job)+"/schema", into); err != nil {
			return nil, nil, err
		}
	}
	beside.Wait()
	maps.Copy(into, keys)
	return schema, settings, fault
}

// jobs reads the jobs and tells which one counts: of several the one that runs, as an answer about them takes it.
func (s *Source) jobs(ctx context.Context, path string, into sheaf) (string, error) {
	const file = document.SynchronizationJobs
	var best document.Job
	n, err := s.list(ctx, path+"/jobs", nil, nil, 10, func(raw jsontext.Value) error {
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
	if err := s.ended(err, into, file, n); err != nil {
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

func (s *Source) settings(ctx context.Context, path string, into sheaf) (map[string]string, error) {
	const file = document.SynchronizationKeys
	raw, err := s.graph.Get(ctx, path, nil)
	if err != nil {
		return nil, s.ended(err, into, file, 0)
	}
	var answer struct {
		Value []struct {
			Key   string         `json:"key"`
			Value jsontext.Value `json:"value"`
		} `json:"value"`
	}
	if !reads(raw, &answer) {
		into.gap(gapOf(file, "", "the whole document", "the answer cannot be read"))
		return nil, nil
	}
	told := map[string]string{}
	for _, v := range answer.Value {
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
