package entra

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"strings"
	"testing"
	"time"
)

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// sign makes a signed JWT.
func sign(t *testing.T, key crypto.Signer, header, claims map[string]any) string {
	t.Helper()
	enc := func(v any) string {
		b, err := json.Marshal(v)
		must(t, err)
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := enc(header) + "." + enc(claims)
	sum := sha256.Sum256([]byte(text))
	var sig []byte
	var err error
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if header["alg"] == "PS256" {
			sig, err = rsa.SignPSS(rand.Reader, k, crypto.SHA256, sum[:], nil)
		} else {
			sig, err = rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
		}
	case *ecdsa.PrivateKey:
		var r, s *big.Int
		r, s, err = ecdsa.Sign(rand.Reader, k, sum[:])
		sig = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
	must(t, err)
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

func certificate(t *testing.T) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return key, cert
}

func TestACertificateStandsForASecret(t *testing.T) {
	key, cert := certificate(t)
	other, stranger := certificate(t)
	c := newClock()
	const app = "app"
	g := open(t, &Lab{Now: c.now, Clients: map[string]Client{app: {Certificates: []*x509.Certificate{cert}}}})
	thumb := func(c *x509.Certificate) string {
		sum := sha256.Sum256(c.Raw)
		return base64.RawURLEncoding.EncodeToString(sum[:])
	}
	good := map[string]any{
		"iss": app, "sub": app, "aud": loginHost + DefaultTenant + "/oauth2/v2.0/token", "nbf": c.now().Unix(), "exp": c.now().Unix() + 600,
	}
	but := func(name string, v any) map[string]any {
		m := map[string]any{}
		maps.Copy(m, good)
		m[name] = v
		return m
	}
	tests := map[string]struct {
		key    *rsa.PrivateKey
		cert   *x509.Certificate
		alg    string
		claims map[string]any
		number float64 // 0: a token
	}{
		"signed with PS256":         {key, cert, "PS256", good, 0},
		"signed with RS256":         {key, cert, "RS256", good, 0},
		"named in plain base64":     {key, cert, "PS256", good, 0},
		"an unregistered one":       {other, stranger, "PS256", good, 700027},
		"signed by somebody else":   {other, cert, "PS256", good, 700027},
		"an unknown algorithm":      {key, cert, "none", good, 700027},
		"an old assertion":          {key, cert, "PS256", but("exp", c.now().Unix()), 700024},
		"an assertion for later":    {key, cert, "PS256", but("nbf", c.now().Unix()+3600), 700024},
		"meant for somebody else":   {key, cert, "PS256", but("aud", "https://elsewhere.example/x"), 50012},
		"about another application": {key, cert, "PS256", but("sub", "other"), 700021},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			name := thumb(tt.cert)
			if strings.HasSuffix(sentence, "plain base64") {
				name = strings.NewReplacer("-", "+", "_", "/").Replace(name) + "="
			}
			jwt := sign(t, tt.key, map[string]any{"alg": tt.alg, "typ": "JWT", "x5t#S256": name}, tt.claims)
			r := g.login(DefaultTenant, map[string]string{"client_id": app, "client_assertion_type": jwtBearer, "client_assertion": jwt})
			codes, _ := r.body["error_codes"].([]any)
			switch {
			case tt.number == 0 && r.status != 200, tt.number != 0 && (len(codes) != 1 || codes[0] != tt.number):
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
}

func TestATokenOfATrustedIssuerStandsForASecret(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c := newClock()
	g := open(t, &Lab{Now: c.now, Clients: map[string]Client{"app": {Federated: []Federated{
		{Issuer: "https://ci.example", Subject: "repo:main", Key: &key.PublicKey},
	}}}})
	for subject, status := range map[string]int{"repo:main": 200, "repo:other": 401} {
		jwt := sign(t, key, map[string]any{"alg": "ES256"}, map[string]any{
			"iss": "https://ci.example", "sub": subject, "aud": []string{"api://AzureADTokenExchange"}, "exp": c.now().Unix() + 60,
		})
		r := g.login(DefaultTenant, map[string]string{"client_id": "app", "client_assertion_type": jwtBearer, "client_assertion": jwt})
		if r.status != status {
			t.Errorf("%s: %d %s", subject, r.status, r.raw)
		}
	}
}
