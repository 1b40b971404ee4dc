package middleware_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/albtest"
)

// inLambda is a context as aws-lambda-go makes it.
func inLambda(ctx context.Context, traceHeader string) context.Context {
	//nolint:staticcheck // aws-lambda-go's key
	return context.WithValue(ctx, "x-amzn-trace-id", traceHeader)
}

func TestTraceIDSource(t *testing.T) {
	const (
		root       = "1-67891233-abcdef012345678912345678"
		lambda     = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:a87bd80c:0"
		lambdaRoot = "1-5759e988-bd862e3fe1be46a994272793"
		// The example of W3C Trace Context, section "Examples of HTTP traceparent Headers".
		traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
		w3cRoot     = "1-4bf92f35-77b34da6a3ce929d0e0e4736"
		w3c         = w3cRoot + " self= parent=00f067aa0ba902b7 sampled=1 lineage="
		generated   = "generated self= parent= sampled= lineage="
	)
	type lines = []string
	tests := []struct {
		name                string
		header, traceparent lines
		lambda              string
		want                string
	}{
		{"nothing", nil, nil, "", generated},
		{"header", lines{"Root=" + root}, nil, "", root + " self= parent= sampled= lineage="},
		{"header before all", lines{"Root=" + root}, lines{traceparent}, lambda, root + " self= parent= sampled= lineage="},
		{"the last line", lines{"Root=1-a-b;Forged=1", "Root=" + root}, nil, "", root + " self= parent= sampled= lineage="},
		{"never an earlier line", lines{"Root=" + root, "nonsense"}, nil, "", generated},
		{"Lambda's", nil, nil, lambda, lambdaRoot + " self= parent=53995c3f42cd8ad8 sampled=0 lineage="},
		{"Lambda's before traceparent", nil, lines{traceparent}, lambda, lambdaRoot + " self= parent=53995c3f42cd8ad8 sampled=0 lineage="},
		{
			"Lambda's for a forged Root", lines{"Self=1-c-d;Root=\n;Parent=aa;Sampled=1;CalledFrom=app"}, nil, lambda,
			lambdaRoot + ` self=1-c-d parent=53995c3f42cd8ad8 sampled=0 lineage= CalledFrom:"app"`,
		},
		{"Lambda's is not believed blindly", nil, nil, "Root=1-a-b\n;Parent=\x00", generated},

		{"traceparent", nil, lines{traceparent}, "", w3c},
		{"traceparent, not sampled", nil, lines{traceparent[:53] + "00"}, "", strings.Replace(w3c, "sampled=1", "sampled=0", 1)},
		{"traceparent, other flags", nil, lines{traceparent[:53] + "fa"}, "", strings.Replace(w3c, "sampled=1", "sampled=0", 1)},
		{"traceparent, all flags", nil, lines{traceparent[:53] + "ff"}, "", w3c},
		{"traceparent of a later version", nil, lines{"cc" + traceparent[2:]}, "", w3c},
		{"traceparent of a later version, longer", nil, lines{"cc" + traceparent[2:] + "-what-comes"}, "", w3c},
		{"traceparent of a later version, run on", nil, lines{"cc" + traceparent[2:] + "0"}, "", generated},
		{"traceparent of version 00, longer", nil, lines{traceparent + "-what-comes"}, "", generated},
		{"traceparent of version ff", nil, lines{"ff" + traceparent[2:]}, "", generated},
		{"traceparent in upper case", nil, lines{strings.ToUpper(traceparent)}, "", generated},
		{"traceparent, id of zeros", nil, lines{"00-" + strings.Repeat("0", 32) + traceparent[35:]}, "", generated},
		{"traceparent, parent of zeros", nil, lines{traceparent[:36] + strings.Repeat("0", 16) + "-01"}, "", generated},
		{"traceparent twice", nil, lines{traceparent, traceparent}, "", generated},
		{"traceparent cut short", nil, lines{traceparent[:54]}, "", generated},
		{"traceparent with other signs between", nil, lines{strings.ReplaceAll(traceparent, "-", "_")}, "", generated},
		{"traceparent with line break", nil, lines{traceparent + "\n"}, "", generated},
		{"traceparent, flags of words", nil, lines{traceparent[:53] + "\n\r"}, "", generated},
		{"traceparent, id of words", nil, lines{"00-" + strings.Repeat("\n", 32) + traceparent[35:]}, "", generated},
		{"traceparent, 30 KB", nil, lines{"cc" + traceparent[2:] + "-" + strings.Repeat("\n", 30<<10)}, "", w3c},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("_X_AMZN_TRACE_ID", "Root=1-e-e;Parent=ee;Sampled=1") // of another invocation
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if tt.header != nil {
				r.Header["X-Amzn-Trace-Id"] = tt.header
			}
			if tt.traceparent != nil {
				r.Header["Traceparent"] = tt.traceparent
			}
			if tt.lambda != "" {
				r = r.WithContext(inLambda(r.Context(), tt.lambda))
			}
			before := r.Header.Clone()
			got := traceOf(r)
			if s := describeTrace(got); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
			if diff := cmp.Diff(before, r.Header); diff != "" {
				t.Errorf("header has changed (-before +after):\n%s", diff)
			}
			wantLambda := middleware.LambdaTrace{}
			if tt.lambda == lambda {
				wantLambda = middleware.LambdaTrace{Root: lambdaRoot, Parent: "53995c3f42cd8ad8", Sampled: middleware.NotSampled, Lineage: "1:a87bd80c:0"}
			}
			if got.Lambda != wantLambda {
				t.Errorf("Lambda: %+v, want %+v", got.Lambda, wantLambda)
			}
		})
	}
}

func TestTraceIDGenerated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Unix(0x67891233, 0)))
		a := traceOf(httptest.NewRequest(http.MethodGet, "/", nil))
		b := traceOf(httptest.NewRequest(http.MethodGet, "/", nil))
		form := regexp.MustCompile(`^1-67891233-[0-9a-f]{24}$`)
		if !form.MatchString(a.Root) || !form.MatchString(b.Root) || a.Root == b.Root || !a.Generated {
			t.Errorf("%s, %s", a.Root, b.Root)
		}
	})
}

// TestTraceIDTwice: an id that was generated stays the same for the whole chain.
func TestTraceIDTwice(t *testing.T) {
	var outer, inner middleware.Trace
	h := middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		outer = middleware.TraceFromContext(r.Context())
		inner = traceOf(r)
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	h.ServeHTTP(httptest.NewRecorder(), r)
	if outer.Root == "" || outer != inner {
		t.Errorf("%s, then %s", outer.Root, inner.Root)
	}
	if got := middleware.TraceFromContext(r.Context()); got != (middleware.Trace{}) {
		t.Errorf("outside of the chain: %v", got)
	}
}

// TestTraceIDBehindALB goes through a load balancer in both modes, and through net/http alone.
func TestTraceIDBehindALB(t *testing.T) {
	var got middleware.Trace
	h := middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = middleware.TraceFromContext(r.Context())
	}))
	full := regexp.MustCompile(`^1-[0-9a-f]{8}-[0-9a-f]{24}$`)
	tests := []struct {
		name  string
		lines []string
		check func(t *testing.T)
	}{
		{"the load balancer's", nil, func(t *testing.T) {
			if !full.MatchString(got.Root) || got.Self != "" || got.Generated {
				t.Errorf("%+v", got)
			}
		}},
		{"the client's", []string{"Root=1-a-b;CalledFrom=app"}, func(t *testing.T) {
			if got.Root != "1-a-b" || !full.MatchString(got.Self) || got.Field("CalledFrom") != "app" {
				t.Errorf("%+v", got)
			}
		}},
		{"forged Self", []string{"Self=1-c-d;Root=1-a-b;Self=1-e-f"}, func(t *testing.T) {
			if got.Root != "1-a-b" || !full.MatchString(got.Self) {
				t.Errorf("%+v", got)
			}
		}},
		{"two lines of the client's", []string{"Root=1-c-d;First=1", "Root=1-a-b"}, func(t *testing.T) {
			if got.Root != "1-a-b" || !full.MatchString(got.Self) || got.Field("First") != "" {
				t.Errorf("%+v", got)
			}
		}},
		{"30 KB", []string{"Root=1-a-b;a=" + strings.Repeat("x", 15<<10), "Root=1-a-b;a=" + strings.Repeat("x", 15<<10)}, func(t *testing.T) {
			if got.Root != "1-a-b" || got.Field("a") != "" {
				t.Errorf("%+v", got)
			}
		}},
	}
	for _, tt := range tests {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			t.Run(tt.name+"/"+mode.String(), func(t *testing.T) {
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				if tt.lines != nil {
					r.Header["X-Amzn-Trace-Id"] = tt.lines
				}
				got = middleware.Trace{}
				if res := albtest.Do(t, h, r, mode); res.StatusCode != http.StatusOK {
					t.Fatal(res.Status)
				}
				tt.check(t)
			})
		}
	}

	s := httptest.NewServer(h)
	defer s.Close()
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if !full.MatchString(got.Root) || !got.Generated {
		t.Errorf("net/http alone: %+v", got)
	}
}

// TestTraceIDInvocation: the Lambda runtime's context reaches the request, and a line break in the header does no harm.
func TestTraceIDInvocation(t *testing.T) {
	event, err := json.Marshal(map[string]any{
		"requestContext": map[string]any{"elb": map[string]any{"targetGroupArn": "arn"}},
		"httpMethod":     "GET", "path": "/",
		"headers": map[string]string{"x-amzn-trace-id": "Self=1-c-d;Root=1-a-b;CalledFrom=x\n{\"level\":\"ERROR\"}"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got middleware.Trace
	h := alb.NewHandler(middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = middleware.TraceFromContext(r.Context())
	})))
	if _, err := h.Invoke(inLambda(t.Context(), "Root=1-a-b;Parent=53995c3f42cd8ad8;Sampled=1"), event); err != nil {
		t.Fatal(err)
	}
	want := middleware.Trace{
		Root: "1-a-b", Self: "1-c-d",
		Lambda: middleware.LambdaTrace{Root: "1-a-b", Parent: "53995c3f42cd8ad8", Sampled: middleware.Sampled},
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// FuzzTrace: whatever is sent, every string has the form that its documentation gives.
func FuzzTrace(f *testing.F) {
	f.Add("Root=1-67891233-abcdef012345678912345678;Self=1-a-b;X=y", "", "", "Root=1-a-b;Parent=aa;Sampled=1")
	f.Add("Root=1-0-0;a=\n;Lineage=1:a|2", "Root=1-a-b", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "")
	f.Add("Root=1-A-\x00;Parent=é;Sampled=?", "\r\n", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", "\x1b[2J")
	forms := map[string]*regexp.Regexp{
		"Root":        regexp.MustCompile(`\A1-[0-9a-fA-F]{1,8}-[0-9a-fA-F]{1,24}\z`),
		"Self":        regexp.MustCompile(`\A(1-[0-9a-fA-F]{1,8}-[0-9a-fA-F]{1,24})?\z`),
		"Parent":      regexp.MustCompile(`\A[0-9a-fA-F]{0,16}\z`),
		"Sampled":     regexp.MustCompile(`\A[01]?\z`),
		"Lineage":     regexp.MustCompile(`\A[0-9a-fA-F:|]{0,256}\z`),
		"ID":          regexp.MustCompile(`\A[0-9a-f]{32}\z`),
		"field name":  regexp.MustCompile(`\A[0-9A-Za-z._-]{1,64}\z`),
		"field value": regexp.MustCompile("\\A[^\"'`\\\\\x00-\x1f\x7f-\U0010ffff]{1,256}\\z"),
	}
	f.Fuzz(func(t *testing.T, last, first, traceparent, lambda string) {
		for _, lines := range [][]string{{last}, {first, last}} {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header = http.Header{"X-Amzn-Trace-Id": lines, "Traceparent": {traceparent}}
			r = r.WithContext(inLambda(r.Context(), lambda))
			before := r.Header.Clone()
			got := traceOf(r)
			if diff := cmp.Diff(before, r.Header); diff != "" {
				t.Errorf("header has changed:\n%s", diff)
			}
			check := func(form, s string) {
				t.Helper()
				if !forms[form].MatchString(s) {
					t.Errorf("%s %q", form, s)
				}
			}
			check("Root", got.Root)
			check("Self", got.Self)
			check("Parent", got.Parent)
			check("Sampled", string(got.Sampled))
			check("Lineage", got.Lineage)
			check("ID", got.ID())
			check("Parent", got.Lambda.Parent)
			check("Self", got.Lambda.Root)
			check("Sampled", string(got.Lambda.Sampled))
			check("Lineage", got.Lambda.Lineage)
			for name, value := range got.Fields() {
				check("field name", name)
				check("field value", value)
			}
			if strings.Trim(got.ID(), "0") == "" {
				t.Errorf("ID %q", got.ID())
			}
		}
	})
}

// traceBenches are what a request costs in allocations, at most.
var traceBenches = []struct {
	name, header, traceparent string
	allocations               float64
}{
	{"load balancer", "Root=" + guideRoot, "", 3},
	{"client's Root", "Self=" + guideSelf + ";Root=" + guideRoot, "", 3},
	{"custom fields", "Self=" + guideSelf + ";Root=" + guideRoot + ";CalledFrom=app;Tenant=blue", "", 4},
	{"traceparent", "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", 4},
	{"generated", "", "", 4},
}

func traceBench(header, traceparent string) func() {
	h := middleware.TraceID(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r = r.WithContext(inLambda(r.Context(), "Root="+guideRoot+";Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:a87bd80c:0"))
	if header == "" {
		r = r.WithContext(context.Background())
	} else {
		r.Header.Set("X-Amzn-Trace-Id", header)
	}
	if traceparent != "" {
		r.Header.Set("Traceparent", traceparent)
	}
	w := httptest.NewRecorder()
	return func() { h.ServeHTTP(w, r) }
}

func BenchmarkTraceID(b *testing.B) {
	for _, tt := range traceBenches {
		b.Run(tt.name, func(b *testing.B) {
			serve := traceBench(tt.header, tt.traceparent)
			b.ReportAllocs()
			for b.Loop() {
				serve()
			}
		})
	}
}

func ExampleTraceID() {
	h := middleware.TraceID(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trace := middleware.TraceFromContext(r.Context())
		fmt.Fprintln(w, "access log:   ", trace.Root)
		fmt.Fprintln(w, "OpenTelemetry:", trace.ID())
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")

	t := new(testing.T) // your test's own
	body, _ := io.ReadAll(albtest.Do(t, h, r, albtest.SingleValue).Body)
	fmt.Print(string(body))
	// Output:
	// access log:    1-67891233-abcdef012345678912345678
	// OpenTelemetry: 67891233abcdef012345678912345678
}

func ExampleTraceFromContext() {
	h := middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		trace := middleware.TraceFromContext(r.Context())
		fmt.Println(trace.Root, trace.Lambda.Parent, trace.Lambda.Sampled == middleware.Sampled)
	}))
	// The Lambda runtime's context, with a request as it comes from a load balancer.
	//nolint:staticcheck // aws-lambda-go's key
	ctx := context.WithValue(context.Background(), "x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1")
	r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output: 1-67891233-abcdef012345678912345678 53995c3f42cd8ad8 true
}

// Each of the 24 digits behind the time is random.
func TestTraceIDRandomness(t *testing.T) {
	var seen [24]map[byte]bool
	for i := range seen {
		seen[i] = map[byte]bool{}
	}
	h := middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		root := middleware.TraceFromContext(r.Context()).Root
		for i, c := range []byte(root[len(root)-24:]) {
			seen[i][c] = true
		}
	}))
	for range 64 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	}
	for i := range seen {
		if len(seen[i]) < 4 { // fewer of 16 in 64 tries: once in 10^30
			t.Errorf("digit %d has %d values in 64 ids", i, len(seen[i]))
		}
	}
}
