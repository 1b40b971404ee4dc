package curl

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
)

// userAgent is what curl calls itself; functions may treat it as what it says.
const userAgent = "curl/8.14.1"

// ErrNoURL is what Request returns when the arguments have none.
var ErrNoURL = errors.New("there is no URL; give one, such as http://localhost/path")

// Request returns the request that a server gets from "curl args…", as [http.Server] would hand it to a handler: with RequestURI and
// Host, the header in canonical form, TLS for an https URL and, as [http.LocalAddrContextKey], the URL's port. The RemoteAddr is the
// caller's to set. Standard input is what "-" reads; nil is an empty one.
func Request(ctx context.Context, args []string, stdin io.Reader) (*http.Request, error) {
	c := &command{stdin: stdin}
	if err := c.parse(args); err != nil {
		return nil, err
	}
	if c.address == nil {
		return nil, ErrNoURL
	}
	if err := c.checkBody(); err != nil {
		return nil, err
	}
	a, err := parseAddress(*c.address, c.asIs)
	if err != nil {
		return nil, err
	}
	for _, q := range c.query {
		a.add(q)
	}
	if c.get && c.hasData {
		a.add(string(c.data))
	}
	if c.upload != nil {
		a.addFile(*c.upload)
	}
	return c.request(ctx, &a)
}

func (c *command) request(ctx context.Context, a *address) (*http.Request, error) {
	port, _ := strconv.Atoi(a.port) // digits, as it came out of a URL
	ctx = context.WithValue(ctx, http.LocalAddrContextKey, net.Addr(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}))
	r := (&http.Request{
		Method:     c.requestMethod(),
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Host:       a.host,
		RequestURI: a.target(),
		Header:     http.Header{},
		Body:       http.NoBody,
	}).WithContext(ctx)
	if a.https {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: a.host}
	}
	if c.target != nil {
		r.RequestURI = *c.target
	}
	r.URL = requestURL(r.RequestURI)
	if err := c.setHeader(r, a); err != nil {
		return nil, err
	}
	body, boundary, err := c.body()
	if err != nil {
		return nil, err
	}
	if boundary != "" {
		r.Header.Set("Content-Type", cmp.Or(r.Header.Get("Content-Type"), "multipart/form-data")+"; boundary="+boundary)
	}
	c.customHeader(r, boundary)
	c.setBody(r, body)
	return r, nil
}

func (c *command) requestMethod() string {
	switch {
	case c.method != nil:
		return *c.method
	case c.head:
		return http.MethodHead
	case c.upload != nil:
		return http.MethodPut
	case c.hasData && !c.get, len(c.parts) > 0:
		return http.MethodPost
	}
	return http.MethodGet
}

// requestURL reads the target as a server does; what it would not take is kept as a path.
func requestURL(target string) *url.URL {
	if u, err := url.ParseRequestURI(target); err == nil {
		return u
	}
	path, query, _ := strings.Cut(target, "?")
	return &url.URL{Path: path, RawQuery: query}
}

// setHeader sets what curl sends by itself.
func (c *command) setHeader(r *http.Request, a *address) error {
	h := r.Header
	h.Set("Accept", "*/*")
	h.Set("User-Agent", userAgent)
	if c.agent != nil {
		h.Set("User-Agent", *c.agent)
		if *c.agent == "" {
			h.Del("User-Agent")
		}
	}
	if c.referer != nil {
		if referer := strings.TrimSuffix(*c.referer, ";auto"); referer != "" {
			h.Set("Referer", referer)
		}
	}
	if c.byteRange != nil {
		h.Set("Range", "bytes="+*c.byteRange)
	}
	if c.compress {
		h.Set("Accept-Encoding", "deflate, gzip, br, zstd")
	}
	if len(c.cookies) > 0 {
		h.Set("Cookie", strings.Join(c.cookies, ";"))
	}
	switch {
	case c.json:
		h.Set("Content-Type", "application/json")
		h.Set("Accept", "application/json")
	case c.hasData && !c.get:
		h.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return c.setAuthorization(h, a)
}

func (c *command) setAuthorization(h http.Header, a *address) error {
	user, has := a.user, a.hasUser
	if c.user != nil {
		user, has = *c.user, true
		if !strings.Contains(user, ":") {
			return errors.New("--user has no password, and none is asked for here; write name:password")
		}
	}
	switch {
	case c.bearer != nil:
		h.Set("Authorization", "Bearer "+*c.bearer)
	case has:
		if !strings.Contains(user, ":") {
			user += ":"
		}
		h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user)))
	}
	return nil
}

// customHeader adds the fields of --header, which take the place of curl's own.
func (c *command) customHeader(r *http.Request, boundary string) {
	own := r.Header.Clone()
	for _, line := range c.headers {
		i := strings.IndexAny(line, ":;")
		if i < 0 {
			continue // curl sends nothing for it
		}
		name := textproto.CanonicalMIMEHeaderKey(strings.TrimRight(line[:i], " \t"))
		value := strings.TrimSpace(line[i+1:])
		if line[i] == ';' && value != "" {
			continue // nor for this
		}
		if _, ok := own[name]; ok {
			delete(own, name)
			r.Header.Del(name)
		}
		switch sent := value != "" || line[i] == ';'; {
		case name == "Host":
			r.Host = value
		case !sent:
		case name == "Content-Type" && boundary != "":
			r.Header.Add(name, value+"; boundary="+boundary)
		default:
			r.Header.Add(name, value)
		}
	}
}

// body returns what is sent, nil for no body at all, and the boundary of a form.
func (c *command) body() (body []byte, boundary string, err error) {
	switch {
	case len(c.parts) > 0:
		return encodeForm(c.parts)
	case c.upload != nil:
		body, err = c.read(*c.upload)
		return append([]byte{}, body...), "", err
	case c.hasData && !c.get:
		return append([]byte{}, c.data...), "", nil
	}
	return nil, "", nil
}

// setBody tells the length, as Content-Length or by chunks.
func (c *command) setBody(r *http.Request, body []byte) {
	chunked := strings.EqualFold(r.Header.Get("Transfer-Encoding"), "chunked") || c.upload != nil && *c.upload == "-"
	if chunked {
		r.Header.Del("Transfer-Encoding")
	}
	if body == nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	if chunked {
		r.Header.Del("Content-Length")
		r.ContentLength, r.TransferEncoding = -1, []string{"chunked"}
	}
}
