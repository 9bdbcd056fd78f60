package entra

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// answer is what goes back: either a page of a collection, or a body as it is.
type answer struct {
	status int
	header http.Header
	page   *page
	body   []byte
	plain  bool // text/plain instead of JSON
}

// page is one page of a collection.
type page struct {
	context string
	count   int // -1: not told
	next    string
	delta   string
	values  [][]byte
}

func (p *page) bytes() []byte {
	n := 256
	for _, v := range p.values {
		n += len(v) + 1
	}
	b := make([]byte, 0, n)
	b = append(b, '{')
	b = quote(key(b, "@odata.context"), p.context)
	if p.count >= 0 {
		b = strconv.AppendInt(key(b, "@odata.count"), int64(p.count), 10)
	}
	if p.next != "" {
		b = quote(key(b, "@odata.nextLink"), p.next)
	}
	if p.delta != "" {
		b = quote(key(b, "@odata.deltaLink"), p.delta)
	}
	b = append(key(b, "value"), '[')
	for i, v := range p.values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, v...)
	}
	return append(b, "]}"...)
}

// entity is the answer that holds one object.
func entity(context string, o []byte) answer {
	b := quote(key([]byte{'{'}, "@odata.context"), context)
	if len(o) > 2 {
		b = append(append(b, ','), o[1:]...)
	} else {
		b = append(b, '}')
	}
	return answer{status: http.StatusOK, body: jsontext.Value(b)}
}

// seal makes a token that is opaque to clients: its content cannot be read at a glance nor made up.
func (l *Lab) seal(purpose string, v any) string {
	raw, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, l.secret())
	mac.Write([]byte(purpose))
	mac.Write(raw)
	sum := mac.Sum(nil)[:16]
	for i := range raw {
		raw[i] ^= sum[i%len(sum)] ^ byte(i)
	}
	return base64.RawURLEncoding.EncodeToString(append(sum, raw...))
}

// open reads a token that seal made for that purpose.
func (l *Lab) open(purpose, token string, v any) bool {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < 16 {
		return false
	}
	sum, raw := b[:16], b[16:]
	for i := range raw {
		raw[i] ^= sum[i%len(sum)] ^ byte(i)
	}
	mac := hmac.New(sha256.New, l.secret())
	mac.Write([]byte(purpose))
	mac.Write(raw)
	return hmac.Equal(sum, mac.Sum(nil)[:16]) && json.Unmarshal(raw, v) == nil
}

// secret is the tenant's key. It is the same for every lab of that tenant, so that a token outlives a restart.
func (l *Lab) secret() []byte {
	sum := sha256.Sum256([]byte("the lab of tenant " + l.tenant()))
	return sum[:]
}
