package entra

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// mostPast is about how many groups a history asks beyond those on the way: their ids stand in one filter.
const mostPast = 15

// past asks the audit log once more, for a history: what happened to groups that lead nobody in any more, those that the
// people are in and those that they left, which may be deleted by now. Only the newest pages are read, and what cannot be
// read hides nothing that an answer about now rests on.
func (f *search) past(ctx context.Context, audited []string) error {
	ids := f.formerGroups(audited)
	if !f.focus.History || len(ids) == 0 {
		return nil
	}
	targets := make([]string, len(ids))
	for i, id := range ids {
		targets[i] = "t/id eq " + quoted(id)
	}
	told := map[string]bool{}
	for _, raw := range f.into.of(document.DirectoryAudits).objects {
		var a document.DirectoryAudit
		if json.Unmarshal(raw, &a) == nil {
			told[a.ID] = true
		}
	}
	filter := f.since() + " and targetResources/any(t:" + strings.Join(targets, " or ") + ")"
	_, err := f.list(ctx, "/auditLogs/directoryAudits", url.Values{"$filter": {filter}}, nil, maxLogs, func(raw jsontext.Value) error {
		var a document.DirectoryAudit
		if err := json.Unmarshal(raw, &a); err != nil {
			return err
		}
		about := slices.ContainsFunc(a.TargetResources, func(t document.Target) bool {
			return slices.ContainsFunc(ids, func(id string) bool { return strings.EqualFold(id, t.ID) })
		})
		if about && !told[a.ID] {
			f.into.add(document.DirectoryAudits, raw)
		}
		return nil
	})
	if err == nil {
		return nil
	}
	if _, general := reason(err); general {
		return err
	}
	return nil
}

// formerGroups are groups that the people are in, or that the log names with them, and that were not asked about yet.
func (f *search) formerGroups(audited []string) []string {
	var ids []string
	add := func(id string) {
		same := func(known string) bool { return facts.Fold(known) == facts.Fold(id) }
		if id != "" && len(ids) < mostPast && !slices.ContainsFunc(audited, same) && !slices.ContainsFunc(ids, same) {
			ids = append(ids, id)
		}
	}
	for _, raw := range f.into.of(document.DirectoryAudits).objects {
		var a document.DirectoryAudit
		if json.Unmarshal(raw, &a) != nil {
			continue
		}
		for _, t := range a.TargetResources {
			if strings.EqualFold(t.Type, "Group") {
				add(t.ID)
			}
			for _, p := range t.ModifiedProperties {
				if p.DisplayName == "Group.ObjectID" {
					add(facts.Unquote(p.NewValue.Value))
					add(facts.Unquote(p.OldValue.Value))
				}
			}
		}
	}
	for _, id := range sortedKeys(f.groups) {
		add(f.groups[id].doc.ID)
	}
	return ids
}
