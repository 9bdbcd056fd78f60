package archtest

import "strings"

const module = "github.com/rollcall/rollcall"

// coreImports says, for every package of the core, which other packages of the core it may import. A new package
// of the core needs a row; a new arrow needs a reason in docs/architecture.md.
var coreImports = map[string][]string{
	"cause":     {},
	"directory": {"document"},
	"document":  {},
	"facts":     {"directory", "document"},
	"dotnet":    {},
	"spelling":  {},
	"expr":      {"document", "dotnet", "spelling"},
	"scope":     {"directory", "document", "dotnet"},
	"mapping":   {"directory", "document", "expr", "scope"},
	"match":     {"directory", "document"},
	"ledger":    {},
	"history":   {"cause", "directory", "document", "facts", "ledger", "trace"},
	"plan":      {"cause", "directory", "document", "expr", "facts", "mapping", "match", "scope"},
	"scim":      {"spelling"},
	"repair":    {"cause", "document", "facts", "plan", "trace"},
	"trace":     {"cause", "directory", "document", "facts", "mapping", "plan", "scope"},
}

// impure are the packages of the standard library that reach outside a value: the pure core must not import them.
// A name that ends in a slash stands for everything below it.
var impure = []string{
	"context", "crypto/rand", "database/", "io/fs", "io/ioutil", "log", "log/", "math/rand", "math/rand/", "net", "net/",
	"os", "os/", "path/filepath", "plugin", "runtime/", "syscall", "testing", "testing/",
}

// impureCalls are the members of otherwise harmless packages that ask the clock, the machine's time zone or the
// terminal.
var impureCalls = map[string][]string{
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"time": {"After", "AfterFunc", "LoadLocation", "Local", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"},
}

// thirdParty says who may import which module outside tests. A module without a row may be imported by nobody:
// a new dependency is a decision, and this is where it is written down.
var thirdParty = map[string][]string{
	"github.com/Azure/azure-sdk-for-go":  {"internal/port/graph", "internal/testkit/labkit"}, // tokens
	"github.com/go-json-experiment/json": {"internal/"},
	"github.com/google/go-cmp":           {"internal/testkit"}, // how a generated page differs
	"github.com/spf13/cobra":             {"internal/app/cli"},
	"github.com/spf13/pflag":             {"internal/app/cli"},
	"github.com/pressly/goose/v3":        {"internal/port/store/sqlstore"},
	"go.yaml.in/yaml/v4":                 {"internal/app/config"},
	"golang.org/x/term":                  {"internal/app/cli"},
	"modernc.org/sqlite":                 {"internal/port/store/sqlstore"},
	"golang.org/x/time":                  {"internal/port/wire", "internal/app/inbound"}, // pacing
	"golang.org/x/text":                  {"internal/app/cli", "internal/core/expr"},     // how many columns a name takes, and where a caret stands
	"pgregory.net/rapid":                 {"internal/port/inbox/inboxtest"},              // its simple model
}

// testOnly are our own packages that exist for tests, with everything below them, such as internal/testkit/labkit.
var testOnly = []string{"internal/archtest", "internal/scenario", "internal/testkit"}

// standsOn are the connectors that may import a sibling, each with the one that it stands on.
var standsOn = map[string]string{
	// The Guard directory is a SCIM service with peculiarities; everything about SCIM is written once.
	"internal/port/target/atlassian": "internal/port/target/scimtarget",
}

// storey is the floor of a package: imports run from a higher number to a lower or equal one.
func storey(dir string) int {
	for i, prefix := range []string{"internal/core/", "internal/port/", "internal/app/", "cmd/"} {
		if strings.HasPrefix(dir+"/", prefix) {
			return i + 1
		}
	}
	return 0
}

// connector tells whether a package is a concrete implementation of a port: a folder below the port's own, such
// as internal/port/source/entra. Suites (sourcetest) and the shared HTTP client are not.
func connector(dir string) bool {
	parts := strings.Split(dir, "/")
	return len(parts) >= 4 && parts[0] == "internal" && parts[1] == "port" && !strings.HasSuffix(dir, "test")
}
