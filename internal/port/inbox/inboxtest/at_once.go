package inboxtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

const many = 64

var atOnce = []sentence{
	{"64 that add and remove members of one group and change one user lose nothing", func(b *bench) {
		b.user("one", "one", `"title":"0"`)
		for i := range many {
			b.user(fmt.Sprint("u", i), fmt.Sprint("user", i))
		}
		b.group("g", "staff")
		versions := make(chan string, 4*many)
		watched := b.watch("g", versions)
		b.together(func(i int) error {
			id := fmt.Sprint("u", i)
			steps := []string{add(id), remove(id), add(id)}
			if i%2 == 1 {
				steps = steps[:2]
			}
			for _, s := range steps {
				r, changed, err := b.patch(b.groups, "g", s)
				if err != nil || !changed {
					return fmt.Errorf("%s: changed %v: %w", s, changed, err)
				}
				versions <- r.Meta.Version
			}
			return b.count("one")
		})
		close(versions)
		seen := map[string]bool{}
		for v := range versions {
			if seen[v] {
				b.Errorf("two changes have the version %s", v)
			}
			seen[v] = true
		}
		b.ok(<-watched)
		var want []string
		for i := 0; i < many; i += 2 {
			want = append(want, fmt.Sprintf("u%d", i))
			b.groupsOf(fmt.Sprint("u", i), "g direct staff")
			b.groupsOf(fmt.Sprint("u", i+1))
		}
		b.same(len(refs(b.get(b.groups, "g"), "members")), len(want))
		for _, id := range want {
			b.finds(b.groups, `members eq "`+id+`"`, "g")
		}
		b.same(text(b.get(b.users, "one")), `{"userName":"one","title":"64"}`)
		b.same(refs(b.list(b.groups).Resources[0], "members"), refs(b.get(b.groups, "g"), "members"))
	}},
	{"who is deleted while others add them is in no group, or was not added", func(b *bench) {
		for i := range 8 {
			b.user(fmt.Sprint("u", i), fmt.Sprint("user", i))
			b.group(fmt.Sprint("g", i), fmt.Sprint("group", i))
		}
		b.together(func(i int) error {
			if i < 8 {
				return b.inbox.Delete(b.Context(), b.key(b.users, fmt.Sprint("u", i)), after(2), nil)
			}
			_, _, err := b.patch(b.groups, fmt.Sprint("g", i/8), add(fmt.Sprint("u", i%8)))
			if e, ok := errors.AsType[*scim.Error](err); ok && e.Status == 400 {
				return nil
			}
			return err
		})
		for i := range 8 {
			b.members(fmt.Sprint("g", i))
		}
	}},
	{"of 64 who delete one user, one does", func(b *bench) {
		b.user("1", "ada")
		done := make(chan bool, many)
		b.together(func(int) error {
			err := b.inbox.Delete(b.Context(), b.key(b.users, "1"), after(2), nil)
			if errors.Is(err, inbox.ErrNone) {
				return nil
			}
			done <- true
			return err
		})
		b.same(len(done), 1)
	}},
	{"of 64 who insist on the version that they have seen, one succeeds", func(b *bench) {
		before := b.user("1", "ada")
		done := make(chan bool, many)
		b.together(func(i int) error {
			p, err := b.users.ParsePatch([]byte(`{"Operations":[` + set("title", strconv.Quote(fmt.Sprint(i))) + `]}`))
			if err != nil {
				return err
			}
			_, _, err = b.inbox.Change(b.Context(), b.key(b.users, "1"), after(1), func(r *scim.Resource) (*scim.Change, error) {
				if r.Meta.Version != before.Meta.Version {
					return nil, scim.WrongVersion()
				}
				return p.Apply(r)
			})
			if e, ok := errors.AsType[*scim.Error](err); ok && e.Status == 412 {
				return nil
			}
			done <- true
			return err
		})
		b.same(len(done), 1)
	}},
	{"64 that create together are all there, in a list that names each once", func(b *bench) {
		b.together(func(i int) error {
			for n := range 5 {
				if _, err := b.create(b.users, fmt.Sprintf("u%d-%d", i, n), fmt.Sprintf(`{"userName":"user%d-%d"}`, i, n)); err != nil {
					return err
				}
			}
			return nil
		})
		l := b.list(b.users, "count", "1000")
		names := map[string]bool{}
		for _, id := range ids(l) {
			names[id] = true
		}
		b.same([]int{l.Total, len(l.Resources), len(names)}, []int{5 * many, 5 * many, 5 * many})
	}},
	{"a call whose time is over before it begins does nothing", func(b *bench) {
		b.user("1", "ada")
		late := b.late()
		decoded, err := b.users.Decode([]byte(`{"userName":"bo"}`))
		b.ok(err)
		if _, err := b.inbox.Create(late, b.key(b.users, "2"), decoded, noon); err == nil {
			b.get(b.users, "2") // it was quicker, and then it must have happened
		} else {
			b.gone(b.users, "2")
		}
	}},
}

// count adds one to the title of a user. What it does is asked again wherever somebody else was faster.
func (b *bench) count(id string) error {
	title := b.users.Attr("title")
	_, _, err := b.inbox.Change(b.Context(), b.key(b.users, id), after(1), func(r *scim.Resource) (*scim.Change, error) {
		n, err := strconv.Atoi(r.Attrs.Get(title).Text())
		if err != nil {
			return nil, err
		}
		p, err := b.users.ParsePatch([]byte(`{"Operations":[` + set("title", strconv.Quote(strconv.Itoa(n+1))) + `]}`))
		if err != nil {
			return nil, err
		}
		return p.Apply(r)
	})
	return err
}

// watch reads a group again and again while it is written, until the channel is closed: a version is not seen again after
// another one, shows the same members each time, and no time goes back.
func (b *bench) watch(group string, writing <-chan string) <-chan error {
	result := make(chan error, 1)
	shows := map[string]string{}
	last, lastTime := "", time.Time{}
	look := func() error {
		r, err := b.inbox.Get(b.Context(), b.key(b.groups, group), everyList)
		if err != nil {
			return err
		}
		all := strings.Join(refs(r, "members"), ",")
		v := r.Meta.Version
		before, seen := shows[v]
		switch {
		case seen && v != last:
			return fmt.Errorf("the version %s came back after %s", v, last)
		case seen && before != all:
			return fmt.Errorf("the version %s has the members %s, and then %s", v, before, all)
		case r.Meta.LastModified.Before(lastTime):
			return fmt.Errorf("lastModified went back from %v to %v", lastTime, r.Meta.LastModified)
		}
		shows[v], last, lastTime = all, v, r.Meta.LastModified
		return nil
	}
	go func() {
		for range 2000 {
			if err := look(); err != nil {
				result <- err
				return
			}
			if len(writing) == cap(writing) {
				break
			}
		}
		result <- nil
	}()
	return result
}
