package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware/oidc"
)

// FuzzVerify promises that no token panics, and that of all tokens that are believed the signed text and the signature's bytes are
// those that were signed: only the signature's spelling, in one or the other alphabet, is free. The fuzzer has no key, so the two
// tokens that it starts from are the only valid ones that it can know.
func FuzzVerify(f *testing.F) {
	key := newKey(f, elliptic.P256())
	far := map[string]any{"exp": 4102444800}
	valid := []string{
		sign(f, key, base64.URLEncoding, headerOf(far), adaSays),
		sign(f, key, base64.StdEncoding, headerOf(far), `{"sub":"`+ada+`","name":"þþþ???>>>~~~"}`),
	}
	// A mutation is of one of the two: what replaces the bytes from a place on, and how many.
	f.Add(0, 0, 0, "")
	f.Add(1, 0, 0, "")
	f.Add(0, 10, 1, "A")
	f.Add(0, len(valid[0])-3, 3, "")
	f.Add(1, strings.LastIndexByte(valid[1], '.')+1, 86, strings.Repeat("A", 86))
	f.Add(0, 0, len(valid[0]), "eyJhbGciOiJub25lIn0=.e30=.")
	h := oidc.New(shop, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))(http.HandlerFunc(whoami))
	f.Fuzz(func(t *testing.T, which, at, length int, insert string) {
		original := valid[which&1]
		at = min(max(at, 0), len(original))
		length = min(max(length, 0), len(original)-at)
		token := original[:at] + insert + original[at+length:]
		a := ask(h, login(token))
		switch a.status {
		case 401:
			if token == original {
				t.Errorf("the valid token was refused: %s", a.cause)
			}
		case 200:
			if spelled(token) != spelled(original) {
				t.Errorf("believed\n%s\nwhich is not\n%s", token, original)
			}
		default:
			t.Errorf("status %d: %s", a.status, a.cause)
		}
	})
}

// spelled is a token with its signature in the URL's alphabet.
func spelled(token string) string {
	end := strings.LastIndexByte(token, '.')
	return token[:end+1] + strings.NewReplacer("+", "-", "/", "_").Replace(token[end+1:])
}
