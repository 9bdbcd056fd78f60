package bundle

import (
	"errors"
	"fmt"
	"io"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// decode reads one document and hands what it says to the builder.
func decode(to *facts.Builder, f document.File, r io.Reader) (document.Extent, error) {
	base, host := document.SplitSite(f)
	switch base {
	case document.Users:
		return document.Each(f, r, each(to.User))
	case document.DeletedUsers:
		return document.Each(f, r, each(to.DeletedUser))
	case document.ScimUsers:
		return document.Each(f, r, each(to.ScimUser))
	case document.OrgUsers:
		return document.Each(f, r, each(to.OrgUser))
	case document.ScimLinks:
		return document.Each(f, r, each(to.ScimLink))
	case document.OwnLinks:
		return document.Each(f, r, each(to.OwnLink))
	case document.OwnRuns:
		return document.Each(f, r, each(to.OwnRun))
	case document.OwnLog:
		return document.Each(f, r, each(to.OwnEntry))
	case document.Groups:
		return document.Each(f, r, each(to.Group))
	case document.ScimGroups:
		return document.Each(f, r, each(to.ScimGroup))
	case document.OrgGroups:
		return document.Each(f, r, each(to.OrgGroup))
	case document.ProvisioningLogs:
		return document.Each(f, r, each(to.Record))
	case document.DirectoryAudits:
		return document.Each(f, r, each(to.Audit))
	case document.Events:
		return document.Each(f, r, each(to.Event))
	case document.Domains:
		return document.Each(f, r, each(to.Domain))
	case document.AppRoleAssignments:
		return document.Each(f, r, each(to.Assignment))
	case document.ApplicationRoles:
		return document.Each(f, r, each(func(a document.ApplicationRole) { to.ApplicationRole(host, a) }))
	case document.JiraGroups:
		return document.Keyed(f, r, func(name string, g *document.JiraGroup) error {
			g.Name = name
			to.JiraGroup(host, *g)
			return nil
		})
	case document.Manage:
		return document.Keyed(f, r, func(account string, m *document.ManageAnswer) error {
			to.ManageAnswer(account, *m)
			return nil
		})
	case document.AuthPolicies:
		return document.Keyed(f, r, func(account string, p *document.AuthPolicy) error {
			to.Policy(account, *p)
			return nil
		})
	case document.TroubleshootingLog:
		return document.Extent{}, document.Lines(f, r, each2(to.LogLine))
	}
	return decodeSmall(to, f, r)
}

func decodeSmall(to *facts.Builder, f document.File, r io.Reader) (document.Extent, error) {
	switch f {
	case document.ServicePrincipals:
		all, x, err := document.Objects[document.ServicePrincipal](f, r)
		return x, give(all, err, to.Principal)
	case document.OwnRulesFile:
		all, x, err := document.Objects[document.OwnRules](f, r)
		return x, give(all, err, to.OwnRules)
	case document.SynchronizationRule:
		all, x, err := document.Objects[document.Schema](f, r)
		return x, give(all, err, to.Schema)
	case document.SynchronizationJobs:
		all, x, err := document.Objects[document.Job](f, r)
		return x, give(all, err, to.Job)
	case document.SynchronizationKeys:
		all, x, err := document.Objects[document.KeyValue](f, r)
		return x, give(all, err, to.Setting)
	}
	return document.Extent{}, fmt.Errorf("%s: no decoder for this document", f)
}

func each[T any](take func(T)) func(*T) error {
	return func(v *T) error { take(*v); return nil }
}

func each2[T any](take func(T)) func(T) error {
	return func(v T) error { take(v); return nil }
}

func give[T any](all []*T, err error, take func(T)) error {
	if err != nil {
		return err
	}
	for _, v := range all {
		take(*v)
	}
	return nil
}

// locate finds the line of a fault, for which the document is read once more up to there.
func (l *loader) locate(e entry, err error) error {
	var broken *document.Error
	if !errors.As(err, &broken) || broken.Line > 0 || broken.Offset == 0 {
		return err
	}
	f, again := l.b.tree.open(e.name)
	if again != nil {
		return err
	}
	defer f.Close()
	broken.Locate(io.LimitReader(f, l.b.Limits.Document))
	return err
}
