package cause

import "strings"

// Placeholder is a word in braces that a fix may contain.
type Placeholder struct {
	Name    string
	Means   string
	Prose   string // in a sentence, where no value is given
	Literal string // in a command or call (between backticks), where no value is given
}

// Placeholders lists the placeholders of the catalogue.
var Placeholders = []Placeholder{
	{"user", "userPrincipalName of the person", "the user", "<user>"},
	{"group", "displayName of the group", "the group", "<group>"},
	{"nested", "displayName of the group inside the assigned group", "the inner group", "<inner group>"},
	{"value", "the address, name or value at issue", "the value", "<value>"},
	{"account", "Atlassian account id", "the account", "<account id>"},
	{"record", "SCIM id of the record", "the record", "<SCIM user id>"},
	{"application", "displayName of the enterprise application", "the application", "<application>"},
	{"directory", "id of the Guard directory", "the directory", "<directory id>"},
	{"org", "id of the organization", "the organization", "<organization id>"},
	{"domain", "domain of the address", "the domain", "<domain>"},
	{"policy", "the authentication policy that is expected", "the policy", "<policy>"},
	{"product", "the product at issue", "the product", "<product>"},
	{"other", "the other account, user, record or directory", "the other one", "<the other>"},
	{"run", "the run of rollcall at issue", "the run", "<run>"},
	{"step", "the step that waits, or the step and the member", "the step", "<step>"},
	{"when", "the moment at issue", "a moment that is not known", "<time>"},
}

// Render fills the placeholders of a text of this cause. A placeholder without a value becomes a general word; one
// that stands alone in brackets after a space goes away with them. What is no placeholder stays as it is.
func (c Cause) Render(s string, values map[string]string) string {
	var b strings.Builder
	code := false
	for {
		i := strings.IndexAny(s, "{`")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		if s[i] == '`' {
			code = !code
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		before, rest := s[:i], s[i+1:]
		name, after, closed := strings.Cut(rest, "}")
		p, known := placeholder(name)
		switch value := values[name]; {
		case !closed || !known:
			b.WriteString(before + "{")
			s = rest
			continue
		case value != "":
			b.WriteString(before + value)
		case code:
			b.WriteString(before + p.Literal)
		case strings.HasSuffix(before, " (") && strings.HasPrefix(after, ")"):
			b.WriteString(strings.TrimSuffix(before, " ("))
			after = after[1:]
		default:
			b.WriteString(before + p.Prose)
		}
		s = after
	}
}

func placeholder(name string) (Placeholder, bool) {
	for _, p := range Placeholders {
		if p.Name == name {
			return p, true
		}
	}
	return Placeholder{}, false
}
