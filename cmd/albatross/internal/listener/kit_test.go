package listener_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// echo is a target that tells its name and what it was asked.
func echo(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, name+" "+r.RequestURI+" "+r.Host)
	})
}

func targets(names ...string) map[string]http.Handler {
	out := map[string]http.Handler{}
	for _, n := range names {
		out[n] = echo(n)
	}
	return out
}

// rules reads JSON as a rules file has it.
func rules(t *testing.T, text string) []listener.Rule {
	t.Helper()
	var out []listener.Rule
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const defaultRule = `{"Priority": "default", "Actions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]}`

// one is a listener with one rule that forwards to the function "f" under the conditions, and a default rule with 404.
func one(t *testing.T, conditions string) *listener.Listener {
	t.Helper()
	l, err := listener.New(rules(t, `[{"Priority": 1, "Conditions": [`+conditions+`],
		"Actions": [{"Type": "forward", "TargetGroupArn": "f"}]}, `+defaultRule+`]`), targets("f"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func serve(l *listener.Listener, r *http.Request) (*http.Response, listener.Decision) {
	var d listener.Decision
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r.WithContext(listener.WithDecision(r.Context(), &d)))
	return w.Result(), d
}

func get(target string) *http.Request {
	return httptest.NewRequest(http.MethodGet, target, http.NoBody)
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
