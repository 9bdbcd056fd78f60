package facts

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// DefaultAccess is the role of an assignment that names none.
const DefaultAccess = "00000000-0000-0000-0000-000000000000"

// Offered tells whether an assignment with this role entitles anybody. Old registrations offer msiam_access
// only, and then nobody is provisioned; default access entitles since 2020 (entra.md 2.2, atlassian.md C42).
func (w *World) Offered(role string) bool {
	p := w.Principal
	if p == nil || !w.Has(document.ServicePrincipals) || !p.AppRoles.Known || p.AppRoles.Null {
		return true
	}
	usable := 0
	for _, r := range p.AppRoles.Value {
		if (r.IsEnabled.Known && !r.IsEnabled.Value) || strings.EqualFold(r.DisplayName, "msiam_access") {
			continue
		}
		usable++
		if strings.EqualFold(r.ID, role) {
			return true
		}
	}
	return Fold(role) == DefaultAccess && (usable > 0 || len(p.AppRoles.Value) == 0)
}
