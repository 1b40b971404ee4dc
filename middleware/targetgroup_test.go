package middleware_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

const (
	blue  = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/50dc6c495c0c9188"
	green = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/green/0467ef3c8400ae65"
)

func TestAllowTargetGroups(t *testing.T) {
	tests := []struct {
		name    string
		allowed []string
		arn     string
		status  int
	}{
		{"the only one", []string{blue}, blue, 200},
		{"the second", []string{green, blue}, blue, 200},
		{"another", []string{green}, blue, 403},
		{"part of an allowed one", []string{blue}, blue[:len(blue)-1], 403},
		{"more than an allowed one", []string{blue}, blue + "0", 403},
		{"another case", []string{blue}, strings.ToUpper(blue), 403},
		{"another account", []string{blue}, strings.Replace(blue, "123456789012", "210987654321", 1), 403},
		{"none", []string{blue}, "", 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var cause error
			h := middleware.AllowTargetGroups(tt.allowed...)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "app") }))
			observed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.ServeHTTP(w, r.WithContext(problem.WithObserver(r.Context(), func(err error) { cause = err })))
			})
			for _, multi := range []bool{false, true} {
				b := balancer.New(alb.NewHandler(observed), balancer.WithTargetGroupARN(tt.arn), balancer.WithMultiValueHeaders(multi))
				rec := httptest.NewRecorder()
				b.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
				if rec.Code != tt.status {
					t.Errorf("multi-value %v: got %d, want %d", multi, rec.Code, tt.status)
				}
				if tt.status != 403 {
					continue
				}
				if got, want := rec.Body.String(), `{"title":"Forbidden","status":403}`; got != want {
					t.Errorf("the client got %s, want %s", got, want)
				}
				if cause == nil || !strings.Contains(cause.Error(), fmt.Sprintf("%q", tt.arn)) {
					t.Errorf("the observer saw %v, want the ARN", cause)
				}
			}
		})
	}
}

func TestAllowTargetGroupsRefusesWhatIsNoEvent(t *testing.T) {
	h := middleware.AllowTargetGroups(blue)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler ran") }))
	if res := overHTTP(t, h, httptest.NewRequest("GET", "/", nil)); res.StatusCode != 403 {
		t.Errorf("got %d, want 403", res.StatusCode)
	}
}

func TestAllowTargetGroupsCopiesItsList(t *testing.T) {
	arns := []string{blue}
	h := middleware.AllowTargetGroups(arns...)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	arns[0] = green
	rec := httptest.NewRecorder()
	balancer.New(alb.NewHandler(h), balancer.WithTargetGroupARN(green)).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != 403 {
		t.Errorf("got %d, want 403", rec.Code)
	}
}

func TestAllowTargetGroupsPanics(t *testing.T) {
	mustPanic(t, "middleware: AllowTargetGroups was given no ARN and would refuse everything; name the target groups, or leave it out",
		func() { middleware.AllowTargetGroups() })
	for _, arn := range []string{
		"", "*", "blue", blue + "/x", " " + blue, blue + "\n",
		"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/*",
		"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/*",
		"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/my/50dc6c495c0c9188",
		"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/",
		"arn:aws:elasticloadbalancing:eu-west-1::targetgroup/blue/50dc6c495c0c9188",
		"arn:aws:lambda:eu-west-1:123456789012:function:f",
	} {
		mustPanic(t, fmt.Sprintf("middleware: AllowTargetGroups was given %q; give the ARN of a target group whole, without wildcards: "+
			"arn:aws:elasticloadbalancing:region:account:targetgroup/name/id", arn), func() { middleware.AllowTargetGroups(green, arn) })
	}
	for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
		middleware.AllowTargetGroups(strings.Replace(blue, "aws", partition, 1))
	}
}

func BenchmarkAllowTargetGroups(b *testing.B) {
	event := []byte(`{"requestContext":{"elb":{"targetGroupArn":"` + blue + `"}},"httpMethod":"GET","path":"/","headers":{}}`)
	h := middleware.AllowTargetGroups(green, blue)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	inside := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.ReportAllocs()
		for b.Loop() {
			h.ServeHTTP(w, r)
		}
	})
	if _, err := alb.NewHandler(inside).Invoke(b.Context(), event); err != nil {
		b.Fatal(err)
	}
}

func ExampleAllowTargetGroups() {
	const public = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/public/50dc6c495c0c9188"
	const internal = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/internal/0467ef3c8400ae65"

	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "for colleagues only")
	})
	function := alb.NewHandler(middleware.AllowTargetGroups(internal)(app))
	for _, arn := range []string{internal, public} {
		rec := httptest.NewRecorder()
		balancer.New(function, balancer.WithTargetGroupARN(arn)).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		fmt.Println(rec.Code, rec.Body)
	}
	// Output:
	// 200 for colleagues only
	// 403 {"title":"Forbidden","status":403}
}
