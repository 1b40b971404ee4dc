package albtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%q from %s", r.URL.Query()["a"], r.RemoteAddr)
})

// A test of a handler through both sides of the load balancer, in both header modes.
func Example() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: r.URL.Query().Get("q")})
		http.Redirect(w, r, "/orders?page=2", http.StatusSeeOther)
	})

	t := new(testing.T) // your test's own
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		res := albtest.Do(t, h, httptest.NewRequest(http.MethodPost, "/orders?q=tea+%26+milk", http.NoBody), mode)
		fmt.Println(mode, res.StatusCode, res.Header.Get("Location"), res.Cookies()[0].Value)
	}
	// Output:
	// single-value 303 /orders?page=2 tea & milk
	// multi-value 303 /orders?page=2 tea & milk
}

func ExampleDo() {
	t := new(testing.T) // your test's own
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		r := httptest.NewRequest(http.MethodGet, "/?a=1&a=2", nil)
		r.RemoteAddr = "203.0.113.9:54321"
		res := albtest.Do(t, hello, r, mode)
		body, _ := io.ReadAll(res.Body)
		fmt.Println(mode, res.StatusCode, res.Header.Get("Server"), string(body))
	}
	// Output:
	// single-value 200 awselb/2.0 ["2"] from 203.0.113.9:0
	// multi-value 200 awselb/2.0 ["1" "2"] from 203.0.113.9:0
}

func ExampleEvent() {
	t := new(testing.T) // your test's own
	r := httptest.NewRequest(http.MethodGet, "/a%20b?k=1&k=%32", nil)
	var event struct {
		Path  string
		Query json.RawMessage `json:"multiValueQueryStringParameters"`
	}
	if err := json.Unmarshal(albtest.Event(t, r, albtest.MultiValue), &event); err != nil {
		fmt.Println(err)
	}
	fmt.Println(event.Path, string(event.Query))
	// Output:
	// /a%20b {"k":["1","%32"]}
}

func ExampleNewServer() {
	srv := albtest.NewServer(hello, balancer.WithMultiValueHeaders(true), balancer.WithClientPort(false))
	defer srv.Close()
	res, err := srv.Client().Get(srv.URL + "/?a=1&a=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.Status, string(body))
	// Output:
	// 200 OK ["1" "2"] from 127.0.0.1:0
}
