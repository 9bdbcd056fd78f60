package guard

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Links and what may be managed can only be asked one by one, and an organization has more accounts than anybody wants
// to send requests for. An answer needs them of few people: of somebody whom provisioning was refused for (the account
// that holds the address, and who holds that), of a record without an account, of an account that a directory holds
// which is not ours, and of an unmanaged account of one of our domains. Who was refused only Entra's log knows, but the
// holders show here: so accounts that no record of ours is linked to come first, and the healthy ones last. Where
// Options.OneByOne does not reach everybody, a gap says so: a roll call then calls such people unknown, and a question
// about one of them asks.

// suspects puts accounts in order: who is not linked from our directory, then the unmanaged, then the others.
func (w *whole) suspects() []account {
	list := slices.Clone(w.people)
	rank := func(a account) int {
		switch {
		case !w.linked[a.ID] && a.Source != "invited":
			return 0
		case a.Claim != "managed":
			return 1
		case !w.linked[a.ID]:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(list, func(x, y account) int { return rank(x) - rank(y) })
	return list
}

// within cuts a list to what is asked one by one.
func within[T any](list []T, most int) (asked []T, left int) {
	n := min(len(list), max(most, 0))
	return list[:n], len(list) - n
}

// links asks who holds the addresses of records without an account, of accounts, and of people at the source.
func (w *whole) links(ctx context.Context) error {
	var all []string
	seen := map[string]bool{}
	add := func(mail string) {
		if key := document.Fold(mail); strings.Contains(key, "@") && !seen[key] {
			seen[key], all = true, append(all, mail)
		}
	}
	for _, m := range w.loose {
		add(m)
	}
	for _, a := range w.suspects() {
		add(a.Email)
	}
	if w.o.Addresses != nil {
		for _, m := range w.o.Addresses() {
			add(m)
		}
	}
	asked, left := within(all, w.o.OneByOne)
	told := linkSet{}
	var failure error
	err := evidence.InOrder(ctx, w.o.SideBySide, asked, w.linksOf, func(mail string, a linksAnswer) error {
		if a.err != nil {
			if failure == nil {
				failure = a.err
			}
			left++
			return w.stop(ctx, a.err)
		}
		return told.add(w.reading, mail, a.links)
	})
	return w.oneByOneEnded(ctx, document.ScimLinks, "addresses", left, failure, err)
}

type linksAnswer struct {
	links []jsontext.Value
	err   error
}

func (r *reading) linksOf(ctx context.Context, mail string) linksAnswer {
	raw, err := r.search(ctx, "/admin/user-provisioning/v1/org/"+url.PathEscape(r.o.Connection.Org)+"/get-scim-links-for-email", map[string]string{"email": mail})
	if err != nil {
		return linksAnswer{err: err}
	}
	a, err := decode[struct {
		Links []jsontext.Value `json:"scimLinks"`
	}](raw)
	return linksAnswer{links: a.Links, err: err}
}

// link is what of a link tells whose it is.
type link struct {
	Record    string `json:"scimUserId"`
	Account   string `json:"atlassianAccountId"`
	Directory string `json:"directoryId"`
}

// linkSet records links once for each address that was asked for. The answer does not say the address, so it is noted.
type linkSet map[link]map[string]bool

func (s linkSet) add(r *reading, mail string, links []jsontext.Value) error {
	for _, o := range links {
		l, err := decode[link](o)
		if err != nil {
			return err
		}
		if s[l][document.Fold(mail)] {
			continue
		}
		if s[l] == nil {
			s[l] = map[string]bool{}
		}
		s[l][document.Fold(mail)] = true
		if mail != "" {
			if o, err = with(o, "email", mail); err != nil {
				return err
			}
		}
		if err := r.to.Add(document.ScimLinks, "", o); err != nil {
			return err
		}
	}
	return nil
}

// errStop ends asking one by one where everybody is refused.
type stopError struct{ error }

// stop tells whether to go on after a refusal.
func (r *reading) stop(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if refusal(err) {
		return stopError{err}
	}
	return nil
}

// oneByOneEnded says how far such a document was read.
func (w *whole) oneByOneEnded(ctx context.Context, f document.File, whose string, left int, failure, err error) error {
	if _, stopped := err.(stopError); err != nil && !stopped { //nolint:errorlint // it is never wrapped
		return err
	}
	switch {
	case failure != nil && err != nil:
		return w.failed(ctx, failure, gap(f, "", "the whole document", ""))
	case failure != nil:
		return w.failed(ctx, failure, gap(f, "", fmt.Sprintf("%d %s", left, whose), ""))
	case left > 0:
		return w.to.Gap(gap(f, "", fmt.Sprintf("%d %s", left, whose), fmt.Sprintf("they are asked one by one, and no more than %d are", max(w.o.OneByOne, 0))))
	}
	return w.known(f)
}

// known says that a document about accounts was read to its end, if it is known which accounts there are.
func (w *whole) known(f document.File) error {
	if w.unread {
		return w.to.Gap(gap(f, "", "accounts that were not read", "the organization's accounts were not all read, so that nobody could be asked about them"))
	}
	return w.to.Whole(f)
}

// manage asks what may be managed on accounts. An error answer is an answer here: it tells who may not, and why.
func (w *whole) manage(ctx context.Context) error {
	asked, left := within(w.suspects(), w.o.OneByOne)
	var failure error
	err := evidence.InOrder(ctx, w.o.SideBySide, asked, func(ctx context.Context, a account) manageAnswer { return w.manageOf(ctx, a.ID) }, func(a account, m manageAnswer) error {
		if m.err != nil {
			if failure == nil {
				failure = m.err
			}
			left++
			return w.stop(ctx, m.err)
		}
		return w.to.Add(document.Manage, a.ID, m.object)
	})
	return w.oneByOneEnded(ctx, document.Manage, "accounts", left, failure, err)
}

type manageAnswer struct {
	object jsontext.Value
	err    error
}

// manageOf asks about one account. A refusal that is about the account (403 or 404 with its key) is kept as it came; one
// that is about our key is none.
func (r *reading) manageOf(ctx context.Context, id string) manageAnswer {
	raw, err := r.ask(ctx, r.admin, getIn(manageLane, "/users/"+url.PathEscape(id)+"/manage", nil))
	if err == nil {
		return manageAnswer{object: raw}
	}
	status := evidence.Status(err)
	if status != http.StatusForbidden && status != http.StatusNotFound {
		return manageAnswer{err: err}
	}
	e, wrong := decode[struct {
		Key     string `json:"key"`
		Message string `json:"message"`
	}](evidence.Body(err))
	if wrong != nil || e.Key == "" || strings.Contains(e.Message, "scope") {
		return manageAnswer{err: err} // a key with scopes may not ask at all (atlassian.md 2.1)
	}
	return manageAnswer{object: evidence.Body(err)}
}
