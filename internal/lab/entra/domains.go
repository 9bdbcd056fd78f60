package entra

import (
	"cmp"
	"slices"
	"strings"
)

var readDomains = []string{"Domain.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"}

// domain is one of the tenant's domains, each of which is verified here.
type domain struct {
	ID                 string   `json:"id"`
	AuthenticationType string   `json:"authenticationType"`
	AvailabilityStatus *string  `json:"availabilityStatus"`
	IsAdminManaged     bool     `json:"isAdminManaged"`
	IsDefault          bool     `json:"isDefault"`
	IsInitial          bool     `json:"isInitial"`
	IsRoot             bool     `json:"isRoot"`
	IsVerified         bool     `json:"isVerified"`
	SupportedServices  []string `json:"supportedServices"`
}

// listDomains answers GET /domains: all of them on one page. The first of Lab.Domains is the default one.
func (l *Lab) listDomains(c *call) answer {
	list := []domain{}
	for i, name := range l.Domains {
		list = append(list, domain{
			ID: name, AuthenticationType: "Managed", IsAdminManaged: true, IsDefault: i == 0,
			IsInitial: strings.HasSuffix(strings.ToLower(name), ".onmicrosoft.com"), IsRoot: true, IsVerified: true, SupportedServices: []string{},
		})
	}
	slices.SortFunc(list, func(a, b domain) int { return cmp.Compare(a.ID, b.ID) })
	return document(struct {
		Context string   `json:"@odata.context"`
		Value   []domain `json:"value"`
	}{c.context("domains"), list})
}
