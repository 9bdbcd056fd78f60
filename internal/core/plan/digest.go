package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
)

// digest adds what a target holds beside its state.
func (t *Target) digest(to hash.Hash) {
	buf := []byte{}
	number := func(n uint32) { buf = binary.LittleEndian.AppendUint32(buf, n) }
	text := func(all ...string) {
		for _, s := range all {
			number(uint32(len(s)))
			buf = append(buf, s...)
		}
	}
	for _, l := range []match.Links{t.Users, t.Groups} {
		for _, w := range l.Wanted {
			number(w)
		}
		for _, at := range slices.Sorted(maps.Keys(l.Source)) {
			number(at)
			text(l.Source[at])
		}
		for _, w := range l.Lost {
			number(w)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.Local)) {
		g := t.Local[key]
		text(key, g.Name)
		number(uint32(g.Kind))
		number(uint32(len(g.Members)))
		if g.Told {
			number(1)
		} else {
			number(0)
		}
		for _, m := range g.Members {
			text(m.Account, m.Name)
		}
	}
	for _, account := range slices.Sorted(maps.Keys(t.PolicyOf)) {
		text(account, t.PolicyOf[account])
	}
	for _, address := range slices.Sorted(maps.Keys(t.Accounts)) {
		text(address, t.Accounts[address])
	}
	for _, name := range slices.Sorted(maps.Keys(t.Unasked)) {
		text(name, t.Unasked[name])
	}
	text(slices.Sorted(maps.Keys(t.Verified))...)
	text(t.LocalGap, t.PolicyGap, t.VerifiedGap, t.AccountsGap)
	number(uint32(t.GroupMembers))
	_, _ = to.Write(buf) // a hash never fails
}

// columns are source attributes, each once: those named and those that the rules read.
func columns(o mapping.ObjectRules, first ...string) []string {
	out := slices.Clone(first)
	for _, name := range o.Sources() {
		if key := document.SourceKey(name); key != "issoftdeleted" && !slices.ContainsFunc(out, func(n string) bool { return document.SourceKey(n) == key }) {
			out = append(out, name)
		}
	}
	return out
}

// startDigests reads both sides beside the other work, much of which keeps one processor busy only. Each channel gives
// one digest: of the source, of the target.
func (p *planner) startDigests() [2]<-chan string {
	source, target := make(chan string, 1), make(chan string, 1)
	go func() { source <- p.in.Source.Digest() }()
	go func() {
		sum := sha256.New()
		_, _ = sum.Write([]byte(p.in.Target.State.Digest()))
		p.in.Target.digest(sum)
		target <- hex.EncodeToString(sum.Sum(nil))
	}()
	return [2]<-chan string{source, target}
}

// finish sums up and gives the plan its name.
func (p *planner) finish(sums [2]<-chan string) {
	p.Digests = Digests{Source: <-sums[0], Target: <-sums[1], Rules: digest(p.in.Rules.Text)}
	p.ID = digest(p.Digests.Source + p.Digests.Target + p.Digests.Rules + p.Method + fmt.Sprint(p.At.UTC(), p.in.History))[:16]
	for i := range p.steps {
		p.count(&p.steps[i])
	}
}
