package balancer_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

const (
	oidcData        = "x-amzn-oidc-data"
	oidcIdentity    = "x-amzn-oidc-identity"
	oidcAccessToken = "x-amzn-oidc-accesstoken"
)

// oidcLines are the lines of each x-amzn-oidc header that the function sees, in either mode.
func oidcLines(t testing.TB, e map[string]any) map[string][]string {
	t.Helper()
	lines := make(map[string][]string)
	for _, family := range []string{"headers", "multiValueHeaders"} {
		header, _ := e[family].(map[string]any)
		for name, value := range header {
			if !strings.Contains(strings.ToLower(name), "oidc") {
				continue
			}
			switch value := value.(type) {
			case string:
				lines[name] = []string{value}
			case []any:
				for _, v := range value {
					lines[name] = append(lines[name], v.(string))
				}
			}
		}
	}
	return lines
}

// segment decodes base64url with padding (RFC 4648, 5), bit by bit.
func segment(t testing.TB, s string) []byte {
	t.Helper()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	text := strings.TrimRight(s, "=")
	if padding := len(s) - len(text); len(s)%4 != 0 || padding > 2 {
		t.Fatalf("%d characters, %d of them padding: %s", len(s), padding, s)
	}
	var out []byte
	bits, n := 0, 0
	for _, c := range []byte(text) {
		value := strings.IndexByte(alphabet, c)
		if value < 0 {
			t.Fatalf("%q is not in the alphabet: %s", c, s)
		}
		bits, n = bits<<6|value, n+6
		if n >= 8 {
			n -= 8
			out = append(out, byte(bits>>n))
			bits &= 1<<n - 1
		}
	}
	if bits != 0 {
		t.Fatalf("bits are left over: %s", s)
	}
	return out
}

// verified reports whether the signature of a token covers its first two segments as they are.
func verified(t testing.TB, token string, key *ecdsa.PublicKey) bool {
	t.Helper()
	text, signature := token[:strings.LastIndexByte(token, '.')], segment(t, token[strings.LastIndexByte(token, '.')+1:])
	if len(signature) != 64 {
		t.Fatalf("the signature has %d bytes, want r and s with 32 each", len(signature))
	}
	digest := sha256.Sum256([]byte(text))
	return ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
}

// onlyKey is the key of o and its kid.
func onlyKey(t testing.TB, o *balancer.OIDC) (string, *ecdsa.PublicKey) {
	t.Helper()
	kids := slices.Collect(maps.Keys(o.PublicKeys()))
	if len(kids) != 1 {
		t.Fatalf("%d keys", len(kids))
	}
	return kids[0], o.PublicKeys()[kids[0]]
}

// The token is held byte by byte against the ELB guide, "Authenticate users using an Application Load
// Balancer", and against the order of members in published tokens.
func TestOIDCToken(t *testing.T) {
	paddings := make(map[int]bool)
	for _, sub := range []string{"5", "42", "123", "user@example.com", "Zoë"} {
		for _, multiValue := range []bool{false, true} {
			t.Run(fmt.Sprint(sub, multiValue), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { // the time stands still
					login := balancer.WithOIDC(map[string]any{"sub": sub, "email": "a&b@example.com", "n": int64(9007199254740993)})
					kid, key := onlyKey(t, login)
					got := oidcLines(t, event(t, get(t, "/"), login, multi(multiValue)))
					if len(got) != 3 || len(got[oidcData]) != 1 || len(got[oidcAccessToken]) != 1 {
						t.Fatalf("headers %v", got)
					}
					if diff := cmp.Diff([]string{sub}, got[oidcIdentity]); diff != "" {
						t.Errorf("identity: %s", diff)
					}
					if len(got[oidcAccessToken][0]) < 20 {
						t.Errorf("access token %q", got[oidcAccessToken][0])
					}
					part := strings.Split(got[oidcData][0], ".")
					if len(part) != 3 {
						t.Fatalf("%d segments", len(part))
					}
					expiry := time.Now().Add(2 * time.Minute).Unix()
					header := fmt.Sprintf(`{"typ":"JWT","kid":"%s","alg":"ES256","iss":"https://idp.example.com","client":"local",`+
						`"signer":"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/local/0123456789abcdef","exp":%d}`, kid, expiry)
					if diff := cmp.Diff(header, string(segment(t, part[0]))); diff != "" {
						t.Errorf("header: %s", diff)
					}
					payload := fmt.Sprintf(`{"email":"a\u0026b@example.com","n":9007199254740993,"sub":"%s","exp":%d,"iss":"https://idp.example.com"}`, sub, expiry)
					if diff := cmp.Diff(payload, string(segment(t, part[1]))); diff != "" {
						t.Errorf("payload: %s", diff)
					}
					if !verified(t, got[oidcData][0], key) {
						t.Error("the signature does not verify")
					}
					// The signature covers the padding.
					padding := strings.Count(part[1], "=")
					paddings[padding] = true
					if stripped := part[0] + "." + strings.TrimRight(part[1], "=") + "." + part[2]; padding > 0 && verified(t, stripped, key) {
						t.Error("the signature verifies without the padding")
					}
				})
			})
		}
	}
	if len(paddings) != 3 {
		t.Errorf("padding seen: %v; choose other subjects", paddings)
	}
}

// Every request has a token of its own, which is valid from then on.
func TestOIDCTokenIsFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		login := balancer.WithOIDC(map[string]string{"sub": "u"})
		expiry := func() int64 {
			var header struct{ Exp int64 }
			token := oidcLines(t, event(t, get(t, "/"), login))[oidcData][0]
			if err := json.Unmarshal(segment(t, token[:strings.IndexByte(token, '.')]), &header); err != nil {
				t.Fatal(err)
			}
			return header.Exp
		}
		for range 3 {
			if got, want := expiry(), time.Now().Unix()+120; got != want {
				t.Errorf("exp %d, want %d", got, want)
			}
			time.Sleep(time.Hour)
		}
	})
}

// A client's own lines stay, as with X-Forwarded-For, and never come last.
func TestOIDCForged(t *testing.T) {
	login := balancer.WithOIDC(map[string]string{"sub": "user"})
	_, key := onlyKey(t, login)
	tests := []struct {
		name  string
		lines []string
		multi map[string]int // elements of each header in multi-value mode
	}{
		{"one line", []string{"X-Amzn-Oidc-Data: a.b.c", "X-Amzn-Oidc-Identity: admin", "X-Amzn-Oidc-Accesstoken: t"},
			map[string]int{oidcData: 2, oidcIdentity: 2, oidcAccessToken: 2}},
		{"two lines", []string{"x-amzn-oidc-data: a.b.c", "X-AMZN-OIDC-DATA: d.e.f", "X-Amzn-Oidc-Identity: admin"},
			map[string]int{oidcData: 3, oidcIdentity: 2, oidcAccessToken: 1}},
		{"empty", []string{"X-Amzn-Oidc-Data:", "X-Amzn-Oidc-Identity:"},
			map[string]int{oidcData: 2, oidcIdentity: 2, oidcAccessToken: 1}},
		{"list", []string{"X-Amzn-Oidc-Identity: user, admin"},
			map[string]int{oidcData: 1, oidcIdentity: 2, oidcAccessToken: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, multiValue := range []bool{false, true} {
				addr := listen(t, balancer.New(echo(multiValue), quiet(), login, multi(multiValue)), nil)
				res, body := exchange(t, addr, line("GET /", tt.lines...))
				if res.StatusCode != http.StatusOK {
					t.Fatalf("%d %s", res.StatusCode, body)
				}
				got := oidcLines(t, decode(t, []byte(body)))
				for name, n := range tt.multi {
					if !multiValue {
						n = 1
					}
					if len(got[name]) != n {
						t.Errorf("multi %v: %s has %d lines, want %d: %q", multiValue, name, len(got[name]), n, got[name])
					}
				}
				last := func(name string) string { return got[name][len(got[name])-1] }
				if last(oidcIdentity) != "user" || last(oidcAccessToken) == "t" || strings.Count(last(oidcData), ".") != 2 || !verified(t, last(oidcData), key) {
					t.Errorf("multi %v: the client's line is the last: %q", multiValue, got)
				}
			}
		})
	}

	// Without a login nothing is added, and what the client sent is passed on.
	want := map[string][]string{oidcIdentity: {"admin"}}
	if diff := cmp.Diff(want, oidcLines(t, event(t, request(t, line("GET /", "X-Amzn-Oidc-Identity: admin"))))); diff != "" {
		t.Error(diff)
	}
}

func TestOIDCClaims(t *testing.T) {
	type user struct {
		Sub   string   `json:"sub"`
		Roles []string `json:"roles"`
		Exp   int      `json:"exp"`
		Iss   string   `json:"iss"`
	}
	synctest.Test(t, func(t *testing.T) {
		login := balancer.WithOIDC(user{"u", []string{"admin"}, 1, `https://login.example/"a"`})
		part := strings.Split(oidcLines(t, event(t, get(t, "/"), login))[oidcData][0], ".")
		kid, _ := onlyKey(t, login)
		expiry := time.Now().Unix() + 120
		header := map[string]any{"typ": "JWT", "kid": kid, "alg": "ES256", "iss": `https://login.example/"a"`,
			"client": login.ClientID(), "signer": login.LoadBalancerARN(), "exp": float64(expiry)}
		if diff := cmp.Diff(header, decode(t, segment(t, part[0]))); diff != "" {
			t.Errorf("header: %s", diff)
		}
		payload := fmt.Sprintf(`{"roles":["admin"],"sub":"u","exp":%d,"iss":"https://login.example/\"a\""}`, expiry) // no member twice
		if diff := cmp.Diff(payload, string(segment(t, part[1]))); diff != "" {
			t.Errorf("payload: %s", diff)
		}
	})

	tests := []struct {
		name   string
		claims any
		want   string // of the panic; "" is none
	}{
		{"most that is allowed", map[string]string{"sub": "u", "x": strings.Repeat("x", 11<<10-len(`{"sub":"u","x":""}`))}, ""},
		{"too many", map[string]string{"sub": "u", "x": strings.Repeat("x", 11<<10)}, "exceed 11 KB"},
		{"raw JSON", json.RawMessage(`{"sub":"u"}`), ""},
		{"no claims", nil, `no "sub"`},
		{"no sub", map[string]string{"email": "a@example.com"}, `no "sub"`},
		{"sub in upper case", map[string]string{"SUB": "u"}, `no "sub"`},
		{"sub is a number", map[string]int{"sub": 1}, `no "sub"`},
		{"sub is null", map[string]any{"sub": nil}, `no "sub"`},
		{"sub is empty", map[string]string{"sub": ""}, `no "sub"`},
		{"sub with a line break", map[string]string{"sub": "u\r\nX-Admin: 1"}, "fits into a header"},
		{"iss is a number", map[string]any{"sub": "u", "iss": 1}, `"iss" is not a string`},
		{"iss is empty", map[string]any{"sub": "u", "iss": ""}, `"iss" is not a string`},
		{"a list", []string{"sub"}, "[]string are not a JSON object"},
		{"bytes", []byte(`{"sub":"u"}`), "[]uint8 are not a JSON object"},
		{"no JSON", map[string]any{"sub": func() {}}, "cannot marshal claims of type map[string]interface {}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := panics(func() { balancer.WithOIDC(tt.claims) }); !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
				t.Errorf("panic %q, want %q", got, tt.want)
			}
		})
	}
	for _, o := range []*balancer.OIDC{nil, {}} {
		if got := panics(func() { balancer.New(nil, o) }); !strings.Contains(got, "balancer.WithOIDC") {
			t.Errorf("panic %q", got)
		}
	}
}

// panics returns what f panics with, which names the package, and "" if it does not panic.
func panics(f func()) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = strings.TrimPrefix(fmt.Sprint(v), "balancer: ")
		}
	}()
	f()
	return ""
}

func TestOIDCKey(t *testing.T) {
	login := balancer.WithOIDC(map[string]string{"sub": "u"})
	kid, key := onlyKey(t, login)
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(kid) {
		t.Errorf("kid %q is no UUID", kid)
	}
	if !regexp.MustCompile(`^arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/app/[A-Za-z0-9-]+/[0-9a-f]{16}$`).MatchString(login.LoadBalancerARN()) {
		t.Errorf("ARN %q", login.LoadBalancerARN())
	}
	tests := []struct {
		name, method, path string
		status             int
		key                bool
	}{
		{"key", "GET", "/" + kid, http.StatusOK, true},
		{"HEAD", "HEAD", "/" + kid, http.StatusOK, false},
		{"root", "GET", "/", http.StatusNotFound, false},
		{"other key", "GET", "/00000000-0000-4000-8000-000000000000", http.StatusNotFound, false},
		{"deeper", "GET", "/keys/" + kid, http.StatusNotFound, false},
		{"slash", "GET", "/" + kid + "/", http.StatusNotFound, false},
		{"POST", "POST", "/" + kid, http.StatusMethodNotAllowed, false},
	}
	server := httptest.NewServer(login)
	defer server.Close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := exchange(t, server.Listener.Addr().String(), tt.method+" "+tt.path+" HTTP/1.1\r\nHost: h\r\n\r\n")
			if res.StatusCode != tt.status || (tt.status == http.StatusMethodNotAllowed) != (res.Header.Get("Allow") == "GET, HEAD") {
				t.Errorf("%d %v", res.StatusCode, res.Header)
			}
			block, rest := pem.Decode([]byte(body))
			if (block != nil) != tt.key {
				t.Fatalf("body %q", body)
			}
			if !tt.key {
				return
			}
			published, err := x509.ParsePKIXPublicKey(block.Bytes)
			if err != nil || block.Type != "PUBLIC KEY" || len(rest) != 0 {
				t.Fatalf("%v in %s", err, body)
			}
			if p, ok := published.(*ecdsa.PublicKey); !ok || p.Curve != elliptic.P256() || !p.Equal(key) {
				t.Errorf("%v is not the key", published)
			}
		})
	}

	delete(login.PublicKeys(), kid)
	if _, again := onlyKey(t, login); !again.Equal(key) {
		t.Error("the key changed")
	}
	other := balancer.WithOIDC(map[string]string{"sub": "u"})
	if otherKid, otherKey := onlyKey(t, other); otherKid == kid || otherKey.Equal(key) {
		t.Error("two logins share a key")
	}
	if token := oidcLines(t, event(t, get(t, "/"), other, login))[oidcData][0]; !verified(t, token, key) {
		t.Error("of two options the last does not win")
	}
}

// A health check comes from the load balancer, which is no user and has no certificate.
func TestOIDCHealthCheck(t *testing.T) {
	var seen map[string]any
	f := function(func(_ context.Context, event []byte) ([]byte, error) {
		seen = decode(t, event)
		return []byte(hello), nil
	})
	b := balancer.New(f, balancer.WithOIDC(map[string]string{"sub": "u"}), balancer.WithClientCertificate(leaf(t)))
	if err := b.CheckHealth(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"user-agent": "ELB-HealthChecker/2.0"}, seen["headers"]); diff != "" {
		t.Error(diff)
	}
}

// One login serves several balancers at once: run with -race.
func TestOIDCConcurrent(t *testing.T) {
	login := balancer.WithOIDC(map[string]string{"sub": "u"})
	kid, key := onlyKey(t, login)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			b := balancer.New(nil, login, quiet())
			for range 64 { // enough for an r or s that is shorter than 32 bytes
				e, err := b.Event(get(t, "/"))
				if err != nil || !verified(t, oidcLines(t, decode(t, e))[oidcData][0], key) {
					t.Errorf("%v %s", err, e)
				}
				rec := httptest.NewRecorder()
				login.ServeHTTP(rec, httptest.NewRequest("GET", "/"+kid, nil))
				if rec.Code != http.StatusOK {
					t.Error(rec.Code)
				}
			}
		})
	}
	wg.Wait()
}

func TestPublicKeysAreCopies(t *testing.T) {
	login := balancer.WithOIDC(map[string]any{"sub": "ada"})
	for _, key := range login.PublicKeys() {
		*key = ecdsa.PublicKey{}
	}
	for _, key := range login.PublicKeys() {
		if key.Curve == nil {
			t.Error("the key can be changed from outside")
		}
	}
}
