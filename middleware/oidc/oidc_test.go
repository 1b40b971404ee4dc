package oidc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware/oidc"
)

// Tokens in the load balancer's format, as the guide describes it and as users have published it, are believed.
func TestAccepts(t *testing.T) {
	key := newKey(t, elliptic.P256())
	tests := []struct {
		name    string
		enc     *base64.Encoding
		header  map[string]any
		payload string
		opts    []oidc.Option
	}{
		{name: "as it comes", enc: base64.URLEncoding, payload: adaSays},
		{name: "standard alphabet", enc: base64.StdEncoding, payload: `{"sub":"` + ada + `","name":"þþþ???>>>~~~"}`},
		{name: "URL's alphabet", enc: base64.URLEncoding, payload: `{"sub":"` + ada + `","name":"þþþ???>>>~~~"}`},
		{name: "no padding needed", enc: base64.URLEncoding, payload: `{"sub":"` + ada + `"  }`},
		{name: "of this client and issuer", enc: base64.URLEncoding, payload: adaSays,
			opts: []oidc.Option{oidc.WithClientID(client), oidc.WithIssuer(issuer)}},
		{name: "of a second load balancer", enc: base64.URLEncoding, payload: adaSays, header: map[string]any{"signer": stranger},
			opts: []oidc.Option{oidc.WithLoadBalancers(stranger)}},
		{name: "expired payload", enc: base64.URLEncoding, payload: `{"sub":"` + ada + `","exp":1}`},
		{name: "11 KB of claims", enc: base64.URLEncoding, payload: `{"sub":"` + ada + `","groups":"` + strings.Repeat("g", 11<<10) + `"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			exp := time.Now().Add(time.Minute).Truncate(time.Second)
			header := map[string]any{"exp": exp.Unix(), "signer": shop}
			maps.Copy(header, tt.header)
			token := sign(t, key, tt.enc, headerOf(header), tt.payload)
			want := oidc.Identity{Subject: ada, Issuer: issuer, ClientID: client, Signer: header["signer"].(string), Expiry: exp}
			var got oidc.Identity
			opts := append(tt.opts, reply(200, pemOf(t, key)))
			h := oidc.New(shop, opts...)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				got, _ = oidc.IdentityFromContext(r.Context())
			}))
			onEverySide(t, h, login(token), func(t *testing.T, a answer) {
				if a.status != 200 {
					t.Fatalf("status %d: %s", a.status, a.cause)
				}
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(oidc.Identity{})); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// Each single fault is refused, and by the check that is meant for it: whatever address a key is asked from has the key that
// verifies the token.
func TestRefuses(t *testing.T) {
	key := newKey(t, elliptic.P256())
	valid := validToken(t, key)
	seg := strings.Split(valid, ".")
	text := seg[0] + "." + seg[1]
	raw, _ := base64.URLEncoding.DecodeString(seg[2])
	with := func(changes map[string]any) string {
		return sign(t, key, base64.URLEncoding, headerOf(changes), adaSays)
	}
	enc := base64.URLEncoding.EncodeToString
	textOf := func(header string) string { return enc([]byte(header)) + "." + enc([]byte(adaSays)) }

	sum := sha256.Sum256([]byte(text))
	der, _ := ecdsa.SignASN1(rand.Reader, key, sum[:])
	hs := textOf(headerOf(map[string]any{"alg": "HS256"}))
	mac := hmac.New(sha256.New, pemOf(t, key))
	mac.Write([]byte(hs))
	rs := textOf(headerOf(map[string]any{"alg": "RS256"}))
	rsaKey, _ := rsa.GenerateKey(rand.Reader, 2048)
	rsSum := sha256.Sum256([]byte(rs))
	rsSignature, _ := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, rsSum[:])
	es384 := textOf(headerOf(map[string]any{"alg": "ES384"}))
	esSum := sha512.Sum384([]byte(es384))
	r384, s384, _ := ecdsa.Sign(rand.Reader, newKey(t, elliptic.P384()), esSum[:])
	onlyInPayload := `{"sub":"` + ada + `","signer":"` + shop + `","client":"` + client + `","iss":"` + issuer + `","exp":4102444800}`

	tests := []struct{ name, token, cause string }{
		{"signature changed", text + "." + enc(append([]byte{raw[0] ^ 1}, raw[1:]...)), "signature"},
		{"signature by another key", validToken(t, newKey(t, elliptic.P256())), "signature"},
		{"signature of zeros", text + "." + enc(make([]byte, 64)), "signature"},
		{"no signature", text + ".", "signature of 0 bytes"},
		{"DER signature", text + "." + enc(der), "ES256 has 64"},
		{"payload changed", seg[0] + "." + enc([]byte(strings.Replace(adaSays, "ada@", "eve@", 1))) + "." + seg[2], "signature"},
		{"header changed", enc([]byte(headerOf(map[string]any{"exp": time.Now().Add(time.Hour).Unix()}))) + "." + seg[1] + "." + seg[2], "signature"},

		{"alg none", with(map[string]any{"alg": "none"}), "alg"},
		{"alg none without signature", textOf(headerOf(map[string]any{"alg": "none"})) + ".", "alg"},
		{"alg HS256 with the public key as secret", hs + "." + enc(mac.Sum(nil)), "alg"},
		{"alg RS256", rs + "." + enc(rsSignature), "alg"},
		{"alg ES384", es384 + "." + enc(append(r384.FillBytes(make([]byte, 48)), s384.FillBytes(make([]byte, 48))...)), "alg"},
		{"alg in lower case", with(map[string]any{"alg": "es256"}), "alg"},
		{"no alg", with(map[string]any{"alg": nil}), "alg"},
		{"crit", with(map[string]any{"crit": []string{"b64"}}), "crit"},

		{"expired header, fresh payload", sign(t, key, base64.URLEncoding,
			headerOf(map[string]any{"exp": time.Now().Add(-time.Second).Unix()}), onlyInPayload), "exp"},
		{"expires this second", with(map[string]any{"exp": time.Now().Unix()}), "exp"},
		{"no exp", with(map[string]any{"exp": nil}), "exp"},
		{"exp is a string", with(map[string]any{"exp": "4102444800"}), "header"},
		{"exp is no date", with(map[string]any{"exp": 1e300}), "exp"},

		{"another's load balancer", with(map[string]any{"signer": stranger}), "signer"},
		{"signer in other case", with(map[string]any{"signer": strings.ToUpper(shop)}), "signer"},
		{"signer with a suffix", with(map[string]any{"signer": shop + "0"}), "signer"},
		{"no signer", with(map[string]any{"signer": nil}), "signer"},
		{"another client", with(map[string]any{"client": "other"}), "client"},
		{"no client", with(map[string]any{"client": nil}), "client"},
		{"another issuer", with(map[string]any{"iss": issuer + "/"}), "issuer"},
		{"no issuer", with(map[string]any{"iss": nil}), "issuer"},
		{"metadata in the payload only", sign(t, key, base64.URLEncoding,
			`{"typ":"JWT","kid":"`+kid+`","alg":"ES256"}`, onlyInPayload), "signer"},

		{"kid is a path", with(map[string]any{"kid": "../" + kid}), "kid"},
		{"kid is a URL", with(map[string]any{"kid": "https://evil.example/" + kid}), "kid"},
		{"kid with a query", with(map[string]any{"kid": kid + "?x"}), "kid"},
		{"kid of a UUID's length", with(map[string]any{"kid": "../../evil-bucket/key.pem?0123456789a"[:36]}), "kid"},
		{"kid in upper case", with(map[string]any{"kid": strings.ToUpper(kid)}), "kid"},
		{"no kid", with(map[string]any{"kid": nil}), "kid"},

		{"stripped padding", strings.ReplaceAll(valid, "=", ""), "padding"},
		{"stripped padding of the signature", strings.TrimRight(valid, "="), "padding"},
		{"signature with trailing bits", strings.TrimRight(valid, "=")[:len(valid)-3] + otherTail(valid) + "==", "base64"},
		{"line break", valid[:4] + "\r\n\r\n" + valid[4:], "line break"},
		{"more padding", valid + "====", "base64"},
		{"empty", "", "three segments"},
		{"one segment", "eyJ9", "three segments"},
		{"two segments", text, "three segments"},
		{"four segments", valid + "." + seg[2], "three segments"},
		{"no JSON", "AAAA.AAAA." + seg[2], "header"},
		{"header is null", sign(t, key, base64.URLEncoding, `null`, adaSays), "alg"},
		{"no sub", sign(t, key, base64.URLEncoding, headerOf(nil), `{"email":"ada@example.com"}`), "sub"},
		{"sub is a number", sign(t, key, base64.URLEncoding, headerOf(nil), `{"sub":1}`), "payload"},
		{"payload is a list", sign(t, key, base64.URLEncoding, headerOf(nil), `["sub"]`), "payload"},
		{"over 32 KiB", sign(t, key, base64.URLEncoding, headerOf(nil), `{"sub":"`+ada+`","a":"`+strings.Repeat("a", 32<<10)+`"}`), "bytes"},
	}
	for _, optional := range []bool{false, true} {
		opts := []oidc.Option{oidc.WithClientID(client), oidc.WithIssuer(issuer), reply(200, pemOf(t, key))}
		if optional {
			opts = append(opts, oidc.Optional())
		}
		h := oidc.New(shop, opts...)(http.HandlerFunc(whoami))
		if a := ask(h, login(valid)); a.status != 200 {
			t.Fatalf("the valid token: status %d: %s", a.status, a.cause)
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				a := ask(h, login(tt.token))
				if a.status != 401 || !strings.Contains(a.cause, tt.cause) {
					t.Errorf("status %d, cause %q; want 401 and one with %q", a.status, a.cause, tt.cause)
				}
				if got := a.header.Get("WWW-Authenticate"); got != "X-Amzn-Oidc-Data" {
					t.Errorf("WWW-Authenticate %q", got)
				}
				const body = `{"title":"Unauthorized","status":401,"detail":"Your login is not valid. Log in again."}`
				if a.body != body {
					t.Errorf("body %s, want %s", a.body, body)
				}
			})
		}
	}
}

// otherTail is the last letter of a signature's base64 with a bit set that stands for nothing.
func otherTail(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, token[len(token)-3])|1:][:1]
}

// A key on another curve verifies nothing, though a signature by it fits into 64 bytes.
func TestRefusesKeyOnOtherCurve(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P384()} {
		key := newKey(t, curve)
		token := validToken(t, newKey(t, elliptic.P256()))
		if curve == elliptic.P224() {
			token = validToken(t, key)
		}
		h := oidc.New(shop, reply(200, pemOf(t, key)))(http.HandlerFunc(whoami))
		if a := ask(h, login(token)); a.status != 503 || !strings.Contains(a.cause, "P-256") {
			t.Errorf("%s: status %d: %s", curve.Params().Name, a.status, a.cause)
		}
	}
}

// A token in the shape that users have published in bug reports is read up to the signature: without the load balancer's key,
// which nobody outside AWS has, a signature of this shape can only be made with our own key or refused.
func TestPublishedShape(t *testing.T) {
	const signer = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/ecs-with-cognito-lb/6284be65b827c598"
	published := base64.URLEncoding.EncodeToString([]byte(`{"typ":"JWT","kid":"c2f80c8b-c05c-4068-af14-17299f7896b1","alg":"ES256",`+
		`"iss":"https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI","client":"4fmvh22tjrgd7d3k3tghttct7",`+
		`"signer":"`+signer+`","exp":4102444800}`)) + "." +
		base64.URLEncoding.EncodeToString([]byte(`{"sub":"23d498b2-3031-70d2-8a15-49dd886a087b","email_verified":"true",`+
			`"email":"ada@example.com","username":"23d498b2-3031-70d2-8a15-49dd886a087b","exp":4102444800,`+
			`"iss":"https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI"}`)) + "." +
		strings.Repeat("Ab-_", 21) + "AQ=="
	h := oidc.New(signer, reply(200, pemOf(t, newKey(t, elliptic.P256()))))(http.HandlerFunc(whoami))
	if a := ask(h, login(published)); a.status != 401 || !strings.Contains(a.cause, "signature") || strings.Contains(a.cause, "bytes") {
		t.Errorf("status %d: %s; want 401 for the signature alone", a.status, a.cause)
	}
}
