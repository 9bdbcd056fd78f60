package entra

import (
	"maps"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// putSchema replaces mappings and scoping filters. As with every change of them, a new initial cycle begins.
func putSchema(c *call, j *Job) *graphError {
	var raw jsontext.Value
	if err := c.body(&raw); err != nil {
		return err
	}
	return refused(j.rewrite("replacing the schema", func(jsontext.Value) (*rules.Schema, error) { return rules.Read(raw) }))
}

// patchSchema replaces those parts of the schema that the body names.
func patchSchema(c *call, j *Job) *graphError {
	change := map[string]jsontext.Value{}
	if err := c.body(&change); err != nil {
		return err
	}
	return refused(j.rewrite("changing the schema", func(now jsontext.Value) (*rules.Schema, error) {
		all := map[string]jsontext.Value{}
		if err := json.Unmarshal(now, &all, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, err
		}
		maps.Copy(all, change)
		raw, err := json.Marshal(all, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
		if err != nil {
			return nil, err
		}
		return rules.Read(raw)
	}))
}

// ofJob answers about the schema of a job, ofTemplate about that of a template.
func ofJob(serve func(c *call) answer) func(*call, *synced, place) answer {
	return func(c *call, s *synced, at place) answer {
		if s.schemas[at.id] == nil {
			return notFound(at.id).answer(c)
		}
		return serve(c)
	}
}

func ofTemplate(serve func(c *call) answer) func(*call, *synced, place) answer {
	return func(c *call, _ *synced, at place) answer {
		if !rules.Known(at.id) {
			return notFound(at.id).answer(c)
		}
		return serve(c)
	}
}

func filterOperators(c *call) answer {
	return document(map[string]any{"@odata.context": c.base + "/v1.0/$metadata#filterOperators", "value": rules.Operators()})
}

func functions(c *call) answer {
	return document(map[string]any{"@odata.context": c.base + "/v1.0/$metadata#functions", "value": rules.Functions()})
}

// parseExpression reads an expression and evaluates it with the values of a test object. The words of its errors are
// the lab's own.
func parseExpression(c *call) answer {
	var in struct {
		Expression string `json:"expression"`
		Input      *struct {
			Properties []struct {
				Key   string         `json:"key"`
				Value jsontext.Value `json:"value"`
			} `json:"properties"`
		} `json:"testInputObject"`
	}
	if err := c.body(&in); err != nil {
		return err.answer(c)
	}
	out := map[string]any{
		"@odata.context": c.base + "/v1.0/$metadata#microsoft.graph.parseExpressionResponse", "error": nil, "parsingSucceeded": false,
		"parsedExpression": nil, "evaluationSucceeded": false, "evaluationResult": []string{},
	}
	e, err := rules.Parse(in.Expression)
	if err != nil {
		out["error"] = map[string]any{"code": "ExpressionParsingFailed", "message": err.Error()}
		return document(out)
	}
	out["parsingSucceeded"], out["parsedExpression"] = true, e.Source()
	if in.Input != nil {
		values := map[string][]string{}
		for _, p := range in.Input.Properties {
			values[fold(p.Key)] = plainValues(p.Value)
		}
		v, _ := e.Eval(func(name string) []string { return values[fold(name)] })
		out["evaluationSucceeded"], out["evaluationResult"] = true, slices.Concat([]string{}, v)
	}
	return document(out)
}

// template is a synchronizationTemplate. The real service has those of the application alone; the lab does not know
// which application it is and offers all that it has.
func template(id string) map[string]any {
	s, err := rules.Template(id, guid('v', 0), guid('w', 0))
	if err != nil {
		return nil
	}
	return map[string]any{
		"id": id, "applicationId": guid('t', uint64(slices.Index(rules.Templates(), id))), "default": true, "description": nil, "discoverable": true,
		"factoryTag": "CustomSCIM", "schema": s,
		"metadata": []secretPair{{"configurationFields", `[{"name":"baseaddress"},{"name":"secrettoken","secret":true}]`}},
	}
}

func listTemplates(c *call, _ *synced, at place) answer {
	list := []any{}
	for _, id := range rules.Templates() {
		list = append(list, template(id))
	}
	return document(map[string]any{"@odata.context": c.syncContext(at.app, "templates"), "value": list})
}

func getTemplate(c *call, _ *synced, at place) answer {
	t := template(at.id)
	if t == nil {
		return notFound(at.id).answer(c)
	}
	t["@odata.context"] = c.syncContext(at.app, "templates/$entity")
	return document(t)
}

func getTemplateSchema(c *call, _ *synced, at place) answer {
	s, err := rules.Template(at.id, guid('v', 0), guid('w', 0))
	if err != nil {
		return notFound(at.id).answer(c)
	}
	raw, err := s.JSON()
	if err != nil {
		return answer{status: http.StatusInternalServerError}
	}
	return entity(c.syncContext(at.app, "templates('"+at.id+"')/schema/$entity"), raw)
}
