package listener

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The cookies of target group stickiness. The second is for requests from other sites: it has SameSite=None. Their content is
// secret on AWS, here it is the group's name and when it ends. ELB guide: "Action types for listener rules".
const (
	stickyCookie     = "AWSALBTG"
	stickyCORSCookie = "AWSALBTGCORS"
)

// stuck is the group that the client got before, if it is still one of the rule's.
func (a *forward) stuck(q request) (group, bool) {
	if a.sticky == 0 {
		return group{}, false
	}
	for _, c := range q.Cookies() {
		if c.Name != stickyCookie && c.Name != stickyCORSCookie {
			continue
		}
		name, ends, ok := readSticky(c.Value)
		if !ok || !time.Now().Before(ends) {
			continue
		}
		for _, g := range a.groups {
			if g.name == name {
				return g, true
			}
		}
	}
	return group{}, false
}

func stickyCookies(name string, duration time.Duration) []*http.Cookie {
	ends := time.Now().Add(duration)
	value := base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(ends.Unix(), 10) + " " + name))
	//nolint:gosec // G124: these are an ALB's attributes
	return []*http.Cookie{
		{Name: stickyCookie, Value: value, Expires: ends, Path: "/"},
		{Name: stickyCORSCookie, Value: value, Expires: ends, Path: "/", SameSite: http.SameSiteNoneMode, Secure: true},
	}
}

func readSticky(value string) (name string, ends time.Time, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return "", ends, false
	}
	seconds, name, _ := strings.Cut(string(text), " ")
	n, err := strconv.ParseInt(seconds, 10, 64)
	return name, time.Unix(n, 0), err == nil
}

// A stickyWriter adds cookies to those that the function sets.
type stickyWriter struct {
	http.ResponseWriter
	cookies []*http.Cookie
}

func (w *stickyWriter) WriteHeader(status int) {
	if status >= http.StatusOK {
		for _, c := range w.cookies {
			http.SetCookie(w.ResponseWriter, c)
		}
		w.cookies = nil
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *stickyWriter) Write(p []byte) (int, error) {
	if w.cookies != nil {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *stickyWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
