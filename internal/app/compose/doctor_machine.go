package compose

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// probeConfiguration tells of the file and of each secret that it names: whether it is there, and who else may read it.
func (s services) probeConfiguration(context.Context) []engine.Check {
	head := engine.Check{Name: "configuration", State: evidence.OK, Fact: fmt.Sprintf("%s, connection %s, method %s", s.file.Path, s.of.Name, s.of.Method)}
	if info, err := os.Stat(s.file.Path); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		head.State, head.Fact = evidence.Warning, head.Fact+"; others may write it ("+mode(info)+")"
		head.Lost, head.Fix = "whoever writes it decides whom rollcall removes", "chmod go-w "+s.file.Path
	}
	out := []engine.Check{head}
	for _, n := range s.secrets() {
		out = append(out, s.probeSecret(n))
	}
	return out
}

type namedSecret struct {
	name   string
	secret config.Secret
}

// secrets are those that the connection names, in the order of the file.
func (s services) secrets() []namedSecret {
	var out []namedSecret
	if e := s.of.Source.Entra; e != nil {
		out = append(out, namedSecret{"client_secret", e.ClientSecret}, namedSecret{"certificate", e.Certificate}, namedSecret{"token_file", config.Secret{File: e.TokenFile}})
	}
	if a := s.of.Target.Atlassian; a != nil {
		out = append(out, namedSecret{"scim_key", a.SCIMKey}, namedSecret{"admin_key", a.AdminKey})
		for _, site := range a.Sites {
			out = append(out, namedSecret{"token of " + strings.TrimPrefix(fullAddress(site.URL), "https://"), site.Token})
		}
	}
	return slices.DeleteFunc(out, func(n namedSecret) bool { return n.secret.IsZero() })
}

func (s services) probeSecret(n namedSecret) engine.Check {
	c := engine.Check{Name: n.name, State: evidence.OK, Fact: n.secret.String()}
	if _, err := s.readSecret(n.secret); err != nil {
		c.State, c.Fact, c.Lost = evidence.Bad, err.Error(), "what it opens"
		if text, do, found := strings.Cut(c.Fact, "; "); found {
			c.Fact, c.Fix = text, do
		}
		return c
	}
	if n.secret.File == "" {
		return c
	}
	path := s.file.Locate(n.secret.File)
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" { // there, who may read a file is not told by its mode
		return c
	}
	if info.Mode().Perm()&0o026 != 0 { // a group of its own is how service managers hand secrets over
		c.State, c.Fact = evidence.Warning, c.Fact+" may be read or changed by others on this machine ("+mode(info)+")"
		c.Lost, c.Fix = "the secret is no secret", "chmod 600 "+path
	}
	return c
}

func mode(info fs.FileInfo) string { return fmt.Sprintf("%04o", info.Mode().Perm()) }

// written is when a secret's file was written; zero for one in the environment.
func (s services) written(secret config.Secret) time.Time {
	if secret.File == "" {
		return time.Time{}
	}
	info, err := os.Stat(s.file.Locate(secret.File))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

func (s services) probeMachine(ctx context.Context, store string) []engine.Check {
	var clock engine.Check
	var kept []engine.Check
	var wg sync.WaitGroup
	wg.Go(func() { clock = s.probeClock(ctx) })
	wg.Go(func() { kept = s.probeStore(ctx, store) })
	wg.Wait()
	return append([]engine.Check{clock}, kept...)
}

// skewed is how far clocks may be apart: from a minute on, tokens and signatures begin to be refused.
const skewed = time.Minute

// probeClock compares this machine's clock with that of every service.
func (s services) probeClock(ctx context.Context) engine.Check {
	type place struct{ base, ca string }
	var places []place
	if e := s.of.Source.Entra; e != nil {
		places = append(places, place{e.Login(), e.CA}, place{e.Graph(), e.CA})
	}
	if a := s.of.Target.Atlassian; a != nil {
		places = append(places, place{a.API(), a.CA})
		for _, site := range a.Sites {
			places = append(places, place{fullAddress(site.URL), a.CA})
		}
	}
	ahead, errs := make([]time.Duration, len(places)), make([]error, len(places))
	var wg sync.WaitGroup
	for i, p := range places {
		wg.Go(func() { ahead[i], errs[i] = s.clockOf(ctx, p.base, p.ca) })
	}
	wg.Wait()
	c := engine.Check{Name: "clock", State: evidence.Unknown, Fact: "no service told what time it is"}
	worst, asked, where := time.Duration(0), 0, ""
	for i, d := range ahead {
		if errs[i] != nil {
			continue
		}
		if asked++; where == "" || d.Abs() > worst.Abs() {
			worst, where = d, host(places[i].base)
		}
	}
	apart := worst.Abs().Round(time.Second)
	side := "behind"
	if worst < 0 {
		side = "ahead of"
	}
	switch {
	case asked == 0:
	case worst.Abs() > skewed:
		c.State, c.Fact = evidence.Bad, fmt.Sprintf("this machine is %v %s %s", apart, side, where)
		c.Lost, c.Fix = "sign-in fails, tokens seem to have ended, and the order of events is wrong", "set the clock by NTP: timedatectl set-ntp true (Windows: w32tm /resync)"
	case apart > time.Second:
		c.State, c.Fact = evidence.OK, fmt.Sprintf("%v %s %s", apart, side, where)
	default:
		c.State, c.Fact = evidence.OK, fmt.Sprintf("as the services' (%d asked)", asked)
	}
	return c
}

func (s services) clockOf(ctx context.Context, base, ca string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	transport, err := s.transport(ca)
	if err != nil {
		return 0, err
	}
	client, err := wire.New(wire.Options{Base: base, Plain: true, Transport: transport, Agent: agent, Attempts: 1, Now: s.now})
	if err != nil {
		return 0, err
	}
	return client.Clock(ctx)
}

func host(base string) string {
	_, rest, _ := strings.Cut(base, "://")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// probeStore looks into the store, if there is one. It makes none.
func (s services) probeStore(ctx context.Context, path string) []engine.Check {
	c := engine.Check{Name: "store", State: evidence.OK, Lost: "what rollcall remembers: apply, history, log"}
	if !s.file.Store.Postgres.IsZero() {
		c.State, c.Fact, c.Fix = evidence.Bad, "store.postgres is not there yet", "name a file: `store: {sqlite: rollcall.db}`"
		return []engine.Check{c}
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		c.Fact, c.Lost = path+" will be made when something is to be remembered", ""
		return []engine.Check{c}
	}
	if err == nil {
		return s.lookInto(ctx, c, path, info)
	}
	c.State, c.Fact, c.Fix = evidence.Bad, err.Error(), "let rollcall's account read and write it"
	return []engine.Check{c}
}

func (s services) lookInto(ctx context.Context, c engine.Check, path string, info fs.FileInfo) []engine.Check {
	st, err := sqlstore.Open(ctx, path)
	if err != nil {
		c.State, c.Fact, c.Fix = evidence.Bad, err.Error(), "name another file, or put back a backup"
		return []engine.Check{c}
	}
	defer st.Close()
	switch wrong, err := st.Check(ctx); {
	case err != nil:
		c.State, c.Fact, c.Fix = evidence.Bad, err.Error(), "put back a backup"
	case len(wrong) > 0:
		c.State, c.Fact, c.Fix = evidence.Bad, fmt.Sprintf("%s: %d things are wrong, such as: %s", path, len(wrong), wrong[0]), "put back a backup, or move the file away: the next run reads everything anew and adopts what is there"
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		c.State, c.Fact = evidence.Warning, path+" may be read or changed by others on this machine ("+mode(info)+")"
		c.Lost, c.Fix = "it holds everybody's names and addresses", "chmod 600 "+path
	default:
		c.Fact, c.Lost = fmt.Sprintf("%s is sound (%d MB)", path, (info.Size()+999_999)/1_000_000), ""
	}
	lease := engine.Check{Name: "another rollcall", State: evidence.OK, Fact: "none is syncing this connection"}
	holder, until, err := st.Holder(ctx, s.of.Name, s.now())
	switch {
	case err != nil:
		lease.State, lease.Fact = evidence.Unknown, err.Error()
	case holder != "" && dead(holder):
		lease.Fact = engine.Who(holder) + " was syncing this connection and is gone: the next apply takes over"
	case holder != "":
		lease.State, lease.Fact = evidence.Warning, fmt.Sprintf("%s is syncing this connection; its claim lasts until %s unless it is renewed", engine.Who(holder), until.UTC().Format("15:04:05"))
		lease.Lost, lease.Fix = "apply, as long as that lasts", "wait until it is done, or stop that process: the claim then ends by itself"
	}
	return []engine.Check{c, lease}
}
