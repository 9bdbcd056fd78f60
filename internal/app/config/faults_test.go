package config

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/testkit"
)

// Each file is acme with lines below it, or, where it begins with !, the whole file. The fault wanted is the only one.
func TestEachFaultIsNamedWithItsPlace(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"two connections of one name":        {"  - {name: acme, method: entra-scim}\n", "4:12: a second connection of the name `acme`; the first is in line 2; give each its own name"},
		"a name that cannot be seen":         {"!connections: [{name: \"a \", method: rollcall}]", "1:22: a name with blanks around it"},
		"no name":                            {"!connections: [{method: rollcall}]", "1:15: `name` is missing"},
		"no method":                          {"!connections: [{name: a}]", "1:15: `method` is missing"},
		"no connection":                      {"!connections: []", "1:14: no connection"},
		"no connections":                     {"!store: {sqlite: x}", "1:1: `connections` is missing"},
		"connections without a list":         {"!connections: {name: a}", "1:14: expected a list of connections, found a mapping"},
		"a key without a value":              {"    map:\n", "4:9: expected expressions by target attribute: `userName: \"[mail]\"`, found nothing"},
		"a key twice":                        {"    every: 5m\n    every: 6m\n", "5:5: the key `every` a second time; the first is in line 4; keep one of them"},
		"nobody in scope":                    {"    scope: {assigned: false}\n", "4:13: `assigned: false` without `groups`"},
		"nobody in scope, with empty groups": {"    scope: {assigned: False, groups: []}\n", "4:13: `assigned: false` without `groups`"},
		"a Boolean in quotes":                {"    scope: {assigned: \"true\"}\n", "4:23: expected true or false, found a text"},
		"depth of no nesting":                {"    scope: {groups: [{name: x, nested: direct, depth: 2}]}\n", "4:48: `depth` with `nested: direct`"},
		"a depth in quotes":                  {"    scope: {groups: [{name: x, depth: \"2\"}]}\n", "4:39: `2` is not a number of levels; a whole number without quotes"},
		"a depth with a leading zero":        {"    scope: {groups: [{name: x, depth: 010}]}\n", "4:39: `010` is not a number of levels"},
		"a pattern twice":                    {"    scope: {groups: [{name: \"x*\"}, {name: y}, {name: \"x*\"}]}\n", "4:54: `x*` a second time in line 4, which comes first: this one never applies"},
		"a narrow pattern behind a wide one": {"    scope:\n      groups:\n        - {name: \"jira-*\"}\n        - {name: jira-dev?}\n", "7:18: `jira-dev?` is covered by `jira-*` in line 6, which comes first"},
		"a group that leaves itself out":     {"    scope: {groups: [{name: \"x-*\", exclude: [\"*\"]}]}\n", "4:46: `*` leaves out everything that `x-*` selects"},
		"a group without its keys":           {"    scope: {groups: [jira]}\n", "4:22: a group is written with its keys; `{name: \"jira\"}`"},
		"a clause where a filter is":         {"    scope: {filters: [\"a EQUALS b\"]}\n", "4:23: a clause where a filter is expected: a list of clauses that must all hold; one more pair of brackets"},
		"a filter without a clause":          {"    scope: {filters: [[]]}\n", "4:23: a filter without a clause"},
		"a clause without operator":          {"    scope: {filters: [[department]]}\n", "4:34: no operator behind `department`"},
		"an operator of another language":    {"    scope: {filters: [[\"department contains Sales\"]]}\n", "4:36: `contains` is not an operator; did you mean `Includes`?"},
		"a value behind IS NULL":             {"    scope: {filters: [['a IS NULL x']]}\n", "4:35: IS NULL takes no value"},
		"a value without end":                {"    scope: {filters: [['a EQUALS \"x']]}\n", "4:34: a quoted value must end with its quote"},
		"an attribute in brackets":           {"    scope: {filters: [[\"[a] EQUALS x\"]]}\n", "4:24: an attribute in brackets; in a clause it stands alone; did you mean `a`?"},
		"a clause that answers nothing":      {"    scope: {filters: [[\"userType EQUALS Guest\"]]}\n", "4:25: userType cannot be used in a scoping filter"},
		"a regular expression of .NET":       {"    scope: {filters: [[\"a REGEX MATCH (?<=x)y\"]]}\n", "4:39: in the regular expression: the lookbehind (?<="},
		"an order of texts":                  {"    scope: {filters: [[\"a Greater_Than b\"]]}\n", "4:40: Greater_Than compares whole numbers, and `b` is none"},
		"a match that cannot be asked for":   {"    match: [externalId, displayName]\n", "4:25: records cannot be found by `displayName`; allowed: `externalId`, `userName`, `emails`"},
		"a match by Entra's name of it":      {"    match: ['emails[type eq \"work\"].value']\n", "4:13: records cannot be found by `emails[type eq \"work\"].value`; did you mean `emails`?"},
		"a match in another case":            {"    match: [externalID]\n", "4:13: records cannot be found by `externalID`; did you mean `externalId`?"},
		"an address before a surer match":    {"    match: [emails, userName]\n", "4:13: `emails` before a surer attribute"},
		"a match twice":                      {"    match: [userName, userName]\n", "4:23: `userName` a second time"},
		"no match":                           {"    match: []\n", "4:12: nothing to match by"},
		"a target of Entra's":                {"    map: {surname: \"[surname]\"}\n", "4:11: no attribute `surname` at Atlassian; did you mean `name.familyName`?"},
		"a target in another case":           {"    map: {username: \"[mail]\"}\n", "4:11: no attribute `username` at Atlassian; did you mean `userName`?"},
		"a target of groups":                 {"    map: {group.displayName: \"[displayName]\"}\n", "4:11: `group.displayName`: attributes of groups are not mapped"},
		"a target that Atlassian writes":     {"    map: {id: \"[objectId]\"}\n", "4:11: `id` is written by Atlassian alone"},
		"a target that is a reference":       {"    map: {manager: \"[manager]\"}\n", "4:11: `manager` refers to another record"},
		"an expression without quotes":       {"    map: {userName: [mail]}\n", "4:21: a list where an expression is expected: YAML reads brackets so; put it into quotes: `\"[mail]\"`"},
		"an expression of several lines":     {"    map:\n      title: |\n        Append([a],\n        [b]]\n", "5:14: expression: "},
		"a directory without room":           {"    target: {atlassian: {size_limits: {users: 0}}}\n", "4:47: no room at all"},
		"a limit over all":                   {"    limits: {deactivate: 101%}\n", "4:26: `101%` is over 100%"},
		"a limit below nothing":              {"    limits: {deactivate: {run: -5}}\n", "4:32: a limit below zero"},
		"a limit of neither":                 {"    limits: {deactivate: 5.5}\n", "4:26: `5.5` is neither a whole number nor a percentage"},
		"a limit that says nothing":          {"    limits: {deactivate: {}}\n", "4:26: a limit without `run` or `day`"},
		"a policy of nobody":                 {"    policies: {\"\": p}\n", "4:16: a policy of a group without a name"},
		"a policy without id":                {"    policies: {x: \"\"}\n", "4:19: expected the id of an authentication policy, found an empty text"},
		"products of nobody":                 {"    products: {\"\": [confluence]}\n", "4:16: products of a group without a name"},
		"no products":                        {"    products: {x: []}\n", "4:19: no product for `x`"},
		"a product misspelled":               {"    products: {x: [jira-softwear]}\n", "4:20: the product `jira-softwear` is not known; did you mean `jira-software`?"},
		"a product twice":                    {"    products: {x: [loom, loom]}\n", "4:26: the product `loom` a second time"},
		"limits of an observed method":       {"!connections: [{name: a, method: entra-scim, limits: {deactivate: 5}}]", "1:45: `limits` with the method entra-scim, which is only observed: rollcall writes nothing there"},
		"limits of a connector":              {"!connections: [{name: a, method: guard-nested, limits: {deactivate: 1}}]", "1:47: `limits` with the method guard-nested"},
		"an import without a job":            {"!connections: [{name: a, method: guard-nested, import: schema}]", "1:47: `import` with the method guard-nested"},
		"an identifier of another method":    {"    identifier: mail\n", "4:5: `identifier` is a setting of Guard's connector"},
		"a selection of another method":      {"    selected: all\n", "4:5: `selected` is a setting of Guard's connector"},
		"a selection of something else":      {"!connections: [{name: a, method: guard-nested, selected: most}]", "1:57: unknown value `most`; allowed: `all`"},
		"a selection of nothing":             {"!connections: [{name: a, method: guard-nested, selected: []}]", "1:57: `selected` without a group: nobody would be synced"},
		"an import of something else":        {"    import: mapping\n", "4:13: unknown value `mapping`; allowed: `schema`"},
		"an import of nothing":               {"    import: {}\n", "4:13: `schema` is missing"},
		"a time without a unit":              {"    every: 5\n", "4:12: `5` is not a length of time"},
		"a time too short":                   {"    every: 1ms\n", "4:12: `1ms` is too short"},
		"a key without its directory":        {"    target: {atlassian: {scim_key: env:K}}\n", "4:26: `scim_key` without `directory`"},
		"half a sign-in":                     {"    target: {atlassian: {sites: [{url: \"https://x.example\", token: env:K}]}}\n", "4:61: `token` without `email`"},
		"a site without https":               {"    target: {atlassian: {sites: [{url: \"http://x.example\"}]}}\n", "4:40: this is not an address of the form https://…"},
		"half a source":                      {"    source: {entra: {tenant: t, client_id: c}}\n", "4:21: `client_secret` is missing"},
		"two stores":                         {"store: {sqlite: x, postgres: env:DB}\n", "4:20: `sqlite` and `postgres`: there is one store"},
		"a store without a place":            {"store: {}\n", "4:8: a store without a place"},
		"nothing to keep":                    {"store: {keep: {}}\n", "4:15: `keep` without `days` or `entries`"},
		"days that are too few":              {"store: {keep: {days: 0}}\n", "4:22: `0` is too little to be kept"},
		"days that never end":                {"store: {keep: {days: 40000}}\n", "4:22: `40000` is more than can be counted"},
		"days in words":                      {"store: {keep: {days: 400d}}\n", "4:22: `400d` is not a number of days"},
		"entries in quotes":                  {"store: {keep: {entries: \"5000\"}}\n", "4:25: `5000` is not a number of entries"},
		"entries below zero":                 {"store: {keep: {entries: -1}}\n", "4:25: `-1` is too little to be kept"},
		"something else to keep":             {"store: {keep: {day: 400}}\n", "4:16: unknown key `day`; did you mean `days`?"},
		"an address without a port":          {"hub: {listen: localhost}\n", "4:15: `localhost` is not an address to listen on"},
		"an endpoint without an address":     {"inbound: {directories: [{id: okta}]}\n", "4:10: `listen` is missing"},
		"an endpoint without directories":    {"inbound: {listen: \"127.0.0.1:8080\"}\n", "4:10: `directories` is missing"},
		"an endpoint without a port":         {"inbound: {listen: localhost, directories: [{id: okta}]}\n", "4:19: `localhost` is not an address to listen on"},
		"an endpoint at no port":             {"inbound: {listen: \"localhost:70000\", directories: [{id: okta}]}\n", "4:19: `localhost:70000` is not an address to listen on"},
		"tokens in the clear":                {"inbound: {listen: \":8080\", directories: [{id: okta}]}\n", "4:19: tokens would go over the network in the clear; add `certificate` and `key`"},
		"a certificate without its key":      {"inbound: {listen: \":8443\", certificate: c.pem, directories: [{id: okta}]}\n", "4:28: `certificate` without `key`; TLS needs both"},
		"a key without its certificate":      {"inbound: {listen: \"127.0.0.1:8443\", key: k.pem, directories: [{id: okta}]}\n", "4:37: `key` without `certificate`; TLS needs both"},
		"an endpoint seen without https":     {"inbound: {listen: \":8080\", address: \"http://scim.example.com\", directories: [{id: okta}]}\n", "4:37: this is not an address of the form https://…"},
		"a key of OAuth written out":         {"inbound: {listen: \"127.0.0.1:8080\", oauth_key: abc, directories: [{id: okta}]}\n", "4:48: a secret stands here as text; write `env:OAUTH_KEY`"},
		"no directory":                       {"inbound: {listen: \"127.0.0.1:8080\", directories: []}\n", "4:50: no directory; write one for each provider"},
		"a directory without an id":          {"inbound: {listen: \"127.0.0.1:8080\", directories: [{name: Okta}]}\n", "4:51: `id` is missing"},
		"a directory that needs an escape":   {"inbound: {listen: \"127.0.0.1:8080\", directories: [{id: Okta/1}]}\n", "4:56: `Okta/1` cannot stand in an address; lower-case letters, digits and hyphens"},
		"a directory twice":                  {"inbound: {listen: \"127.0.0.1:8080\", directories: [{id: okta}, {id: okta}]}\n", "4:68: a second directory `okta`; give each its own id"},
		"an answer to PATCH of neither":      {"inbound: {listen: \"127.0.0.1:8080\", directories: [{id: okta}], patch: 201}\n", "4:71: unknown value `201`; did you mean `200`? allowed: `by-type`, `200`, `204`"},
		"members neither way":                {"inbound: {listen: \"127.0.0.1:8080\", directories: [{id: okta}], unknown_members: create}\n", "4:81: unknown value `create`; allowed: `refuse`, `skip`"},
		"an unknown key at the top":          {"nofity: []\n", "4:1: unknown key `nofity`; did you mean `notify`?"},
		"a key nobody could mean":            {"zebra: 1\n", "4:1: unknown key `zebra`; known here: `connections`, `store`, `inbound`, `hub`, `notify`"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			text, whole := strings.CutPrefix(tt.text, "!")
			if !whole {
				text = acme(tt.text)
			}
			faults := faultsOf(t, text)
			if len(faults.List) != 1 || !strings.HasPrefix(faults.Error(), "rollcall.yaml:"+tt.want) {
				t.Errorf("%s\nfaults:\n%s\nwant one that begins with\n%s", text, faults.Error(), tt.want)
			}
		})
	}
}

func TestAFaultInAnExpressionPointsAtItsCharacter(t *testing.T) {
	tests := map[string]struct{ value, at string }{
		"plain":                            {`Left([mail], 1))`, `))`},
		"in single quotes":                 {`'Left([mail], 1))'`, `)'`},
		"behind doubled quotes":            {`'Append("it''s", "x"))'`, `)'`},
		"in double quotes":                 {`"Left([mail], 1))"`, `)"`},
		"behind escaped quotes":            {`"Append(\"a\", \"b\"))"`, `)"`},
		"behind an escape of a letter":     {`"Append(\"\u00e4\x41\", [b]))"`, `)"`},
		"behind letters of several bytes":  {`'Append("ä漢", [b]))'`, `)'`},
		"at the end of what is not closed": {`'Left([mail], 1'`, `'`},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			text := acme("    map:\n      title: " + tt.value + "\n")
			line := strings.Split(text, "\n")[4]
			want := utf8.RuneCountInString(line[:strings.LastIndex(line, tt.at)]) + 1
			if sentence == "plain" {
				want++ // the second of the two
			}
			faults := faultsOf(t, text)
			if len(faults.List) != 1 || faults.List[0].Line != 5 || faults.List[0].Column != want {
				t.Errorf("faults: %v\nwant one at 5:%d\n%s", faults, want, line)
			}
		})
	}
}

// Each is a file that YAML allows, or almost; a configuration is better without it.
func TestTheDangersOfYAMLAreRefused(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'j'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+", ", 9), ", ") + "]\n"
	}
	tests := map[string]struct{ text, want string }{
		"an empty file":               {"", "1:1: the file is empty"},
		"a file of comments":          {"# nothing\n\n", "1:1: the file is empty"},
		"a file of one mark":          {"---\n", "1:1: the file is empty"},
		"a list at the top":           {"- a\n", "1:1: expected a file with `connections`, found a list"},
		"a text at the top":           {"hello\n", "1:1: expected a file with `connections`, found a text"},
		"a tab that indents":          {"connections:\n\t- name: a\n", "2:1: a tab at the beginning of the line; YAML indents with spaces"},
		"two documents":               {acme("---\nstore: {sqlite: x}\n"), "4:1: a second document begins here"},
		"a broken second document":    {acme("---\n[\n"), "5:2: YAML: did not find"},
		"a merge key":                 {acme("    limits: {<<: {deactivate: 5}}\n"), "4:14: a merge key (<<)"},
		"an anchor":                   {acme("    every: &t 5m\n"), "4:12: an anchor (&)"},
		"an alias of nothing":         {acme("    every: *t\n"), "4:12: an alias (*)"},
		"an alias of itself":          {"connections: &a [*a]\n", "1:14: an anchor (&)"},
		"a bomb of aliases":           {bomb, "1:1: `connections` is missing"},
		"a tag":                       {acme("    every: !!str 5m\n"), "4:12: a tag (!)"},
		"a key that is a list":        {acme("    ? [a]\n    : b\n"), "4:7: a key that is not a text"},
		"UTF-16":                      {"\xff\xfea\x00", "1:1: the file is not UTF-8 text; it looks like UTF-16"},
		"Latin-1":                     {"connections:\n  - name: J\xfcrgen\n", "2:12: the file is not UTF-8 text; save it as UTF-8"},
		"a control character":         {"connections: \"\x1b[31m\"\n", "1:15: a control character (U+001B) stands here; delete it"},
		"a zero byte":                 {"connections:\n  - name: a\x00\n", "2:12: a control character (U+0000) stands here"},
		"an escaped one":              {acme("    every: \"5m\\x1b\"\n"), "4:12: a text with control characters"},
		"lists without end":           {strings.Repeat("[", 20_000), "1:41: nested deeper than 40 levels"},
		"mappings without end":        {strings.Repeat("{a: ", 20_000), "1:161: nested deeper than 40 levels"},
		"blocks without end":          {strings.Repeat("- ", 20_000), "1:81: nested deeper than 40 levels"},
		"a quote that is not closed":  {acme("    every: \"5m\n"), "4:15: YAML: found unexpected end of stream"},
		"a bracket that is not close": {acme("    match: [userName\n    every: 5m\n"), "5:10: YAML: did not find expected ',' or ']'"},
		"a colon too many":            {acme("    every: a: b\n"), "4:13: YAML: mapping values are not allowed in this context"},
		"a text that begins with @":   {acme("    every: @x\n"), "4:12: YAML: found character that cannot start any token; a text that begins with @, ` or % needs quotes"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			faults := faultsOf(t, tt.text)
			if got := faults.Error(); !strings.Contains("\n"+got, "\nrollcall.yaml:"+tt.want) {
				t.Errorf("faults:\n%s\nwant one that begins with\n%s", got, tt.want)
			}
		})
	}
}

func TestEveryEndOfALineAndAMarkAtTheStartAreRead(t *testing.T) {
	for name, text := range map[string]string{
		"a byte order mark":   "\ufeff" + acme("    every: x\n"),
		"carriage returns":    strings.ReplaceAll(acme("    every: x\n"), "\n", "\r\n"),
		"old carriage return": strings.ReplaceAll(acme("    every: x\n"), "\n", "\r"),
		"no end of the line":  acme("    every: x"),
	} {
		faults := faultsOf(t, text)
		if got := faults.List[0]; len(faults.List) != 1 || got.Line != 4 || got.Column != 12 {
			t.Errorf("%s: %v", name, faults)
		}
		if got := faults.Excerpt(0); got != "4 |     every: x\n  |            ^" {
			t.Errorf("%s: excerpt %q", name, got)
		}
	}
}

func TestAFileThatIsNoConfigurationIsReportedInBounds(t *testing.T) {
	var b strings.Builder
	for i := 0; b.Len() < MaxSize/4; i++ {
		b.WriteString("connection, " + strings.Repeat("x", i%50) + ", ")
	}
	texts := map[string]string{
		"one list":                  "connections: [" + b.String() + "]",
		"a filter of many clauses":  acme("    scope: {filters: [[" + b.String() + "]]}\n"),
		"many groups":               acme("    scope: {groups: [" + strings.Repeat("{name: a*b*c*d*e}, ", 20_000) + "]}\n"),
		"clauses with many faults":  acme("    scope: {filters: [" + strings.Repeat("[a EQALS b], ", 10_000) + "]}\n"),
		"a key of many mappings":    "connections:\n" + strings.Repeat("  - {nme: x}\n", 10_000),
		"one long line of secrets":  "token: " + strings.Repeat("token: x, ", 10_000),
		"expressions, all of a row": acme("    map: {" + strings.Repeat("title: 'Left(', ", 8_000) + "}\n"),
	}
	for _, name := range testkit.Sample(t, slices.Sorted(maps.Keys(texts)), 2) {
		faults := faultsOf(t, texts[name])
		if len(faults.List) > maxFaults || len(faults.Error()) > 100_000 {
			t.Errorf("%s: %d faults, %d bytes of text", name, len(faults.List), len(faults.Error()))
		}
		for i := range faults.List {
			if e := faults.Excerpt(i); len(e) > 2000 {
				t.Errorf("%s: an excerpt of %d bytes", name, len(e))
			}
		}
	}
	if f := faultsOf(t, "connections:\n"+strings.Repeat("  - {nme: x}\n", 500)); f.More == 0 || !strings.HasSuffix(f.Error(), "more") {
		t.Errorf("the rest is not counted: %d more", f.More)
	}
	if faultsOf(t, "a: b: c").Excerpt(7) != "" {
		t.Error("an excerpt of a fault that is not there")
	}
}
