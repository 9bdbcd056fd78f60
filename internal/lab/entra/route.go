package entra

import "strings"

// endpoint is one call of Graph: how it is made, what lets a caller make it, what it costs, who answers it.
type endpoint struct {
	method string
	needs  []string // one of these permissions; the least comes first
	takes  string   // query options
	units  int      // resource units before $select, $expand and $top are considered; 0: not of the directory
	logs   bool     // counts against the limit of the reporting service
	serve  func(*call) answer
}

const (
	listOptions   = "$select $filter $top $count $expand $skiptoken"
	memberOptions = "$select $filter $top $count $skiptoken"
	logOptions    = "$select $filter $top $count $orderby $skiptoken"
	deltaOptions  = "$select $filter $deltatoken $skiptoken"
)

// Permissions in the order of the vendor's tables: least first.
var (
	readUsers   = []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	readGroups  = []string{"GroupMember.Read.All", "Group.Read.All", "Directory.Read.All", "Group.ReadWrite.All", "GroupMember.ReadWrite.All", "Directory.ReadWrite.All"}
	readApps    = []string{"Application.Read.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All", "Application.ReadWrite.All", "Directory.ReadWrite.All"}
	readGone    = []string{"Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	readAny     = []string{"Directory.Read.All", "Directory.ReadWrite.All"}
	readMember  = []string{"Directory.Read.All", "User.Read.All", "GroupMember.Read.All", "Group.Read.All", "User.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"}
	readJobs    = []string{"Application.ReadWrite.OwnedBy", "Synchronization.Read.All", "Synchronization.ReadWrite.All"}
	readSchema  = append([]string{"CustomSecAttributeProvisioning.Read.All", "CustomSecAttributeProvisioning.ReadWrite.All"}, readJobs...)
	writeJobs   = []string{"Application.ReadWrite.OwnedBy", "Synchronization.ReadWrite.All"}
	discoverers = []string{"Application.ReadWrite.OwnedBy", "Directory.ReadWrite.All"}
	readSyncLog = []string{"ProvisioningLog.Read.All", "AuditLog.Read.All"}
	readAudits  = []string{"AuditLog.Read.All"}
)

// segments splits a path; a key in parentheses becomes a segment of its own: users('x') is users, x, and
// servicePrincipals(appId='x') is servicePrincipals, appId=x.
func segments(rest string) []string {
	var out []string
	for s := range strings.SplitSeq(strings.Trim(rest, "/"), "/") {
		name, inner, keyed := strings.Cut(s, "(")
		inner, closed := strings.CutSuffix(inner, ")")
		if !keyed || !closed {
			out = append(out, s)
			continue
		}
		out = append(out, name)
		if inner != "" { // delta() has none
			out = append(out, strings.ReplaceAll(inner, "'", ""))
		}
	}
	return out
}

// route finds the endpoint of a path. Where a path takes several methods, it is that of the method, if there is one.
func (l *Lab) route(method string, seg []string) (endpoint, *graphError) {
	name := func(i int) string {
		if i >= len(seg) {
			return ""
		}
		return strings.TrimPrefix(strings.ToLower(seg[i]), "microsoft.graph.")
	}
	switch name(0) {
	case "users":
		return l.routePeople(seg, name, "user", &l.dir.users, endpoint{method: "GET", needs: readUsers, takes: listOptions, units: 2})
	case "groups":
		return l.routePeople(seg, name, "group", &l.dir.groups, endpoint{method: "GET", needs: readGroups, takes: listOptions, units: 1})
	case "serviceprincipals":
		return l.routeApps(method, seg, name)
	case "applications":
		return l.routeRegistrations(seg)
	case "directory":
		return l.routeDeleted(seg, name)
	case "auditlogs":
		return l.routeLogs(seg, name)
	case "domains":
		if len(seg) == 1 {
			return endpoint{method: "GET", needs: readDomains, serve: l.listDomains}, nil
		}
	case "directoryobjects":
		if name(1) == "getbyids" && len(seg) == 2 {
			return endpoint{method: "POST", needs: readAny, units: 3, serve: l.getByIDs}, nil
		}
	case "$batch":
		if len(seg) == 1 {
			return endpoint{method: "POST", needs: []string{""}, serve: l.batch}, nil
		}
	}
	return endpoint{}, noSegment(seg[min(len(seg)-1, 1)])
}

// routePeople routes what users and groups have in common, and the members of groups.
func (l *Lab) routePeople(seg []string, name func(int) string, kind string, c *collection, e endpoint) (endpoint, *graphError) {
	switch {
	case len(seg) == 1:
		e.serve = l.list(kind, c)
		return e, nil
	case len(seg) == 2 && name(1) == "$count":
		e.units, e.takes, e.serve = 1, "$filter", l.countOf(kind, c)
		return e, nil
	case len(seg) == 2 && name(1) == "delta":
		e.units, e.takes, e.serve = 1, deltaOptions, l.delta(kind)
		return e, nil
	case len(seg) == 2:
		e.units, e.takes, e.serve = 1, "$select $expand", l.one(kind, seg[1])
		return e, nil
	}
	e.takes = memberOptions
	rel := relation{kind: kind, id: seg[1], name: name(2)}
	switch {
	case kind == "group" && rel.name == "members":
		e.units = 3
	case kind == "group" && rel.name == "transitivemembers":
		e.units = 5
	case rel.name == "memberof" || rel.name == "transitivememberof":
		e.units, e.needs = 2, readMember
		if kind == "group" {
			e.units = 1
		}
	default:
		return e, noSegment(seg[2])
	}
	rest := seg[3:]
	if len(rest) > 0 && rest[0] != "$count" {
		if !strings.HasPrefix(strings.ToLower(rest[0]), "microsoft.graph.") {
			return e, noSegment(rest[0])
		}
		rel.cast, rest = name(3), rest[1:]
	}
	if len(rest) > 0 && rest[0] == "$count" {
		rel.counted, rest = true, rest[1:]
		e.takes = "$filter"
	}
	if len(rest) > 0 {
		return e, noSegment(rest[0])
	}
	e.serve = rel.serve(l)
	return e, nil
}

func (l *Lab) routeDeleted(seg []string, name func(int) string) (endpoint, *graphError) {
	e := endpoint{method: "GET", needs: readUsers, takes: "$select $filter $top $count $skiptoken", units: 1}
	if name(1) != "deleteditems" || len(seg) != 3 {
		return e, noSegment(seg[min(len(seg)-1, 1)])
	}
	switch strings.ToLower(seg[2]) {
	case "microsoft.graph.user":
		e.serve = l.list("user", &l.dir.goneUsers)
	case "microsoft.graph.group":
		e.needs, e.serve = readGone, l.list("group", &l.dir.goneGroups)
	default:
		return e, noSegment(seg[2])
	}
	return e, nil
}

func (l *Lab) routeLogs(seg []string, name func(int) string) (endpoint, *graphError) {
	e := endpoint{method: "GET", needs: readAudits, takes: logOptions, logs: true}
	switch {
	case name(1) == "directoryaudits" && len(seg) == 2:
		e.serve = l.logs(&l.dir.audits, "directoryAudit", auditFilter, matcher{})
	case name(1) == "provisioning" && len(seg) == 2:
		e.needs, e.serve = readSyncLog, l.logs(&l.dir.provisioning, "provisioningObjectSummary", provisioningFilter, matcher{exact: true})
	case name(1) == "directoryaudits" && len(seg) == 3:
		e.takes, e.serve = "$select", l.logEntry(&l.dir.audits, "directoryAudit", seg[2])
	default:
		return e, noSegment(seg[min(len(seg)-1, 1)])
	}
	return e, nil
}
