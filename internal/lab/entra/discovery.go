package entra

import "net/url"

// instance answers the instance discovery that the vendor's libraries begin with: which hosts are the same cloud,
// and where the tenant describes itself. The lab's own host is the only one.
func (l *Lab) instance(c *call) answer {
	asked, err := url.Parse(c.r.URL.Query().Get("authorization_endpoint"))
	if err != nil || asked.Host == "" || len(asked.Path) < 2 {
		e := &loginError{400, "invalid_instance", 50049, "Unknown or invalid instance."}
		return e.answer(c)
	}
	tenant, _, _ := cutPath(asked.Path)
	type metadata struct {
		Network string   `json:"preferred_network"`
		Cache   string   `json:"preferred_cache"`
		Aliases []string `json:"aliases"`
	}
	return document(struct {
		Endpoint string     `json:"tenant_discovery_endpoint"`
		Version  string     `json:"api-version"`
		Metadata []metadata `json:"metadata"`
	}{
		"https://" + asked.Host + "/" + tenant + "/v2.0/.well-known/openid-configuration", "1.1",
		[]metadata{{asked.Host, asked.Host, []string{asked.Host}}},
	})
}

func cutPath(p string) (first, rest string, ok bool) {
	for i := 1; i < len(p); i++ {
		if p[i] == '/' {
			return p[1:i], p[i:], true
		}
	}
	return p[1:], "", false
}

// openID answers the tenant's OpenID Connect metadata.
func (l *Lab) openID(c *call) answer {
	at := c.base + "/" + l.tenant()
	return document(map[string]any{
		"token_endpoint":                        at + "/oauth2/v2.0/token",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		"jwks_uri":                              at + "/discovery/v2.0/keys",
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"response_types_supported":              []string{"code", "id_token", "code id_token", "id_token token"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"issuer":                                at + "/v2.0",
		"authorization_endpoint":                at + "/oauth2/v2.0/authorize",
		"device_authorization_endpoint":         at + "/oauth2/v2.0/devicecode",
		"end_session_endpoint":                  at + "/oauth2/v2.0/logout",
		"cloud_instance_name":                   "microsoftonline.com",
		"tenant_region_scope":                   nil,
	})
}
