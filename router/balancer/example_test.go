package balancer_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/balancer"
)

// terminal is an error log for examples.
func terminal() balancer.Option { return balancer.WithErrorLog(log.New(os.Stdout, "", 0)) }

// fetch asks a balancer on a loopback port.
func fetch(b *balancer.Balancer, target string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: b}
	go server.Serve(l)
	defer server.Close()
	res, err := http.Get("http://" + l.Addr().String() + target)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, res.Header.Get("Content-Type"), strings.SplitN(string(body), "\r\n", 2)[0])
}

func ExampleNew() {
	hello := func(_ context.Context, e events.ALBTargetGroupRequest) (map[string]any, error) {
		return map[string]any{
			"statusCode": 200,
			"headers":    map[string]string{"Content-Type": "text/plain"},
			"body":       "hello from " + e.Path,
		}, nil
	}
	fetch(balancer.New(lambda.NewHandler(hello), terminal()), "/world")
	// Output: 200 text/plain hello from /world
}

// The client gets a page that says nothing, the developer a line that says all.
func ExampleBalancer_ServeHTTP() {
	f := function(func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"statusCode":"200","body":"hello"}`), nil
	})
	fetch(balancer.New(f, terminal()), "/")
	// Output:
	// balancer: GET /: 502 LambdaInvalidResponse: statusCode is a string; send a JSON number from 200 to 599: "statusCode": 200
	// 502 text/html <html>
}

func ExampleBalancer_Event() {
	b := balancer.New(nil, balancer.WithMultiValueHeaders(true), balancer.WithTargetGroupARN("arn:example"))
	r, _ := http.NewRequest("GET", "http://example.com/a%20b?k=1&k=2", nil)
	r.RemoteAddr = "203.0.113.9:54321"
	event, err := b.Event(r)
	fresh := regexp.MustCompile("1-[0-9a-f]{8}-[0-9a-f]{24}")
	fmt.Println(fresh.ReplaceAllString(string(event), "1-…"), err)

	r.Header.Set("Upgrade", "websocket")
	_, err = b.Event(r)
	fmt.Println(err)
	// Output:
	// {"requestContext":{"elb":{"targetGroupArn":"arn:example"}},"httpMethod":"GET","path":"/a%20b","multiValueQueryStringParameters":{"k":["1","2"]},"multiValueHeaders":{"host":["example.com"],"x-forwarded-for":["203.0.113.9"],"x-forwarded-proto":["http"],"x-forwarded-port":["80"],"x-amzn-trace-id":["Root=1-…"]},"body":"","isBase64Encoded":false} <nil>
	// balancer: 400 LambdaWebsocketNotSupported: a Lambda target cannot serve a WebSocket; use an API Gateway WebSocket API, or poll
}

func ExampleExplain() {
	for _, f := range balancer.Explain([]byte(`{"statusCode":302,"multiValueHeaders":{"Location":["/x"]},"body":null}`), false) {
		fmt.Println(f)
	}
	// Output:
	// LambdaInvalidResponse: body is null; send "" or omit the key
	// multiValueHeaders is ignored, its headers are lost; answer with headers, or set the target group's attribute lambda.multi_value_headers.enabled to true
}

func ExampleBalancer_CheckHealth() {
	b := balancer.New(function(func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"statusCode":404}`), nil
	}), balancer.WithHealthCheck("/healthz", 0))
	fmt.Println(b.CheckHealth(context.Background()))
	// Output: balancer: health check of /healthz: status 404; answer 200
}

func ExampleBalancer_RunHealthChecks() {
	ctx, cancel := context.WithCancel(context.Background())
	b := balancer.New(function(func(context.Context, []byte) ([]byte, error) {
		defer cancel() // an example has to end
		return nil, errors.New("no database")
	}), terminal(), balancer.WithHealthCheck("/healthz", time.Second))
	fmt.Println(b.RunHealthChecks(ctx))
	// Output: context canceled
}

func ExampleInvokeError() {
	throttled := function(func(context.Context, []byte) ([]byte, error) {
		return nil, &balancer.InvokeError{Reason: balancer.LambdaThrottling, Err: errors.New("rate exceeded")}
	})
	fetch(balancer.New(throttled, balancer.WithErrorLog(log.New(io.Discard, "", 0)), balancer.WithObserver(func(x balancer.Exchange) {
		fmt.Println(x.Method, x.Target, x.Reason)
	})), "/")
	// Output:
	// GET / LambdaThrottling
	// 502 text/html <html>
}

// The function is told who calls, and the developer which key its verifier is to trust.
func ExampleWithOIDC() {
	login := balancer.WithOIDC(map[string]any{"sub": "user-1", "email": "ann@example.com"})
	whoami := func(_ context.Context, e events.ALBTargetGroupRequest) (map[string]any, error) {
		segments := strings.Split(e.Headers["x-amzn-oidc-data"], ".")
		return map[string]any{
			"statusCode": 200,
			"headers":    map[string]string{"Content-Type": "text/plain"},
			"body":       fmt.Sprintf("%s, a token of %d segments", e.Headers["x-amzn-oidc-identity"], len(segments)),
		}, nil
	}
	fetch(balancer.New(lambda.NewHandler(whoami), terminal(), login), "/")
	fmt.Println("signer", login.LoadBalancerARN())
	fmt.Println("iss", login.Issuer())
	fmt.Println("client", login.ClientID())
	for _, key := range login.PublicKeys() {
		fmt.Println("key on", key.Curve.Params().Name)
	}
	// Output:
	// 200 text/plain user-1, a token of 3 segments
	// signer arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/local/0123456789abcdef
	// iss https://idp.example.com
	// client local
	// key on P-256
}

// A verifier that fetches its keys can fetch this one.
func ExampleOIDC_ServeHTTP() {
	login := balancer.WithOIDC(map[string]any{"sub": "user-1"})
	keys := httptest.NewServer(login)
	defer keys.Close()
	for kid := range login.PublicKeys() {
		res, err := http.Get(keys.URL + "/" + kid)
		if err != nil {
			log.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		block, _ := pem.Decode(body)
		fmt.Println(res.StatusCode, block.Type)
	}
	// Output: 200 PUBLIC KEY
}

func ExampleWithClientCertificate() {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0xa1b2),
		Subject:      pkix.Name{CommonName: "device-7", Organization: []string{"Example"}},
		NotBefore:    time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2034, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, _ := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	echo := func(_ context.Context, e events.ALBTargetGroupRequest) (map[string]any, error) {
		fmt.Println(e.Headers["x-amzn-mtls-clientcert-subject"])
		fmt.Println(e.Headers["x-amzn-mtls-clientcert-serial-number"])
		fmt.Println(e.Headers["x-amzn-mtls-clientcert-validity"])
		return map[string]any{"statusCode": 204}, nil
	}
	fetch(balancer.New(lambda.NewHandler(echo), terminal(), balancer.WithClientCertificate(cert)), "/")
	// Output:
	// CN=device-7,O=Example
	// A1B2
	// NotBefore=2024-01-01T00:00:00Z;NotAfter=2034-01-01T00:00:00Z
	// 204
}

// One line a request, as in the files that an ALB writes to S3. Its 13th field is the request, the 25th is error_reason.
func ExampleWithAccessLog() {
	var lines strings.Builder
	broken := function(func(context.Context, []byte) ([]byte, error) { return []byte(`{"statusCode":"200"}`), nil })
	b := balancer.New(broken, balancer.WithAccessLog(&lines), balancer.WithErrorLog(log.New(io.Discard, "", 0)))
	b.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "http://example.com/orders/7", http.NoBody))

	fields := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(lines.String(), -1)
	fmt.Println(fields[8], fields[9], fields[12], fields[24])
	// Output: 502 - "GET http://example.com:80/orders/7 HTTP/1.1" "LambdaInvalidResponse"
}

func ExampleWithObserver() {
	notFound := function(func(context.Context, []byte) ([]byte, error) { return []byte(`{"statusCode":404}`), nil })
	b := balancer.New(notFound, balancer.WithObserver(func(x balancer.Exchange) {
		fmt.Println(x.Method, x.Target, x.Status, x.TargetStatus, len(x.Findings))
	}))
	b.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/orders/7?full", http.NoBody))
	// Output: GET /orders/7?full 404 404 0
}

// A function that overruns is a 502 for the client, whether it listens to its context or not.
func ExampleWithFunctionTimeout() {
	slow := function(func(ctx context.Context, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	fetch(balancer.New(slow, balancer.WithFunctionTimeout(10*time.Millisecond), balancer.WithErrorLog(log.New(io.Discard, "", 0)),
		balancer.WithObserver(func(x balancer.Exchange) { fmt.Println(x.Reason) })), "/")
	// Output:
	// LambdaUnhandled
	// 502 text/html <html>
}

// What the listener's attribute does to a client that sends an address of its own.
func ExampleWithXForwardedFor() {
	echo := func(_ context.Context, e events.ALBTargetGroupRequest) (map[string]any, error) {
		fmt.Printf("%q\n", e.Headers["x-forwarded-for"])
		return map[string]any{"statusCode": 204}, nil
	}
	for _, mode := range []balancer.XForwardedFor{balancer.Append, balancer.Preserve, balancer.Remove} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = "203.0.113.9:54321"
		r.Header.Set("X-Forwarded-For", "8.8.8.8")
		balancer.New(lambda.NewHandler(echo), balancer.WithXForwardedFor(mode)).ServeHTTP(httptest.NewRecorder(), r)
	}
	// Output:
	// "8.8.8.8, 203.0.113.9"
	// "8.8.8.8"
	// ""
}

// A rule takes /v1 off before the function sees the path.
func ExampleWithURLRewrite() {
	echo := func(_ context.Context, e events.ALBTargetGroupRequest) (map[string]any, error) {
		fmt.Println(e.Path)
		return map[string]any{"statusCode": 204}, nil
	}
	b := balancer.New(lambda.NewHandler(echo), balancer.WithURLRewrite(regexp.MustCompile("^/v1/"), "/"))
	b.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/v1/orders/7", http.NoBody))
	// Output: /orders/7
}

func ExampleWithFirewall() {
	ok := function(func(context.Context, []byte) ([]byte, error) { return []byte(`{"statusCode":204}`), nil })
	b := balancer.New(ok, terminal(), balancer.WithFirewall(func(r *http.Request) bool { return r.URL.Path == "/wp-login.php" }))
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/wp-login.php", http.NoBody))
	fmt.Println(w.Code)
	// Output:
	// balancer: GET /wp-login.php: 403 the firewall blocked the request; see balancer.WithFirewall
	// 403
}
