package entra

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

func TestTheLabAnswersAsThePublishedDocumentsShow(t *testing.T) {
	files, err := filepath.Glob("testdata/published/*.txt")
	must(t, err)
	if len(files) < 10 {
		t.Fatalf("only %d exchanges", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			must(t, err)
			sections := map[string]string{}
			documents := map[string]string{}
			for _, f := range txtar.Parse(raw).Files {
				sections[f.Name] = string(f.Data)
				if name, is := strings.CutPrefix(f.Name, "entra/"); is {
					documents[name] = string(f.Data)
				}
			}
			g := open(t, &Lab{})
			must(t, g.l.Load(bundle(documents)))
			if p, is := sections["permissions"]; is {
				g.l.Clients = map[string]Client{"app": {Permissions: strings.Fields(p)}}
				g.token = g.l.Token("app")
			}
			status, want, _ := strings.Cut(sections["answer"], "\n")
			code, how, _ := strings.Cut(status, " ")
			var expected any
			r := g.published(sections["request"])
			if strconv.Itoa(r.status) != code {
				t.Fatalf("status %d, want %s: %s", r.status, code, r.raw)
			}
			if strings.TrimSpace(want) == "" { // nothing in the body
				if r.raw != "" {
					t.Errorf("the answer has a body: %s", r.raw)
				}
				return
			}
			must(t, json.Unmarshal([]byte(want), &expected))
			for _, d := range differ("answer", expected, r.body, how == "exactly") {
				t.Error(d)
			}
			if t.Failed() {
				t.Logf("the answer: %s", r.raw)
			}
		})
	}
}

// published sends a request as it is written: method and address, headers, an empty line, the body.
func (g *graph) published(text string) reply {
	g.t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, address, _ := strings.Cut(lines[0], " ")
	return g.do(method, strings.ReplaceAll(address, " ", "%20"), strings.TrimSpace(body), lines[1:]...)
}

// differ tells where an answer is not what was published. "*" is any text.
func differ(at string, want, got any, exactly bool) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, want an object", at, got)}
		}
		var out []string
		for k, x := range w {
			v, there := g[k]
			if !there {
				out = append(out, fmt.Sprintf("%s.%s is missing", at, k))
				continue
			}
			out = append(out, differ(at+"."+k, x, v, exactly)...)
		}
		for k := range g {
			if _, expected := w[k]; exactly && !expected {
				out = append(out, fmt.Sprintf("%s.%s should not be there", at, k))
			}
		}
		slices.Sort(out)
		return out
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return []string{fmt.Sprintf("%s is %v, want a list of %d", at, got, len(w))}
		}
		var out []string
		for i := range w {
			out = append(out, differ(fmt.Sprintf("%s[%d]", at, i), w[i], g[i], exactly)...)
		}
		return out
	}
	if s, is := got.(string); want == "*" && is && s != "" || want == got {
		return nil
	}
	return []string{fmt.Sprintf("%s is %v, want %v", at, got, want)}
}

func TestAnAnswerThatDiffersIsSeen(t *testing.T) {
	parse := func(s string) any {
		var v any
		must(t, json.Unmarshal([]byte(s), &v))
		return v
	}
	for want, got := range map[string]string{
		`{"a":1}`: `{"a":2}`, `{"a":null}`: `{}`, `{"a":[1]}`: `{"a":[1,2]}`, `{"b":{}}`: `{"b":{"c":1}}`, `{"d":"*"}`: `{"d":""}`, `{"e":"*"}`: `{"e":1}`,
	} {
		if len(differ("x", parse(want), parse(got), true)) == 0 {
			t.Errorf("%s passes for %s", got, want)
		}
	}
}
