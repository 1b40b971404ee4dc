package main

import (
	"net"
	"sync"
	"testing"
)

// gateway passes connections on to a server, as a NAT gateway does, until it forgets them.
type gateway struct {
	net.Listener

	mu    sync.Mutex
	conns []net.Conn
	lost  map[net.Conn]bool // nothing is passed on any more
}

func newGateway(t *testing.T, server string) *gateway {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{Listener: listener, lost: map[net.Conn]bool{}}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			up, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				return
			}
			g.mu.Lock()
			g.conns = append(g.conns, client, up)
			g.mu.Unlock()
			go g.pass(up, client)
			go g.pass(client, up)
		}
	}()
	return g
}

func (g *gateway) pass(to, from net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		g.mu.Lock()
		lost := g.lost[from]
		g.mu.Unlock()
		if err != nil {
			to.Close()
			return
		}
		if lost {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// forget loses all that comes over the connections there are, and tells nobody.
func (g *gateway) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, conn := range g.conns {
		g.lost[conn] = true
	}
}

// Close ends everything.
func (g *gateway) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, conn := range g.conns {
		conn.Close()
	}
	return g.Listener.Close()
}
