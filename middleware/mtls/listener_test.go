package mtls_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/middleware/mtls"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// A client connects with TLS to a load balancer's listener, which passes its certificate on to the function.
func TestListener(t *testing.T) {
	root := newAuthority(t, "root", nil)
	sub := newAuthority(t, "sub", root)
	client, key := sub.issueWithKey(t, "client", nil)
	good := tlsCertificate(key, client, sub.cert)
	alone := tlsCertificate(key, client)
	stranger, strangerKey := newAuthority(t, "sub", nil).issueWithKey(t, "client", nil)
	strange := tlsCertificate(strangerKey, stranger)
	victim := verifyMode(sub.issue(t, "victim", nil))
	victim[name] = []string{escape(sub.issue(t, "victim", nil), sub.cert)}

	tests := []struct {
		name    string
		mode    balancer.MutualTLS
		present *tls.Certificate
		want    string // "" if the handshake is to fail
	}{
		{"passthrough", balancer.Passthrough, &good, "client < sub < root"},
		{"passthrough without the intermediate", balancer.Passthrough, &alone, refused},
		{"passthrough of a stranger", balancer.Passthrough, &strange, refused},
		{"passthrough of nothing", balancer.Passthrough, nil, ""},
		{"verify", balancer.Verify, &good, "client"},
		{"verify without the intermediate", balancer.Verify, &alone, ""},
		{"verify a stranger", balancer.Verify, &strange, ""},
		{"verify nothing", balancer.Verify, nil, ""},
	}
	for _, tt := range tests {
		for _, multi := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, multi-value %v", tt.name, multi), func(t *testing.T) {
				accept := mtls.Passthrough(pool(root.cert))
				config := &tls.Config{ClientAuth: tls.RequireAnyClientCert}
				if tt.mode == balancer.Verify {
					accept = mtls.VerifiedByALB()
					config = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool(root.cert)}
				}
				srv := httptest.NewUnstartedServer(balancer.New(alb.NewHandler(accept(whoami)),
					balancer.WithMutualTLS(tt.mode), balancer.WithMultiValueHeaders(multi)))
				srv.TLS = config
				srv.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that fail
				srv.StartTLS()
				defer srv.Close()

				c := srv.Client()
				if tt.present != nil {
					c.Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{*tt.present}
				}
				for _, header := range []http.Header{nil, victim} { // the client writes headers of its own
					r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
					if err != nil {
						t.Fatal(err)
					}
					maps.Copy(r.Header, header)
					res, err := c.Do(r)
					if err != nil {
						if tt.want != "" {
							t.Error(err)
						}
						continue
					}
					body, err := io.ReadAll(res.Body)
					res.Body.Close()
					if string(body) != tt.want || err != nil {
						t.Errorf("got %s, %v, want %s", body, err, tt.want)
					}
				}
			})
		}
	}
}

// The package's text says that a chain is no proof where another listener reaches the same function, and what helps against it.
func TestAnotherListener(t *testing.T) {
	const (
		mutualTLS = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/mtls/50dc6c495c0c9188"
		plain     = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/plain/0467ef3c8400ae65"
	)
	root := newAuthority(t, "root", nil)
	victim := root.issue(t, "victim", nil)
	header := verifyMode(victim)
	header[name] = []string{escape(victim)}
	for want, accept := range map[string]func(http.Handler) http.Handler{
		"victim < root": mtls.Passthrough(pool(root.cert)),
		"victim":        mtls.VerifiedByALB(),
	} {
		allowed := middleware.AllowTargetGroups(mutualTLS)
		for _, tt := range []struct {
			name string
			h    http.Handler
			arn  string
			want string
		}{
			{"forged through the other listener", accept(whoami), plain, want},
			{"forged, and refused by target group", allowed(accept(whoami)), plain, `{"title":"Forbidden","status":403}`},
			{"through the right listener", allowed(accept(whoami)), mutualTLS, want},
		} {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			maps.Copy(r.Header, header)
			rec := httptest.NewRecorder()
			balancer.New(alb.NewHandler(tt.h), balancer.WithTargetGroupARN(tt.arn)).ServeHTTP(rec, r)
			if rec.Body.String() != tt.want {
				t.Errorf("%s: got %s, want %s", tt.name, rec.Body, tt.want)
			}
		}
	}
}
