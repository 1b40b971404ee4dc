package albtest

import (
	"net/http"
	"net/http/httptest"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// Server is a load balancer that listens on a port of the loopback interface, with a handler as its function.
type Server struct {
	URL      string             // base URL, http://127.0.0.1:port
	Balancer *balancer.Balancer // for health checks on demand

	http *httptest.Server
}

// NewServer starts a Server for h. Without options the target group is in single-value mode; see
// [balancer.WithMultiValueHeaders]. Close it when the test is done.
func NewServer(h http.Handler, opts ...balancer.Option) *Server {
	b := balancer.New(alb.NewHandler(h), opts...)
	s := httptest.NewUnstartedServer(b)
	s.Config.DisableGeneralOptionsHandler = true // OPTIONS * is the function's
	s.Start()
	return &Server{URL: s.URL, Balancer: b, http: s}
}

// Client returns a client for the server. Its connections are closed with the server.
func (s *Server) Client() *http.Client { return s.http.Client() }

// Close stops the server and waits for the requests under way.
func (s *Server) Close() { s.http.Close() }
