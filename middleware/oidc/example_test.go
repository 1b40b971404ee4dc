package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/albatross-go/albatross/middleware/oidc"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// The load balancer of the examples, which has logged Ada in.
const exampleARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188"

var (
	exampleKey, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	exampleKeys   = oidc.WithKeys(map[string]*ecdsa.PublicKey{"c2f80c8b-c05c-4068-af14-17299f7896b1": &exampleKey.PublicKey})
)

// requestOf is a request as the load balancer passes it on.
func requestOf(subject, client string) *http.Request {
	segment := func(v any) string {
		text, _ := json.Marshal(v)
		return base64.URLEncoding.EncodeToString(text)
	}
	signed := segment(map[string]any{
		"typ": "JWT", "kid": "c2f80c8b-c05c-4068-af14-17299f7896b1", "alg": "ES256", "iss": "https://idp.example",
		"client": client, "signer": exampleARN, "exp": time.Now().Add(time.Minute).Unix(),
	}) + "." + segment(map[string]any{"sub": subject, "email": subject + "@example.com", "groups": []string{"admin"}})
	sum := sha256.Sum256([]byte(signed))
	r, s, _ := ecdsa.Sign(rand.Reader, exampleKey, sum[:])
	signature := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)

	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set("X-Amzn-Oidc-Data", signed+"."+base64.URLEncoding.EncodeToString(signature))
	request.Header.Set("X-Amzn-Oidc-Identity", subject)
	request.Header.Set("X-Amzn-Oidc-Accesstoken", "token-for-the-idp")
	return request
}

func show(h http.Handler, r *http.Request) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
}

func hello(w http.ResponseWriter, r *http.Request) {
	if user, ok := oidc.IdentityFromContext(r.Context()); ok {
		fmt.Fprint(w, "Hello, ", user.Subject)
		return
	}
	fmt.Fprint(w, "Hello, whoever you are")
}

func Example() {
	// The local load balancer logs Ada in, as a listener's action authenticate-oidc does.
	login := balancer.WithOIDC(map[string]any{"sub": "ada"})

	r := router.New()
	r.Use(oidc.New(login.LoadBalancerARN(), oidc.WithKeys(login.PublicKeys()))) // on AWS: your load balancer's ARN, and no WithKeys
	r.Get("/me", func(w http.ResponseWriter, r *http.Request) {
		user, _ := oidc.IdentityFromContext(r.Context())
		fmt.Fprintln(w, "Hello,", user.Subject)
	})

	for _, loadBalancer := range []*albtest.Server{albtest.NewServer(r, login), albtest.NewServer(r)} {
		res, err := loadBalancer.Client().Get(loadBalancer.URL + "/me")
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		loadBalancer.Close()
		fmt.Println(res.StatusCode, string(body))
	}
	// Output:
	// 200 Hello, ada
	//
	// 401 {"title":"Unauthorized","status":401,"detail":"You are not logged in."}
}

func ExampleNew() {
	h := oidc.New(exampleARN, exampleKeys)(http.HandlerFunc(hello)) // without WithKeys the keys are fetched from AWS

	show(h, requestOf("ada", "shop"))

	forged := requestOf("ada", "shop")
	forged.Header.Set("X-Amzn-Oidc-Data", "eyJhbGciOiJub25lIn0=.eyJzdWIiOiJhZGEifQ==.")
	show(h, forged)
	// Output:
	// 200 Hello, ada
	// 401 {"title":"Unauthorized","status":401,"detail":"Your login is not valid. Log in again."}
}

func ExampleIdentityFromContext() {
	h := oidc.New(exampleARN, exampleKeys)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := oidc.IdentityFromContext(r.Context())
		fmt.Fprintln(w, user.Subject, "by", user.Issuer, "for", user.ClientID)
	}))
	show(h, requestOf("ada", "shop"))
	// Output: 200 ada by https://idp.example for shop
}

func ExampleIdentity_AccessToken() {
	h := oidc.New(exampleARN, exampleKeys)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		user, _ := oidc.IdentityFromContext(r.Context())
		call, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, "https://idp.example/me", http.NoBody)
		call.Header.Set("Authorization", "Bearer "+user.AccessToken())
		fmt.Println(call.Header)
	}))
	h.ServeHTTP(httptest.NewRecorder(), requestOf("ada", "shop"))
	// Output: map[Authorization:[Bearer token-for-the-idp]]
}

func ExampleClaimsFromContext() {
	type user struct {
		Email  string   `json:"email"`
		Groups []string `json:"groups"`
	}
	h := oidc.New(exampleARN, exampleKeys)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := oidc.ClaimsFromContext[user](r.Context())
		if err != nil {
			http.Error(w, "", http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, u.Email, " ", u.Groups)
	}))
	show(h, requestOf("ada", "shop"))
	_, err := oidc.ClaimsFromContext[user](httptest.NewRequest(http.MethodGet, "/", nil).Context())
	fmt.Println(errors.Is(err, oidc.ErrNoClaims))
	// Output:
	// 200 ada@example.com [admin]
	// true
}

func ExampleOptional() {
	h := oidc.New(exampleARN, exampleKeys, oidc.Optional())(http.HandlerFunc(hello))
	show(h, requestOf("ada", "shop"))
	show(h, httptest.NewRequest(http.MethodGet, "/", nil))
	// Output:
	// 200 Hello, ada
	// 200 Hello, whoever you are
}

func ExampleWithClientID() {
	h := oidc.New(exampleARN, exampleKeys, oidc.WithClientID("shop"), oidc.WithIssuer("https://idp.example"))(http.HandlerFunc(hello))
	show(h, requestOf("ada", "shop"))
	show(h, requestOf("ada", "intranet"))
	// Output:
	// 200 Hello, ada
	// 401 {"title":"Unauthorized","status":401,"detail":"Your login is not valid. Log in again."}
}

func ExampleWithLoadBalancers() {
	const blue = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/blue/0123456789abcdef"
	h := oidc.New(blue, oidc.WithLoadBalancers(exampleARN), exampleKeys)(http.HandlerFunc(hello))
	show(h, requestOf("ada", "shop"))
	// Output: 200 Hello, ada
}

// A mirror of the keys inside a VPC, with its own time limit.
func ExampleWithKeyURL() {
	h := oidc.New(exampleARN,
		oidc.WithKeyURL(func(region, kid string) string { return "https://keys.shop.internal.invalid/" + region + "/" + kid }),
		oidc.WithHTTPClient(&http.Client{Timeout: 500 * time.Millisecond, Transport: unreachable{}}),
	)(http.HandlerFunc(hello))
	show(h, requestOf("ada", "shop"))
	// Output:
	// asked https://keys.shop.internal.invalid/eu-west-1/c2f80c8b-c05c-4068-af14-17299f7896b1
	// 503 {"title":"Service Unavailable","status":503,"detail":"Your login cannot be checked at the moment."}
}

// unreachable stands for a network without a way out.
type unreachable struct{}

func (unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	fmt.Println("asked", r.URL)
	return nil, errors.New("no route to host")
}

func ExampleVerifiedByALB() {
	h := oidc.VerifiedByALB()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, err := oidc.ClaimsFromContext[struct {
			Scope string `json:"scope"`
		}](r.Context())
		fmt.Fprint(w, claims.Scope, " ", err)
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	segment := base64.RawURLEncoding.EncodeToString
	r.Header.Set("Authorization", "Bearer "+segment([]byte(`{"alg":"RS256"}`))+"."+
		segment([]byte(`{"iss":"https://idp.example","exp":4102444800,"scope":"orders:read"}`))+"."+
		segment([]byte("the load balancer has verified this")))
	show(h, r)
	show(h, httptest.NewRequest(http.MethodGet, "/", nil))
	// Output:
	// 200 orders:read <nil>
	// 401 {"title":"Unauthorized","status":401,"detail":"A bearer token is required."}
}
