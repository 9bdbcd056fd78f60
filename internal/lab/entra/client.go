package entra

import (
	"crypto"
	"crypto/x509"
	"time"
)

// Client is an application that may ask for tokens, with what it proves itself by and what an administrator has
// consented to.
type Client struct {
	Secrets      []Secret
	Certificates []*x509.Certificate
	Federated    []Federated
	// Permissions are application permissions of Graph, such as "User.Read.All". A token carries those that were
	// granted when it was issued.
	Permissions []string
}

// Secret is a client secret. Expires may be zero: never.
type Secret struct {
	Value   string
	Expires time.Time
}

// Federated is a federated identity credential: tokens of another issuer that stand for the application.
type Federated struct {
	Issuer, Subject string
	Audience        string           // empty: api://AzureADTokenExchange
	Key             crypto.PublicKey // of the issuer, RSA or ECDSA P-256
}

// The application that a lab without Clients knows. It may read everything.
const (
	DefaultClient = "0a7b1f5e-93c4-4d0e-8f6a-2b9d5c7e1a10"
	DefaultSecret = "lab~secret"
)

// Everything is every permission that a call of the lab asks for.
func Everything() []string {
	return []string{
		"User.Read.All", "GroupMember.Read.All", "Group.Read.All", "Member.Read.Hidden", "Directory.Read.All", "Application.Read.All",
		"AuditLog.Read.All", "ProvisioningLog.Read.All", "Synchronization.Read.All",
	}
}

func (l *Lab) client(id string) (Client, bool) {
	if l.Clients == nil && id == DefaultClient {
		return Client{Secrets: []Secret{{Value: DefaultSecret}}, Permissions: Everything()}, true
	}
	c, ok := l.Clients[id]
	return c, ok
}
