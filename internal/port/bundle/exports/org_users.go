package exports

import (
	"io"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// accountFile is one "Export users" file. Rows of one person are joined: with the pivot there is one for each group.
type accountFile struct {
	*source
	accounts []*account
	byID     map[string]*account
	byMail   map[string]*account
	pairs    []groupPair // memberships told by a row of their own
	pivot    bool
	cells    bool // the file has "Group membership"
	ungroup  bool // at least one person is in no group, so the file was not limited to selected groups
	apps     bool
}

// account is one Atlassian account as files tell it.
type account struct {
	document.OrgUser
	at      Note
	cell    string // "Group membership" as it stands
	grants  map[app]bool
	apps    bool // a file tells which apps the account may use
	grouped bool // a file tells the groups of the account
}

// groupPair says that an account is in a group.
type groupPair struct {
	account  *account
	id, name string
}

func readAccounts(src *source, l *layout, r io.Reader) (*accountFile, error) {
	f := &accountFile{source: src, byID: map[string]*account{}, byMail: map[string]*account{}, apps: len(l.apps) > 0}
	_, byID := l.at["groupId"]
	_, byName := l.at["groupName"]
	f.pivot = byID || byName || len(l.groups) > 0
	_, f.cells = l.at["groupMembership"]
	if f.pivot && f.cells {
		src.note(1, "", "it lists groups in columns of their own and in one cell; the columns are used")
		f.cells = false
	}
	if _, ok := l.at["active"]; ok {
		src.note(1, l.header[l.at["active"]], "an older form of the export, which does not tell suspended people from deactivated ones")
	}
	_, hasID := l.at["accountId"]
	if !hasID {
		src.note(1, "", "no column holds account ids; people are told apart by their address")
	}
	t := &table{src, l}
	return f, t.read(r, func(row record) {
		a := f.account(row)
		if a == nil {
			row.drop("email", "neither an account id nor an address")
			return
		}
		f.grants(a, row)
		f.memberships(a, row)
	})
}

// account is the person of the row, new or known from an earlier row.
func (f *accountFile) account(row record) *account {
	id, mail := row.text("accountId"), row.text("email")
	if id == "" && mail == "" {
		return nil
	}
	a := f.byID[fold(id)]
	if a == nil && id == "" {
		a = f.byMail[fold(mail)]
	}
	if a == nil {
		a = &account{grants: map[app]bool{}, at: Note{File: f.name, Line: row.line, Document: f.document()}}
		a.AccountID, a.Email, a.Name = id, mail, first(row.text("userName"), row.text("name"))
		if full := row.text("fullName"); full != "" {
			a.Name = full // "username" is the login where there is a full name beside it
		}
		if id == "" {
			a.AccountID = unnamed("mail", mail)
		}
		a.AddedToOrg = row.time("addedToOrg")
		readStatus(&a.OrgUser, row)
		f.byID[fold(a.AccountID)] = a
		if mail != "" {
			f.byMail[fold(mail)] = a
		}
		f.accounts = append(f.accounts, a)
	} else if mail != "" && fold(mail) != fold(a.Email) {
		row.note("email", "%s has another address in line %d; the first is used", a.AccountID, a.at.Line)
	}
	return a
}

// readStatus reads the state of an account. "Suspended" is a matter of the organization: an account that is
// closed to its owner everywhere is called deactivated, so the account behind a suspended row is active.
func readStatus(u *document.OrgUser, row record) {
	field := "userStatus"
	if !row.has(field) {
		field = "status"
	}
	text := row.text(field)
	word := squash(text)
	if text == "" && row.text("active") != "" {
		switch on := row.truth("active"); {
		case on.Known && on.Value:
			word = "active"
		case on.Known:
			word = "deactivated"
		}
	}
	switch word {
	case "active":
		u.Status, u.AccountStatus, u.MembershipStatus = "active", "active", "active"
	case "suspended":
		u.Status, u.AccountStatus, u.MembershipStatus = "suspended", "active", "suspended"
	case "deactivated", "inactive", "disabled":
		u.Status, u.AccountStatus = "deactivated", "inactive"
	case "":
		if text == "" && row.has(field) {
			row.note(field, "no status; it is taken as not told")
		}
	case "notinvited":
		u.Status = "not_invited"
	default:
		u.Status = strings.ToLower(text)
		row.note(field, "%q is no status that is known here; whether the account is active is taken as not told", clip(text, 60))
	}
}

var noAccess = []string{"", "no", "none", "noaccess", "false", "n", "nein", "non", "never", "neveraccessed", "notapplicable", "na"}

// grants reads the columns of apps. In present files the cell is a role such as User, in old ones Yes or No.
func (f *accountFile) grants(a *account, row record) {
	for _, c := range row.t.apps {
		if v := squash(row.cell(c.at)); !slices.Contains(noAccess, v) {
			a.grants[c.app] = true
		}
	}
}

// memberships reads the groups of the row.
func (f *accountFile) memberships(a *account, row record) {
	switch {
	case f.pivot:
		some := false
		add := func(id, name string) {
			if id != "" || name != "" {
				f.pairs = append(f.pairs, groupPair{a, id, name})
				some = true
			}
		}
		add(row.text("groupId"), row.text("groupName"))
		for _, g := range row.t.groups {
			add(row.cell(g.id), row.cell(g.name))
		}
		f.ungroup = f.ungroup || !some
	case f.cells:
		if cell := row.text("groupMembership"); cell != "" {
			if a.cell != "" && a.cell != cell {
				cell = a.cell + "," + cell
			}
			a.cell = cell
		} else {
			f.ungroup = true
		}
	}
}

// productAccess lists the grants in a stable order.
func productAccess(grants map[app]bool) []document.ProductGrant {
	out := []document.ProductGrant{}
	for g := range grants {
		p := document.ProductGrant{Key: g.key, Name: g.name}
		if g.site != "" {
			p.URL = siteURL(g.site)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(x, y document.ProductGrant) int {
		return strings.Compare(x.Key+"\x00"+x.URL+"\x00"+x.Name, y.Key+"\x00"+y.URL+"\x00"+y.Name)
	})
	return out
}

// siteURL is the address of a site that a file names. Sites without a domain of their own are under atlassian.net.
func siteURL(site string) string {
	site = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(site), "https://"), "/")
	if !strings.Contains(site, ".") && !strings.ContainsAny(site, " /:") {
		site += ".atlassian.net"
	}
	return "https://" + site
}
