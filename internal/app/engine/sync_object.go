package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/target"
)

// idOf is what an object is kept under in a mirror: its name in a document of named objects, else its own id.
func idOf(file document.File, key string, object jsontext.Value) (string, error) {
	switch file {
	case document.Manage, document.AuthPolicies, document.JiraGroups:
		return key, nil
	}
	var o struct {
		ID       string `json:"id"`
		Account  string `json:"accountId"`
		Aaid     string `json:"account_id"`
		ScimUser string `json:"scimUserId"`
	}
	if err := json.Unmarshal(object, &o); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	for _, id := range []string{o.ID, o.Account, o.Aaid, o.ScimUser} {
		if id != "" {
			return id, nil
		}
	}
	return fingerprint(object), nil // nothing else tells it from the others
}

// fingerprint is equal for objects that say the same, whatever the order of their fields and members. When a record was
// last looked at is nothing that it says, and in which groups a user is the groups say.
func fingerprint(object jsontext.Value) string {
	var fields map[string]jsontext.Value
	text := slices.Clone(object)
	if rest, members, _, err := apart(object); err == nil {
		slices.Sort(members)
		if json.Unmarshal(rest, &fields) == nil {
			delete(fields, "meta")
			delete(fields, "groups")
			if out, err := json.Marshal(struct {
				Fields  map[string]jsontext.Value
				Members []string
			}{fields, slices.Compact(members)}); err == nil {
				text = out
			}
		}
	}
	_ = text.Canonicalize() // what is no JSON is compared as it is
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// remembered takes fingerprints of some objects of a mirror.
type remembered struct {
	want map[string]bool
	into map[string]string
}

func (r *remembered) Add(_ document.File, _ string, object jsontext.Value) error {
	var o struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(object, &o); err == nil && r.want[o.ID] {
		r.into[o.ID] = fingerprint(object)
	}
	return nil
}
func (*remembered) Whole(document.File) error { return nil }
func (*remembered) Gap(document.Gap) error    { return nil }

func wanted(w target.Want) map[string]bool {
	out := map[string]bool{}
	for _, id := range slices.Concat(w.Users, w.Groups) {
		out[id] = true
	}
	return out
}

// same compares what the mirror had with what came. Of what was looked up by name, having come at all is news.
func same(before, now map[string]string) bool { return maps.Equal(before, now) }

func unique(all []string) []string {
	out := slices.Clone(all)
	slices.Sort(out)
	return slices.Compact(out)
}
