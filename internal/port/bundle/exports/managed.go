package exports

import (
	"io"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// managedFile is one "Export accounts" file: the accounts of the domains that the organization has claimed.
type managedFile struct {
	*source
	accounts []*account
	domains  map[string]bool // of the addresses in the file
	apps     bool
}

func readManaged(src *source, l *layout, r io.Reader) (*managedFile, error) {
	f := &managedFile{source: src, domains: map[string]bool{}, apps: len(l.apps) > 0}
	t := &table{src, l}
	return f, t.read(r, func(row record) {
		a := &account{grants: map[app]bool{}, at: Note{File: src.name, Line: row.line, Document: src.document()}}
		a.AccountID, a.Name, a.Email = row.text("atlassianId"), row.text("name"), row.text("email")
		if a.AccountID == "" {
			row.drop("atlassianId", "no account id")
			return
		}
		switch s := squash(row.text("status")); s {
		case "active":
			a.Status, a.AccountStatus = "active", "active"
		case "deactivated", "inactive", "disabled":
			a.Status, a.AccountStatus = "deactivated", "inactive"
		case "":
		default:
			a.Status = strings.ToLower(row.text("status"))
			row.note("status", "%q is no status that is known here; whether the account is active is taken as not told", clip(row.text("status"), 60))
		}
		a.EmailVerified = verified(row)
		a.ClaimStatus = "managed"
		if c := squash(row.text("claimed")); strings.Contains(c, "other") {
			// The column tells whether another organization has claimed the account; its words were not seen.
			a.ClaimStatus = ""
			row.note("claimed", "%q speaks of another organization, so whether the account is managed here is taken as not told", clip(row.text("claimed"), 60))
		}
		for _, c := range row.t.apps {
			f.sites(a, c.app, row.cell(c.at))
		}
		if d := domainOf(a.Email); d != "" {
			f.domains[d] = true
		}
		f.accounts = append(f.accounts, a)
	})
}

// sites reads the cell of an app, which lists the sites. Apps without sites may say Yes.
func (f *managedFile) sites(a *account, p app, cell string) {
	for site := range strings.SplitSeq(cell, ",") {
		site = strings.TrimSpace(site)
		b, isWord := truth(site)
		switch {
		case site == "" || isWord && !b || squash(site) == "none":
		case isWord:
			a.grants[p] = true
		default:
			p.site = site
			a.grants[p] = true
		}
	}
}

// verified reads "verified email", whose words were not seen: a Boolean, or Verified and Unverified.
func verified(row record) document.Opt[bool] {
	switch s := squash(row.text("verifiedEmail")); s {
	case "verified":
		return document.Some(true)
	case "unverified", "notverified":
		return document.Some(false)
	}
	return row.truth("verifiedEmail")
}

func domainOf(mail string) string {
	_, d, _ := strings.Cut(fold(mail), "@")
	return d
}
