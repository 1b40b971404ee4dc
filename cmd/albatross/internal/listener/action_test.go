package listener_test

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

func mustNew(t *testing.T, text string, functions ...string) *listener.Listener {
	t.Helper()
	l, err := listener.New(rules(t, text), targets(functions...))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// action is a listener whose default rule does this.
func action(text string) string { return `[{"Priority": "default", "Actions": [` + text + `]}]` }

// ELB guide, "Action types for listener rules": each target group gets requests by its weight; ForwardActionConfig has 0 to 999.
func TestForwardByWeight(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	l, err := listener.New(rules(t, action(`{"Type": "forward", "ForwardConfig": {"TargetGroups": [
		{"TargetGroupArn": "blue", "Weight": 10}, {"TargetGroupArn": "green", "Weight": 30}, {"TargetGroupArn": "off", "Weight": 0}]}}`)),
		targets("blue", "green", "off"), listener.WithRandom(source.IntN))
	if err != nil {
		t.Fatal(err)
	}
	const n = 10_000
	count := map[string]int{}
	for range n {
		_, d := serve(l, get("/"))
		count[d.Function]++
	}
	// 10 of 40 is 2,500; the standard deviation is 43, so six of them are left.
	if blue := count["blue"]; count["off"] != 0 || blue+count["green"] != n || blue < 2_240 || blue > 2_760 {
		t.Errorf("requests %v of %d, want about a quarter for blue and none for off", count, n)
	}
}

func TestForwardEdges(t *testing.T) {
	tests := []struct {
		name, action, want string
	}{
		{"alone", `{"Type": "forward", "TargetGroupArn": "blue"}`, "blue"},
		{"both ways, as the API answers", `{"Type": "forward", "Order": 1, "TargetGroupArn": "blue",
			"ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "blue", "Weight": 1}], "TargetGroupStickinessConfig": {"Enabled": false}}}`, "blue"},
		{"all weights 0", `{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "blue", "Weight": 0}]}}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, d := serve(mustNew(t, action(tt.action), "blue"), get("/"))
			if d.Function != tt.want || d.Action != "forward" || (res.StatusCode == 503) != (tt.want == "") || (d.Error != "") != (tt.want == "") {
				t.Errorf("status %d, decision %+v; want function %q", res.StatusCode, d, tt.want)
			}
		})
	}
}

// ELB guide, "Action types for listener rules": the cookie AWSALBTG brings the client back to its target group until the duration is
// over; AWSALBTGCORS is the same with SameSite=None, which needs Secure.
func TestStickiness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := 0 // green first, then always blue
		l, err := listener.New(rules(t, action(`{"Type": "forward", "ForwardConfig": {
			"TargetGroups": [{"TargetGroupArn": "blue"}, {"TargetGroupArn": "green"}],
			"TargetGroupStickinessConfig": {"Enabled": true, "DurationSeconds": 60}}}`)), targets("blue", "green"),
			listener.WithRandom(func(int) int { next++; return max(0, 2-next) }))
		if err != nil {
			t.Fatal(err)
		}
		res, d := serve(l, get("/"))
		cookies := res.Cookies()
		if d.Function != "green" || len(cookies) != 2 || cookies[0].Name != "AWSALBTG" || cookies[1].Name != "AWSALBTGCORS" ||
			cookies[1].SameSite != http.SameSiteNoneMode || !cookies[1].Secure || cookies[0].Path != "/" {
			t.Fatalf("decision %+v, cookies %v; want green, AWSALBTG and AWSALBTGCORS", d, cookies)
		}
		if left := time.Until(cookies[0].Expires); left > time.Minute || left < 59*time.Second { // Expires has whole seconds
			t.Errorf("the cookie lasts %v, want 1m", left)
		}
		with := func(c ...*http.Cookie) string {
			r := get("/")
			for _, c := range c {
				r.AddCookie(c)
			}
			_, d := serve(l, r)
			return d.Function
		}
		for _, tt := range []struct {
			name string
			got  string
			want string
		}{
			{"with the cookie", with(cookies[0]), "green"},
			{"with the other cookie", with(cookies[1]), "green"},
			{"with a made-up one", with(&http.Cookie{Name: "AWSALBTG", Value: "x!"}), "blue"},
			{"without", with(), "blue"},
		} {
			if tt.got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
			}
		}
		time.Sleep(time.Minute)
		if got := with(cookies[0]); got != "blue" {
			t.Errorf("after the duration: %q, want blue", got)
		}
	})
}

// The function's own cookies stay, whatever it calls first.
func TestStickinessKeepsCookies(t *testing.T) {
	fn := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Set-Cookie"] = []string{"a=1"}
		w.Write([]byte("x"))
	})
	l, err := listener.New(rules(t, action(`{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "f"}],
		"TargetGroupStickinessConfig": {"Enabled": true, "DurationSeconds": 1}}}`)), map[string]http.Handler{"f": fn})
	if err != nil {
		t.Fatal(err)
	}
	res, _ := serve(l, get("/"))
	var got []string
	for _, c := range res.Cookies() {
		got = append(got, c.Name)
	}
	if want := []string{"a", "AWSALBTG", "AWSALBTGCORS"}; !slices.Equal(got, want) {
		t.Errorf("cookies %v, want %v", got, want)
	}
}

// API reference, "RedirectActionConfig", and the examples of the ELB guide, "Redirect actions". The port in Location and the page of
// 134 bytes are what public captures of ALBs show.
func TestRedirect(t *testing.T) {
	tests := []struct {
		name, config, target, host string
		secure                     bool
		port                       int
		status                     int
		location                   string
	}{
		{"the guide's example", `"Protocol": "HTTPS", "Port": "443", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}", "StatusCode": "HTTP_301"`,
			"/a/b?c=d", "example.com", false, 80, 301, "https://example.com:443/a/b?c=d"},
		{"parts left out stay", `"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"`, "/", "example.com", false, 80, 301,
			"https://example.com:443/"},
		{"the guide's port 40443", `"Protocol": "HTTPS", "Port": "40443", "StatusCode": "HTTP_301"`, "/a?b", "example.com", false, 80, 301,
			"https://example.com:40443/a?b"},
		{"the guide's new path", `"Path": "/new/#{path}", "StatusCode": "HTTP_302"`, "/a/b?c=d", "example.com:8080", false, 8080, 302,
			"http://example.com:8080/new/a/b?c=d"},
		{"the reference's host", `"Host": "example.#{host}", "StatusCode": "HTTP_302"`, "/", "a.com", true, 443, 302, "https://example.a.com:443/"},
		{"the reference's query", `"Path": "/x", "Query": "#{query}&value=xyz", "StatusCode": "HTTP_302"`, "/a?b=c", "a.com", false, 80, 302,
			"http://a.com:80/x?b=c&value=xyz"},
		{"all keywords in the query", `"Path": "/x", "Query": "#{protocol},#{host},#{port},#{path},#{query}", "StatusCode": "HTTP_302"`,
			"/a/b?c=%20", "a.com", false, 81, 302, "http://a.com:81/x?http,a.com,81,a/b,c=%20"},
		{"path with host and port", `"Path": "/#{host}/#{port}/#{path}", "StatusCode": "HTTP_302"`, "/a%2Fb", "a.com", false, 81, 302,
			"http://a.com:81/a.com/81/a%2Fb"},
		{"keywords of the client are text", `"Path": "/x/#{path}", "StatusCode": "HTTP_302"`, "/#{host}", "a.com", false, 80, 302,
			"http://a.com:80/x/#{host}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := mustNew(t, action(`{"Type": "redirect", "RedirectConfig": {`+tt.config+`}}`))
			r := get("/")
			r.RequestURI, r.Host = tt.target, tt.host
			if tt.secure {
				r.TLS = &tls.ConnectionState{}
			}
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: tt.port}))
			res, d := serve(l, r)
			if got := res.Header.Get("Location"); got != tt.location || res.StatusCode != tt.status {
				t.Errorf("%d %s, want %d %s", res.StatusCode, got, tt.status, tt.location)
			}
			if tt.status == 301 && (res.Header.Get("Server") != "awselb/2.0" || len(body(t, res)) != 134) {
				t.Errorf("headers %v, %d bytes; want an ALB's page of 134", res.Header, res.ContentLength)
			}
			if d.Action != "redirect" {
				t.Errorf("decision %+v, want a redirect", d)
			}
		})
	}
}

// The port is the protocol's where the connection does not tell.
func TestRedirectWithoutConnection(t *testing.T) {
	l := mustNew(t, action(`{"Type": "redirect", "RedirectConfig": {"Path": "/x", "StatusCode": "HTTP_302"}}`))
	r := &http.Request{Method: "GET", Host: "[::1]:9", URL: get("/a?b").URL, TLS: &tls.ConnectionState{}}
	if res, _ := serve(l, r); res.Header.Get("Location") != "https://[::1]:443/x?b" {
		t.Errorf("Location %q", res.Header.Get("Location"))
	}
}

// ELB guide, "Fixed-response actions".
func TestFixedResponse(t *testing.T) {
	l := mustNew(t, action(`{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "Hello world"}}`))
	res, d := serve(l, get("/"))
	if res.StatusCode != 200 || body(t, res) != "Hello world" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") ||
		res.Header.Get("Server") != "awselb/2.0" || d.Action != "fixed-response" || d.Rule != "default" {
		t.Errorf("%d %v, decision %+v; want the guide's example", res.StatusCode, res.Header, d)
	}
	l = mustNew(t, action(`{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}`))
	if res, _ := serve(l, get("/")); res.StatusCode != 503 || body(t, res) != "" || res.Header.Get("Content-Type") != "" {
		t.Errorf("%d %v; want 503 without a body", res.StatusCode, res.Header)
	}
}

// RFC 9110, 8.6: a 204 has no Content-Length.
func TestFixedResponseWithoutContent(t *testing.T) {
	l := mustNew(t, action(`{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "204", "MessageBody": "x"}}`))
	if res, _ := serve(l, get("/")); body(t, res) != "" || res.Header.Get("Content-Length") != "" || res.Header.Get("Content-Type") != "" {
		t.Errorf("headers %v, want none of a body", res.Header)
	}
}

// A fixed response obeys HTTP where a real server is in front: 204 has no body (RFC 9110, 15.3.5), nor has the answer to HEAD (9.3.2).
func TestFixedResponseOnTheWire(t *testing.T) {
	for _, tt := range []struct{ method, status string }{{"GET", "204"}, {"HEAD", "200"}} {
		server := httptest.NewServer(mustNew(t, action(`{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "`+tt.status+`", "MessageBody": "x"}}`)))
		req, err := http.NewRequestWithContext(t.Context(), tt.method, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, res); got != "" || res.Status[:3] != tt.status {
			t.Errorf("%s: %s with body %q, want %s without one", tt.method, res.Status, got, tt.status)
		}
		res.Body.Close()
		server.Close()
	}
}

func TestAuthenticate(t *testing.T) {
	login := listener.WithLogin(func(action string) bool { return action == "authenticate-oidc" })
	const forward = `, {"Type": "forward", "Order": 2, "TargetGroupArn": "f"}`
	tests := []struct {
		name, action string
		options      []listener.Option
		login        string
		wantErr      bool
	}{
		{"with a login", `{"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {"Issuer": "https://example.com"}}` + forward,
			[]listener.Option{login}, "authenticate-oidc", false},
		{"the order counts, not the list", `{"Type": "forward", "Order": 2, "TargetGroupArn": "f"}, {"Type": "authenticate-oidc", "Order": 1}`,
			[]listener.Option{login}, "authenticate-oidc", false},
		{"without a login", `{"Type": "authenticate-oidc", "Order": 1}` + forward, nil, "", true},
		{"with another login", `{"Type": "jwt-validation", "Order": 1}` + forward, []listener.Option{login}, "", true},
		{"a login is not wanted", `{"Type": "authenticate-cognito", "Order": 1, "AuthenticateCognitoConfig": {"OnUnauthenticatedRequest": "allow"}}` + forward,
			nil, "", false},
		{"behind the answer", `{"Type": "authenticate-oidc", "Order": 3}` + forward, []listener.Option{login}, "", true},
		{"alone", `{"Type": "authenticate-oidc", "Order": 1}`, []listener.Option{login}, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := listener.New(rules(t, action(tt.action)), targets("f"), tt.options...)
			if (err != nil) != tt.wantErr {
				t.Fatalf("error %v, want one: %t", err, tt.wantErr)
			}
			if err == nil {
				if _, d := serve(l, get("/")); d.Login != tt.login || d.Function != "f" {
					t.Errorf("decision %+v, want login %q", d, tt.login)
				}
			}
		})
	}
}

// A target learns the decision too.
func TestDecisionFromContext(t *testing.T) {
	var got listener.Decision
	fn := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if d, ok := listener.DecisionFromContext(r.Context()); ok {
			got = *d
		}
	})
	l, err := listener.New(rules(t, action(`{"Type": "forward", "TargetGroupArn": "f"}`)), map[string]http.Handler{"f": fn})
	if err != nil {
		t.Fatal(err)
	}
	serve(l, get("/"))
	if want := (listener.Decision{Rule: "default", Action: "forward", Function: "f"}); got != want {
		t.Errorf("decision %+v, want %+v", got, want)
	}
	l.ServeHTTP(httptest.NewRecorder(), get("/")) // without one nothing breaks
}
