package graph

import (
	"fmt"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// Ends is when the certificate ends; the zero time for credentials that do not carry their end.
func (c Credential) Ends() (time.Time, error) {
	if len(c.Certificate) == 0 {
		return time.Time{}, nil
	}
	certs, _, err := azidentity.ParseCertificates(c.Certificate, []byte(c.Password))
	if err != nil {
		return time.Time{}, fmt.Errorf("the certificate cannot be read; it must be PEM or PFX and hold the private key too: %w", err)
	}
	end := certs[0].NotAfter // the first is the one that signs; others lead to its authority
	return end, nil
}
