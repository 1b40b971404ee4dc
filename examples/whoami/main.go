// Whoami answers who calls: the user who logged in at the load balancer, and the certificate that the client showed.
//
//	go run ./examples/whoami
//	curl localhost:8080/
//	curl -H 'X-Amzn-Oidc-Identity: admin' localhost:8080/
//
// On a laptop the local load balancer logs a made-up user in and passes a throw-away certificate on. What verifies them is the same
// as on Lambda. There, two variables of the environment say what to trust:
//
//   - LOAD_BALANCER_ARN, required: the load balancer, whose every rule for this function has an authenticate action;
//   - MUTUAL_TLS=verify: every listener that reaches the function has mutual TLS in verify mode. Without it no certificate is read.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/middleware/mtls"
	"github.com/albatross-go/albatross/middleware/oidc"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/problem"
)

func main() {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") == "" {
		startLocally()
		return
	}
	trusted, err := fromEnvironment(os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	router.Start(newHandler(trusted...))
}

// fromEnvironment is the middleware that identifies callers behind a real load balancer.
func fromEnvironment(getenv func(string) string) ([]func(http.Handler) http.Handler, error) {
	arn := getenv("LOAD_BALANCER_ARN")
	if arn == "" {
		return nil, errors.New("whoami: LOAD_BALANCER_ARN is not set; set it to the ARN of the load balancer that logs users in")
	}
	switch mode := getenv("MUTUAL_TLS"); mode {
	case "":
		return []func(http.Handler) http.Handler{oidc.New(arn)}, nil
	case "verify":
		return []func(http.Handler) http.Handler{oidc.New(arn), mtls.VerifiedByALB()}, nil
	default:
		return nil, fmt.Errorf("whoami: MUTUAL_TLS is %q; set it to verify, or unset it if the listener has no mutual TLS", mode)
	}
}

func newHandler(identify ...func(http.Handler) http.Handler) http.Handler {
	r := router.New()
	r.Use(middleware.HealthCheck(nil)) // a health check has no login
	r.Use(identify...)
	r.Get("/", router.Func(whoami))
	return r
}

type answer struct {
	Subject     string         `json:"subject"`
	Issuer      string         `json:"issuer"`
	Client      string         `json:"client"`
	Expiry      time.Time      `json:"expiry"`
	Claims      map[string]any `json:"claims"`
	Certificate *certificate   `json:"certificate,omitempty"`
}

type certificate struct {
	Subject      string    `json:"subject"`
	SerialNumber string    `json:"serialNumber"`
	NotAfter     time.Time `json:"notAfter"`
}

func whoami(w http.ResponseWriter, r *http.Request) error {
	user, ok := oidc.IdentityFromContext(r.Context())
	if !ok {
		return problem.Forbidden("Only users who are logged in may ask.")
	}
	claims, err := oidc.ClaimsFromContext[map[string]any](r.Context())
	if err != nil {
		return err
	}
	a := answer{Subject: user.Subject, Issuer: user.Issuer, Client: user.ClientID, Expiry: user.Expiry.UTC(), Claims: claims}
	if cert, ok := mtls.CertificateFromContext(r.Context()); ok {
		a.Certificate = &certificate{cert.Subject.String(), fmt.Sprintf("%X", cert.SerialNumber), cert.NotAfter.UTC()}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(a)
}
