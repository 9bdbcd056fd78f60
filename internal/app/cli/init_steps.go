package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

var (
	nameText   = regexp.MustCompile(`^[\pL\pN][\pL\pN_-]{0,49}$`)
	domainText = regexp.MustCompile(`^[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})+$`)
	idText     = regexp.MustCompile(`^[A-Za-z0-9-]{3,64}$`)
	idInURL    = regexp.MustCompile(`(?:/directory/|/o/|/orgs?/)([A-Za-z0-9-]{3,64})(?:[/?#]|$)`)
)

// fits takes answers of one form.
func fits(form *regexp.Regexp, wrong string) func(string) (string, string) {
	return func(answer string) (string, string) {
		if !form.MatchString(answer) {
			return "", wrong
		}
		return answer, ""
	}
}

// idOrAddress takes an id, or an address that it stands in.
func idOrAddress(wrong string) func(string) (string, string) {
	return func(answer string) (string, string) {
		if m := idInURL.FindStringSubmatch(answer); m != nil {
			return m[1], ""
		}
		return fits(idText, wrong)(answer)
	}
}

func (i *interview) tenant() error {
	e := i.of.Source.Entra
	return i.repeat(func() (err error) {
		e.Tenant, err = i.ask(question{
			name: "The Entra tenant", usual: e.Tenant, help: "Its id or a domain of it: Entra admin center › Overview.",
			take: func(answer string) (string, string) {
				if !guidText.MatchString(answer) && !domainText.MatchString(answer) {
					return "", "A tenant is named by its id (8-4-4-4-12 hexadecimal digits) or by a domain such as acme.onmicrosoft.com."
				}
				return answer, ""
			},
		})
		if err != nil {
			return err
		}
		e.ClientID, err = i.ask(question{
			name: "The client id", usual: e.ClientID, help: "Of the app registration that rollcall signs in as: Entra admin center › App registrations › the application › Overview › Application (client) ID.",
			take: fits(guidText, "A client id has 8-4-4-4-12 hexadecimal digits. The secret's id and the object id are others."),
		})
		if err != nil {
			return err
		}
		usual := "env:ENTRA_SECRET"
		if !e.ClientSecret.IsZero() {
			usual = e.ClientSecret.String()
		}
		e.ClientSecret, err = i.reference("Where is its client secret?", "The value that Certificates & secrets showed once. (A certificate or a workload identity is named in the file later: docs/config.md.)", usual, i.draft.Secret)
		return err
	}, compose.PartEntra, "sign-in", "client secret's end", ".All", "Member.Read.Hidden")
}

func (i *interview) application() error {
	if i.of.Method == document.GuardNested {
		return nil // it has none
	}
	list := i.offer()
	return i.repeat(func() (err error) {
		help := "Whose assignments say who is to be in Atlassian: its name or id, as in Entra admin center › Enterprise applications."
		if len(list) > 0 {
			help += " These were found in the tenant; a number does as well:"
		}
		i.of.Source.Entra.Application, err = i.ask(question{name: "The enterprise application", help: help, offers: offered(list), take: func(answer string) (string, string) {
			for n, sp := range list {
				if answer == fmt.Sprint(n+1) {
					return meant(list, sp), ""
				}
			}
			return answer, ""
		}})
		return err
	}, compose.PartEntra, "enterprise application", "provisioning job", "job's SCIM key")
}

// offer lists applications that may be meant; nothing where the tenant does not let us look.
func (i *interview) offer() []document.ServicePrincipal {
	ctx, cancel := context.WithTimeout(i.ctx, 30*time.Second)
	defer cancel()
	list, err := i.draft.Applications(ctx, 9)
	if err != nil {
		i.say("The tenant's applications cannot be listed: " + err.Error())
		return nil
	}
	return list
}

func offered(list []document.ServicePrincipal) [][2]string {
	var out [][2]string
	for _, sp := range list {
		out = append(out, [2]string{sp.DisplayName, sp.ID})
	}
	return out
}

// meant names an application: by its name, or by its id where another one goes by the same name.
func meant(list []document.ServicePrincipal, sp document.ServicePrincipal) string {
	same := 0
	for _, other := range list {
		if strings.EqualFold(other.DisplayName, sp.DisplayName) {
			same++
		}
	}
	if same == 1 && sp.DisplayName != "" {
		return sp.DisplayName
	}
	return sp.ID
}

func (i *interview) directory() error {
	a := i.of.Target.Atlassian
	return i.repeat(func() (err error) {
		a.SCIMKey = config.Secret{}
		a.Directory, err = i.ask(question{
			name: "The Guard directory", usual: a.Directory, may: a.Directory == "",
			help: "The Directory base URL, or its last part: Atlassian Administration › Security › Identity providers › the directory › Provisioning.",
			take: idOrAddress("The id is what stands behind /scim/directory/ in the Directory base URL."),
		})
		if err == nil && a.Directory == "" {
			err = errLeftOut
		}
		if err != nil {
			return err
		}
		a.SCIMKey, err = i.reference("Where is its SCIM key?", "Shown once, beside the base URL. (Regenerating it ends the old one at once, for Entra's service too.)", "env:SCIM_KEY", i.draft.Secret)
		return err
	}, compose.PartGuard, "SCIM key", "users in the directory", "groups in the directory")
}

func (i *interview) organization() error {
	a := i.of.Target.Atlassian
	return i.repeat(func() (err error) {
		a.AdminKey = config.Secret{}
		a.Org, err = i.ask(question{
			name: "The Atlassian organization", usual: a.Org, may: a.Org == "",
			help: "Its id, or the address of Atlassian Administration, admin.atlassian.com/o/{id}/…",
			take: idOrAddress("The id is what stands behind /o/ in the address of Atlassian Administration."),
		})
		if err == nil && a.Org == "" {
			err = errLeftOut
		}
		if err != nil {
			return err
		}
		a.AdminKey, err = i.reference("Where is its admin API key?", "Made at Atlassian Administration › Settings › API keys, best without scopes: with scopes, who holds an account stays unknown.", "env:ADMIN_KEY", i.draft.Secret)
		return err
	}, compose.PartGuard, "admin key", "admin key's reach", "organization's audit log", "domains")
}

// maxSites bounds how many sites are asked for; more can be written into the file.
const maxSites = 20

func (i *interview) sites() error {
	a := i.of.Target.Atlassian
	for range maxSites {
		var s config.Site
		done := false
		before := slices.Clone(a.Sites)
		err := i.repeat(func() (err error) {
			a.Sites = before
			name := "A Jira site"
			if len(before) > 0 {
				name = "Another Jira site"
			}
			s.URL, err = i.ask(question{name: name, usual: s.URL, may: s.URL == "", help: "Its address, such as https://acme.atlassian.net.", take: i.site})
			if done = s.URL == ""; done && err == nil {
				err = errLeftOut
			}
			if err != nil {
				return err
			}
			s.Email, err = i.ask(question{name: "Whose API token is used there?", usual: s.Email, help: "The e-mail address of an account that administers Jira.", take: func(answer string) (string, string) {
				if at := strings.IndexByte(answer, '@'); at < 1 || strings.ContainsAny(answer, " \t") || len(answer) > 254 {
					return "", "That is no e-mail address."
				}
				return answer, ""
			}})
			if err != nil {
				return err
			}
			s.Token, err = i.reference("Where is that API token?", "Made at id.atlassian.com › Security › API tokens.", "env:JIRA_TOKEN", i.draft.Secret)
			a.Sites = append(slices.Clone(before), s)
			return err
		}, compose.PartSites, "site ")
		if err != nil || done {
			return err
		}
	}
	return nil
}

// site takes an address that the file would take.
func (i *interview) site(answer string) (string, string) {
	d := *i.draft
	a := *d.Connection.Target.Atlassian
	a.Sites = append(slices.Clone(a.Sites), config.Site{URL: answer})
	d.Connection.Target.Atlassian = &a
	if _, err := d.Configuration(); err != nil {
		return "", "That is no address of the form https://acme.atlassian.net."
	}
	return answer, ""
}

// test lets the doctor look at one part and shows what it says of these checks (".All" stands for permissions, "site " for sites). What is
// bad is for the person to decide.
func (i *interview) test(part string, names ...string) (next string, err error) {
	d, err := i.draft.Trial(part, !slices.Contains(names, "sign-in"))
	if err != nil {
		return stop, err
	}
	i.page.Para(2, ink("asking "+part+" …", text.Dim))
	if err := i.page.Flush(); err != nil {
		return stop, fmt.Errorf("asking: %w", err)
	}
	parts, err := d.Examine(i.ctx)
	if err != nil {
		return stop, errors.Join(errStopped, err)
	}
	var shown []engine.Check
	for _, p := range parts {
		for _, check := range p.Checks {
			if !asked(check, names) || unwanted(i.of, check) {
				continue
			}
			shown = append(shown, check)
		}
	}
	if part == compose.PartSites && len(shown) > 1 {
		shown = shown[len(shown)-1:] // those before were shown before
	}
	viewChecks(i.page, shown)
	if !slices.ContainsFunc(shown, func(c engine.Check) bool { return c.State == evidence.Bad && !slices.Contains(elsewhere, c.Name) }) {
		return skip, nil
	}
	return i.decide("what is empty stays as it was")
}

// elsewhere are checks of what no answer can mend; the doctor tells of them again.
var elsewhere = []string{"provisioning job", "job's SCIM key", "users in the directory", "groups in the directory", "domains"}

func asked(c engine.Check, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return c.Name == n || n == ".All" && strings.HasSuffix(c.Name, ".All") || n == "site " && strings.HasPrefix(c.Name, n)
	})
}

// unwanted are checks of what the person left out on purpose, and of what is asked only later.
func unwanted(c *config.Connection, check engine.Check) bool {
	a := c.Target.Atlassian
	switch check.Name {
	case "SCIM key":
		return a.Directory == "" && c.Method != document.Rollcall
	case "admin key":
		return a.Org == ""
	case "Synchronization.Read.All":
		return c.Source.Entra.Application == ""
	}
	return false
}
