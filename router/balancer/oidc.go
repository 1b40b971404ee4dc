package balancer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	loginARN      = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/local/0123456789abcdef"
	loginIssuer   = "https://idp.example.com" // unless the claims name one
	loginClient   = "local"
	loginLifetime = 2 * time.Minute
	maxClaims     = 11 << 10 // an ALB's limit, in bytes
)

// An OIDC is a login through the listener's action authenticate-oidc, as an [Option], and the endpoint
// that publishes the load balancer's public keys, as an [http.Handler]. Make one with [WithOIDC]; New
// panics at the zero value. It never changes, so several balancers may share it.
type OIDC struct {
	key                          *ecdsa.PrivateKey
	keyID                        string
	publicKey                    []byte // PEM
	claims                       []byte // a JSON object without its closing brace
	issuer, subject, accessToken string
}

// WithOIDC makes every request one of a user who has logged in: it carries x-amzn-oidc-data, a token
// with these claims, x-amzn-oidc-identity, their sub, and x-amzn-oidc-accesstoken, random text. Health
// checks carry none of them.
//
// Claims are whatever marshals to a JSON object with a sub, which is text that fits into a header. They
// are marshalled once, here. An iss among them becomes the token's issuer and must be text too; an exp is
// replaced. WithOIDC panics at any other claims, and at more than 11 KB of them, which an ALB answers
// with 401.
//
// The token is what an ALB makes, in form and in content, by the ELB guide, "Authenticate users using an
// Application Load Balancer", and by published tokens. Its JOSE header has typ, kid, alg, iss, client,
// signer and exp, its payload the claims with exp and iss; it is signed with ES256, and each segment is
// base64url with padding, which the signature covers. Every request gets a new one, valid for two
// minutes, under a P-256 key of this OIDC alone. A verifier that is to accept it has to be told
// [OIDC.LoadBalancerARN], and [OIDC.PublicKeys] or where the OIDC is served.
//
// A line that the client sends under one of the three names stays, in front of the load balancer's:
// AWS does not say whether an ALB removes it, so a function must count the last line alone. Left out are
// the redirects to an identity provider, the session cookie AWSELBAuthSessionCookie, which a function sees
// behind an ALB, and the rule that only HTTPS listeners authenticate.
func WithOIDC(claims any) *OIDC {
	o := &OIDC{keyID: newKeyID(), issuer: loginIssuer, accessToken: rand.Text()}
	o.setClaims(claims)

	var err error
	if o.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		panic(fmt.Sprintf("balancer: WithOIDC cannot make a key: %v; look at this machine's source of random numbers", err))
	}
	der, err := x509.MarshalPKIXPublicKey(&o.key.PublicKey)
	if err != nil {
		panic(fmt.Sprintf("balancer: WithOIDC cannot encode its key: %v; report this", err))
	}
	o.publicKey = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return o
}

func (o *OIDC) setClaims(claims any) {
	text, err := json.Marshal(claims)
	if err != nil {
		panic(fmt.Sprintf("balancer: WithOIDC cannot marshal claims of type %T: %v; give it a map or a struct", claims, err))
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		panic(fmt.Sprintf("balancer: claims of type %T are not a JSON object; give WithOIDC a map or a struct", claims))
	}
	if json.Unmarshal(members["sub"], &o.subject) != nil || o.subject == "" || !validValue(o.subject) {
		panic(`balancer: the claims have no "sub" that fits into a header; give WithOIDC the user's identifier, a string`)
	}
	if iss, ok := members["iss"]; ok && (json.Unmarshal(iss, &o.issuer) != nil || o.issuer == "") {
		panic(`balancer: the claim "iss" is not a string; give WithOIDC the issuer's URL, or leave it out`)
	}
	delete(members, "exp")
	delete(members, "iss")
	if text, err = json.Marshal(members); err != nil || len(text) > maxClaims {
		panic("balancer: the claims exceed 11 KB, with which an ALB lets nobody in; give WithOIDC fewer")
	}
	o.claims = text[:len(text)-1]
}

func (o *OIDC) apply(c *config) {
	if o == nil || o.key == nil {
		panic("balancer: an OIDC without a key; make it with balancer.WithOIDC")
	}
	c.login = o
}

// LoadBalancerARN is the signer of the tokens: the load balancer "local" in account 123456789012.
func (*OIDC) LoadBalancerARN() string { return loginARN }

// Issuer is the iss of the tokens: that of the claims, or else one at example.com.
func (o *OIDC) Issuer() string { return o.issuer }

// ClientID is the client of the tokens: the name under which an identity provider knows the load balancer.
func (*OIDC) ClientID() string { return loginClient }

// PublicKeys returns the key that verifies the tokens, under its kid. Map and key are the caller's own.
func (o *OIDC) PublicKeys() map[string]*ecdsa.PublicKey {
	key := o.key.PublicKey
	return map[string]*ecdsa.PublicKey{o.keyID: &key}
}

// ServeHTTP answers GET /<kid> with the public key in PEM, as https://public-keys.auth.elb.<region>.amazonaws.com
// does. What that host says to other requests, and with which media type it answers, is not documented;
// here they get a 404, or a 405 unless they are GET or HEAD.
func (o *OIDC) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the method is not GET", http.StatusMethodNotAllowed)
	case r.URL.Path != "/"+o.keyID:
		http.Error(w, "no such key", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = w.Write(o.publicKey)
	}
}

// addLogin adds what an ALB says about the user after whatever the client sent under these names.
func (b *Balancer) addLogin(f *fields) {
	if b.login == nil {
		return
	}
	f.add("x-amzn-oidc-accesstoken", b.login.accessToken)
	f.add("x-amzn-oidc-identity", b.login.subject)
	f.add("x-amzn-oidc-data", b.login.token(time.Now().Add(loginLifetime)))
}

// token is a JWT in an ALB's form: that of RFC 7515 but for the padding.
func (o *OIDC) token(expiry time.Time) string {
	exp := strconv.AppendInt(nil, expiry.Unix(), 10)

	header := appendString([]byte(`{"typ":"JWT","kid":`), o.keyID)
	header = appendString(append(header, `,"alg":"ES256","iss":`...), o.issuer)
	header = appendString(append(header, `,"client":`...), loginClient)
	header = appendString(append(header, `,"signer":`...), loginARN)
	header = append(append(append(header, `,"exp":`...), exp...), '}')

	payload := append(append([]byte(nil), o.claims...), `,"exp":`...)
	payload = append(append(payload, exp...), `,"iss":`...)
	payload = append(appendString(payload, o.issuer), '}')

	text := base64.URLEncoding.AppendEncode(nil, header)
	text = base64.URLEncoding.AppendEncode(append(text, '.'), payload)
	return string(base64.URLEncoding.AppendEncode(append(text, '.'), o.sign(text)))
}

// sign is ES256: r and s with 32 bytes each (RFC 7518, 3.4).
func (o *OIDC) sign(text []byte) []byte {
	digest := sha256.Sum256(text)
	r, s, _ := ecdsa.Sign(rand.Reader, o.key, digest[:]) // fails for a malformed key alone
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signature
}

// newKeyID is a random UUID (RFC 9562, version 4).
func newKeyID() string {
	var id [16]byte
	rand.Read(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
