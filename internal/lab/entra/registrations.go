package entra

import (
	"crypto/sha1" //nolint:gosec // a thumbprint, as the vendor makes it
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// What a tenant knows of the applications that may ask for tokens is derived from Lab.Clients: the registration with the
// ends of its secrets and certificates, the service principal's application permissions, and, of Graph's own service
// principal, the names of these. None of them is in the lists of /applications and /servicePrincipals; they are found by
// appId.

// graphApp is the appId of Microsoft Graph in every tenant.
const graphApp = "00000003-0000-0000-c000-000000000000"

func (l *Lab) routeRegistrations(seg []string) (endpoint, *graphError) {
	e := endpoint{method: "GET", needs: readApps, takes: "$select", units: 1}
	id, byApp := "", false
	if len(seg) == 2 {
		id, byApp = strings.CutPrefix(seg[1], "appId=")
	}
	if !byApp {
		return e, noSegment(seg[min(len(seg)-1, 1)])
	}
	e.serve = func(c *call) answer {
		client, known := l.client(id)
		if !known {
			return notFound(id).answer(c)
		}
		return document(map[string]any{
			"@odata.context": c.context("applications") + "/$entity", "id": guid('r', uint64(len(id))), "appId": id, "displayName": "rollcall",
			"passwordCredentials": passwords(client.Secrets), "keyCredentials": certificates(client),
		})
	}
	return e, nil
}

// passwords are secrets as a registration shows them: their first three characters and when they end.
func passwords(list []Secret) []any {
	out := []any{}
	for i, s := range list {
		p := map[string]any{"keyId": guid('s', uint64(i)), "displayName": "rollcall", "hint": s.Value[:min(3, len(s.Value))], "secretText": nil}
		end := s.Expires
		if end.IsZero() {
			end = time.Date(2299, 12, 31, 0, 0, 0, 0, time.UTC) // what old secrets without an end have
		}
		p["endDateTime"] = stamp(end)
		out = append(out, p)
	}
	return out
}

func certificates(c Client) []any {
	out := []any{}
	for i, x := range c.Certificates {
		sum := sha1.Sum(x.Raw) //nolint:gosec // see above
		out = append(out, map[string]any{
			"keyId": guid('k', uint64(i)), "displayName": "CN=rollcall", "type": "AsymmetricX509Cert", "usage": "Verify", "key": nil,
			"customKeyIdentifier": base64.StdEncoding.EncodeToString(sum[:]), "startDateTime": stamp(x.NotBefore), "endDateTime": stamp(x.NotAfter),
		})
	}
	return out
}

// graphPrincipal is Microsoft Graph as an enterprise application of the tenant: its app roles are the permissions.
func graphPrincipal(c *call) answer {
	roles := []any{}
	for _, p := range Everything() {
		roles = append(roles, map[string]any{"id": permissionID(p), "value": p, "displayName": p, "isEnabled": true, "allowedMemberTypes": []string{"Application"}})
	}
	return document(map[string]any{
		"@odata.context": c.context("servicePrincipals") + "/$entity", "id": guid('g', 0), "appId": graphApp, "displayName": "Microsoft Graph", "appRoles": roles,
	})
}

// granted lists what an administrator has consented to for a client.
func (l *Lab) grantedTo(id string) func(*call) answer {
	return func(c *call) answer {
		client, known := l.client(id)
		if !known {
			return notFound(id).answer(c)
		}
		list := []any{}
		for _, p := range client.Permissions {
			list = append(list, map[string]any{
				"id": permissionID(p), "appRoleId": permissionID(p), "principalDisplayName": "rollcall", "principalType": "ServicePrincipal",
				"resourceDisplayName": "Microsoft Graph", "resourceId": guid('g', 0),
			})
		}
		return document(map[string]any{"@odata.context": c.context("servicePrincipals('" + id + "')/appRoleAssignments"), "value": list})
	}
}

// permissionID stands for the id of a permission, which is the same in every tenant; the lab makes up its own.
func permissionID(name string) string {
	return guid('p', uint64(slices.Index(Everything(), name)+1))
}
