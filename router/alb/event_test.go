package alb_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/alb"
)

const elb = `"requestContext":{"elb":{"targetGroupArn":"arn"}}`

// TestBadEvent: an event that is still a request is answered, whatever is missing in it.
func TestBadEvent(t *testing.T) {
	tests := []struct {
		name, event string
		status      string
		check       func(*testing.T, *http.Request, string)
	}{
		{"E4", `{` + elb + `,"httpMethod":"GET","path":"/","headers":null}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if len(r.Header) != 0 || r.Header == nil {
				t.Errorf("%v", r.Header)
			}
		}},
		{"E4 multi null is single", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"a":"1"},"multiValueHeaders":null}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.Header.Get("A") != "1" {
				t.Errorf("%v", r.Header)
			}
		}},
		{"E5", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"a":"single"},"multiValueHeaders":{"a":["m1","m2"]},` +
			`"queryStringParameters":{"q":"single"},"multiValueQueryStringParameters":{"q":["m1","m2"]}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if diff := cmp.Diff(http.Header{"A": {"m1", "m2"}}, r.Header); diff != "" || r.URL.RawQuery != "q=m1&q=m2" {
				t.Error(diff, r.URL.RawQuery)
			}
		}},
		{"a query of the other family alone", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{},"multiValueQueryStringParameters":{"q":["1","2"]}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.URL.RawQuery != "q=1&q=2" {
				t.Error(r.URL.RawQuery)
			}
		}},
		{"E6", `{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":"!!!","isBase64Encoded":true}`, "400", nil},
		{"E7", `{` + elb + `,"httpMethod":"GET","path":"","headers":{}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.URL.Path != "/" || r.RequestURI != "/" {
				t.Errorf("%q %q", r.URL.Path, r.RequestURI)
			}
		}},
		{"E7 missing", `{` + elb + `,"httpMethod":"GET"}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.URL.Path != "/" {
				t.Errorf("%q", r.URL.Path)
			}
		}},
		{"E8", `{` + elb + `,"httpMethod":"GET","path":"a/b","headers":{}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.URL.Path != "/a/b" || r.RequestURI != "/a/b" {
				t.Errorf("%q %q", r.URL.Path, r.RequestURI)
			}
		}},
		{"E9", `{` + elb + `,"httpMethod":"","path":"/","headers":{}}`, "400", nil},
		{"E9 missing", `{` + elb + `}`, "400", nil},
		{"E9 no token", `{` + elb + `,"httpMethod":"GET /","path":"/"}`, "400", nil},
		{"* is for OPTIONS", `{` + elb + `,"httpMethod":"GET","path":"*"}`, "400", nil},
		{"E10", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"user-agent":"ELB-HealthChecker/2.0"}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if !alb.IsHealthCheck(r) {
				t.Error("no health check")
			}
		}},
		{"E11", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"x-forwarded-for":"203.0.113.9"}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.Host != "" {
				t.Errorf("%q", r.Host)
			}
		}},
		{"E12", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{}}`, "200", noAddr},
		{"E12 empty", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"x-forwarded-for":""}}`, "200", noAddr},
		{"E12 unknown", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"x-forwarded-for":"8.8.8.8, unknown"}}`, "200", noAddr},
		{"E12 hidden", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"x-forwarded-for":"8.8.8.8,_hidden"}}`, "200", noAddr},
		{"E12 trailing comma", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"x-forwarded-for":"8.8.8.8,"}}`, "200", noAddr},
		{"E13", `{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":null,"isBase64Encoded":null}`, "200", func(t *testing.T, r *http.Request, body string) {
			if body != "" || r.ContentLength != 0 {
				t.Errorf("%q %d", body, r.ContentLength)
			}
		}},
		{"E14", `{` + elb + `,"httpMethod":"GET","path":"/","multiValueHeaders":{"a":null,"b":[],"c":[null],"d":[null,"1"]},"multiValueQueryStringParameters":{"a":null,"b":[]}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if diff := cmp.Diff(http.Header{"D": {"1"}}, r.Header); diff != "" || r.URL.RawQuery != "" {
				t.Error(diff, r.URL.RawQuery)
			}
		}},
		{"E15", `{` + elb + `,"httpMethod":"GET","path":"/","multiValueHeaders":{"x-a":["3"],"X-A":["1","2"],"host":["b"],"Host":["a"]}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if diff := cmp.Diff(http.Header{"X-A": {"1", "2", "3"}}, r.Header); diff != "" || r.Host != "a" {
				t.Error(diff, r.Host)
			}
		}},
		{"E15 beside a Host", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{"host":"h","x-a":"1","X-A":"2","accept":"evil"}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if diff := cmp.Diff(http.Header{"X-A": {"2", "1"}, "Accept": {"evil"}}, r.Header); diff != "" || r.Host != "h" {
				t.Error(diff, r.Host)
			}
		}},
		{"E16", `{"requestContext":{"elb":{"targetGroupArn":""}},"httpMethod":"GET","path":"/"}`, "200", nil},
		{"E16 missing", `{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/"}`, "200", nil},
		{"E16 null", `{"requestContext":{"elb":{"targetGroupArn":null}},"httpMethod":"GET","path":"/"}`, "200", nil},
		{"E17", `{` + elb + `,"httpMethod":"GET","path":"/","headers":{},"queryStringParameters":null,"multiValueQueryStringParameters":null}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.URL.RawQuery != "" || r.RequestURI != "/" {
				t.Errorf("%q %q", r.URL.RawQuery, r.RequestURI)
			}
		}},
		{"unknown members of any shape", `{"x":[{"y":[]},null,1e9,"\u00e9"],` + elb + `,"httpMethod":"GET","path":"/","z":{"headers":{"a":1}}}`, "200", nil},
		{"the last of duplicate members counts", `{` + elb + `,"path":"/a","httpMethod":"GET","headers":{"a":"1"},"path":"/b","headers":{"b":"2"}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if diff := cmp.Diff(http.Header{"B": {"2"}}, r.Header); diff != "" || r.URL.Path != "/b" {
				t.Error(r.URL, diff)
			}
		}},
		{"duplicate keys add up", `{` + elb + `,"path":"/","httpMethod":"GET","headers":{"a":"1","b":"x","a":"2"},"queryStringParameters":{"q":"1","p":"2","q":"3"}}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if diff := cmp.Diff(http.Header{"A": {"1", "2"}, "B": {"x"}}, r.Header); diff != "" || r.URL.RawQuery != "q=1&p=2&q=3" {
				t.Error(r.URL, diff)
			}
		}},
		{"names are exact", `{` + elb + `,"httpMethod":"GET","path":"/a","Path":"/b","HTTPMETHOD":"PUT"}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.URL.Path != "/a" || r.Method != "GET" {
				t.Error(r.Method, r.URL)
			}
		}},
		{"escapes in names", `{"\u0072equestContext":{"elb":{}},"httpMethod":"GET","p\u0061th":"\/a\u00e9"}`, "200", func(t *testing.T, r *http.Request, _ string) {
			if r.URL.Path != "/aé" {
				t.Error(r.URL)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ran := false
			var log errorLog
			h := alb.NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				ran = true
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				if tt.check != nil {
					tt.check(t, r, string(body))
				}
			}), log.option())
			_, a := invoke(t, h, []byte(tt.event))
			if string(a.StatusCode) != tt.status || ran != (tt.status == "200") {
				t.Errorf("status %s, handler ran: %v; %s", a.StatusCode, ran, *a.Body)
			}
			if tt.status == "400" {
				if len(log.errs) != 1 || !json.Valid([]byte(*a.Body)) {
					t.Errorf("error log %q, body %s", &log, *a.Body)
				}
			} else if len(log.errs) != 0 {
				t.Errorf("error log %q", &log)
			}
		})
	}
}

func noAddr(t *testing.T, r *http.Request, _ string) {
	t.Helper()
	if r.RemoteAddr != "" {
		t.Errorf("RemoteAddr %q", r.RemoteAddr)
	}
}

// TestNotALoadBalancer: the error says what the payload looks like and what to do.
func TestNotALoadBalancer(t *testing.T) {
	tests := []struct{ name, payload, want string }{
		{"E1", `{}`, "no event of an Application Load Balancer, it has no requestContext.elb (its members: [])"},
		{"E1 unknown", `{"b":1,"a":2}`, `its members: ["a" "b"]`},
		{"E1 many members", `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1}`, `"g" "h"])`},
		{"E1 elb null", `{"requestContext":{"elb":null},"httpMethod":"GET","path":"/"}`, "has no requestContext.elb"},
		{"E1 elb no object", `{"requestContext":{"elb":"x"}}`, "has no requestContext.elb"},
		{"E1 without context", `{"httpMethod":"GET","path":"/"}`, `"requestContext": {"elb": {}}`},
		{"E2 null", `null`, "the payload is null and not an event"},
		{"E2 array", `[]`, "the payload is an array"},
		{"E2 string", `"x"`, "the payload is a string"},
		{"E2 number", `7`, "the payload is a number"},
		{"E2 boolean", `true`, "the payload is a boolean"},
		{"E2 empty", ``, "not JSON (offset 0 of 0 bytes)"},
		{"E2 no JSON", `hello`, "not JSON (offset 1 of 5 bytes)"},
		{"E2 cut short", `{` + elb, "not JSON"},
		{"E2 cut in a name", `{"requestContext":{"elb":{}},"headers":{"a`, "not JSON"},
		{"E2 trailing data", `{` + elb + `} {}`, "not JSON"},
		{"E3", `{"version":"2.0","routeKey":"$default","rawPath":"/","requestContext":{"domainName":"x.execute-api.eu-west-1.amazonaws.com","http":{"method":"GET"}}}`, "API Gateway v2"},
		{"E3 function URL", `{"version":"2.0","rawPath":"/","requestContext":{"domainName":"x.lambda-url.eu-west-1.on.aws","http":{"method":"GET"}}}`, "function URL"},
		{"E3 REST API", `{"resource":"/","path":"/","httpMethod":"GET","requestContext":{"stage":"prod","identity":{}}}`, "API Gateway v1"},
		{"WebSocket API", `{"requestContext":{"connectionId":"x","stage":"prod"}}`, "WebSocket"},
		{"VPC Lattice", `{"version":"2.0","method":"GET","path":"/","requestContext":{"serviceArn":"arn:aws:vpc-lattice:x"}}`, "VPC Lattice"},
		{"SQS", `{"Records":[{"eventSource":"aws:sqs","body":"x"}]}`, "SQS"},
		{"SNS", `{"Records":[{"EventSource":"aws:sns","Sns":{}}]}`, "SNS"},
		{"S3", `{"Records":[{"eventSource":"aws:s3","s3":{}}]}`, "S3"},
		{"Lambda@Edge", `{"Records":[{"cf":{}}]}`, "Lambda@Edge"},
		{"other records", `{"Records":[{"eventSource":"aws:new"}]}`, "but of NEW"},
		{"records of nobody", `{"Records":[{"a":1}]}`, "a service that sends Records"},
		{"no records", `{"Records":7}`, "a service that sends Records"},
		{"EventBridge", `{"version":"0","detail-type":"Scheduled Event","source":"aws.events","detail":{}}`, "EventBridge"},
		{"Cognito", `{"triggerSource":"PreSignUp_SignUp","userPoolId":"x"}`, "Cognito"},
	}
	h := alb.NewHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler ran") }))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := h.Invoke(t.Context(), []byte(tt.payload))
			if err == nil || out != nil {
				t.Fatalf("got %s, %v", out, err)
			}
			if s := err.Error(); !strings.HasPrefix(s, "alb: ") || !strings.Contains(s, tt.want) || !strings.Contains(s, "; ") {
				t.Errorf("%s\nwant it to contain %q and a remedy", s, tt.want)
			}
		})
	}
}

// A member of the wrong type is named. No load balancer sends one.
func TestWrongType(t *testing.T) {
	tests := []struct{ name, members, want string }{
		{"method", `"httpMethod":7`, `member httpMethod is a number, want a string`},
		{"path", `"path":{}`, `member path is an object, want a string`},
		{"flag", `"isBase64Encoded":"true"`, `member isBase64Encoded is a string, want true or false`},
		{"body", `"body":{"a":1}`, `member body is an object, want a string`},
		{"headers", `"headers":[]`, `member headers is an array, want an object`},
		{"header", `"headers":{"a":["1"]}`, `member headers["a"] is an array, want a string`},
		{"multi header", `"multiValueHeaders":{"a":"1"}`, `member multiValueHeaders["a"] is a string, want an array of strings`},
		{"multi header value", `"multiValueHeaders":{"a":[1]}`, `member multiValueHeaders["a"] is an array, want an array of strings`},
		{"query", `"queryStringParameters":{"a":true}`, `member queryStringParameters["a"] is a boolean, want a string`},
		{"the family that does not count", `"multiValueHeaders":{},"headers":7`, `member headers is a number, want an object`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := alb.NewHandler(http.NotFoundHandler())
			_, err := h.Invoke(t.Context(), []byte(`{`+elb+`,`+tt.members+`}`))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	_, err := alb.NewHandler(http.NotFoundHandler()).Invoke(t.Context(), []byte(`{"requestContext":{"elb":{"targetGroupArn":7}}}`))
	if err == nil || !strings.Contains(err.Error(), "requestContext.elb.targetGroupArn is a number") {
		t.Errorf("%v", err)
	}
}

// The event is lent for the length of the invocation.
func TestEventJSON(t *testing.T) {
	payload := get("/x").json(false)
	want := string(payload)
	var kept alb.Event
	h := alb.NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ev, ok := alb.FromContext(r.Context())
		if !ok || string(ev.JSON()) != want || ev.TargetGroupARN != targetGroup || ev.MultiValueHeaders {
			t.Errorf("%v %+v %s", ok, ev, ev.JSON())
		}
		clear(ev.JSON()) // a copy
		if string(ev.JSON()) != want {
			t.Error("JSON handed out its own memory")
		}
		kept = ev
	}))
	if _, err := h.Invoke(t.Context(), payload); err != nil {
		t.Fatal(err)
	}
	if b := kept.JSON(); b != nil {
		t.Errorf("after the invocation: %s", b)
	}
	if b := (alb.Event{}).JSON(); b != nil {
		t.Errorf("zero Event: %s", b)
	}
	if _, ok := alb.FromContext(t.Context()); ok {
		t.Error("an event without an invocation")
	}
}

// E18: invocations in different modes at the same time keep their own.
func TestE18ConcurrentModes(t *testing.T) {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("X-Echo", r.Header.Get("X-Id"))
		w.Write(body)
	}))
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			multi := i%2 == 0
			id := strings.Repeat(string(rune('a'+i%26)), 1+i*17)
			e := get("/").with("x-id", id)
			e.method, e.body = http.MethodPost, id
			for range 50 {
				_, a := invoke(t, h, e.json(multi))
				echo := a.Headers["X-Echo"]
				if multi {
					echo = (*a.MultiValueHeaders)["X-Echo"][0]
				}
				if echo != id || *a.Body != id {
					t.Errorf("got the answer of another invocation: %.20q %.20q, want %.20q", echo, *a.Body, id)
					return
				}
			}
		})
	}
	wg.Wait()
}
