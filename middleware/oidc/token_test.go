package oidc_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware/oidc"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

// A load balancer as the tests have it, and who is logged in there.
const (
	shop     = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188"
	stranger = "arn:aws:elasticloadbalancing:eu-west-1:999999999999:loadbalancer/app/shop/50dc6c495c0c9188"
	kid      = "c2f80c8b-c05c-4068-af14-17299f7896b1"
	issuer   = "https://idp.example"
	client   = "4fmvh22tjrgd7d3k3tghttct7"
	ada      = "23d498b2-3031-70d2-8a15-49dd886a087b"
	adaSays  = `{"sub":"` + ada + `","email":"ada@example.com","email_verified":"true","exp":1687748045,"iss":"` + issuer + `"}`
)

func newKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// headerOf is a token's header in the order that load balancers write, with members replaced, or removed by nil.
func headerOf(changes map[string]any) string {
	members := map[string]any{
		"typ": "JWT", "kid": kid, "alg": "ES256", "iss": issuer, "client": client, "signer": shop,
		"exp": time.Now().Add(2 * time.Minute).Unix(),
	}
	maps.Copy(members, changes)
	var b strings.Builder
	for _, name := range []string{"typ", "kid", "alg", "iss", "client", "signer", "exp", "crit"} {
		if members[name] != nil {
			value, _ := json.Marshal(members[name])
			b.WriteString(`,"` + name + `":` + string(value))
		}
	}
	return "{" + b.String()[1:] + "}"
}

// sign makes a token as a load balancer does: every segment padded, the signature r and s of 32 bytes each over the padded text.
// It shares no code with the verifier.
func sign(t testing.TB, key *ecdsa.PrivateKey, enc *base64.Encoding, header, payload string) string {
	t.Helper()
	text := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(payload))
	return text + "." + enc.EncodeToString(rawSignature(t, key, text))
}

func rawSignature(t testing.TB, key *ecdsa.PrivateKey, text string) []byte {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signature
}

func validToken(t testing.TB, key *ecdsa.PrivateKey) string {
	t.Helper()
	return sign(t, key, base64.URLEncoding, headerOf(nil), adaSays)
}

func pemOf(t testing.TB, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reply is an option: every key's address answers so.
func reply(status int, body []byte) oidc.Option {
	return transport(func(*http.Request) (*http.Response, error) { return response(status, body), nil })
}

func transport(f roundTripper) oidc.Option {
	return oidc.WithHTTPClient(&http.Client{Transport: f})
}

func response(status int, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))}
}

// whoami answers with who is logged in, and the X-Amzn-Oidc fields that it sees.
func whoami(w http.ResponseWriter, r *http.Request) {
	id, _ := oidc.IdentityFromContext(r.Context())
	for name, lines := range r.Header {
		if strings.HasPrefix(name, "X-Amzn-Oidc-") {
			w.Header()[name] = lines
		}
	}
	_, _ = io.WriteString(w, id.Subject+" "+id.AccessToken())
}

func get(fields http.Header) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	maps.Copy(r.Header, fields)
	return r
}

func login(token string) http.Header { return http.Header{"X-Amzn-Oidc-Data": {token}} }

// answer is what a client and an observer get.
type answer struct {
	status int
	header http.Header
	body   string
	cause  string
}

// ask asks a handler directly.
func ask(h http.Handler, fields http.Header) answer {
	var cause string
	r := get(fields)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(problem.WithObserver(r.Context(), func(err error) { cause = err.Error() })))
	return answer{w.Code, w.Header(), w.Body.String(), cause}
}

// onEverySide asks a handler through a load balancer in both header modes, and through net/http's server.
func onEverySide(t *testing.T, h http.Handler, fields http.Header, check func(*testing.T, answer)) {
	t.Helper()
	var cause string
	observed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(problem.WithObserver(r.Context(), func(err error) { cause = err.Error() })))
	})
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) {
			cause = ""
			res := albtest.Do(t, observed, get(fields), mode)
			check(t, answer{res.StatusCode, res.Header, readAll(t, res.Body), cause})
		})
	}
	t.Run("net/http", func(t *testing.T) {
		cause = ""
		srv := httptest.NewServer(observed)
		t.Cleanup(srv.Close)
		r := get(fields)
		r.URL, _ = url.Parse(srv.URL)
		r.RequestURI = ""
		res, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		check(t, answer{res.StatusCode, res.Header, readAll(t, res.Body), cause})
	})
}

func readAll(t *testing.T, body io.ReadCloser) string {
	t.Helper()
	defer body.Close()
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
