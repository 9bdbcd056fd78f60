package inboxtest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/rollcall/rollcall/internal/core/scim"
)

var uniqueness = []sentence{
	{"a userName is taken in any case, at creation and at a change", func(b *bench) {
		b.user("1", "Straße@acme.example")
		b.user("2", "bo")
		_, err := b.create(b.users, "3", `{"userName":"STRAßE@ACME.example"}`)
		b.refused(err, 409, scim.NotUnique, "userName")
		b.gone(b.users, "3")
		_, _, err = b.patch(b.users, "2", set("userName", `"straße@acme.example"`))
		b.refused(err, 409, scim.NotUnique, "userName")
		b.same(text(b.get(b.users, "2")), `{"userName":"bo"}`)
	}},
	{"one's own name may change its case", func(b *bench) {
		b.user("1", "ada")
		b.change(b.users, "1", set("userName", `"ADA"`))
		b.finds(b.users, `userName eq "ada"`, "1")
	}},
	{"a name that is given up is free at once", func(b *bench) {
		b.user("1", "ada")
		b.change(b.users, "1", set("userName", `"countess"`))
		b.user("2", "ada")
		_, err := b.create(b.users, "3", `{"userName":"Countess"}`)
		b.refused(err, 409, scim.NotUnique)
	}},
	{"the displayName of a group is taken, that of a user is not", func(b *bench) {
		b.group("1", "staff")
		_, err := b.create(b.groups, "2", groupBody("Staff"))
		b.refused(err, 409, scim.NotUnique, "displayName")
		b.user("3", "ada", `"displayName":"staff"`)
		b.user("4", "bo", `"displayName":"staff"`)
	}},
	{"an externalId and an address may be those of several", func(b *bench) {
		b.user("1", "ada", `"externalId":"X"`, `"emails":[{"value":"x@acme.example"}]`)
		b.user("2", "bo", `"externalId":"X"`, `"emails":[{"value":"x@acme.example"},{"value":"X@acme.example"}]`)
		b.finds(b.users, `externalId eq "X"`, "1", "2")
		b.finds(b.users, `emails eq "x@ACME.example"`, "1", "2")
	}},
	{"what a schema of one's own calls unique is, each value of a list too", func(b *bench) {
		_, err := b.create(b.device, "1", `{"serial":"S","tags":["red","blue"]}`)
		b.ok(err)
		_, err = b.create(b.device, "2", `{"serial":"S"}`)
		b.refused(err, 409, scim.NotUnique, "serial")
		_, err = b.create(b.device, "3", `{"serial":"s","tags":["green","Blue"]}`)
		b.refused(err, 409, scim.NotUnique, "tags")
		_, err = b.create(b.device, "4", `{"serial":"s","tags":["green","Green"]}`)
		b.ok(err)
		b.finds(b.device, `tags eq "blue" or serial eq "s"`, "1", "4")
	}},
	{"an id is taken within its directory, whatever its type", func(b *bench) {
		b.user("1", "ada")
		_, err := b.create(b.users, "1", `{"userName":"bo"}`)
		b.refused(err, 409, scim.NotUnique, "id")
		_, err = b.create(b.groups, "1", groupBody("staff"))
		b.refused(err, 409, scim.NotUnique, "id")
		b.same(text(b.get(b.users, "1")), `{"userName":"ada"}`)
	}},
	{"very long values are told apart, and found", func(b *bench) {
		long := strings.Repeat("x", 5000)
		b.user("1", long+"1")
		b.user("2", long+"2")
		_, err := b.create(b.users, "3", `{"userName":"`+strings.ToUpper(long)+`2"}`)
		b.refused(err, 409, scim.NotUnique)
		b.finds(b.users, `userName eq "`+long+`2"`, "2")
		b.finds(b.users, `userName sw "`+long+`"`, "1", "2")
		b.finds(b.users, `userName sw "`+long[:200]+`" and userName ew "1"`, "1")
	}},
	{"of 64 who take one name at the same time, one gets it", func(b *bench) {
		for i := range 32 {
			b.user(fmt.Sprint("u", i), fmt.Sprint("user", i))
		}
		var got atomic.Int32
		b.together(func(i int) error {
			name := []string{"ada", "Ada", "ADA"}[i%3]
			var err error
			if i < 32 {
				_, _, err = b.patch(b.users, fmt.Sprint("u", i), set("userName", `"`+name+`"`))
			} else {
				_, err = b.create(b.users, fmt.Sprint("new", i), `{"userName":"`+name+`"}`)
			}
			if err == nil {
				got.Add(1)
			}
			return onlyTaken(err)
		})
		b.same(got.Load(), 1)
		b.same(b.list(b.users, "filter", `userName eq "ada"`).Total, 1)
	}},
	{"of 64 groups of one name that are created at the same time, one is", func(b *bench) {
		var got atomic.Int32
		b.together(func(i int) error {
			_, err := b.create(b.groups, fmt.Sprint(i), groupBody([]string{"staff", "Staff"}[i%2]))
			if err == nil {
				got.Add(1)
			}
			return onlyTaken(err)
		})
		b.same(got.Load(), 1)
		b.same(b.list(b.groups).Total, 1)
	}},
}

// onlyTaken lets through that a value is taken already.
func onlyTaken(err error) error {
	if e, ok := errors.AsType[*scim.Error](err); ok && e.Status == 409 && e.Type == scim.NotUnique {
		return nil
	}
	return err
}

// together lets many goroutines begin at the same moment, and waits for them.
func (b *bench) together(do func(i int) error) {
	b.Helper()
	var ready, done sync.WaitGroup
	ready.Add(many)
	errs := make([]error, many)
	for i := range many {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			errs[i] = do(i)
		})
	}
	done.Wait()
	for _, err := range errs {
		b.ok(err)
	}
}
