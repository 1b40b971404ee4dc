// Whatismyip answers a caller's address, and on every other path the event that the load balancer made of the request.
//
//	go run ./examples/whatismyip
//	curl localhost:8080/whatismyip
//	curl 'localhost:8080/browser?a=1&a=2'
//
// ALB_MULTI_VALUE_HEADERS=true switches the local target group to multi-value headers: the events change, the answers do not.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"

	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

func main() {
	router.Start(newHandler())
}

func newHandler() http.Handler {
	r := router.New()
	r.Get("/whatismyip", router.Func(whatIsMyIP))
	r.Handle("/*", router.Func(event))
	return r
}

// whatIsMyIP answers the address that the load balancer vouches for. What a client writes into X-Forwarded-For is not asked.
func whatIsMyIP(w http.ResponseWriter, r *http.Request) error {
	client, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return problem.NotFound("The load balancer does not tell your address.")
	}
	fmt.Fprintln(w, client.Addr())
	return nil
}

// event answers the event as indented JSON.
func event(w http.ResponseWriter, r *http.Request) error {
	ev, ok := alb.FromContext(r.Context())
	if !ok {
		return problem.NotFound("This request came in no load balancer's event.")
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, ev.JSON(), "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	w.Header().Set("Content-Type", "application/json")
	_, err := indented.WriteTo(w)
	return err
}
