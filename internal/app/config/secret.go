package config

import (
	"regexp"
	"strconv"
	"strings"
)

// Secret says where a secret is found; it never holds one.
type Secret struct {
	Env  string // name of an environment variable
	File string // path of a file; see File.Locate
}

// IsZero tells whether no secret was named.
func (s Secret) IsZero() bool { return s == Secret{} }

// String is the reference as the file has it, env:NAME or file:PATH.
func (s Secret) String() string {
	switch {
	case s.Env != "":
		return "env:" + s.Env
	case s.File != "":
		return "file:" + s.File
	}
	return ""
}

// Setting is one text of a section whose keys belong to a part that comes later. Either Value or Secret is set.
type Setting struct {
	Path         string // below the section: issuer, [0].to[1]
	Value        string
	Secret       Secret
	Line, Column int
}

var reference = regexp.MustCompile(`^(?:env:([A-Za-z_][A-Za-z0-9_]*)|file:([^\r\n]*[^\s]))$`)

// ParseSecret reads a reference, env:NAME or file:PATH; false: it is none, and may be the secret itself.
func ParseSecret(s string) (Secret, bool) {
	m := reference.FindStringSubmatch(s)
	if m == nil {
		return Secret{}, false
	}
	return Secret{Env: m[1], File: m[2]}, true
}

// secret reads a reference. Nothing of a value that is none is repeated.
func (p *parser) secret(v value) Secret {
	if !v.is("a secret: `env:NAME` or `file:PATH`", p, scalarNode) {
		return Secret{}
	}
	s, ok := ParseSecret(v.Value)
	name := "NAME"
	if key := strings.ToUpper(v.key); reference.MatchString("env:" + key) {
		name = key
	}
	switch {
	case ok:
	case v.Value == "" || v.null():
		p.fault(v, "no secret", "write `env:"+name+"` or `file:PATH`")
	case strings.HasPrefix(v.Value, "env:"):
		p.fault(v, "what follows `env:` is not the name of a variable", "letters, digits and _, such as `env:"+name+"`")
	case strings.HasPrefix(v.Value, "file:"):
		p.fault(v, "what follows `file:` is not the path of a file", "such as `file:/run/secrets/"+strings.ToLower(name)+"`")
	default:
		p.fault(v, "a secret stands here as text", "write `env:"+name+"` or `file:PATH`; if others could read this file, renew the secret")
	}
	return s
}

// secretKey are keys whose value is a secret, whoever made them up.
var secretKey = regexp.MustCompile(`(?i)(secret|token|passw|passphrase|credential|(^|[^a-z])pwd|key$|postgres|dsn$|bearer|authorization)`)

func looksSecret(key string) bool { return secretKey.MatchString(key) }

// notifySecret counts a web hook's address as a secret: whoever has it can post.
func notifySecret(key string) bool {
	k := strings.ToLower(key)
	return looksSecret(key) || strings.Contains(k, "hook") || strings.HasSuffix(k, "url") || strings.HasSuffix(k, "uri")
}

const maxNesting = 8

// settings reads a section whose keys are not known here, text by text. That secrets are references holds in it too.
func (p *parser) settings(v value, isSecret func(key string) bool) []Setting {
	var out []Setting
	var walk func(v value, path string, hidden bool, depth int)
	walk = func(v value, path string, hidden bool, depth int) {
		switch {
		case depth > maxNesting:
			p.fault(v, "nested deeper than "+strconv.Itoa(maxNesting)+" levels", "")
		case v.Kind == mappingNode:
			for _, e := range p.entries(v, "a mapping") {
				walk(e.value, strings.TrimPrefix(path+"."+e.key, "."), hidden || isSecret(e.key), depth+1)
			}
		case v.Kind == sequenceNode:
			items, _ := p.list(v, "a list")
			for i, item := range items {
				item.key = v.key
				walk(item, path+"["+strconv.Itoa(i)+"]", hidden, depth+1)
			}
		case hidden:
			out = append(out, Setting{Path: path, Secret: p.secret(v), Line: v.Line, Column: v.Column})
		case v.scalar() && credentials.MatchString(v.Value):
			p.fault(v, "an address with a user or password in it", "write `env:NAME` or `file:PATH`")
		case v.is("a text", p, scalarNode):
			s, ref := ParseSecret(v.Value)
			set := Setting{Path: path, Secret: s, Line: v.Line, Column: v.Column}
			if !ref && !v.null() {
				set.Value = v.Value
			}
			out = append(out, set)
		}
	}
	walk(v, "", false, 0)
	return out
}

// credentials finds https://user:password@host in a text.
var credentials = regexp.MustCompile(`://[^\s@]*@`)
