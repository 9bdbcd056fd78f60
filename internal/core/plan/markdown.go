package plan

import (
	"fmt"
	"strings"
)

// Markdown is the page of reasons: docs/reasons.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Reasons in a plan\n\nWritten by `make generate` from `internal/core/plan`; do not edit.\n\n" +
		"Every step of a plan, and every user, group and membership about which nothing is done, has one reason of this closed\n" +
		"list. Where a cause of the [catalogue](causes.md) says it, the code is the cause's. The verdict is that of somebody who\n" +
		"is as the reason says; who should not be at the target and is not is `absent`.\n\n" +
		"| reason | verdict | means |\n|---|---|---|\n")
	for _, r := range Reasons() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r, r.Verdict(), r.Text())
	}
	b.WriteString("\n## What waits for a person\n\nA step or an item with one of these is held: it is in the plan, and is not carried out until somebody lets it go.\n\n" +
		"| code | because |\n|---|---|\n")
	for h := NotHeld + 1; h < holdCount; h++ {
		fmt.Fprintf(&b, "| `%s` | %s |\n", h, h.Text())
	}
	return b.String()
}
