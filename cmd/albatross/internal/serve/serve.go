// Package serve is the local ALB as a running thing: functions behind a listener, what passes through it recorded, shown in the terminal
// and by the inspector.
package serve

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
	"github.com/albatross-go/albatross/router/balancer"
)

// A Config says what to serve.
type Config struct {
	Functions   []Function
	Rules       []listener.Rule   // nil forwards everything to the first function
	Balancer    []balancer.Option // of every target group
	Login       *balancer.OIDC    // who is logged in; nil for nobody
	HealthCheck bool              // whether functions are checked, as the Balancer options say
	Addr        string            // of the listener
	Inspector   string            // its address; "" for none
	TLS         bool              // with a certificate made for the occasion
	Warnings    []string          // printed at the start
	JSON        bool              // records on Stdout, a line each, in place of what functions print
	Stdout      io.Writer
	Stderr      io.Writer
	Log         *log.Logger     // of the tool itself; nil writes to Stderr
	Grace       time.Duration   // how long requests may take to end once the server is told to; 0 is 5 s
	Hurry       <-chan struct{} // closed when requests under way are to be given up; may be nil
}

// A Function is a function and its target group.
type Function struct {
	function.Spec
	MultiValueHeaders bool
	TargetGroupARN    string // "" for the balancer's default
}

// How much the inspector remembers.
const (
	maxRecords = 2000
	maxBytes   = 256 << 20
)

// defaultGrace is a Config's Grace unless it says another.
const defaultGrace = 5 * time.Second

// A Server serves functions. Make one with [New].
type Server struct {
	config   Config
	targets  []*target
	rules    http.Handler
	terminal *terminal
	store    *inspector.Store
	local    atomic.Pointer[net.Addr] // where the listener listens
}

// New makes a Server, and reports what is wrong with the rules.
func New(c Config) (*Server, error) {
	c.Grace = cmp.Or(c.Grace, defaultGrace)
	if c.Log == nil {
		c.Log = log.New(c.Stderr, "", log.Ltime)
	}
	s := &Server{config: c, store: inspector.NewStore(maxRecords, maxBytes)}
	s.terminal = &terminal{json: c.JSON, named: len(c.Functions) > 1, stdout: c.Stdout, stderr: c.Stderr, log: c.Log}
	handlers := map[string]http.Handler{}
	for _, f := range c.Functions {
		t := newTarget(s, f)
		s.targets = append(s.targets, t)
		handlers[f.Name] = t
		if f.TargetGroupARN != "" {
			handlers[f.TargetGroupARN] = t
		}
	}
	listed := c.Rules
	if listed == nil {
		listed = forwardAll(c.Functions[0].Name)
	}
	rules, err := listener.New(listed, handlers, listener.WithLogin(func(string) bool { return c.Login != nil }))
	if err != nil {
		return nil, err
	}
	s.rules = rules
	return s, nil
}

// loggedIn reports whether the rule has made the client log in. Without rules of the user's own everybody has.
func (s *Server) loggedIn(d listener.Decision) bool {
	if s.config.Login == nil {
		return false
	}
	return s.config.Rules == nil || d.Login == "authenticate-oidc" || d.Login == "authenticate-cognito"
}

// forwardAll is the default rule of a listener with one target group.
func forwardAll(name string) []listener.Rule {
	return []listener.Rule{{IsDefault: true, Actions: []listener.Action{{Type: "forward", TargetGroupArn: name}}}}
}

// Run serves until ctx ends. Functions that do not start are told of, and may be mended by a change of their sources.
func (s *Server) Run(ctx context.Context) error {
	tcp, err := new(net.ListenConfig).Listen(ctx, "tcp", s.config.Addr)
	if err != nil {
		return fmt.Errorf("the listener: %w; choose another address with --host and --port", err)
	}
	defer tcp.Close()
	addr := tcp.Addr()
	s.local.Store(&addr)
	scheme := "http"
	server := s.httpServer(s)
	if s.config.TLS {
		certificate, err := throwAwayCertificate()
		if err != nil {
			return err
		}
		scheme = "https"
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	base := scheme + "://" + reachable(addr)

	ended := make(chan error, 2)
	closeInspector := func() {}
	if s.config.Inspector != "" {
		if closeInspector, err = s.serveInspector(ctx, base, ended); err != nil {
			return err
		}
	}
	defer closeInspector()

	for _, w := range s.config.Warnings {
		s.config.Log.Print(w)
	}
	defer s.closeFunctions()
	s.startFunctions(ctx)
	if ctx.Err() != nil {
		return nil // it was told to end before there was anything to serve
	}
	if s.config.HealthCheck {
		for _, t := range s.targets {
			go t.checkHealth(ctx)
		}
	}
	go func() {
		if s.config.TLS {
			ended <- server.ServeTLS(tcp, "", "")
		} else {
			ended <- server.Serve(tcp)
		}
	}()
	s.config.Log.Printf("listener on %s; Ctrl-C ends it", base)

	select {
	case err := <-ended:
		return fmt.Errorf("the server stopped: %w", err)
	case <-ctx.Done():
	}
	return s.shutDown(ctx, server)
}

// shutDown lets the requests under way end, for a while.
func (s *Server) shutDown(ctx context.Context, server *http.Server) error {
	last, giveUp := context.WithTimeout(context.WithoutCancel(ctx), s.config.Grace)
	defer giveUp()
	ended := make(chan error, 1)
	go func() { ended <- server.Shutdown(last) }()
	notice := time.After(min(s.config.Grace, defaultGrace) / 10)
	hurry := s.config.Hurry
	for {
		select {
		case <-notice:
			s.config.Log.Printf("requests are under way, and have %v to end; Ctrl-C once more gives them up", s.config.Grace)
		case <-hurry:
			giveUp()
			hurry = nil
		case err := <-ended:
			if err != nil && last.Err() == nil {
				return fmt.Errorf("the server did not stop cleanly: %w", err)
			}
			return nil
		}
	}
}

// startFunctions starts all at once, and returns when each is ready or has been told of as broken.
func (s *Server) startFunctions(ctx context.Context) {
	var starting sync.WaitGroup
	for _, t := range s.targets {
		starting.Go(func() { _ = t.fn.Start(ctx) })
	}
	starting.Wait()
}

func (s *Server) closeFunctions() {
	var closing sync.WaitGroup
	for _, t := range s.targets {
		closing.Go(t.fn.Close)
	}
	closing.Wait()
}

// serveInspector serves the inspector and the Lambda service's Invoke call, until the returned function is called.
func (s *Server) serveInspector(ctx context.Context, base string, ended chan<- error) (func(), error) {
	tcp, err := inspector.Listen(ctx, s.config.Inspector)
	if err != nil {
		return nil, fmt.Errorf("%w; see --inspect and --no-inspect", err)
	}
	page := inspector.New(s.store, backend{s}, inspector.Options{Listener: base})
	page.Handle("POST /2015-03-31/functions/{name}/invocations", http.HandlerFunc(s.serveInvoke))
	if s.config.Login != nil {
		page.Handle("GET /public-keys/", http.StripPrefix("/public-keys", s.config.Login))
	}
	server := s.httpServer(page)
	server.RegisterOnShutdown(page.Close)
	go func() { ended <- server.Serve(tcp) }()
	s.config.Log.Printf("inspector on http://%s", tcp.Addr())
	return func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Grace)
		defer cancel()
		_ = server.Shutdown(last)
	}, nil
}

// serveInvoke passes the Invoke call on to the function that it names; "function" is the first.
func (s *Server) serveInvoke(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	for _, t := range s.targets {
		if t.fn.Knows(name) {
			t.fn.ServeHTTP(w, r)
			return
		}
	}
	s.targets[0].fn.ServeHTTP(w, r) // which says that it is not that one
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:                      h,
		DisableGeneralOptionsHandler: true, // OPTIONS * reaches the function
		ReadHeaderTimeout:            time.Minute,
		ErrorLog:                     s.config.Log,
	}
}

// reachable is where a browser on this machine finds the address.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
