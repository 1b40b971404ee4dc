package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// patience is how long a client waits for an answer. It is longer than a function may take to start and to run.
const patience = initTime + functionTime + 5*time.Second

// host is what the client of every request calls the service.
const host = "shop.example.test"

// A request is written to the load balancer byte by byte, since a library would mend what is to be tried.
type request struct {
	method string
	target string   // path and query, as they go on the wire
	header []string // lines such as "X-Test: 1"
	body   string
}

func (r request) bytes() []byte {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: compare\r\nAccept: */*\r\n", r.method, r.target, host)
	for _, line := range r.header {
		b.WriteString(line + "\r\n")
	}
	if r.body != "" {
		_, _ = fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.body))
	}
	b.WriteString("\r\n" + r.body)
	return []byte(b.String())
}

// A client is one connection to a load balancer, kept alive.
type client struct {
	conn   net.Conn
	reader *bufio.Reader
	stop   func() bool
}

func dial(ctx context.Context, address string) (*client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	return &client{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10), stop: stop}, nil
}

func (c *client) close() {
	c.stop()
	c.conn.Close()
}

// do sends a request and reads the response whole, its body into body.
func (c *client) do(method string, request []byte, body io.Writer) (status int, header http.Header, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	response, err := http.ReadResponse(c.reader, &http.Request{Method: method})
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	_, err = io.Copy(body, response.Body)
	return response.StatusCode, response.Header, err
}
