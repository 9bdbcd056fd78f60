package compose

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	entralog "github.com/rollcall/rollcall/internal/port/evidence/entra"
)

// Draft is a configuration that is not written yet.
type Draft struct {
	Path       string
	Connection config.Connection
	Store      config.Store
}

// Configuration is what the draft says so far, read as the file would be.
func (d *Draft) Configuration() (*Configuration, error) {
	file, err := config.Parse(d.Path, d.text())
	if err != nil {
		return nil, err
	}
	return &Configuration{file: file}, nil
}

func (d *Draft) text() []byte { return config.Text(&d.Connection, d.Store) }

// Trial gives a doctor for one part of a draft; without permissions where brief.
func (d *Draft) Trial(part string, brief bool) (*engine.Doctor, error) {
	c, err := d.Configuration()
	if err != nil {
		return nil, fmt.Errorf("what was answered makes no configuration: %w", err)
	}
	doctor, _, _, err := Doctor(c)
	if err != nil {
		return nil, err
	}
	doctor.Probes = slices.DeleteFunc(doctor.Probes, func(p engine.Probe) bool { return p.Name != part })
	if brief && part == PartEntra {
		s := services{c.file, &c.file.Connections[0], c.clockwork, c.within}
		s.now = time.Now
		doctor.Probes[0].Look = func(ctx context.Context) []engine.Check { return s.probeEntra(ctx, true) }
	}
	return doctor, nil
}

// Write writes the file, for its owner alone to read. One that is there is left as it is, and said to be.
func (d *Draft) Write() error {
	if _, err := config.Parse(d.Path, d.text()); err != nil {
		return fmt.Errorf("what was answered makes no configuration: %w", err)
	}
	f, err := os.OpenFile(d.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing the configuration: %w", err)
	}
	_, err = f.Write(d.text())
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing the configuration: %w", err), os.Remove(d.Path))
	}
	return nil
}

// Secret tells why a secret cannot be read; nil: it can.
func (d *Draft) Secret(s config.Secret) error {
	_, err := s.Read(&config.File{Path: d.Path})
	return err
}

// Applications lists enterprise applications of the draft's tenant, those first that are probably meant.
func (d *Draft) Applications(ctx context.Context, most int) ([]document.ServicePrincipal, error) {
	c, err := d.Configuration()
	if err != nil {
		return nil, err
	}
	of, err := c.file.Connection("")
	if err != nil {
		return nil, err
	}
	client, err := services{file: c.file, of: of}.graph()
	if err != nil {
		return nil, err
	}
	return entralog.Applications(ctx, client, most)
}
