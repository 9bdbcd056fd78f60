package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The JSON contract of design section 6, written down by hand: which keys an answer has, in which order, and what
// they hold. Other tools read it, so it may grow (keys marked new) but must not change.

// value judges one JSON value; path says where it stands.
type value func(d *jsontext.Decoder, path string) error

type field struct {
	name string
	is   value
	may  bool // may be left out
}

var (
	verdict  = oneOf("present", "missing", "wrong", "unknown", "extra")
	hops     = []string{"source", "assignment", "scope", "mapping", "provisioning", "directory", "account", "group", "policy", "product"}
	evidence = list(object(field{"seen", text, false}, field{"fact", text, false}))
	subject  = object(field{"kind", oneOf("user", "group", "membership"), false}, field{"id", text, false}, field{"name", text, false}, field{"group", text, true})
	codes    = list(text)

	// A value of an evaluation: what it is, and the text or the list.
	shown = object(field{"state", oneOf("text", "list", "null", "unknown", "failed", "skipped", "redacted"), false},
		field{"text", text, true}, field{"list", list(text), true}, field{"cut", boolean, true})
	outcome    = oneOf("pass", "fail", "unknown", "skipped")
	evaluation = object(
		field{"method", text, false}, field{"object", oneOf("User", "Group"), false}, field{"rules", oneOf("schema", "defaults"), false},
		field{"scope", object(field{"outcome", outcome, false}, field{"note", text, true}, field{"groups", list(object(
			field{"name", text, false}, field{"input", boolean, true}, field{"outcome", outcome, false}, field{"clauses", list(object(
				field{"attribute", text, false}, field{"operator", text, false}, field{"values", list(text), false}, field{"text", text, false},
				field{"actual", shown, false}, field{"outcome", outcome, false}, field{"reason", text, true},
			)), false},
		)), false}), false},
		field{"record", text, true}, field{"record_note", text, true},
		field{"mapping", list(object(
			field{"target", text, false}, field{"expression", text, false}, field{"default", text, true}, field{"flow_type", text, true}, field{"matching", number, true},
			field{"steps", list(object(field{"depth", number, false}, field{"text", text, false}, field{"value", shown, false}, field{"note", text, true})), false},
			field{"steps_left", number, true}, field{"value", shown, false}, field{"from_default", boolean, true}, field{"why", text, true},
			field{"have", shown, true}, field{"compare", oneOf("same", "differs", "keeps", "unknown"), true},
		)), false},
	)

	// The parts of a plan. A value that changes is a text, a list of texts, or null.
	held      = object(field{"code", text, false}, field{"text", text, false})
	planned   = object(field{"kind", oneOf("user", "group", "membership", "policy"), false}, field{"id", text, false}, field{"name", text, false}, field{"target", text, true}, field{"group", text, true})
	gained    = list(object(field{"subject", planned, false}, field{"why", text, false}))
	different = object(field{"gained", gained, false}, field{"lost", gained, false})
	step      = object(
		field{"id", text, false},
		field{"op", oneOf("create", "adopt", "update", "deactivate", "reactivate", "delete", "add-members", "remove-members"), false},
		field{"kind", oneOf("user", "group", "policy"), false}, field{"subject", planned, false},
		field{"fields", list(object(field{"path", text, false}, field{"old", written, false}, field{"new", written, false})), false},
		field{"items", list(object(field{"id", text, false}, field{"name", text, false}, field{"target", text, true}, field{"reason", text, true}, field{"needs", text, true}, field{"held", held, true})), true},
		field{"reason", text, false}, // new
		field{"why", text, false}, field{"needs", list(text), false}, field{"held", held, true},
		field{"conflict", object(field{"name", text, false}, field{"told", boolean, false}, field{"adds", number, false}, field{"removes", list(text), false}), true}, // new
	)

	contract = map[string]value{
		"check": object(
			field{"connection", text, false}, field{"method", oneOf("entra-scim", "guard-nested", "rollcall"), false}, field{"at", text, false},
			field{"counts", object(field{"expected", number, false}, field{"present", number, false}, field{"missing", number, false},
				field{"wrong", number, false}, field{"unknown", number, false}, field{"extra", number, false}), false},
			field{"findings", list(object(
				field{"subject", subject, false}, field{"verdict", verdict, false}, field{"cause", text, false}, field{"family", text, false},
				field{"hop", oneOf(append(hops, "")...), false}, field{"evidence", evidence, false}, field{"fix", list(text), false}, field{"also", codes, false},
				field{"summary", text, true}, // new
			)), false},
			field{"notes", list(text), true}, // new
		),
		"why": object(
			field{"subject", subject, false}, field{"verdict", verdict, false}, field{"cause", text, true}, field{"family", text, true}, field{"also", codes, false},
			field{"hops", list(object(
				field{"hop", oneOf(hops...), false}, field{"status", oneOf("pass", "fail", "follows", "unknown", "skipped"), false},
				field{"summary", text, false}, field{"cause", text, true}, field{"evidence", evidence, false},
			)), false},
			field{"fix", list(text), false},
			field{"alternatives", list(object(field{"cause", text, false}, field{"tell_apart", text, false})), false},
			field{"summary", text, true},          // new
			field{"evaluation", evaluation, true}, // new, with --verbose only
		),
		"plan": object(
			field{"id", text, false}, field{"at", text, false},
			field{"connection", text, false}, field{"method", oneOf("entra-scim", "guard-nested", "rollcall"), false}, field{"rules", text, false}, // new
			field{"digests", object(field{"source", text, false}, field{"target", text, false}, field{"rules", text, false}), false}, // new
			field{"counts", object(field{"creates", number, false}, field{"adopts", number, false}, field{"updates", number, false}, field{"reactivates", number, false},
				field{"deactivates", number, false}, field{"groups", number, false}, field{"group_deletes", number, false}, field{"adds", number, false},
				field{"removes", number, false}, field{"policies", number, false}, field{"held", number, false}), false}, // new
			field{"only", object(field{"user", planned, true}, field{"group", planned, true}), true}, // new
			field{"switch", object(field{"from", text, false}, field{"to", text, false}, field{"users", different, false}, field{"groups", different, false}, field{"memberships", different, false}, field{"unknown", number, false}), true}, // new
			field{"steps", list(step), false},
			field{"verdicts", list(object(
				field{"subject", planned, false}, field{"verdict", oneOf("present", "missing", "wrong", "extra", "absent", "unknown"), false}, field{"reason", text, false}, field{"text", text, false},
			)), false},
			field{"guards", list(object(
				field{"name", oneOf("deactivate", "remove_members", "delete_groups"), false}, field{"window", oneOf("run", "day"), false}, field{"limit", text, false},
				field{"most", number, false}, field{"of", number, false}, field{"count", number, false}, field{"held", boolean, false},
			)), false},
			field{"gaps", list(text), false}, field{"notes", list(text), false}, // new
			field{"complete", boolean, false},
		),
		"moved": object(field{"error", text, false}, field{"moved", object(
			field{"source", boolean, true}, field{"target", boolean, true}, field{"rules", boolean, false}, field{"altered", boolean, false}, field{"parts", list(text), false},
			field{"gone", list(step), false}, field{"new", list(step), false}, field{"changed", list(object(field{"was", step, false}, field{"is", step, false})), false},
		), false}),
		"error":     object(field{"error", text, false}),
		"ambiguous": object(field{"error", text, false}, field{"candidates", list(subject), false}),
	}
)

// holds judges every document in a text; there must be one to a line for answers that stream.
func holds(raw []byte, is value) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return errors.New("nothing was printed")
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	for n := 1; ; n++ {
		if d.PeekKind() == 0 {
			if _, err := d.ReadToken(); errors.Is(err, io.EOF) {
				return nil
			}
		}
		if err := is(d, fmt.Sprintf("document %d: ", n)); err != nil {
			return err
		}
	}
}

func text(d *jsontext.Decoder, path string) error   { return kind(d, path, '"', "a text") }
func number(d *jsontext.Decoder, path string) error { return kind(d, path, '0', "a number") }

func boolean(d *jsontext.Decoder, path string) error {
	t, err := d.ReadToken()
	if err == nil && t.Kind() != 't' && t.Kind() != 'f' {
		err = fmt.Errorf("%s is %s, want true or false", path, t)
	}
	return err
}

// written is a value of a field: a text, a list of texts, or null.
func written(d *jsontext.Decoder, path string) error {
	switch d.PeekKind() {
	case '[':
		return list(text)(d, path)
	case 'n':
		_, err := d.ReadToken()
		return err
	}
	return text(d, path)
}

func kind(d *jsontext.Decoder, path string, want jsontext.Kind, name string) error {
	t, err := d.ReadToken()
	if err == nil && t.Kind() != want {
		err = fmt.Errorf("%s is %s, want %s", path, t, name)
	}
	return err
}

func oneOf(words ...string) value {
	return func(d *jsontext.Decoder, path string) error {
		t, err := d.ReadToken()
		if err == nil && (t.Kind() != '"' || !slices.Contains(words, t.String())) {
			err = fmt.Errorf("%s is %s, want one of %q", path, t, words)
		}
		return err
	}
}

func list(is value) value {
	return func(d *jsontext.Decoder, path string) error {
		if err := kind(d, path, '[', "a list"); err != nil {
			return err
		}
		for i := 0; d.PeekKind() != ']'; i++ {
			if err := is(d, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		_, err := d.ReadToken()
		return err
	}
}

func object(fields ...field) value {
	return func(d *jsontext.Decoder, path string) error {
		if err := kind(d, path, '{', "an object"); err != nil {
			return err
		}
		next := 0
		for d.PeekKind() != '}' {
			t, err := d.ReadToken()
			if err != nil {
				return err
			}
			key := t.String()
			at := slices.IndexFunc(fields, func(f field) bool { return f.name == key })
			switch {
			case at < 0:
				return fmt.Errorf("%s has a key %q that the contract does not know", path, key)
			case at < next:
				return fmt.Errorf("%s has %q after %q", path, key, fields[next-1].name)
			}
			for _, skipped := range fields[next:at] {
				if !skipped.may {
					return fmt.Errorf("%s has no %q before %q", path, skipped.name, key)
				}
			}
			next = at + 1
			if err := fields[at].is(d, strings.TrimPrefix(path+"."+key, ".")); err != nil {
				return err
			}
		}
		for _, left := range fields[next:] {
			if !left.may {
				return fmt.Errorf("%s has no %q", path, left.name)
			}
		}
		_, err := d.ReadToken()
		return err
	}
}

func TestTheContractRefusesWhatDiffersFromIt(t *testing.T) {
	for sentence, c := range map[string]struct{ kind, doc, want string }{
		"an answer as agreed":      {"error", `{"error":"x"}`, ""},
		"two documents on lines":   {"error", "{\"error\":\"x\"}\n{\"error\":\"y\"}\n", ""},
		"nothing at all":           {"error", "\n", "nothing was printed"},
		"a list that is null":      {"ambiguous", `{"error":"x","candidates":null}`, "want a list"},
		"a key that is missing":    {"ambiguous", `{"error":"x"}`, `has no "candidates"`},
		"keys in another order":    {"ambiguous", `{"candidates":[],"error":"x"}`, `has no "error" before "candidates"`},
		"a key nobody agreed on":   {"error", `{"error":"x","mood":"y"}`, `"mood" that the contract does not know`},
		"a word outside the list":  {"ambiguous", `{"error":"x","candidates":[{"kind":"dog","id":"","name":""}]}`, "want one of"},
		"a second broken document": {"error", "{\"error\":\"x\"}\n{\"error\":1}", "document 2"},
	} {
		t.Run(sentence, func(t *testing.T) {
			err := holds([]byte(c.doc), contract[c.kind])
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("holds = %v, want %q", err, c.want)
			}
		})
	}
}
