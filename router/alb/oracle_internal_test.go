package alb

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The conversion once more, written for being read and on encoding/json: what the fast one is held against.

// oracleEvent is what an event says.
type oracleEvent struct {
	targetGroupARN, method, path, body string
	base64, multi                      bool
	query, header                      []oracleField
}

type oracleField struct {
	name   string
	values []string
}

// errOracle stands for any refusal.
var errOracle = errors.New("refused")

func oracleDecode(payload []byte) (*oracleEvent, error) {
	var top, requestContext, elb map[string]json.RawMessage
	if json.Unmarshal(payload, &top) != nil ||
		json.Unmarshal(top["requestContext"], &requestContext) != nil ||
		json.Unmarshal(requestContext["elb"], &elb) != nil || elb == nil {
		return nil, errOracle
	}
	ev, ok := &oracleEvent{}, true
	read := func(raw json.RawMessage, v any) {
		if raw != nil && json.Unmarshal(raw, v) != nil {
			ok = false
		}
	}
	read(elb["targetGroupArn"], &ev.targetGroupARN)
	read(top["httpMethod"], &ev.method)
	read(top["path"], &ev.path)
	read(top["body"], &ev.body)
	read(top["isBase64Encoded"], &ev.base64)
	fields := func(name string, multi bool) (list []oracleField, present bool) {
		var object map[string]json.RawMessage
		read(top[name], &object)
		if object == nil || !ok {
			return nil, false
		}
		dec := json.NewDecoder(bytes.NewReader(top[name])) // for the order, which the map has lost
		dec.Token()
		for dec.More() {
			key, _ := dec.Token()
			var raw json.RawMessage
			dec.Decode(&raw)
			var pointers []*string // nil for null
			if multi {
				read(raw, &pointers)
			} else {
				pointers = make([]*string, 1)
				read(raw, &pointers[0])
			}
			f := oracleField{name: key.(string)}
			for _, p := range pointers {
				if p != nil {
					f.values = append(f.values, *p)
				}
			}
			if len(f.values) > 0 {
				list = append(list, f)
			}
		}
		return list, true
	}
	single, _ := fields("headers", false)
	multi, isMulti := fields("multiValueHeaders", true)
	singleQuery, hasSingle := fields("queryStringParameters", false)
	multiQuery, hasMulti := fields("multiValueQueryStringParameters", true)
	if !ok {
		return nil, errOracle
	}
	ev.multi, ev.header, ev.query = isMulti, single, singleQuery
	if isMulti {
		ev.header = multi
	}
	if hasMulti && (isMulti || !hasSingle) {
		ev.query = multiQuery
	}
	return ev, nil
}

// oracleRequest is what a handler sees of a request; status is 0, or that of a refusal.
type oracleRequest struct {
	Method, RequestURI, Host, RemoteAddr string
	URL                                  url.URL
	Header                               http.Header
	Body                                 string
	ContentLength                        int64
	Event                                Event
}

func (ev *oracleEvent) request() (r oracleRequest, status int) {
	r.Event = Event{TargetGroupARN: ev.targetGroupARN, MultiValueHeaders: ev.multi}
	r.Method = ev.method
	r.Header = ev.httpHeader()
	if hosts := r.Header["Host"]; len(hosts) > 0 {
		r.Host = hosts[0]
		delete(r.Header, "Host")
	}
	r.URL, r.RequestURI = ev.target()
	r.RemoteAddr = oracleRemoteAddr(r.Header["X-Forwarded-For"])
	r.Body = ev.body
	if ev.base64 {
		b, err := base64.StdEncoding.DecodeString(ev.body)
		if err != nil {
			status = http.StatusBadRequest
		}
		r.Body = string(b)
	}
	r.ContentLength = int64(len(r.Body))
	if !isToken(ev.method) || r.URL.Path == "*" && ev.method != http.MethodOptions {
		status = http.StatusBadRequest
	}
	return r, status
}

func (ev *oracleEvent) httpHeader() http.Header {
	header := http.Header{}
	for _, f := range slices.SortedStableFunc(slices.Values(ev.header), func(a, b oracleField) int { return cmp.Compare(a.name, b.name) }) {
		name := textproto.CanonicalMIMEHeaderKey(f.name)
		header[name] = append(header[name], f.values...)
	}
	for _, name := range []string{"Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Te", "Trailer", "Upgrade"} {
		delete(header, name)
	}
	for name, values := range header {
		switch {
		case name == "Cookie":
			header[name] = []string{strings.Join(values, "; ")}
		case name == "X-Forwarded-Proto", name == "X-Forwarded-Port", strings.HasPrefix(name, "X-Amzn-"):
			header[name] = values[len(values)-1:]
		}
	}
	return header
}

func (ev *oracleEvent) target() (url.URL, string) {
	path, inPath, _ := strings.Cut(ev.path, "?")
	if path == "*" {
		u := url.URL{Path: "*", RawQuery: ev.join(inPath, true)}
		if u.RawQuery == "" {
			return u, "*"
		}
		return u, "*?" + ev.join(inPath, false)
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	// What package url makes of a path in which no percent sign is astray.
	escaped := oracleEscape(path, func(s string, i int) bool { return oracleLegal(s, i) && oraclePercent(s, i) })
	u, err := url.ParseRequestURI(escaped)
	if err != nil {
		panic(err)
	}
	if strings.HasPrefix(escaped, "//") {
		u = &url.URL{}
		u.Path, _ = url.PathUnescape(escaped)
		if u.EscapedPath() != escaped {
			u.RawPath = escaped
		}
	}
	u.RawQuery = ev.join(inPath, true)
	uri := oracleEscape(path, oracleLegal)
	if u.RawQuery != "" {
		uri += "?" + ev.join(inPath, false)
	}
	return *u, uri
}

// join restores the query, for URL.RawQuery or as it was received.
func (ev *oracleEvent) join(inPath string, forURL bool) string {
	legal := func(separators string) func(string, int) bool {
		return func(s string, i int) bool {
			return oracleLegal(s, i) && !strings.Contains(separators, s[i:i+1]) &&
				(!forURL || oraclePercent(s, i) && !strings.Contains(`"<>#;`, s[i:i+1]))
		}
	}
	joined := oracleEscape(inPath, legal(""))
	for _, f := range ev.query {
		for _, value := range f.values {
			if joined != "" {
				joined += "&"
			}
			joined += oracleEscape(f.name, legal("&=")) + "=" + oracleEscape(value, legal("&"))
		}
	}
	return joined
}

func oracleLegal(s string, i int) bool { return s[i] > ' ' && s[i] < 0x7f }

func oraclePercent(s string, i int) bool {
	if s[i] != '%' {
		return true
	}
	_, err := url.PathUnescape(s[i:min(i+3, len(s))])
	return err == nil
}

func oracleEscape(s string, legal func(s string, i int) bool) string {
	var b strings.Builder
	for i := range len(s) {
		if legal(s, i) {
			b.WriteByte(s[i])
		} else {
			b.WriteString("%" + strings.ToUpper(strconv.FormatInt(int64(s[i])+0x100, 16)[1:]))
		}
	}
	return b.String()
}

func oracleRemoteAddr(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	entries := strings.Split(lines[len(lines)-1], ",")
	entry := strings.Trim(entries[len(entries)-1], " \t")
	ap, err := netip.ParseAddrPort(entry)
	if err != nil {
		if inner := strings.TrimSuffix(strings.TrimPrefix(entry, "["), "]"); "["+inner+"]" == entry && strings.Contains(inner, ":") {
			entry = inner
		}
		addr, err := netip.ParseAddr(entry)
		if err != nil {
			return ""
		}
		ap = netip.AddrPortFrom(addr, 0)
	}
	return netip.AddrPortFrom(ap.Addr().Unmap().WithZone(""), ap.Port()).String()
}

// oracleEncode writes a response with encoding/json.
func oracleEncode(status int, header map[string][]string, body []byte, encoded, multi bool) []byte {
	out := struct {
		StatusCode        int                 `json:"statusCode"`
		StatusDescription string              `json:"statusDescription"`
		Headers           map[string]string   `json:"headers,omitzero"`
		MultiValueHeaders map[string][]string `json:"multiValueHeaders,omitzero"`
		Body              string              `json:"body"`
		IsBase64Encoded   bool                `json:"isBase64Encoded"`
	}{
		StatusCode:        status,
		StatusDescription: strconv.Itoa(status) + " " + cmp.Or(http.StatusText(status), "Unknown"),
		Body:              string(body),
		IsBase64Encoded:   len(body) > 0 && (encoded || !utf8.Valid(body)),
	}
	if out.MultiValueHeaders = header; !multi {
		out.MultiValueHeaders, out.Headers = nil, map[string]string{}
		for _, name := range slices.Sorted(maps.Keys(header)) {
			out.Headers[name] = strings.Join(header[name], ", ")
		}
	}
	if out.IsBase64Encoded {
		out.Body = base64.StdEncoding.EncodeToString(body)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		panic(err)
	}
	// Both are legal in JSON as they are, and encoding/json escapes them for the sake of JavaScript.
	text := strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029").Replace(strings.TrimSuffix(buf.String(), "\n"))
	return []byte(text)
}
