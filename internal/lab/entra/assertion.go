package entra

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t, the thumbprint that older clients name a certificate by, is SHA-1 by RFC 7515
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// jwt is a signed client assertion, taken apart.
type jwt struct {
	header struct {
		Alg     string `json:"alg"`
		X5t     string `json:"x5t"`
		X5tS256 string `json:"x5t#S256"`
	}
	claims struct {
		Iss string   `json:"iss"`
		Sub string   `json:"sub"`
		Aud audience `json:"aud"`
		Exp int64    `json:"exp"`
		Nbf int64    `json:"nbf"`
	}
	signed    [32]byte
	signature []byte
}

// audience is one text or several.
type audience []string

// UnmarshalJSON takes both forms.
func (a *audience) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(a))
	}
	var one string
	err := json.Unmarshal(b, &one)
	*a = audience{one}
	return err
}

func parseJWT(s string) (*jwt, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return nil, false
	}
	j := &jwt{signed: sha256.Sum256([]byte(parts[0] + "." + parts[1]))}
	for i, into := range []any{&j.header, &j.claims} {
		b, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(b, into) != nil {
			return nil, false
		}
	}
	var err error
	j.signature, err = base64.RawURLEncoding.DecodeString(parts[2])
	return j, err == nil
}

// verify checks the signature: RS256, PS256 or ES256.
func (j *jwt) verify(key crypto.PublicKey) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		switch j.header.Alg {
		case "RS256":
			return rsa.VerifyPKCS1v15(k, crypto.SHA256, j.signed[:], j.signature) == nil
		case "PS256":
			return rsa.VerifyPSS(k, crypto.SHA256, j.signed[:], j.signature, nil) == nil
		}
	case *ecdsa.PublicKey:
		if j.header.Alg != "ES256" || len(j.signature) != 64 {
			return false
		}
		r, s := new(big.Int).SetBytes(j.signature[:32]), new(big.Int).SetBytes(j.signature[32:])
		return ecdsa.Verify(k, j.signed[:], r, s)
	}
	return false
}

// assertion checks a client assertion: one that the application signed with a registered certificate, or the token
// of an issuer that it trusts.
func (l *Lab) assertion(c *call, id string, client Client, s string) *loginError {
	j, ok := parseJWT(s)
	if !ok {
		return &loginError{401, "invalid_client", 50027, "JWT token is invalid or malformed."}
	}
	if at := c.at.Unix(); j.claims.Exp <= at || j.claims.Nbf > at+int64(5*time.Minute/time.Second) {
		return &loginError{401, "invalid_client", 700024, "Client assertion is not within its valid time range."}
	}
	if j.claims.Iss == id {
		return l.certified(id, client, j)
	}
	for _, f := range client.Federated {
		want := f.Audience
		if want == "" {
			want = "api://AzureADTokenExchange"
		}
		if f.Issuer == j.claims.Iss && f.Subject == j.claims.Sub && j.claims.Aud.has(want) {
			if !j.verify(f.Key) {
				return &loginError{401, "invalid_client", 700027, "The certificate used to sign the client assertion is not known, or its signature is invalid."}
			}
			return nil
		}
	}
	return &loginError{401, "invalid_client", 70021, "No matching federated identity record found for presented assertion. Assertion Issuer: '" + j.claims.Iss + "'. Assertion Subject: '" + j.claims.Sub + "'."}
}

func (a audience) has(want string) bool {
	for _, s := range a {
		if strings.EqualFold(s, want) {
			return true
		}
	}
	return false
}

func (l *Lab) certified(id string, client Client, j *jwt) *loginError {
	if j.claims.Sub != id {
		return &loginError{401, "invalid_client", 700021, "Client assertion application identifier doesn't match 'client_id' parameter."}
	}
	forUs := false
	for _, a := range j.claims.Aud {
		_, path, found := strings.Cut(strings.TrimPrefix(a, "https://"), "/")
		tenant, rest, _ := strings.Cut(path, "/")
		forUs = forUs || found && l.isTenant(tenant) && (rest == "oauth2/v2.0/token" || rest == "v2.0")
	}
	if !forUs {
		return &loginError{401, "invalid_client", 50012, "Client assertion audience claim does not match Realm issuer."}
	}
	for _, cert := range client.Certificates {
		if j.names(cert) && j.verify(cert.PublicKey) {
			return nil
		}
	}
	return &loginError{401, "invalid_client", 700027, "The certificate with identifier used to sign the client assertion is not registered on application."}
}

// names tells whether the header's thumbprint is the certificate's. RFC 7515 wants it in base64url; the vendor's own
// library for Go writes plain base64, which the service takes too.
func (j *jwt) names(cert *x509.Certificate) bool {
	long := sha256.Sum256(cert.Raw)
	short := sha1.Sum(cert.Raw) //nolint:gosec // see the import
	is := func(told string, sum []byte) bool {
		told = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(told), "=")
		return told == base64.RawURLEncoding.EncodeToString(sum)
	}
	return is(j.header.X5tS256, long[:]) || is(j.header.X5t, short[:])
}
