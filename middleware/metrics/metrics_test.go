package metrics_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware/metrics"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// document is an EMF document as CloudWatch reads it.
type document struct {
	AWS struct {
		Timestamp         int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name, Unit string }
		}
	} `json:"_aws"`
	root map[string]any
}

// read checks a line against the CloudWatch user guide, "Specification: Embedded metric format", and the API's limits of a
// dimension and a namespace, and returns it.
func read(t testing.TB, line string) document {
	t.Helper()
	var doc document
	strict := json.NewDecoder(strings.NewReader(line))
	if err := strict.Decode(&doc); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if err := json.Unmarshal([]byte(line), &doc.root); err != nil { // no data after the object
		t.Fatalf("%v: %s", err, line)
	}
	if strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") || !strings.HasPrefix(line, `{"_aws":{"Timestamp":`) {
		t.Errorf("not one line that begins with _aws: %q", line)
	}
	if len(line) > 1<<20 {
		t.Errorf("line of %d bytes", len(line))
	}
	var meta struct {
		AWS map[string]json.RawMessage `json:"_aws"`
	}
	_ = json.Unmarshal([]byte(line), &meta)
	if len(meta.AWS) != 2 || doc.AWS.Timestamp <= 0 || len(doc.AWS.CloudWatchMetrics) == 0 {
		t.Errorf("metadata: %s", line)
	}
	for _, d := range doc.AWS.CloudWatchMetrics {
		if len(d.Namespace) < 1 || len(d.Namespace) > 255 || strings.HasPrefix(d.Namespace, ":") {
			t.Errorf("namespace %q", d.Namespace)
		}
		if len(d.Metrics) < 1 || len(d.Metrics) > 100 || len(d.Dimensions) < 1 {
			t.Errorf("%d metrics, %d sets of dimensions", len(d.Metrics), len(d.Dimensions))
		}
		for _, m := range d.Metrics {
			if value, ok := doc.root[m.Name].(float64); !ok || math.IsInf(value, 0) || value < 0 || len(m.Name) > 1024 {
				t.Errorf("metric %q has no number: %v", m.Name, doc.root[m.Name])
			}
			if !slices.Contains([]string{"Milliseconds", "Count"}, m.Unit) {
				t.Errorf("unit %q", m.Unit)
			}
		}
		for _, set := range d.Dimensions {
			if len(set) > 30 {
				t.Errorf("%d dimensions", len(set))
			}
			for _, name := range set {
				value, ok := doc.root[name].(string)
				if !ok || len(value) < 1 || len(value) > 1024 || strings.TrimSpace(value) == "" || len(name) > 250 ||
					strings.ContainsFunc(name+value, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
					t.Errorf("dimension %s: %q", name, value)
				}
			}
		}
	}
	return doc
}

// lines is an output that checks that a Write is a line.
type lines struct {
	testing.TB
	all []string
}

func (l *lines) Write(p []byte) (int, error) {
	if bytes.Count(p, []byte("\n")) != 1 || p[len(p)-1] != '\n' {
		l.Errorf("one Write is not one line: %q", p)
	}
	l.all = append(l.all, string(p))
	return len(p), nil
}

func (l *lines) last() string {
	l.Helper()
	if len(l.all) == 0 {
		l.Fatal("no line")
	}
	return l.all[len(l.all)-1]
}

func environment(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range []string{
		"POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_DISABLED", "AWS_LAMBDA_FUNCTION_NAME",
		"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL",
	} {
		t.Setenv(name, values[name])
	}
}

func TestLine(t *testing.T) {
	environment(t, nil)
	synctest.Test(t, func(t *testing.T) { // where it is midnight of 2000-01-01 UTC
		out := &lines{TB: t}
		h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithService("orders"), metrics.WithOutput(out))(
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(12345 * time.Microsecond)
				w.WriteHeader(http.StatusNotFound)
			}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/secret/7", nil))
		want := `{"_aws":{"Timestamp":946684800000,"CloudWatchMetrics":[{"Namespace":"Shop",` +
			`"Dimensions":[["service","route","method"]],"Metrics":[{"Name":"Latency","Unit":"Milliseconds"},` +
			`{"Name":"Count","Unit":"Count"},{"Name":"4XXError","Unit":"Count"},{"Name":"5XXError","Unit":"Count"}]}]},` +
			`"service":"orders","route":"unmatched","method":"GET","status":404,"Latency":12.345,"Count":1,"4XXError":1,"5XXError":0}` + "\n"
		if diff := cmp.Diff(want, out.last()); diff != "" {
			t.Error(diff)
		}
		read(t, out.last())
	})
}

func TestStatus(t *testing.T) {
	environment(t, nil)
	tests := []struct {
		name    string
		handler http.HandlerFunc
		status  float64
		client  float64
		server  float64
	}{
		{"nothing written", func(http.ResponseWriter, *http.Request) {}, 200, 0, 0},
		{"body only", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") }, 200, 0, 0},
		{"redirect", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(302) }, 302, 0, 0},
		{"client error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, 429, 1, 0},
		{"server error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, 503, 0, 1},
		{"the first counts", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404); w.WriteHeader(200) }, 404, 1, 0},
		{"hints come before", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(500) }, 500, 0, 1},
		{"flushed", func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); w.WriteHeader(500) }, 200, 0, 0},
		{"copied", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, strings.NewReader("x"))
			w.WriteHeader(500)
		}, 200, 0, 0},
		{"panic", func(http.ResponseWriter, *http.Request) { panic("broken") }, 500, 0, 1},
		{"panic after the header", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200); panic("broken") }, 500, 0, 1},
		{"aborted", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 500, 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := &lines{TB: t}
			h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(out))(tt.handler)
			panicked := func() (value any) {
				defer func() { value = recover() }()
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
				return nil
			}()
			if (panicked != nil) != (strings.HasPrefix(tt.name, "panic") || tt.name == "aborted") {
				t.Errorf("the panic goes on: %v", panicked)
			}
			doc := read(t, out.last())
			got := []any{doc.root["status"], doc.root["Count"], doc.root["4XXError"], doc.root["5XXError"], doc.root["service"]}
			if diff := cmp.Diff([]any{tt.status, 1.0, tt.client, tt.server, "service_undefined"}, got); diff != "" || len(out.all) != 1 {
				t.Errorf("%d lines, %s", len(out.all), diff)
			}
		})
	}
}

// No client can make a metric: what it sends is in no dimension.
func TestCardinality(t *testing.T) {
	environment(t, nil)
	ok := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }
	out := &lines{TB: t}
	mw := metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(out))

	router := chi.NewRouter()
	router.Use(mw)
	router.Get("/orders/{id}", ok)
	router.Route("/users", func(r chi.Router) { r.Get("/{name}/files/*", ok) })

	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", ok)
	mux.HandleFunc("example.com/users/{name}/files/", ok)

	tests := []struct {
		name, method, path string
		chi, mux           string
	}{
		{"order", "GET", "/orders/SECRET", "/orders/{id}", "/orders/{id}"},
		{"file", "GET", "/users/SECRET/files/SECRET", "/users/{name}/files/*", "example.com/users/{name}/files/"},
		{"unknown", "GET", "/SECRET", "unmatched", "unmatched"},
		{"unknown below a router", "GET", "/users/SECRET", "/users/*", "unmatched"},
		{"method not allowed", "DELETE", "/orders/SECRET", "", "unmatched"},
		{"method of the client's making", "SECRET", "/SECRET", "", "unmatched"},
		{"strange path", "GET", "//SECRET/..%2f%0a\"SECRET", "unmatched", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for kind, h := range map[string]http.Handler{"chi": router, "mux": mw(mux)} {
				for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
					r := httptest.NewRequest(http.MethodGet, "/", nil)
					r.Method, r.URL.Path, r.Host = tt.method, "", "example.com"
					r.URL.Opaque = ""
					u, err := r.URL.Parse(strings.ReplaceAll(tt.path, "\"", "%22"))
					if err != nil {
						t.Fatal(err)
					}
					r.URL.Path, r.URL.RawPath, r.RequestURI = u.Path, u.RawPath, u.RequestURI()
					r.Header.Set("User-Agent", "SECRET")
					albtest.Do(t, h, r, mode)
					line := out.last()
					if strings.Contains(line, "SECRET") {
						t.Errorf("%s: %s", kind, line)
					}
					doc := read(t, line)
					want := map[string]string{"chi": tt.chi, "mux": tt.mux}[kind]
					if got := doc.root["route"]; want != "" && got != want {
						t.Errorf("%s: route %q, want %q", kind, got, want)
					}
					if tt.method == "SECRET" && doc.root["method"] != "_OTHER" {
						t.Errorf("method %v", doc.root["method"])
					}
				}
			}
		})
	}
}

// A pattern that is no dimension's value becomes one.
func TestOddPatterns(t *testing.T) {
	environment(t, nil)
	for _, pattern := range []string{"/straße/{id}", "/a\"b\\c", "/\x01", "/" + strings.Repeat("long", 1000), " ", "/\xff", "/\u2028"} {
		out := &lines{TB: t}
		h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(out))(
			http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { r.Pattern = pattern }))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		read(t, out.last())
	}
}

func TestColdStart(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		want []bool // of two requests
	}{
		{"on Lambda", map[string]string{"AWS_LAMBDA_FUNCTION_NAME": "shop-orders"}, []bool{true, false}},
		{"provisioned", map[string]string{
			"AWS_LAMBDA_FUNCTION_NAME": "shop-orders", "AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency",
		}, []bool{false, false}},
		{"elsewhere", nil, []bool{false, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			environment(t, tt.env)
			out := &lines{TB: t}
			h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithService("orders"), metrics.WithOutput(out))(http.NotFoundHandler())
			for i, want := range tt.want {
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
				doc := read(t, out.last())
				if got := doc.root["ColdStart"] == 1.0; got != want {
					t.Errorf("request %d: cold start %t, want %t", i, got, want)
				}
				if want {
					d := doc.AWS.CloudWatchMetrics[1]
					if !cmp.Equal(d.Dimensions, [][]string{{"service", "function_name"}}) || doc.root["function_name"] != "shop-orders" ||
						d.Namespace != "Shop" || len(d.Metrics) != 1 {
						t.Errorf("cold start under %v", d)
					}
				}
			}
		})
	}
}

func TestHealthChecks(t *testing.T) {
	for _, counted := range []bool{false, true} {
		environment(t, map[string]string{"AWS_LAMBDA_FUNCTION_NAME": "f"})
		out := &lines{TB: t}
		opts := []metrics.Option{metrics.WithNamespace("Shop"), metrics.WithOutput(out)}
		if counted {
			opts = append(opts, metrics.WithHealthChecks(true))
		}
		srv := albtest.NewServer(metrics.New(opts...)(http.NotFoundHandler()), balancer.WithHealthCheck("/", time.Hour))
		defer srv.Close()
		want := 0
		if counted {
			want = 1
		}
		_ = srv.Balancer.CheckHealth(t.Context())
		if len(out.all) != want {
			t.Errorf("counted %t: %d lines of a health check, want %d", counted, len(out.all), want)
		}
		forged, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
		forged.Header.Set("User-Agent", "ELB-HealthChecker/2.0") // anybody's
		res, err := srv.Client().Do(forged)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if len(out.all) != want+1 {
			t.Errorf("a client that calls itself a health checker is not counted")
		}
		if doc := read(t, out.last()); doc.root["ColdStart"] != nil {
			t.Error("the health check had the cold start")
		}
	}
}

func TestEnvironment(t *testing.T) {
	tests := []struct {
		name      string
		env       map[string]string
		opts      []metrics.Option
		namespace string
		service   string
		panics    bool
		disabled  bool
	}{
		{"environment", map[string]string{"POWERTOOLS_METRICS_NAMESPACE": "Shop", "POWERTOOLS_SERVICE_NAME": "orders"}, nil, "Shop", "orders", false, false},
		{"options go first", map[string]string{"POWERTOOLS_METRICS_NAMESPACE": "Shop", "POWERTOOLS_SERVICE_NAME": "orders"},
			[]metrics.Option{metrics.WithNamespace("Store"), metrics.WithService("carts")}, "Store", "carts", false, false},
		{"no namespace", nil, nil, "", "", true, false},
		{"namespace of AWS", nil, []metrics.Option{metrics.WithNamespace("AWS/Lambda")}, "", "", true, false},
		{"namespace with a colon first", nil, []metrics.Option{metrics.WithNamespace(":a")}, "", "", true, false},
		{"blank namespace", nil, []metrics.Option{metrics.WithNamespace(" ")}, "", "", true, false},
		{"namespace with a quote", nil, []metrics.Option{metrics.WithNamespace(`a"b`)}, "", "", true, false},
		{"namespace with a letter that is not ASCII", nil, []metrics.Option{metrics.WithNamespace("Läden")}, "", "", true, false},
		{"long namespace", nil, []metrics.Option{metrics.WithNamespace(strings.Repeat("a", 256))}, "", "", true, false},
		{"longest namespace", nil, []metrics.Option{metrics.WithNamespace(strings.Repeat("a", 255))}, strings.Repeat("a", 255), "service_undefined", false, false},
		{"every sort of character", nil, []metrics.Option{metrics.WithNamespace("aZ09.-_/#: x")}, "aZ09.-_/#: x", "service_undefined", false, false},
		{"service that is no dimension", nil, []metrics.Option{metrics.WithNamespace("Shop"), metrics.WithService("a\nb")}, "", "", true, false},
		{"long service", nil, []metrics.Option{metrics.WithNamespace("Shop"), metrics.WithService(strings.Repeat("a", 1025))}, "", "", true, false},
		{"disabled", map[string]string{"POWERTOOLS_METRICS_DISABLED": "True"}, nil, "", "", false, true},
		{"not disabled", map[string]string{"POWERTOOLS_METRICS_DISABLED": "false", "POWERTOOLS_METRICS_NAMESPACE": "Shop"}, nil, "Shop", "service_undefined", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			environment(t, tt.env)
			out := &lines{TB: t}
			var mw func(http.Handler) http.Handler
			panicked := func() (value any) {
				defer func() { value = recover() }()
				mw = metrics.New(append(tt.opts, metrics.WithOutput(out))...)
				return nil
			}()
			if message, _ := panicked.(string); (panicked != nil) != tt.panics || tt.panics && !strings.HasPrefix(message, "metrics: ") {
				t.Fatalf("panics with %v, want a panic: %t", panicked, tt.panics)
			}
			if tt.panics {
				return
			}
			mw(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			if tt.disabled {
				if len(out.all) != 0 {
					t.Errorf("disabled, but %q", out.all)
				}
				return
			}
			doc := read(t, out.last())
			if got := doc.AWS.CloudWatchMetrics[0].Namespace; got != tt.namespace || doc.root["service"] != tt.service {
				t.Errorf("namespace %q, service %q", got, doc.root["service"])
			}
		})
	}
}

// Lambda developer guide, "Log-level filtering": a line without a level counts as INFO and is dropped where the function asks for
// more.
func TestLogLevel(t *testing.T) {
	tests := []struct{ name, format, level, want string }{
		{"text", "Text", "ERROR", ""},
		{"JSON without filter", "JSON", "", ""},
		{"JSON", "JSON", "INFO", "INFO"},
		{"JSON, errors only", "JSON", "ERROR", "ERROR"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			environment(t, map[string]string{"AWS_LAMBDA_LOG_FORMAT": tt.format, "AWS_LAMBDA_LOG_LEVEL": tt.level})
			out := &lines{TB: t}
			h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(out))(http.NotFoundHandler())
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			doc := read(t, out.last())
			level, _ := doc.root["level"].(string)
			timestamp, _ := doc.root["timestamp"].(string)
			at, err := time.Parse(time.RFC3339, timestamp)
			if level != tt.want || tt.want != "" && (err != nil || at.UnixMilli() != doc.AWS.Timestamp) {
				t.Errorf("level %q, timestamp %q (%v), want level %q", level, timestamp, err, tt.want)
			}
		})
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("closed pipe") }

// A request is answered though its line is lost, and requests at the same time keep their lines whole.
func TestOutput(t *testing.T) {
	environment(t, nil)
	rec := httptest.NewRecorder()
	metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(broken{}))(http.NotFoundHandler()).
		ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	if rec.Code != 404 {
		t.Errorf("status %d", rec.Code)
	}

	out := &lines{TB: t} // not safe for concurrent use
	h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(out))(http.NotFoundHandler())
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)) })
	}
	wg.Wait()
	for _, line := range out.all {
		read(t, line)
	}
	if len(out.all) != 50 {
		t.Errorf("%d lines", len(out.all))
	}
}

// What the server's writer can do stays within reach.
func TestResponseController(t *testing.T) {
	environment(t, nil)
	h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(io.Discard))(
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Error(err)
			}
		}))
	srv := httptest.NewServer(h)
	defer srv.Close()
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}
