package sqlstore

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// telling gathers what a side says of itself until it is kept: what stands at the end, not every word. A reading waits
// for the network most of the time. Were it a transaction of the database from its beginning, it would keep every other
// connection from writing its ledger; so it is gathered in memory and written down in one go. A membership weighs eight
// bytes here, a million of them 8 MB; objects weigh what they are. A world, which is made of the same mirror to compute
// a plan, weighs more, and is not in memory at the same time.
type telling struct {
	files map[document.File]*told
	ids   index
	kinds index
}

// told is what was told of one document.
type told struct {
	full    bool // nothing that was there before counts
	objects map[string]staged
	dropped map[uint64]int // groups, by number: how long the log was when they went
	log     []uint64       // memberships in the order in which they were told: group, member, kind, in
	whole   *bool          // nil: as before
	healed  bool           // gaps from before are forgotten
	gaps    []document.Gap
}

// staged is what becomes of an object.
type staged struct {
	how  how
	text jsontext.Value // of put and merge
}

type how uint8

const (
	put how = iota
	merge
	drop
)

// A membership of the log: 28 bits of group, 28 of member, 7 of kind, and one that says whether it holds.
const (
	idBits   = 28
	kindBits = 7
	most28   = 1 << idBits
	mostKind = 1 << kindBits
)

func newTelling() *telling { return &telling{files: map[document.File]*told{}} }

func (t *telling) of(file document.File) *told {
	f := t.files[file]
	if f == nil {
		f = &told{objects: map[string]staged{}, dropped: map[uint64]int{}}
		t.files[file] = f
	}
	return f
}

// Full says that the documents are told anew.
func (t *telling) Full(files ...document.File) error {
	for _, file := range files {
		delete(t.files, file)
		f := t.of(file)
		no := false
		f.full, f.healed, f.whole = true, true, &no
	}
	return nil
}

// Put takes an object as a whole.
func (t *telling) Put(file document.File, id string, object jsontext.Value) error {
	text, err := clean(file, id, object)
	if err != nil {
		return err
	}
	t.of(file).objects[id] = staged{put, text}
	return nil
}

// Merge takes changed properties of an object.
func (t *telling) Merge(file document.File, id string, properties jsontext.Value) error {
	text, err := clean(file, id, properties)
	if err != nil {
		return err
	}
	f := t.of(file)
	before, told := f.objects[id]
	now := staged{merge, text}
	switch {
	case !told && f.full, before.how == drop && told: // it is made of them
		now.how = put
	case told:
		now.how = before.how
		if now.text, err = merged(before.text, text); err != nil {
			return fmt.Errorf("%s %s: %w", file, id, err)
		}
	}
	f.objects[id] = now
	return nil
}

// Drop takes an object away, a group together with its members.
func (t *telling) Drop(file document.File, id string) error {
	if id == "" {
		return fmt.Errorf("%s: an object without an id cannot be dropped", file)
	}
	f := t.of(file)
	f.objects[id] = staged{how: drop}
	n, err := t.ids.number(id, most28)
	f.dropped[n] = len(f.log)
	return err
}

// Member says that somebody is, or is no longer, a direct member of a group.
func (t *telling) Member(file document.File, group, member, kind string, in bool) error {
	if group == "" || member == "" {
		return fmt.Errorf("%s: a membership needs the ids of the group and of the member: %q, %q", file, group, member)
	}
	g, err := t.ids.number(group, most28)
	if err != nil {
		return err
	}
	m, err := t.ids.number(member, most28)
	if err != nil {
		return err
	}
	k, err := t.kinds.number(kind, mostKind)
	if err != nil {
		return err
	}
	word := g<<(idBits+kindBits+1) | m<<(kindBits+1) | k<<1
	if in {
		word |= 1
	}
	f := t.of(file)
	f.log = append(f.log, word)
	return nil
}

// Gap says what could not be read this time.
func (t *telling) Gap(gap document.Gap) error {
	if gap.File == "" {
		return errors.New("a gap belongs to a document: none was named")
	}
	f := t.of(document.File(gap.File))
	f.gaps = append(f.gaps, gap)
	if gap.Subject == "" { // nothing of it could be read
		no := false
		f.whole = &no
	}
	return nil
}

// Whole says that a document was read completely. Gaps from before this reading are forgotten; those that it told
// itself stay, in whatever order: what could not be read must not look like something that is not there.
func (t *telling) Whole(file document.File) error {
	f := t.of(file)
	yes := true
	f.whole, f.healed = &yes, true
	return nil
}

// index numbers texts by first appearance.
type index struct {
	numbers map[string]uint64
	texts   []string
}

func (x *index) number(s string, most int) (uint64, error) {
	if n, ok := x.numbers[s]; ok {
		return n, nil
	}
	if len(x.texts) >= most {
		return 0, fmt.Errorf("more than %d different ids or kinds in one reading", most)
	}
	if x.numbers == nil {
		x.numbers = map[string]uint64{}
	}
	n := uint64(len(x.texts))
	x.numbers[s] = n
	x.texts = append(x.texts, s)
	return n, nil
}
