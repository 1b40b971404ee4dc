package listener_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

func Example() {
	say := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) })
	}
	l, err := listener.New([]listener.Rule{
		{
			Priority:   10,
			Conditions: []listener.Condition{{Field: "path-pattern", Values: []string{"/orders/*"}}},
			Actions:    []listener.Action{{Type: "forward", TargetGroupArn: "orders"}},
		},
		{
			Priority: listener.DefaultPriority,
			Actions:  []listener.Action{{Type: "forward", TargetGroupArn: "shop"}},
		},
	}, map[string]http.Handler{"orders": say("an order"), "shop": say("the shop")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/orders/7", "/"} {
		var d listener.Decision
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		w := httptest.NewRecorder()
		l.ServeHTTP(w, r.WithContext(listener.WithDecision(r.Context(), &d)))
		fmt.Printf("%s: %s, rule %s\n", path, w.Body, d.Rule)
	}
	// Output:
	// /orders/7: an order, rule 10
	// /: the shop, rule default
}
