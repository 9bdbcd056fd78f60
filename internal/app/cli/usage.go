package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/rollcall/rollcall/internal/core/spelling"
)

// Mistakes on the command line are answered in one or two lines: what is wrong, and what was probably meant.

func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	if strings.Contains(args[0], "@") {
		return fmt.Errorf("there is no command %q; to ask about a person: rollcall why %s", args[0], args[0])
	}
	return fmt.Errorf("there is no command %q%s", args[0], suggestion(args[0], names, "; rollcall --help lists the commands"))
}

// once is a text flag that may be given one time only: of two persons or groups the first would be dropped unseen.
type once struct {
	to  *string
	set bool
}

var errTwice = errors.New("it can be given once only")

func (o *once) Set(s string) error {
	if o.set {
		return errTwice
	}
	*o.to, o.set = s, true
	return nil
}

func (o *once) String() string { return *o.to }

// Type is what the help shows where the text of the flag names nothing.
func (o *once) Type() string { return "string" }

func flagError(cmd *cobra.Command, err error) error {
	if twice, ok := errors.AsType[*pflag.InvalidValueError](err); ok && errors.Is(err, errTwice) {
		return fmt.Errorf("%s: --%s %s: %w", cmd.CommandPath(), twice.GetFlag().Name, twice.GetValue(), errTwice)
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return fmt.Errorf("%s: %w", cmd.CommandPath(), err)
	}
	var names []string
	add := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	name := unknown.GetSpecifiedName()
	if len(name) == 1 {
		return fmt.Errorf("%s has no flag -%s; %s --help lists the flags", cmd.CommandPath(), name, cmd.CommandPath())
	}
	near := nearest(name, names)
	if near == "" {
		return fmt.Errorf("%s has no flag --%s; %s --help lists the flags", cmd.CommandPath(), name, cmd.CommandPath())
	}
	return fmt.Errorf("%s has no flag --%s; did you mean --%s?", cmd.CommandPath(), name, near)
}

// blank is what an unset variable of a script leaves on the command line. Asking about nobody must not become asking
// about everybody.
func blank(word string) bool { return strings.TrimSpace(word) == "" }

var errNoGroup = errors.New("--group names no group: it is empty")

// noArgs refuses arguments in one line.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments, and was given %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// suggestion is "; did you mean x?" where something near is known, else the other text.
func suggestion(word string, known []string, other string) string {
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return other
}

// nearest is the known word that is most like the given one, or "" where none is: a typing error or three, fewer in
// short words, or a beginning.
func nearest(word string, known []string) string {
	word = strings.ToLower(word)
	best, least := "", 1+max(1, min(3, len(word)/3))
	for _, k := range known {
		folded := strings.ToLower(k)
		d := spelling.Distance(word, folded)
		if len(word) > 1 && strings.HasPrefix(folded, word) {
			d = min(d, 1)
		}
		if d < least {
			best, least = k, d
		}
	}
	return best
}
