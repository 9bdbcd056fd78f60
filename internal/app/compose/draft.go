package compose

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rollcall/rollcall/internal/app/config"
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

// Folder is where paths in the file begin.
func (d *Draft) Folder() string { return filepath.Dir(d.Path) }

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
