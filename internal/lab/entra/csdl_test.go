package entra

import (
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/testkit"
)

// csdl is the vendor's entity model of Graph v1.0.
type csdl struct {
	types map[string]csdlType
	enums map[string][]string
}

type csdlType struct {
	Name     string     `xml:"Name,attr"`
	Base     string     `xml:"BaseType,attr"`
	Open     bool       `xml:"OpenType,attr"`
	Props    []csdlProp `xml:"Property"`
	NavProps []csdlProp `xml:"NavigationProperty"`
}

type csdlProp struct {
	Name     string `xml:"Name,attr"`
	Type     string `xml:"Type,attr"`
	Nullable string `xml:"Nullable,attr"`
}

func readCSDL(t *testing.T) *csdl {
	t.Helper()
	raw, err := os.ReadFile(testkit.Shared(t, "contracts", "microsoft-graph-v1.0.csdl"))
	must(t, err)
	var doc struct {
		Schemas []struct {
			Namespace string     `xml:"Namespace,attr"`
			Entities  []csdlType `xml:"EntityType"`
			Complex   []csdlType `xml:"ComplexType"`
			Enums     []struct {
				Name    string `xml:"Name,attr"`
				Members []struct {
					Name string `xml:"Name,attr"`
				} `xml:"Member"`
			} `xml:"EnumType"`
		} `xml:"DataServices>Schema"`
	}
	must(t, xml.Unmarshal(raw, &doc))
	c := &csdl{map[string]csdlType{}, map[string][]string{}}
	for _, s := range doc.Schemas {
		if s.Namespace != "microsoft.graph" {
			continue
		}
		for _, x := range append(s.Entities, s.Complex...) {
			c.types[x.Name] = x
		}
		for _, e := range s.Enums {
			c.enums[e.Name] = []string{}
			for _, m := range e.Members {
				c.enums[e.Name] = append(c.enums[e.Name], m.Name)
			}
		}
	}
	if len(c.types["user"].Props) < 50 {
		t.Fatalf("the contract has a user of %d properties", len(c.types["user"].Props))
	}
	return c
}

// prop finds a property of a type or of what it derives from.
func (c *csdl) prop(typ, name string) (csdlProp, bool) {
	for typ != "" {
		x := c.types[typ]
		for _, p := range append(slices.Clone(x.Props), x.NavProps...) {
			if p.Name == name {
				return p, true
			}
		}
		typ = strings.TrimPrefix(x.Base, "graph.")
	}
	return csdlProp{}, typ == "entity" && name == "id"
}

var guidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// check tells where a value is not of its type.
func (c *csdl) check(at string, v any, typ string) []string {
	if inner, many := strings.CutPrefix(typ, "Collection("); many {
		list, ok := v.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, not a collection", at, v)}
		}
		var out []string
		for i, x := range list {
			out = append(out, c.check(fmt.Sprintf("%s[%d]", at, i), x, strings.TrimSuffix(inner, ")"))...)
		}
		return out
	}
	if v == nil {
		return nil
	}
	s, isText := v.(string)
	var ok bool
	switch typ {
	case "Edm.String":
		ok = isText
	case "Edm.Guid":
		ok = guidForm.MatchString(s)
	case "Edm.DateTimeOffset":
		_, err := time.Parse(time.RFC3339Nano, s)
		ok = err == nil && (strings.HasSuffix(s, "Z") || s == "")
	case "Edm.Duration":
		ok = strings.HasPrefix(s, "P")
	case "Edm.Boolean":
		_, ok = v.(bool)
	case "Edm.Int32", "Edm.Int64", "Edm.Double":
		_, ok = v.(float64)
	default:
		return c.named(at, v, strings.TrimPrefix(typ, "graph."))
	}
	if !ok {
		return []string{fmt.Sprintf("%s is %v, not of type %s", at, v, typ)}
	}
	return nil
}

// named checks a value of an enumeration, or an object.
func (c *csdl) named(at string, v any, typ string) []string {
	if members, is := c.enums[typ]; is {
		s, _ := v.(string)
		for part := range strings.SplitSeq(s, ",") {
			if !slices.ContainsFunc(members, func(m string) bool { return strings.EqualFold(m, strings.TrimSpace(part)) }) { // the documents write NonServiceFailure
				return []string{fmt.Sprintf("%s is %q, which %s does not have", at, v, typ)}
			}
		}
		return nil
	}
	obj, ok := v.(map[string]any)
	if _, known := c.types[typ]; !ok || !known {
		return []string{fmt.Sprintf("%s is %v, not an object of type %s", at, v, typ)}
	}
	if own, is := obj["@odata.type"].(string); is {
		typ = kindOf(own)
	}
	var out []string
	for k, x := range obj {
		if strings.Contains(k, "@") || strings.HasPrefix(k, "extension_") {
			continue
		}
		p, known := c.prop(typ, k)
		switch {
		case !known && c.types[typ].Open && len(c.types[typ].Props) == 0: // made to hold anything
		case !known:
			out = append(out, fmt.Sprintf("%s.%s: %s has no such property", at, k, typ))
		case x == nil && p.Nullable == "false" && !strings.HasPrefix(p.Type, "Edm."):
			out = append(out, fmt.Sprintf("%s.%s is null, which %s does not allow", at, k, typ))
		case p.Name != "":
			out = append(out, c.check(at+"."+k, x, p.Type)...)
		}
	}
	slices.Sort(out)
	return out
}
