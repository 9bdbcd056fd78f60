package entra

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// options are the OData query options of a request.
type options struct {
	sel       []string // $select; nil: not given
	filter    *node
	top       int
	count     bool
	expand    string // "" or "members"
	expandSel []string
	order     string // $orderby
	skip      string // $skiptoken
	delta     string // $deltatoken
	fresh     bool   // no $deltatoken and no $skiptoken, or an empty one
	raw       url.Values
}

// known are the system query options of OData. Those that a call does not take, and any other name with a dollar
// sign, are a 400; names without one belong to nobody and are ignored, except that a forgotten dollar sign is told.
var known = []string{"$select", "$filter", "$top", "$count", "$expand", "$orderby", "$skiptoken", "$deltatoken", "$search", "$skip", "$format"}

// parseOptions reads the options that a call takes; takes is a list such as "$select $top".
func parseOptions(query, takes string) (options, *graphError) {
	o := options{fresh: true}
	values, err := url.ParseQuery(query)
	if err != nil {
		return o, badRequest("The query string is malformed.")
	}
	o.raw = values
	allowed := strings.Fields(takes)
	for _, name := range sortedValues(values) {
		low, v := strings.ToLower(name), values.Get(name)
		switch {
		case !strings.HasPrefix(low, "$"):
			if slices.Contains(known, "$"+low) {
				return o, badRequest("The query parameter '%s' must be written as '$%s'.", name, low)
			}
			continue
		case low == "$skip":
			return o, &graphError{status: 400, code: "Request_BadRequest", message: "'$skip' is not supported by the service."}
		case low == "$search":
			return o, unsupported("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
		case !slices.Contains(known, low):
			return o, badRequest("The query parameter '%s' is not supported.", name)
		case low == "$format" && strings.EqualFold(v, "json"):
			continue
		case !slices.Contains(allowed, low):
			return o, unsupported("The query parameter '" + name + "' is not supported for this resource.")
		case len(values[name]) > 1:
			return o, badRequest("Query option '%s' was specified more than once, but it must be specified at most once.", name)
		}
		if err := o.set(low, v); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (o *options) set(name, v string) *graphError {
	switch name {
	case "$select":
		for p := range strings.SplitSeq(v, ",") {
			if p = strings.TrimSpace(p); p != "" && !slices.Contains(o.sel, p) {
				o.sel = append(o.sel, p)
			}
		}
	case "$filter":
		n, err := parseFilter(v)
		if err != nil {
			return badRequest("%s", err.Error())
		}
		o.filter = n
	case "$top":
		n, err := strconv.Atoi(v)
		if err != nil {
			return badRequest("Invalid value '%s' for $top query option found. The $top query option requires a non-negative integer value.", v)
		}
		if n < 1 {
			return unsupported("Invalid page size specified: '" + v + "'. Must be between 1 and 999 inclusive.")
		}
		o.top = n
	case "$count":
		if v != "true" && v != "false" {
			return badRequest("Invalid value '%s' for $count query option found. Valid values are 'true' or 'false'.", v)
		}
		o.count = v == "true"
	case "$expand":
		return o.setExpand(v)
	case "$orderby":
		o.order = strings.ToLower(strings.Join(strings.Fields(v), " "))
	case "$skiptoken":
		o.skip, o.fresh = v, o.fresh && v == ""
	case "$deltatoken":
		o.delta, o.fresh = v, o.fresh && v == ""
	}
	return nil
}

// setExpand takes `members` and `members($select=id,displayName)`.
func (o *options) setExpand(v string) *graphError {
	name, inner, nested := strings.Cut(v, "(")
	o.expand = name
	if !nested {
		return nil
	}
	sel, ok := strings.CutSuffix(inner, ")")
	sel, isSelect := strings.CutPrefix(sel, "$select=")
	if !ok || !isSelect {
		return badRequest("Parsing OData Select and Expand failed: the options of '%s' are not supported.", name)
	}
	o.expandSel = strings.Split(sel, ",")
	return nil
}

func sortedValues(v url.Values) []string {
	names := make([]string, 0, len(v))
	for k := range v {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// selectable tells which selected property no type of the list has.
func selectable(sel []string, kinds ...string) *graphError {
	for _, p := range sel {
		ok := false
		for _, k := range kinds {
			ok = ok || shapes[k] == nil || shapes[k].knows(p)
		}
		if !ok {
			return badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.%s'.", p, kinds[0])
		}
	}
	return nil
}

// inList tells which selected property is kept outside the directory, so that only a read of one object gives it.
func inList(sel []string, kind string) *graphError {
	for _, p := range sel {
		if s := shapes[kind]; s != nil && s.apart[p] {
			return &graphError{status: 501, code: "NotImplemented", message: "The property '" + p + "' cannot be returned within a collection."}
		}
	}
	return nil
}
