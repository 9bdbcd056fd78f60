package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/term"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/config"
)

// errStopped says that the answers ended before the questions did.
var errStopped = errors.New("stopped: nothing was written")

// asker asks on one stream and reads answers, a line each, from another. It never repeats what was answered.
type asker struct {
	page  *text.Page
	lines <-chan string // closed where there are no more
	piped bool          // nobody's keyboard ends the line that an answer stands on
	ctx   context.Context
}

// maxAnswer is the longest answer in bytes.
const maxAnswer = 4096

func newAsker(ctx context.Context, in io.Reader, page *text.Page) *asker {
	lines := make(chan string)
	piped := true
	if f, ok := in.(*os.File); ok {
		piped = !term.IsTerminal(int(f.Fd()))
	}
	go func() {
		defer close(lines)
		scan := bufio.NewScanner(in)
		scan.Buffer(make([]byte, 0, 512), maxAnswer)
		for scan.Scan() {
			select {
			case lines <- strings.TrimSpace(scan.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	return &asker{page, lines, piped, ctx}
}

// question is what is asked.
type question struct {
	name   string                                    // what is wanted
	help   string                                    // where it is found
	offers [][2]string                               // what may be meant, with what it is; take knows them by number
	usual  string                                    // what an empty answer means
	may    bool                                      // an empty answer is allowed: it is left out
	take   func(answer string) (value, wrong string) // wrong: why the answer is none, in a sentence that does not repeat it; nil: any
}

// ask asks until there is an answer.
func (a *asker) ask(q question) (string, error) {
	a.page.Blank()
	a.page.Line(0, 3, ink(q.name, text.Bold))
	if q.help != "" {
		a.page.Para(2, ink(q.help, text.Dim))
	}
	a.list(q.offers)
	for {
		prompt := "> "
		switch {
		case q.usual != "":
			prompt = "[" + q.usual + "] > "
		case q.may:
			prompt = "(Enter leaves it out) > "
		}
		answer, err := a.line(prompt)
		if err != nil {
			return "", err
		}
		if answer == "" {
			answer = q.usual
		}
		wrong := ""
		switch {
		case answer == "" && q.may:
			return "", nil
		case answer == "":
			wrong = "An answer is needed; Ctrl-C stops, and nothing is written."
		case secretText(answer):
			wrong = "That looks like a secret itself. It is not kept, but it may still stand on this screen. Put it into a variable or a file, and name that."
		case q.take != nil:
			answer, wrong = q.take(answer)
		}
		if wrong == "" {
			return answer, nil
		}
		a.say(wrong)
	}
}

func (a *asker) say(sentence string) {
	a.page.Para(2, ink(sentence, text.Doubt))
}

func (a *asker) line(prompt string) (string, error) {
	a.page.Prompt(2, ink(prompt, text.Code))
	if err := a.page.Flush(); err != nil {
		return "", fmt.Errorf("asking: %w", err)
	}
	select {
	case answer, more := <-a.lines:
		if a.piped {
			a.page.Blank()
		}
		if !more {
			return "", errStopped
		}
		return answer, nil
	case <-a.ctx.Done():
		return "", errStopped
	}
}

// list shows what can be answered, by number.
func (a *asker) list(offers [][2]string) {
	var rows [][]text.Cell
	for i, o := range offers {
		rows = append(rows, []text.Cell{ink(fmt.Sprint(i+1), text.Dim), plain(o[0]), ink(o[1], text.Dim)})
	}
	a.page.Table(2, 2, rows)
}

// choose asks for one of several words, by its number or itself.
func (a *asker) choose(name string, words, meanings []string, usual string) (string, error) {
	a.page.Blank()
	a.page.Line(0, 3, ink(name, text.Bold))
	var offers [][2]string
	for i, w := range words {
		offers = append(offers, [2]string{w, meanings[i]})
	}
	a.list(offers)
	for {
		answer, err := a.line("[" + usual + "] > ")
		if err != nil {
			return "", err
		}
		if answer == "" {
			return usual, nil
		}
		for i, w := range words {
			if strings.EqualFold(answer, w) || answer == fmt.Sprint(i+1) {
				return w, nil
			}
		}
		a.say(fmt.Sprintf("One of 1 to %d, or its name.", len(words)))
	}
}

var (
	knownSecret = regexp.MustCompile(`ATATT|ATCTT|ATSTT|-----BEGIN|^eyJ[A-Za-z0-9_-]{10,}|(?i)^(bearer|basic) `)
	guidText    = regexp.MustCompile(`^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
)

// secretText tells whether a text is probably a secret: it has the mark of one, or it is long, without a break, and mixes
// letters of both cases with digits as nobody would.
func secretText(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "env:"), "file:")
	if knownSecret.MatchString(s) {
		return true
	}
	if len(s) < 24 || strings.ContainsAny(s, " /\\@:") || guidText.MatchString(s) {
		return false
	}
	return strings.ContainsFunc(s, unicode.IsUpper) && strings.ContainsFunc(s, unicode.IsLower) && strings.ContainsFunc(s, unicode.IsDigit)
}

// reference asks where a secret is. The secret itself is refused and not repeated.
func (a *asker) reference(name, help, usual string, there func(config.Secret) error) (config.Secret, error) {
	for {
		var found config.Secret
		_, err := a.ask(question{
			name: name, usual: usual,
			help: help + " Not the secret itself, but where it is: env:NAME for a variable of the environment, file:PATH for a file.",
			take: func(answer string) (string, string) {
				s, ok := config.ParseSecret(answer)
				if !ok {
					return "", "That is neither env:NAME nor file:PATH. If it was the secret itself: it is not kept, but it may still stand on this screen."
				}
				found = s
				return answer, ""
			},
		})
		if err != nil {
			return found, err
		}
		gone := there(found)
		if gone == nil {
			return found, nil
		}
		a.say("It cannot be read: " + gone.Error() + ".")
		switch next, err := a.decide("a new variable is seen after a new start"); {
		case err != nil:
			return found, err
		case next != retry:
			return found, nil
		}
	}
}

// What a person may do where an answer does not work.
const (
	retry = "retry"
	skip  = "skip"
	stop  = "stop"
)

// decide asks what to do about an answer that does not work. Stopping is errStopped.
func (a *asker) decide(hint string) (string, error) {
	next, err := a.choose("That does not work yet. What now?", []string{retry, skip, stop},
		[]string{"answer again; " + hint, "go on, with the answer as it is", "write nothing"}, retry)
	if err == nil && next == stop {
		err = errStopped
	}
	return next, err
}
