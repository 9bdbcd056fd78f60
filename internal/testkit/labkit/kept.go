package labkit

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Kept is a recorder that keeps what it is handed. The zero value is empty.
type Kept struct {
	Objects map[document.File]map[string]jsontext.Value // by their key, or by their number from "0" where they have none
	Read    map[document.File]bool                      // to its end
	Gaps    []document.Gap
}

// Add keeps an object.
func (k *Kept) Add(f document.File, key string, object jsontext.Value) error {
	if k.Objects == nil {
		k.Objects = map[document.File]map[string]jsontext.Value{}
	}
	if k.Objects[f] == nil {
		k.Objects[f] = map[string]jsontext.Value{}
	}
	if key == "" {
		key = fmt.Sprint(len(k.Objects[f]))
	}
	k.Objects[f][key] = object
	return nil
}

// Whole keeps that a document was read to its end.
func (k *Kept) Whole(f document.File) error {
	if k.Read == nil {
		k.Read = map[document.File]bool{}
	}
	k.Read[f] = true
	return nil
}

// Gap keeps a gap.
func (k *Kept) Gap(g document.Gap) error {
	k.Gaps = append(k.Gaps, g)
	return nil
}
