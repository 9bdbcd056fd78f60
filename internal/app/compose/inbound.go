package compose

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// Inbox opens what providers have pushed, and gives the directories that the configuration names. Close it afterwards.
func Inbox(ctx context.Context, c *Configuration) (inbox.Inbox, []config.Directory, error) {
	in := &c.file.Inbound
	if in.Listen == "" {
		return nil, nil, fmt.Errorf("%s has no section `inbound`: nobody can push to rollcall; see docs/scim.md", c.file.Path)
	}
	st, err := c.store(ctx)
	if err != nil {
		return nil, nil, err
	}
	s, ok := st.(*sqlstore.Store)
	if !ok {
		return nil, nil, errors.Join(fmt.Errorf("%s: this store keeps no directories", c.file.Path), st.Close())
	}
	return s.Inbox(), in.Directories, nil
}

// Forget forgets requests and history that are older than store.keep says, and gives how many.
func (c *Configuration) Forget(ctx context.Context, box inbox.Inbox) (int, error) {
	n, err := box.Prune(ctx, c.moment().Add(-c.kept().Age))
	if err != nil {
		return n, fmt.Errorf("forgetting old requests: %w", err)
	}
	return n, nil
}

// Listening is an endpoint, and where and how it is to listen.
type Listening struct {
	Endpoint    *inbound.Endpoint
	Listen      string
	Address     string // what providers see; empty: as they came
	TLS         *tls.Config
	Directories []config.Directory
}

// leastKey is how many bytes a key that signs needs: RFC 7518 section 3.2 wants as many as the hash has.
const leastKey = 32

var patchAnswers = map[string]inbound.PatchAnswer{"": inbound.PatchByType, "by-type": inbound.PatchByType, "200": inbound.PatchWhole, "204": inbound.PatchBrief}

// Inbound puts the SCIM endpoint together over an inbox, in which the directories that the configuration names are made.
func Inbound(ctx context.Context, c *Configuration, box inbox.Inbox, log *slog.Logger) (*Listening, error) {
	in := &c.file.Inbound
	out := &Listening{Listen: in.Listen, Address: strings.TrimRight(fullAddress(in.Address), "/"), Directories: in.Directories}
	o := inbound.Options{Inbox: box, Origin: out.Address, Patch: patchAnswers[in.Patch], SkipUnknownMembers: in.SkipUnknownMembers, Log: log, Now: c.now}
	for _, d := range in.Directories {
		if err := box.PutDirectory(ctx, inbox.Directory{ID: d.ID, Name: d.Name, Created: c.moment()}); err != nil {
			return nil, fmt.Errorf("preparing the directory %s: %w", d.ID, err)
		}
		o.Directories = append(o.Directories, d.ID)
	}
	if !in.OAuthKey.IsZero() {
		key, err := in.OAuthKey.Read(c.file)
		if err != nil {
			return nil, fmt.Errorf("%s: inbound.oauth_key: %w", c.file.Path, err)
		}
		if len(key) < leastKey {
			return nil, fmt.Errorf("%s: inbound.oauth_key: the secret is too short to be hard to guess: give it %d characters or more, such as those of openssl rand -hex 32", c.file.Path, leastKey)
		}
		o.Key = []byte(key)
	}
	if in.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(c.file.Locate(in.Certificate), c.file.Locate(in.Key))
		if err != nil {
			return nil, fmt.Errorf("%s: inbound.certificate: %w", c.file.Path, err)
		}
		out.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	var err error
	if out.Endpoint, err = inbound.New(o); err != nil {
		return nil, fmt.Errorf("%s: inbound: %w", c.file.Path, err)
	}
	return out, nil
}
