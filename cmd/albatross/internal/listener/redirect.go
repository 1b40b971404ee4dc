package listener

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

type redirect struct {
	Redirect
	status int
}

// keyword is a part of the original URL in a redirect. API reference: "RedirectActionConfig".
var keyword = regexp.MustCompile(`#\{[^}]*\}?`)

func newRedirect(config *Redirect, f faults) action {
	if config == nil {
		f.add("there is no RedirectConfig; add it")
		return &redirect{}
	}
	out := &redirect{Redirect: *config}
	switch config.StatusCode {
	case "HTTP_301":
		out.status = http.StatusMovedPermanently
	case "HTTP_302":
		out.status = http.StatusFound
	default:
		f.add("StatusCode is %q; use HTTP_301 or HTTP_302", config.StatusCode)
	}
	out.Protocol = cmp.Or(out.Protocol, "#{protocol}")
	out.Host = cmp.Or(out.Host, "#{host}")
	out.Port = cmp.Or(out.Port, "#{port}")
	out.Path = cmp.Or(out.Path, "/#{path}")
	out.Query = cmp.Or(out.Query, "#{query}")
	out.check(f)
	return out
}

func (a *redirect) check(f faults) {
	if a.Protocol == "#{protocol}" && a.Host == "#{host}" && a.Port == "#{port}" && a.Path == "/#{path}" {
		f.add("the redirect leads to itself; change at least one of Protocol, Host, Port and Path")
	}
	if !slices.Contains([]string{"HTTP", "HTTPS", "#{protocol}"}, a.Protocol) {
		f.add("Protocol is %q; use HTTP, HTTPS or #{protocol}", a.Protocol)
	}
	if n, err := strconv.Atoi(a.Port); a.Port != "#{port}" && (err != nil || n < 1 || n > 65535) {
		f.add("Port is %q; use 1 to 65535 or #{port}", a.Port)
	}
	if !strings.HasPrefix(a.Path, "/") {
		f.add(`Path is %q; begin it with "/"`, a.Path)
	}
	if strings.HasPrefix(a.Query, "?") {
		f.add(`Query is %q; leave the "?" out, it is added`, a.Query)
	}
	for _, part := range []struct {
		name, value string
		allowed     []string
	}{
		{"Host", a.Host, []string{"#{host}"}},
		{"Path", a.Path, []string{"#{host}", "#{path}", "#{port}"}},
		{"Query", a.Query, []string{"#{protocol}", "#{host}", "#{port}", "#{path}", "#{query}"}},
	} {
		if n := len([]rune(part.value)); n > maxValue {
			f.add("%s has %d characters, at most %d are allowed; shorten it", part.name, n, maxValue)
		}
		for _, k := range keyword.FindAllString(part.value, -1) {
			if !slices.Contains(part.allowed, k) {
				f.add("%s may not have %s; use %s", part.name, k, strings.Join(part.allowed, ", "))
			}
		}
	}
}

// serve sends the whole URL, with its port, as an ALB does even where the port is the protocol's own.
func (a *redirect) serve(w http.ResponseWriter, _ *http.Request, q request, _ *Decision) {
	replace := strings.NewReplacer(
		"#{protocol}", q.protocol(),
		"#{host}", q.host,
		"#{port}", q.listenerPort(),
		"#{path}", strings.TrimPrefix(q.path, "/"),
		"#{query}", q.query,
	).Replace
	location := strings.ToLower(replace(a.Protocol)) + "://" + replace(a.Host) + ":" + replace(a.Port) + replace(a.Path)
	if query := replace(a.Query); query != "" {
		location += "?" + query
	}
	w.Header().Set("Location", location)
	writePage(w, a.status)
}
