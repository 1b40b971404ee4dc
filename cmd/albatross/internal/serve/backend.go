package serve

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A backend is the server as the inspector sees it.
type backend struct{ s *Server }

func (b backend) Send(ctx context.Context, m record.Message, how inspector.Send) (*record.Record, error) {
	r, err := b.s.request(ctx, m)
	if err != nil {
		return nil, err
	}
	v := b.s.serve(discard{http.Header{}}, r, how)
	return v.snapshot(), nil
}

func (b backend) Compare(ctx context.Context, m record.Message) (single, multi *record.Record, err error) {
	off, on := false, true
	if single, err = b.Send(ctx, m, inspector.Send{MultiValue: &off}); err != nil {
		return nil, nil, err
	}
	multi, err = b.Send(ctx, m, inspector.Send{MultiValue: &on})
	return single, multi, err
}

func (b backend) Functions() []inspector.FunctionState {
	states := make([]inspector.FunctionState, 0, len(b.s.targets))
	for _, t := range b.s.targets {
		spec, state := t.fn.Spec(), t.fn.State()
		command := spec.Command
		if spec.Package != "" {
			command = []string{"go", "build", spec.Package}
		}
		states = append(states, inspector.FunctionState{
			Name:       spec.Name,
			Phase:      string(state.Phase),
			Since:      state.Since,
			Build:      state.Build,
			Error:      state.Error,
			MultiValue: t.multiValue.Load(),
			Command:    command,
			Memory:     spec.Memory,
			Timeout:    spec.Timeout.Seconds(),
			Init:       state.Init,
			Generation: state.Generation,
		})
	}
	return states
}

func (b backend) SetMultiValue(name string, on bool) error {
	t, err := b.target(name)
	if err == nil {
		t.multiValue.Store(on)
		b.s.store.Wake()
	}
	return err
}

func (b backend) Restart(name string) error {
	t, err := b.target(name)
	if err == nil {
		t.fn.Restart()
	}
	return err
}

func (b backend) target(name string) (*target, error) {
	for _, t := range b.s.targets {
		if t.fn.Spec().Name == name {
			return t, nil
		}
	}
	return nil, fmt.Errorf("there is no function %q", name)
}

// request is one that the listener's server would make of the message.
func (s *Server) request(ctx context.Context, m record.Message) (*http.Request, error) {
	target, err := url.ParseRequestURI(m.Target)
	if err != nil || !strings.HasPrefix(m.Target, "/") && m.Target != "*" {
		return nil, fmt.Errorf("the target %q is none that a server takes; it begins with a slash, and %% is followed by two hexadecimal digits", m.Target)
	}
	ctx = context.WithValue(ctx, http.LocalAddrContextKey, *s.local.Load())
	r, err := http.NewRequestWithContext(ctx, m.Method, "http://localhost/", io.NopCloser(bytes.NewReader(m.Body.Bytes)))
	if err != nil {
		return nil, err
	}
	r.RequestURI, r.URL, r.Host = m.Target, target, ""
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	r.ContentLength = int64(len(m.Body.Bytes))
	r.RemoteAddr = net.JoinHostPort("127.0.0.1", "0")
	for _, field := range m.Headers {
		switch name := http.CanonicalHeaderKey(field[0]); name {
		case "Host":
			r.Host = field[1]
		default:
			r.Header.Add(name, field[1])
		}
	}
	if len(m.Body.Bytes) > 0 {
		r.Header.Set("Content-Length", strconv.Itoa(len(m.Body.Bytes)))
	}
	if s.config.TLS {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256, HandshakeComplete: true}
	}
	return r, nil
}

// discard is the client of a request that the inspector sends: the record has the response.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}
