// Package cause is the closed catalogue of reasons for which a person, a group or a membership is not where it
// should be: code, family, home hop, wording, what proves it, what it outranks and how it is mended. It is the
// only place that words a cause; docs/causes.md and the command "causes" are made from it. It decides nothing.
package cause

// Code names a cause. Codes are stable: other tools read them.
type Code string

// Family groups causes by the kind of work that mends them.
type Family string

// The families.
const (
	OutOfScope       Family = "out-of-scope"
	Nested           Family = "nested-group"
	GroupConflict    Family = "group-conflict"
	IdentityMismatch Family = "identity-mismatch"
	Provisioning     Family = "provisioning"
	Account          Family = "account"
	Product          Family = "product"
)

// Hop is a station between Entra and Jira.
type Hop string

// The hops, in the order of the way.
const (
	HopSource       Hop = "source"
	HopAssignment   Hop = "assignment"
	HopScope        Hop = "scope"
	HopMapping      Hop = "mapping"
	HopProvisioning Hop = "provisioning"
	HopDirectory    Hop = "directory"
	HopAccount      Hop = "account"
	HopGroup        Hop = "group"
	HopPolicy       Hop = "policy"
	HopProduct      Hop = "product"
)

// Steps are those of the fix, with Guard's own connector or not.
func (c Cause) Steps(guard bool) []string {
	if guard && c.Guard != nil {
		return c.Guard
	}
	return c.Fix
}

// Hops lists the hops in order.
var Hops = []Hop{HopSource, HopAssignment, HopScope, HopMapping, HopProvisioning, HopDirectory, HopAccount, HopGroup, HopPolicy, HopProduct}

// Link is a page of a vendor that explains more.
type Link struct{ Title, URL string }

// Cause is one entry of the catalogue.
type Cause struct {
	Code     Code
	Ref      string // number in the project's reference of signals, such as C2; empty where there is none
	Family   Family
	Home     Hop      // where it is decided
	Shows    []Hop    // where it merely shows
	Title    string   // a few words for tables: "member only through a group inside the assigned group"
	Text     string   // one or two sentences that a tired person understands
	Proof    string   // the facts that prove it
	Outranks []Code   // causes that the same facts could suggest, and that are not reported beside it
	Fix      []string // steps for a person, in order; placeholders in braces are filled by Render
	Guard    []string // likewise with Guard's own connector, where the steps of Fix cannot be gone with it
	Links    []Link
	Seen     bool // false: rests on an unverified reading of the services, and says so
	Yields   bool // true beside any other cause of the same, and then no news: named only alone
	Wide     bool // true of the whole connection at once; a cause of the subject's own is named before it
}
