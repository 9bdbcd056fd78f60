package atlassian

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

// contract is one of the vendor's OpenAPI documents.
type contract struct {
	prefix string // before its paths
	doc    object
}

var contracts = sync.OnceValue(func() []contract {
	dir := filepath.Join("..", "..", "..", "..", "shared", "contracts")
	if root := os.Getenv("ROLLCALL_SHARED"); root != "" {
		if !filepath.IsAbs(root) {
			root = filepath.Join("..", "..", "..", root)
		}
		dir = filepath.Join(root, "contracts")
	}
	var out []contract
	for name, prefix := range map[string]string{
		"atlassian-admin_user_provisioning": "", "atlassian-admin_organization": "/admin",
		"atlassian-admin_user": "", "atlassian-jira_platform": "",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name+".openapi.json"))
		if err != nil {
			return nil
		}
		var doc object
		if err := json.Unmarshal(text, &doc); err != nil {
			return nil
		}
		out = append(out, contract{prefix, doc})
	}
	return out
})

func TestTheVendorsDocumentsAreAtHand(t *testing.T) {
	testkit.Shared(t, "contracts", "README.md")
	if len(contracts()) != 4 {
		t.Fatal("the documents could not be read: no answer was held against them")
	}
}

// undocumented tells whether a status that a document does not list for a call is known all the same: a gateway and
// a limit may answer anywhere, a conflict occurs in practice when a user changes, and version 1 lists no 404 for what
// it does not find.
func undocumented(status int, method, template string) bool {
	switch {
	case status == 429, status == 401, status == 403, status >= 500:
		return true
	case status == 409:
		return (method == "PUT" || method == "PATCH") && strings.HasSuffix(template, "/Users/{userId}")
	}
	return status == 404 && strings.HasPrefix(template, "/v1/") || status == 400 && strings.HasSuffix(template, "/Groups/{id}") && method == "PATCH"
}

// disagreements holds an answer against the document that describes its call; none if no document does.
func disagreements(method, address string, r reply) []string {
	u, err := url.Parse(address)
	if err != nil {
		return []string{err.Error()}
	}
	for _, c := range contracts() {
		op, template := c.operation(method, u.Path)
		if op == nil {
			continue
		}
		responses, _ := op["responses"].(object)
		answer, listed := responses[fmt.Sprint(r.status)].(object)
		if !listed {
			if undocumented(r.status, method, template) {
				return nil
			}
			return []string{fmt.Sprintf("the status is not in the contract of %s %s", method, template)}
		}
		answer = c.resolve(answer)
		content, _ := answer["content"].(object)
		for _, media := range []string{"application/scim+json", "application/json"} {
			if m, ok := content[media].(object); ok {
				if schema, ok := m["schema"].(object); ok {
					var v any
					if err := json.Unmarshal([]byte(r.text), &v); err != nil {
						return []string{"no JSON, though the contract has a schema"}
					}
					return c.check(schema, v, "$")
				}
			}
		}
		return nil
	}
	return nil
}

func (c contract) operation(method, path string) (object, string) {
	paths, _ := c.doc["paths"].(object)
	path, found := strings.CutPrefix(path, c.prefix)
	if !found {
		return nil, ""
	}
	// The extra part of Entra's gallery app is in no document.
	path = strings.Replace(path, "/"+DefaultDirectory+"/scim/", "/"+DefaultDirectory+"/", 1)
	parts := strings.Split(path, "/")
	best, bestTemplate, bestFixed := object(nil), "", -1
	for template, item := range paths {
		want := strings.Split(template, "/")
		fixed := 0
		fits := len(want) == len(parts)
		for i := 0; fits && i < len(want); i++ {
			if !strings.HasPrefix(want[i], "{") {
				fits = want[i] == parts[i]
				fixed++
			}
		}
		if op, ok := at(item, strings.ToLower(method)).(object); fits && ok && fixed > bestFixed {
			best, bestTemplate, bestFixed = op, template, fixed
		}
	}
	return best, bestTemplate
}
