package wire

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// errElsewhere is a link or redirect that leaves the service.
var errElsewhere = errors.New("it leads away from the service that this connection was made for")

// maxHops are the redirects that a reading request follows on its own host.
const maxHops = 5

// address prints a URL without what may be secret: its query, fragment, user name and password.
func address(u *url.URL) string {
	if u == nil {
		return ""
	}
	clean := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return clean.String()
}

// locate gives the URL of a request: its path below the base, or the whole URL that the service gave.
func (c *Client) locate(r Request) (*url.URL, error) {
	var u *url.URL
	var err error
	switch {
	case strings.HasPrefix(r.Path, "/"):
		if u, err = url.Parse(c.base.String() + r.Path); err != nil {
			return nil, errors.New("its path cannot be read")
		}
		// An identifier of ".." must not climb to another resource.
		for part := range strings.SplitSeq(u.Path, "/") {
			if part == "." || part == ".." {
				return nil, fmt.Errorf("its path %s climbs", u.Path)
			}
		}
	case r.Path == "":
		u = new(*c.base)
	default:
		if u, err = url.Parse(r.Path); err != nil {
			return nil, errors.New("its link cannot be read")
		}
	}
	if !c.ours(u) {
		return nil, fmt.Errorf("%w: %s is not on %s", errElsewhere, address(u), c.base.Host)
	}
	u.Fragment, u.RawFragment = "", ""
	if len(r.Query) > 0 {
		// The service's own query stays letter by letter: a skip token is not ours to encode anew. A space is %20:
		// not everybody reads + as one.
		query := strings.ReplaceAll(r.Query.Encode(), "+", "%20")
		if u.RawQuery != "" {
			query = u.RawQuery + "&" + query
		}
		u.RawQuery = query
	}
	return u, nil
}

// ours tells whether a URL is on the host that the client was made for.
func (c *Client) ours(u *url.URL) bool {
	return strings.EqualFold(u.Scheme, c.base.Scheme) && u.User == nil && u.Opaque == "" &&
		strings.EqualFold(u.Hostname(), c.base.Hostname()) && port(u) == port(c.base)
}

func port(u *url.URL) string {
	switch p := u.Port(); {
	case p != "":
		return p
	case strings.EqualFold(u.Scheme, "https"):
		return "443"
	}
	return "80"
}

// redirected gives where an answer sends a reading request. Everything but a GET or HEAD on the same host is refused:
// the credentials would go along, and a write would change its method or be sent twice.
func (c *Client) redirected(method string, from *url.URL, status int, h http.Header, hops int) (*url.URL, error) {
	to, err := from.Parse(h.Get("Location"))
	switch {
	case h.Get("Location") == "" || err != nil:
		return nil, fmt.Errorf("answer %d without a place to go to", status)
	case !c.ours(to):
		return nil, fmt.Errorf("redirect refused: %w: %s is not on %s", errElsewhere, address(to), c.base.Host)
	case method != http.MethodGet && method != http.MethodHead:
		return nil, fmt.Errorf("redirect refused: a %s is not sent anywhere else, such as to %s", method, address(to))
	case hops >= maxHops:
		return nil, fmt.Errorf("redirect refused: it was sent on %d times already", hops)
	}
	to.Fragment, to.RawFragment = "", ""
	return to, nil
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect:
		return true
	}
	return false
}
