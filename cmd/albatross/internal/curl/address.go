package curl

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// An address is a URL in its parts. Path and query are as they go into the request line.
type address struct {
	https       bool
	user        string // "name:password", decoded
	hasUser     bool
	host        string // as in the Host header, without the scheme's own port
	port        string
	path, query string
	hasQuery    bool
}

// parseAddress reads a URL, of which the scheme may be left out.
func parseAddress(raw string, asIs bool) (address, error) {
	var a address
	wrong := func(problem string) (address, error) { return address{}, fmt.Errorf("the URL %q %s", raw, problem) }
	for i := range len(raw) {
		if raw[i] <= ' ' || raw[i] == 0x7f {
			return wrong("holds a space or a control character; write it percent-encoded, a space as %20")
		}
	}
	rest := raw
	if scheme, after, ok := strings.Cut(raw, "://"); ok && !strings.ContainsAny(scheme, "/?#") {
		switch strings.ToLower(scheme) {
		case "http":
		case "https":
			a.https = true
		default:
			return wrong("is of a scheme that no load balancer has; begin it with http:// or https://")
		}
		rest = after
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest+"/", "/?")
	authority := rest[:end]
	a.path, a.query, a.hasQuery = strings.Cut(rest[end:], "?")
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, err := url.PathUnescape(authority[:i])
		if err != nil {
			return wrong("has a bad escape in the user name; write % as %25")
		}
		a.user, a.hasUser, authority = user, true, authority[i+1:]
	}
	u, err := url.Parse("http://" + authority)
	if err != nil || u.Hostname() == "" {
		return wrong("has no host that can be read; write it as http://example.com/path")
	}
	a.host, a.port = u.Hostname(), u.Port()
	if strings.Contains(a.host, ":") {
		name, _, _ := strings.Cut(a.host, "%") // the zone is for this machine alone
		a.host = "[" + name + "]"
	}
	a.normalize(asIs)
	return a, nil
}

// normalize fills in what is left out, and resolves the path.
func (a *address) normalize(asIs bool) {
	own := "80"
	if a.https {
		own = "443"
	}
	switch a.port {
	case "", own:
		a.port = own
	default:
		a.host += ":" + a.port
	}
	if !asIs {
		a.path = removeDotSegments(a.path)
	}
	if a.path == "" {
		a.path = "/"
	}
	a.path = escapeHigh(a.path)
}

// add puts more into the query.
func (a *address) add(query string) {
	if a.query != "" {
		query = a.query + "&" + query
	}
	a.query, a.hasQuery = query, true
}

// addFile completes a path that names a folder with the file's name.
func (a *address) addFile(name string) {
	if strings.HasSuffix(a.path, "/") && name != "-" {
		a.path += url.PathEscape(filepath.Base(name))
	}
}

func (a *address) target() string {
	if a.hasQuery {
		return a.path + "?" + a.query
	}
	return a.path
}

// removeDotSegments resolves "." and ".." (RFC 3986, 5.2.4). Escaped dots stay.
func removeDotSegments(path string) string {
	var out []string
	segments := strings.Split(path, "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".", "..":
			if s == ".." && len(out) > 1 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}

// escapeHigh percent-encodes all that is not ASCII.
func escapeHigh(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < 0x80 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
