package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware"
)

// The ids of the Elastic Load Balancing guide's page on request tracing. Its Self is one digit short.
const (
	guideRoot = "1-67891233-abcdef012345678912345678"
	guideSelf = "1-67891234-12456789abcdef012345678"
)

// traceHeader returns the trace of a request with this X-Amzn-Trace-Id. Where its Root is not valid, one is generated.
func traceHeader(value string) middleware.Trace {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Trace-Id", value)
	return traceOf(r)
}

// traceOf runs the middleware alone.
func traceOf(r *http.Request) (t middleware.Trace) {
	middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t = middleware.TraceFromContext(r.Context())
	})).ServeHTTP(httptest.NewRecorder(), r)
	return t
}

// describeTrace is all of a trace but the Lambda invocation's part.
func describeTrace(t middleware.Trace) string {
	root := t.Root
	if t.Generated {
		root = "generated"
	}
	s := fmt.Sprintf("%s self=%s parent=%s sampled=%s lineage=%s", root, t.Self, t.Parent, t.Sampled, t.Lineage)
	for name, value := range t.Fields() {
		s += fmt.Sprintf(" %s:%q", name, value)
	}
	return s
}

func TestTraceHeader(t *testing.T) {
	tests := []struct{ name, header, want string }{
		// Elastic Load Balancing guide, "Request tracing for your Application Load Balancer".
		{"the guide's first", "Root=" + guideRoot, guideRoot + " self= parent= sampled= lineage="},
		{"the guide's second", "Self=" + guideSelf + ";Root=" + guideRoot, guideRoot + " self=" + guideSelf + " parent= sampled= lineage="},
		{
			"the guide's third", "Self=" + guideSelf + ";Root=" + guideRoot + ";CalledFrom=app",
			guideRoot + " self=" + guideSelf + ` parent= sampled= lineage= CalledFrom:"app"`,
		},
		// AWS X-Ray guide, "Tracing header".
		{
			"X-Ray's", "Root=" + guideRoot + ";Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:1|68fd508a:5",
			guideRoot + " self= parent=53995c3f42cd8ad8 sampled=1 lineage=a87bd80c:1|68fd508a:5",
		},
		{"not sampled", "Root=1-a-b;Sampled=0", "1-a-b self= parent= sampled=0 lineage="},
		{"sampling is asked for", "Root=1-a-b;Sampled=?", "1-a-b self= parent= sampled= lineage="},
		{"true is no word of the header", "Root=1-a-b;Sampled=true", "1-a-b self= parent= sampled= lineage="},

		{"upper case", "Root=1-ABCDEF01-ABCDEF012345678912345678", "1-ABCDEF01-ABCDEF012345678912345678 self= parent= sampled= lineage="},
		{"spaces", " Root = 1-a-b ;\tSelf\t=\t1-c-d", "1-a-b self=1-c-d parent= sampled= lineage="},
		{"empty fields", ";;Root=1-a-b;;=;a=;=b;c;", "1-a-b self= parent= sampled= lineage="},
		{"the first counts", "Self=1-c-d;Root=1-a-b;Root=1-e-f;Self=1-e-f", "1-a-b self=1-c-d parent= sampled= lineage="},
		{"custom fields in order", "b=2;Root=1-a-b;a=1;b=3", `1-a-b self= parent= sampled= lineage= b:"2" a:"1" b:"3"`},
		{"equals sign in a value", "Root=1-a-b;q=a=b==", `1-a-b self= parent= sampled= lineage= q:"a=b=="`},
		{"names are case-sensitive", "Root=1-a-b;root=1-c-d", `1-a-b self= parent= sampled= lineage= root:"1-c-d"`},
		{
			"the longest custom field", "Root=1-a-b;" + strings.Repeat("n", 64) + "=" + strings.Repeat("~", 256),
			"1-a-b self= parent= sampled= lineage= " + strings.Repeat("n", 64) + `:"` + strings.Repeat("~", 256) + `"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := describeTrace(traceHeader(tt.header)); got != tt.want {
				t.Errorf("%s\ngot  %s\nwant %s", tt.header, got, tt.want)
			}
		})
	}
}

// TestTraceForged: what has not the form of its field appears nowhere, and the other fields stand.
func TestTraceForged(t *testing.T) {
	const (
		ok       = ";Self=" + guideSelf
		rootless = "generated self=" + guideSelf + " parent= sampled= lineage="
		bare     = "1-a-b self= parent= sampled= lineage="
	)
	tests := []struct{ name, header, want string }{
		{"Root with line break", "Root=" + guideRoot + "\nlevel=ERROR" + ok, rootless},
		{"Root ends with line break", "Root=" + guideRoot + "\r\n" + ok, rootless},
		{"line break before the name", "\nRoot=" + guideRoot + ok, rootless},
		{"Root of words", "Root=1-deadbeef-${jndi:ldap://x}" + ok, rootless},
		{"Root of version 2", "Root=2" + guideRoot[1:] + ok, rootless},
		{"Root without version", "Root=" + guideRoot[2:] + ok, rootless},
		{"Root with nine digits of time", "Root=1-067891233-abcdef012345678912345678" + ok, rootless},
		{"Root with 25 digits", "Root=" + guideRoot + "9" + ok, rootless},
		{"Root with a fourth part", "Root=" + guideRoot + "-1" + ok, rootless},
		{"Root of zeros", "Root=1-0-0" + ok, rootless},
		{"Root empty", "Root=" + ok, rootless},
		{"Root of two joined lines", "Root=" + guideRoot + ", Root=1-a-b" + ok, rootless},
		{"digits of another script", "Root=1-٦٧٨٩١٢٣٣-abc" + ok, rootless},
		{"Parent and Sampled go with Root", "Root=x;Parent=53995c3f42cd8ad8;Sampled=1" + ok, rootless},
		{"Self", "Self=<script>;Root=1-a-b", bare},
		{"Parent with NUL", "Root=1-a-b;Parent=53995c3f\x0042cd8ad8", bare},
		{"Parent with 17 digits", "Root=1-a-b;Parent=53995c3f42cd8ad80", bare},
		{"Lineage with escape sequence", "Root=1-a-b;Lineage=a:1\x1b[2J", bare},
		{"Lineage of 257 bytes", "Root=1-a-b;Lineage=" + strings.Repeat("a", 257), bare},
		{"custom value with quote", `Root=1-a-b;a=","level":"ERROR;b=1`, bare + ` b:"1"`},
		{"custom value with single quote", "Root=1-a-b;a=' OR 1=1;b=1", bare + ` b:"1"`},
		{"custom value with backslash", `Root=1-a-b;a=\u000a;b=1`, bare + ` b:"1"`},
		{"custom value with line break", "Root=1-a-b;a=x\ny;b=1", bare + ` b:"1"`},
		{"custom value ends with line break", "Root=1-a-b;a=x\n;b=1", bare + ` b:"1"`},
		{"custom value with tab", "Root=1-a-b;a=x\ty;b=1", bare + ` b:"1"`},
		{"custom value with DEL", "Root=1-a-b;a=\x7f;b=1", bare + ` b:"1"`},
		{"custom value beyond ASCII", "Root=1-a-b;a=é;b=1", bare + ` b:"1"`},
		{"custom value of 257 bytes", "Root=1-a-b;a=" + strings.Repeat("x", 257) + ";b=1", bare + ` b:"1"`},
		{"custom name with space", "Root=1-a-b;a b=1;b=1", bare + ` b:"1"`},
		{"custom name of 65 bytes", "Root=1-a-b;" + strings.Repeat("x", 65) + "=1;b=1", bare + ` b:"1"`},
		{"30 KB", "Self=1-c-d;Root=1-a-b;a=" + strings.Repeat("x", 30<<10), "generated self= parent= sampled= lineage="},
		{"a byte over 7 KB", "Root=1-a-b;" + strings.Repeat(" ", 7<<10-10), "generated self= parent= sampled= lineage="},
		{"7 KB", "Root=1-a-b;" + strings.Repeat(" ", 7<<10-11), bare},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := traceHeader(tt.header)
			if s := describeTrace(got); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
			if s := fmt.Sprintf("%v", struct{ hidden middleware.Trace }{got}); strings.ContainsAny(s, "\n\r\x00\x1b\"") || len(s) > 1<<10 {
				t.Errorf("printed with what is not exported: %q", s)
			}
		})
	}
}

func TestTraceIDForm(t *testing.T) {
	tests := []struct{ name, root, want string }{
		{"zero Trace", "", ""},
		{"all digits", guideRoot, "67891233abcdef012345678912345678"},
		{"one digit short", guideSelf, "67891234012456789abcdef012345678"},
		{"few digits", "1-a-b", "0000000a00000000000000000000000b"},
		{"upper case", "1-ABCDEF01-ABCDEF012345678912345678", "abcdef01abcdef012345678912345678"},
		{"no id", "made by hand", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (middleware.Trace{Root: tt.root}).ID(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestTraceField(t *testing.T) {
	trace := traceHeader("Root=1-a-b;b=2;a=1;b=3")
	for name, want := range map[string]string{"a": "1", "b": "2", "c": "", "": "", "Root": ""} {
		if got := trace.Field(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := (middleware.Trace{}).Field("a"); got != "" {
		t.Errorf("zero Trace: %q", got)
	}
	for name := range trace.Fields() {
		if name != "b" {
			t.Errorf("begins with %q", name)
		}
		break // and the loop can be left
	}
}

func BenchmarkTrace_ID(b *testing.B) {
	trace := middleware.Trace{Root: guideRoot}
	b.ReportAllocs()
	for b.Loop() {
		trace.ID()
	}
}

func ExampleTrace_ID() {
	trace := middleware.Trace{Root: "1-67891233-abcdef012345678912345678"}
	fmt.Println(trace.ID())
	// Output: 67891233abcdef012345678912345678
}

func ExampleTrace_Fields() {
	h := middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for name, value := range middleware.TraceFromContext(r.Context()).Fields() {
			fmt.Println(name, value)
		}
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678;CalledFrom=app;Tenant=blue")
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// CalledFrom app
	// Tenant blue
}

func ExampleTrace_Field() {
	h := middleware.TraceID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		trace := middleware.TraceFromContext(r.Context())
		fmt.Printf("%q %q\n", trace.Field("CalledFrom"), trace.Field("Tenant"))
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678;CalledFrom=app")
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output: "app" ""
}
