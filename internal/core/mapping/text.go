package mapping

import (
	"fmt"
	"strings"
)

// Text is the mappings in one text: equal texts map alike. It is for digests; nobody needs to read it.
func (r *Rules) Text() string {
	var b strings.Builder
	for _, o := range []*ObjectRules{&r.User, &r.Group} {
		fmt.Fprintf(&b, "%s present=%t enabled=%t add=%t update=%t delete=%t matching=%q\n", o.Object, o.Present, o.Enabled, o.Add, o.Update, o.Delete, o.Matching)
		if o.Scope != nil {
			fmt.Fprintf(&b, "  scope %q %q %q\n", o.Scope.Groups, o.Scope.InputFilterGroups, o.Scope.CategoryFilterGroup)
		}
		for _, a := range o.Attributes {
			fmt.Fprintf(&b, "  %q <- %q", a.Target, a.Source)
			if a.Default.Known && !a.Default.Null {
				fmt.Fprintf(&b, " default %q", a.Default.Value)
			}
			fmt.Fprintf(&b, " flow %q %t\n", a.FlowType, a.Flow)
		}
	}
	return b.String()
}
