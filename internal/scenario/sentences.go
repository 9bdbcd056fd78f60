package scenario

import (
	"fmt"
	"regexp"
)

// sentences is the language; doc.go explains each. The first pattern that fits is carried out.
var sentences = []struct {
	pattern *regexp.Regexp
	do      func(t *Tenant, m []string) error
}{
	{regexp.MustCompile(`^in ([^\s,:]+)(?:, ("[^"]+"|[^:]+))?: (.+)$`), (*Tenant).in},
	{regexp.MustCompile(`^no file (\S+)$`), (*Tenant).noFile},
	{regexp.MustCompile(`^new file (\S+): (.+)$`), (*Tenant).newFile},
	{regexp.MustCompile(`^file (\S+) is now (\S+)$`), (*Tenant).moveFile},
	{regexp.MustCompile(`^log (.+?): (\w+) (\S+) (.+)$`), (*Tenant).log},
	{regexp.MustCompile(`^audit (.+?): (.+)$`), (*Tenant).audit},
	{regexp.MustCompile(`^cycle (.+)$`), (*Tenant).cycle},
	{regexp.MustCompile(`^troubleshooting log: (.+)$`), (*Tenant).guardLog},
	{regexp.MustCompile(`^person (\S+) "([^"]+)" is like (\S+)$`), (*Tenant).personLike},
	{regexp.MustCompile(`^group (\S+) is like (\S+)$`), (*Tenant).groupLike},
	{regexp.MustCompile(`^rollcall manages everything$`), (*Tenant).managesAll},
	{regexp.MustCompile(`^rollcall manages (\S+)(?: with (\S+))?$`), (*Tenant).manages},
	{regexp.MustCompile(`^rollcall does not manage (\S+)$`), (*Tenant).managesNot},
	{regexp.MustCompile(`^rollcall (deactivated|removed|deleted) (\d+) (?:users?|members?|groups?) (.+)$`), (*Tenant).tookAway},
	{regexp.MustCompile(`^(\S+) joins (\S+) in (.+)$`), (*Tenant).joins},
	{regexp.MustCompile(`^(\S+) leaves (\S+) in (.+)$`), (*Tenant).leaves},
	{regexp.MustCompile(`^(\S+(?:, \S+)*) (?:is|are) not in (.+)$`), (*Tenant).notIn},
	{regexp.MustCompile(`^(\S+) is not assigned$`), (*Tenant).notAssigned},
	{regexp.MustCompile(`^(\S+) is assigned(?: (.+))?$`), (*Tenant).assigned},
	{regexp.MustCompile(`^(\S+) is created (.+)$`), (*Tenant).created},
}

// Change carries out one sentence. One that cannot be read, or that changes nothing, is an error.
func (t *Tenant) Change(sentence string) error {
	for _, s := range sentences {
		if m := s.pattern.FindStringSubmatch(sentence); m != nil {
			return s.do(t, m[1:])
		}
	}
	return fmt.Errorf("no sentence of the language: %q", sentence)
}
