package graph_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/port/graph"
)

func TestACertificateSaysWhenItEnds(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	end := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	form := &x509.Certificate{SerialNumber: big.NewInt(7), NotBefore: end.AddDate(-1, 0, 0), NotAfter: end}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	must(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	both := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})...)
	if got, err := (graph.Credential{Certificate: both}).Ends(); err != nil || !got.Equal(end) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := (graph.Credential{Secret: "s"}).Ends(); err != nil || !got.IsZero() {
		t.Errorf("a secret ends %v, %v", got, err)
	}
	if _, err := (graph.Credential{Certificate: both[:50]}).Ends(); err == nil {
		t.Error("half a certificate ends")
	}
}
