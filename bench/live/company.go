package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"testing/fstest"

	"github.com/rollcall/rollcall/internal/core/document"
)

// size is that of a company.
type size struct{ users, groups, memberships int }

const (
	application = "7d9e2a1c-0000-4000-8000-000000000001"
	role        = "0364dff9-6506-5a33-8423-e5cda1726770"
)

// documents are the company as Entra has it, and the connection. The first group holds everybody; of the others every
// hundredth has forty times as many members as the rest.
func (s size) documents() (fs.FS, document.Connection) {
	c := document.Connection{Name: "initial", Method: document.Rollcall, Application: application, Directory: "directory-1", Org: "org-1"}
	text := func(b *bytes.Buffer) *fstest.MapFile { return &fstest.MapFile{Data: b.Bytes(), Mode: 0o600} }
	return fstest.MapFS{
		"bundle.json":                     text(bytes.NewBufferString(`{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"name":"initial","method":"rollcall","directory":"directory-1","org":"org-1"}}`)),
		"entra/users.json":                text(s.people()),
		"entra/groups.json":               text(s.teams()),
		"entra/service-principal.json":    text(bytes.NewBufferString(`{"id":"` + application + `","appId":"12ca7bbc-bbd1-4a1a-a2b9-2b8a9a2b8d6b","displayName":"Atlassian Cloud","accountEnabled":true,"appRoles":[{"id":"` + role + `","displayName":"User","value":"","isEnabled":true,"allowedMemberTypes":["User"]}]}`)),
		"entra/app-role-assignments.json": text(s.assignments()),
		"entra/synchronization-jobs.json": text(bytes.NewBufferString(`{"value":[]}`)),
		"atlassian/domains.json":          text(bytes.NewBufferString(`{"data":[{"id":"d1","type":"domains","attributes":{"name":"fabrikam.example","claim":{"type":"dns","status":"verified"}}}]}`)),
	}, c
}

func list(n int, item func(b *bytes.Buffer, i int)) *bytes.Buffer {
	b := bytes.NewBufferString(`{"value":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		item(b, i)
	}
	b.WriteString("]}")
	return b
}

func userID(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(i)*2654435761, i) }

func groupID(i int) string { return fmt.Sprintf("%08x-0000-4000-9000-%012x", uint32(i)*2654435761, i) }

func (s size) people() *bytes.Buffer {
	return list(s.users, func(b *bytes.Buffer, i int) {
		fmt.Fprintf(b, `{"id":%q,"userPrincipalName":"user%d@fabrikam.example","mail":"user%d@fabrikam.example","displayName":"Given%d Family%d","givenName":"Given%d","surname":"Family%d","mailNickname":"user%d","jobTitle":"Engineer","department":"Department %d","companyName":"Fabrikam","employeeId":"%06d","userType":"Member","accountEnabled":true,"createdDateTime":"2024-03-01T08:00:00Z","usageLocation":"DE","preferredLanguage":"de-DE","businessPhones":["+49 30 %07d"],"proxyAddresses":["SMTP:user%d@fabrikam.example"]}`,
			userID(i), i, i, i%31, i, i%31, i, i, i%40, i, i, i)
	})
}

func (s size) teams() *bytes.Buffer {
	sizes, next := s.sizes(), 0
	return list(s.groups, func(b *bytes.Buffer, g int) {
		fmt.Fprintf(b, `{"id":%q,"displayName":"group-%04d","mailEnabled":false,"mailNickname":"group-%04d","securityEnabled":true,"groupTypes":[],"createdDateTime":"2024-03-01T08:00:00Z","members":[`, groupID(g), g, g)
		for i := range sizes[g] {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(b, `{"@odata.type":"#microsoft.graph.user","id":%q}`, userID((next+i*7919)%s.users))
		}
		next += 104729
		b.WriteString("]}")
	})
}

// sizes of the groups; together all memberships.
func (s size) sizes() []int {
	out := make([]int, s.groups)
	out[0] = s.users
	shares := 0
	share := func(g int) int {
		if g%100 == 0 {
			return 40
		}
		return 1
	}
	for g := 1; g < s.groups; g++ {
		shares += share(g)
	}
	rest := s.memberships - s.users
	for g := s.groups - 1; g > 0; g-- {
		out[g] = rest * share(g) / shares
		rest -= out[g]
		shares -= share(g)
	}
	return out
}

func (s size) assignments() *bytes.Buffer {
	return list(s.groups, func(b *bytes.Buffer, g int) {
		fmt.Fprintf(b, `{"id":"a%06d","appRoleId":%q,"principalId":%q,"principalType":"Group","principalDisplayName":"group-%04d","resourceId":%q,"resourceDisplayName":"Atlassian Cloud","createdDateTime":"2024-03-01T08:00:00Z"}`, g, role, groupID(g), g, application)
	})
}
