package labs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"time"
)

type handler = http.Handler

// Request is one call as it was answered.
type Request struct {
	Service      string // entra, atlassian
	Method, Path string // with the query
	Status       int    // 0: the connection was cut
	Took         time.Duration
}

// watched tells of every request.
type watched struct {
	handler
	name string
	see  func(Request)
}

// ServeHTTP implements http.Handler.
func (w watched) ServeHTTP(to http.ResponseWriter, r *http.Request) {
	if w.see == nil {
		w.handler.ServeHTTP(to, r)
		return
	}
	began, answer := time.Now(), &status{ResponseWriter: to}
	target := r.URL.RequestURI()
	defer func() { // also where the lab cuts the connection, which is a panic
		w.see(Request{w.name, r.Method, target, answer.code, time.Since(began)})
	}()
	w.handler.ServeHTTP(answer, r)
}

type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader implements http.ResponseWriter.
func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// loopback refuses what others could reach: a lab may hold what was recorded of a real company.
func loopback(address string) (host string, port int, err error) {
	host, number, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("%q is no address to listen at: write it as 127.0.0.1:8443", address)
	}
	if port, err = strconv.Atoi(number); err != nil || port < 0 || port > 65534 {
		return "", 0, fmt.Errorf("%q has no port between 0 and 65534; 0 takes any that is free", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", 0, fmt.Errorf("the lab listens on this machine alone, not at %q: write it as 127.0.0.1:%d", address, port)
	}
	return host, port, nil
}

type server struct {
	url  string
	http *http.Server
	done chan error
}

func listen(address string, cert tls.Certificate, h http.Handler) (*server, error) {
	plain, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("opening a port for the lab: %w", err)
	}
	s := &server{
		url: "https://" + plain.Addr().String(), done: make(chan error, 1),
		http: &http.Server{
			Handler: h, ReadHeaderTimeout: 30 * time.Second,
			ErrorLog:  log.New(io.Discard, "", 0), // connections that clients give up
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12},
		},
	}
	go func() { s.done <- s.http.ServeTLS(plain, "", "") }()
	return s, nil
}

func (s *server) close() error {
	if err := s.http.Close(); err != nil {
		return fmt.Errorf("closing the lab: %w", err)
	}
	if err := <-s.done; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("closing the lab: %w", err)
	}
	return nil
}

// certify makes an authority of a week, as PEM, and a certificate of it for the loopback. Nobody else trusts it.
func certify() (ca []byte, cert tls.Certificate, err error) {
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "rollcall lab"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 7),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, cert, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, cert, err
	}
	caBytes, err := x509.CreateCertificate(rand.Reader, authority, authority, &caKey.PublicKey, caKey)
	if err != nil {
		return nil, cert, err
	}
	leafBytes, err := x509.CreateCertificate(rand.Reader, leaf, authority, &key.PublicKey, caKey)
	if err != nil {
		return nil, cert, err
	}
	ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caBytes})
	return ca, tls.Certificate{Certificate: [][]byte{leafBytes}, PrivateKey: key}, nil
}
