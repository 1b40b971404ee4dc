package balancer_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/balancer"
)

// echo answers with the event that it got, as the body.
func echo(multiValue bool) function {
	return func(_ context.Context, event []byte) ([]byte, error) {
		body, err := json.Marshal(string(event))
		if err != nil {
			return nil, err
		}
		head := `"headers":{"Content-Type":"application/json"}`
		if multiValue {
			head = `"multiValueHeaders":{"Content-Type":["application/json"]}`
		}
		return []byte(`{"statusCode":200,` + head + `,"body":` + string(body) + `}`), nil
	}
}

// listen serves h on a loopback port; config, if not nil, makes it a TLS port.
func listen(t *testing.T, h http.Handler, config *tls.Config) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, DisableGeneralOptionsHandler: true, TLSConfig: config, ErrorLog: log.New(io.Discard, "", 0)}
	go func() {
		if config != nil {
			server.ServeTLS(l, "", "")
		} else {
			server.Serve(l)
		}
	}()
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// exchange sends raw bytes and reads one response with its body.
func exchange(t *testing.T, addr, raw string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	go io.WriteString(conn, raw) // the server may answer before it has read all
	method, _, _ := strings.Cut(raw, " ")
	buffered := bufio.NewReader(conn)
	for {
		res, err := http.ReadResponse(buffered, &http.Request{Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == http.StatusContinue {
			continue
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(body)
	}
}

// TestWire shows what only a connection shows.
func TestWire(t *testing.T) {
	addr := listen(t, balancer.New(echo(false), quiet()), nil)
	_, port, _ := net.SplitHostPort(addr)
	const chunk = "Transfer-Encoding: chunked\r\nContent-Type: text/plain\r\n"
	tests := []struct {
		name   string
		raw    string
		status int
		event  map[string]string // of path, body and headers
	}{
		{"R1", "GET /x HTTP/1.1\r\nHost: h\r\n\r\n", 200,
			map[string]string{"path": "/x", "host": "h:" + port, "x-forwarded-port": port, "x-forwarded-for": "127.0.0.1", "content-length": ""}},
		// UNK: the path is "*".
		{"R31", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 200, map[string]string{"path": "*"}},
		{"R32", "GET http://other/x?y=1 HTTP/1.1\r\nHost: h\r\n\r\n", 200, map[string]string{"path": "/x", "host": "other:" + port}},
		{"R64", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", 200, map[string]string{"content-length": "0", "body": ""}},
		{"R66", "POST / HTTP/1.1\r\nHost: h\r\n" + chunk + "\r\n3\r\nabc\r\n0\r\nX-Trailer: t\r\n\r\n", 200,
			map[string]string{"body": "abc", "transfer-encoding": "", "content-length": "", "x-trailer": ""}},
		{"R67", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501, nil},
		{"R68", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n" + chunk + "\r\n3\r\nabc\r\n0\r\n\r\n", 200, map[string]string{"body": "abc"}},
		{"R69", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 405, nil},
		{"R70", "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 400, nil},
		{"R73", "GET / HTTP/1.1\r\nHost: h\r\nX-A: " + strings.Repeat("x", 17<<10) + "\r\n\r\n", 400, nil},
		{"CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 405, nil},
		{"HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n", 200, map[string]string{"path": "/x", "host": ""}},
		{"expect", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc", 200,
			map[string]string{"body": "abc"}},
		{"net/http refuses a bad escape", "GET /a%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400, nil},
		{"net/http refuses a second host", "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", 400, nil},
		{"net/http refuses no host", "GET / HTTP/1.1\r\n\r\n", 400, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := exchange(t, addr, tt.raw)
			if res.StatusCode != tt.status {
				t.Fatalf("status %d, want %d: %s", res.StatusCode, tt.status, body)
			}
			if tt.event == nil {
				return
			}
			e := decode(t, []byte(body))
			head := e["headers"].(map[string]any)
			for name, want := range tt.event {
				got, _ := head[name].(string)
				if name == "path" || name == "body" {
					got = e[name].(string)
				}
				if got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if res.Header.Get("Server") != "awselb/2.0" || res.Header.Get("Date") == "" || res.ContentLength != int64(len(body)) {
				t.Errorf("header %v", res.Header)
			}
		})
	}
}

// net/http adds nothing to a response that an ALB would not: no type for a body or its absence.
func TestWireResponse(t *testing.T) {
	tests := []struct {
		name, method, response string
		status                 int
		contentType            string
		length                 string
		body                   string
	}{
		{"W3", "GET", `{"statusCode":200,"headers":{},"body":"<html>"}`, 200, octet, "6", "<html>"},
		// UNK: no body and no type.
		{"W4", "GET", `{"statusCode":204,"body":"x"}`, 204, "", "", ""},
		// UNK: no body.
		{"W5", "GET", `{"statusCode":304,"body":"x"}`, 304, "", "", ""},
		// UNK: no body, and no length where none is known.
		{"W14", "HEAD", hello, 200, "text/plain", "5", ""},
		{"W23", "GET", `{"statusCode":599}`, 599, "", "0", ""},
		{"HEAD of nothing known", "HEAD", `{"statusCode":200}`, 200, "", "", ""},
		{"205", "GET", `{"statusCode":205,"body":"x"}`, 205, "", "0", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := listen(t, balancer.New(says(tt.response), quiet()), nil)
			res, body := exchange(t, addr, tt.method+" / HTTP/1.1\r\nHost: h\r\n\r\n")
			if res.StatusCode != tt.status || body != tt.body || res.Header.Get("Content-Type") != tt.contentType || res.Header.Get("Content-Length") != tt.length {
				t.Errorf("%d %v %q", res.StatusCode, res.Header, body)
			}
		})
	}
}

// A client that breaks off its upload gets 400, and the function never hears of it.
func TestWireBrokenUpload(t *testing.T) {
	addr := listen(t, balancer.New(forbidden(t), quiet()), nil)
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
	conn.(*net.TCPConn).CloseWrite()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 400 {
		t.Errorf("status %d", res.StatusCode)
	}
}

// certificate is self-signed, for 127.0.0.1.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x03a5b1),
		Subject:      pkix.Name{CommonName: "client", Organization: []string{"Albatross, Inc"}},
		NotBefore:    time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC),
		NotAfter:     time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// R75 on a real HTTP/2 connection: net/http joins what the client split.
func TestWireHTTP2(t *testing.T) {
	l := &logs{}
	addr := listen(t, balancer.New(echo(true), append(l.options(), multi(true))...),
		&tls.Config{Certificates: []tls.Certificate{certificate(t)}})
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	r, _ := http.NewRequest("GET", "https://"+addr+"/x", nil)
	r.Header["Cookie"] = []string{"a=1", "b=2", "c=3"}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	head := decode(t, body)["multiValueHeaders"].(map[string]any)
	if res.ProtoMajor != 2 || head["cookie"].([]any)[0] != "a=1; b=2; c=3" || head["host"].([]any)[0] != addr || head["x-forwarded-proto"].([]any)[0] != "https" {
		t.Errorf("%s %v", res.Proto, head)
	}
}

// An observer tells exchanges apart by what their requests' contexts carry.
func TestExchangeHasRequest(t *testing.T) {
	type key struct{}
	var seen any
	b := balancer.New(echo(false), quiet(), balancer.WithObserver(func(x balancer.Exchange) { seen = x.Request.Context().Value(key{}) }))
	for _, method := range []string{http.MethodGet, http.MethodTrace} { // answered by the function, and by the load balancer
		r := httptest.NewRequest(method, "/", http.NoBody)
		b.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithValue(t.Context(), key{}, method)))
		if seen != method {
			t.Errorf("%s: the observer saw %v", method, seen)
		}
	}
}

// Many clients, one balancer: run with -race.
func TestConcurrent(t *testing.T) {
	var mu sync.Mutex
	lines := &countingWriter{}
	seen := make(map[string]int)
	b := balancer.New(echo(false), quiet(), balancer.WithAccessLog(lines), balancer.WithObserver(func(x balancer.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		seen[x.Target]++
	}))
	addr := listen(t, b, nil)
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			target := "/" + itoa(i)
			for range 4 {
				res, err := http.Get("http://" + addr + target)
				if err != nil {
					t.Error(err)
					return
				}
				body, _ := io.ReadAll(res.Body)
				res.Body.Close()
				if !strings.Contains(string(body), `"path":"`+target+`"`) {
					t.Errorf("%s got %s", target, body)
				}
			}
		})
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	if len(seen) != 64 || lines.torn {
		t.Errorf("%d targets seen, torn lines: %v", len(seen), lines.torn)
	}
}

// countingWriter is not safe for concurrent use: the balancer has to serialise.
type countingWriter struct{ torn bool }

func (w *countingWriter) Write(p []byte) (int, error) {
	w.torn = w.torn || len(splitLine(string(p))) != 33 || p[len(p)-1] != '\n'
	return len(p), nil
}
