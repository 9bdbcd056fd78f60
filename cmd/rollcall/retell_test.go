package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// retell gives a page in which every command of its fenced blocks is followed by what it prints now. file is handed
// the blocks that are files, run the commands; what stands below a command that run does not know stays.
func retell(page string, file func(name, content string) error, run func(command string) (string, bool, error)) (string, error) {
	var out []string
	var fence, name, content string
	keep := true // the line is not the output of a command that was run
	for _, line := range strings.Split(page, "\n") {
		switch {
		case fence == "":
			if fence = fenceOf(line); fence != "" {
				_, name, _ = strings.Cut(strings.TrimPrefix(line, fence), " ")
				content, keep = "", true
			}
			out = append(out, line)
		case line == fence:
			if name != "" {
				if err := file(name, content); err != nil {
					return "", err
				}
			}
			fence, name, keep = "", "", true
			out = append(out, line)
		case name == "" && strings.HasPrefix(line, "$ "):
			if !keep && out[len(out)-1] != "" {
				out = append(out, "") // a blank line before the next command
			}
			out = append(out, line)
			printed, ran, err := run(line[2:])
			if err != nil {
				return "", fmt.Errorf("%s: %w", line, err)
			}
			if keep = !ran; ran && printed != "" {
				out = append(out, strings.Split(strings.TrimRight(printed, "\n"), "\n")...)
			}
		default:
			content += line + "\n"
			if keep {
				out = append(out, line)
			}
		}
	}
	if fence != "" {
		return "", errors.New("a fenced block has no end")
	}
	return strings.Join(out, "\n"), nil
}

// fenceOf is the fence that a line opens, "" where it opens none.
func fenceOf(line string) string {
	n := len(line) - len(strings.TrimLeft(line, "`"))
	if n < 3 {
		return ""
	}
	return line[:n]
}

// split parts a command into words as a shell does: blanks part, quotes keep together.
func split(command string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune
	some := false
	for _, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, some = r, true
		case r == ' ':
			if some {
				words = append(words, word.String())
			}
			word.Reset()
			some = false
		case strings.ContainsRune("|&;<>$\\`*", r):
			return nil, fmt.Errorf("%q needs a shell; pages run plain commands", command)
		default:
			word.WriteRune(r)
			some = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("%q has a quote that is not closed", command)
	}
	if some {
		words = append(words, word.String())
	}
	return words, nil
}

func TestAPageIsRetoldWithWhatItsCommandsPrint(t *testing.T) {
	for sentence, c := range map[string]struct{ page, want string }{
		"what stands below a command is replaced": {"a\n```\n$ say one\nold\n\nolder\n```\nb\n", "a\n```\n$ say one\none\n```\nb\n"},
		"a block with nothing below its command":  {"```console\n$ say one\n```\n", "```console\n$ say one\none\n```\n"},
		"several commands have a line between":    {"```\n$ say one\n$ say two\nold\n```", "```\n$ say one\none\n\n$ say two\ntwo\n```"},
		"a command that prints nothing":           {"```\n$ hush\n$ say one\n```", "```\n$ hush\n\n$ say one\none\n```"},
		"what was there stays as it is":           {"```\n$ say one\none\n\n$ say two\ntwo\n```", "```\n$ say one\none\n\n$ say two\ntwo\n```"},
		"commands of others are left alone":       {"```\n$ make\nbuilt\n\n$ say one\n```", "```\n$ make\nbuilt\n\n$ say one\none\n```"},
		"text before the command stays":           {"```\nTry:\n$ say one\n```", "```\nTry:\n$ say one\none\n```"},
		"a dollar outside of a block is text":     {"$ say one\n", "$ say one\n"},
		"a longer fence holds a shorter one":      {"````\n```\n$ say one\n````", "````\n```\n$ say one\none\n````"},
		"a file is no command":                    {"```text a/b.txt\n$ say one\n```", "```text a/b.txt\n$ say one\n```"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := retell(c.page, func(string, string) error { return nil }, say)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
			if again, err := retell(got, func(string, string) error { return nil }, say); err != nil || again != got {
				t.Errorf("told again it is another page: %q, %v", again, err)
			}
		})
	}
}

func say(command string) (string, bool, error) {
	switch verb, words, _ := strings.Cut(command, " "); verb {
	case "say":
		return words + "\n", true, nil
	case "hush":
		return "", true, nil
	case "fall":
		return "", true, errors.New("it fell")
	}
	return "", false, nil
}

func TestAPageHandsOverItsFiles(t *testing.T) {
	files := map[string]string{}
	page := "```csv a/b.csv\ngroup\ndevs\n```\n```csv\nnot this\n```\n"
	if _, err := retell(page, func(name, content string) error { files[name] = content; return nil }, say); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"a/b.csv": "group\ndevs\n"}, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestAPageThatCannotBeToldSaysWhy(t *testing.T) {
	for sentence, c := range map[string]struct{ page, want string }{
		"a block without an end": {"```\n$ say one\n", "no end"},
		"a command that fails":   {"```\n$ fall\n```", "$ fall: it fell"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if _, err := retell(c.page, func(string, string) error { return nil }, say); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}

func TestACommandIsSplitAsAShellDoes(t *testing.T) {
	for command, want := range map[string][]string{
		"rollcall check  --bundle exports": {"rollcall", "check", "--bundle", "exports"},
		`why 'Jira people' --with "a b=c"`: {"why", "Jira people", "--with", "a b=c"},
		`why ''`:                           {"why", ""},
		`--with a' b'=c`:                   {"--with", "a b=c"},
	} {
		got, err := split(command)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", command, err, diff)
		}
	}
	for _, command := range []string{"rollcall causes | head", "rollcall 'check", "rollcall $HOME"} {
		if got, err := split(command); err == nil {
			t.Errorf("%s: %q, want an error", command, got)
		}
	}
}
