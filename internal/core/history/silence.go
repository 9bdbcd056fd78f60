package history

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// silence says why no event is named, and what would tell.
func (o origin) silence(unread map[document.File]string) string {
	kinds := slices.Concat(o.by, o.keeps)
	if o.keeps != nil || o.waits {
		kinds = slices.Concat(kinds, comesIn, goesOut, fallsOut)
	}
	for _, f := range []document.File{document.DirectoryAudits, document.ProvisioningLogs, document.Events} {
		if call, missing := unread[f]; missing && slices.ContainsFunc(kinds, func(k Kind) bool { return k.file() == f }) {
			return string(f) + " was not read, and would tell: " + call
		}
	}
	if o.untold != "" {
		return o.untold
	}
	return "The logs that were read do not tell. Entra keeps its logs for 30 days, or 7 without a premium licence, Atlassian its own for 180"
}
