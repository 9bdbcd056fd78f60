package atlassian

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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

func (c contract) resolve(o object) object {
	for range 20 {
		ref := str(o["$ref"])
		if ref == "" {
			return o
		}
		var v any = c.doc
		for _, p := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			v = at(v, p)
		}
		o, _ = v.(object)
	}
	return o
}

// check walks a schema and a value together.
func (c contract) check(schema object, v any, where string) []string {
	schema = c.resolve(schema)
	if v == nil {
		if schema["nullable"] == true || schema["type"] == nil {
			return nil
		}
		return []string{where + " is null"}
	}
	var out []string
	for _, s := range listOf(schema["allOf"]) {
		out = append(out, c.check(s, v, where)...)
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		var first []string
		fits := len(listOf(schema[word])) == 0
		for _, s := range listOf(schema[word]) {
			problems := c.check(s, v, where)
			if fits = len(problems) == 0; fits {
				break
			}
			if first == nil {
				first = problems
			}
		}
		if !fits {
			out = append(out, fmt.Sprintf("%s fits none of %s, for one: %v", where, word, first))
		}
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) && !strings.HasSuffix(where, ".meta.resourceType") {
		// Real answers say User where the document has USER.
		out = append(out, fmt.Sprintf("%s is %v, want one of %v", where, v, enum))
	}
	return append(out, c.checkType(schema, v, where)...)
}

func (c contract) checkType(schema object, v any, where string) []string {
	var out []string
	wrong := func(is bool) []string {
		if is {
			return nil
		}
		return []string{fmt.Sprintf("%s is %T, want %v", where, v, schema["type"])}
	}
	switch str(schema["type"]) {
	case "string":
		s, is := v.(string)
		if _, text := v.(object); text && where == "$" {
			return nil // the answers of discovery, which the document types as text
		}
		if is && schema["format"] == "date-time" && !strings.HasSuffix(where, ".serverTime") {
			if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
				return []string{where + ": " + err.Error()}
			}
		}
		return wrong(is)
	case "boolean":
		_, is := v.(bool)
		return wrong(is)
	case "number":
		_, is := v.(float64)
		return wrong(is)
	case "integer":
		f, is := v.(float64)
		return wrong(is && f == math.Trunc(f))
	case "array":
		list, is := v.([]any)
		items, _ := schema["items"].(object)
		for i, e := range list {
			if items != nil {
				out = append(out, c.check(items, e, fmt.Sprintf("%s[%d]", where, i))...)
			}
		}
		return append(out, wrong(is)...)
	case "object":
		o, is := v.(object)
		if !is {
			return wrong(false)
		}
		properties, _ := schema["properties"].(object)
		for _, name := range listOfText(schema["required"]) {
			if _, there := o[name]; !there {
				out = append(out, where+" lacks "+name)
			}
		}
		for _, name := range sortedKeys(o) {
			switch p, known := properties[name].(object); {
			case known:
				out = append(out, c.check(p, o[name], where+"."+name)...)
			case schema["additionalProperties"] == false:
				out = append(out, where+" has "+name+", which the contract does not allow")
			default:
				if more, ok := schema["additionalProperties"].(object); ok {
					out = append(out, c.check(more, o[name], where+"."+name)...)
				}
			}
		}
	}
	return out
}

func listOf(v any) []object {
	list, _ := v.([]any)
	var out []object
	for _, e := range list {
		o, _ := e.(object)
		out = append(out, o)
	}
	return out
}

func listOfText(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, e := range list {
		out = append(out, str(e))
	}
	return out
}
