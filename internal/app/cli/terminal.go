package cli

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"

	"github.com/rollcall/rollcall/internal/app/cli/text"
)

const (
	pipeWidth = 100 // where nobody says how wide it is
	mostWidth = 110 // lines longer than that are hard to read, however wide the window
)

// page starts a text page on standard output.
func (s Streams) page(g *Globals) *text.Page {
	return text.NewPage(s.Out, s.width(g), s.color(g))
}

func (s Streams) width(g *Globals) int {
	if g.Width > 0 {
		return g.Width
	}
	if n, err := strconv.Atoi(s.Env("COLUMNS")); err == nil && n >= 20 {
		return n
	}
	if fd, ok := terminal(s.Out); ok {
		if n, _, err := term.GetSize(fd); err == nil && n >= 20 {
			return min(n, mostWidth)
		}
	}
	return pipeWidth
}

// color is shown on a terminal only, and not where somebody asked for none (no-color.org).
func (s Streams) color(g *Globals) bool { return s.colorOn(s.Out, g) }

func (s Streams) colorOn(w io.Writer, g *Globals) bool {
	_, tty := terminal(w)
	return tty && !g.NoColor && s.Env("NO_COLOR") == "" && s.Env("TERM") != "dumb"
}

func terminal(w io.Writer) (fd int, ok bool) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}
