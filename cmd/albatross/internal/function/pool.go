package function

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// errClosed is what acquire returns once a pool is closed.
var errClosed = errors.New("the environments are closed")

// A pool is one generation of the function: the environments that run the same code. As on Lambda, an event is given to an environment
// that is free, the last used first, or else to a new one. When there are as many as may be, it waits.
type pool struct {
	function *Function
	command  []string
	program  string        // built for this generation, "" for none
	slots    chan struct{} // held by each environment in use

	mu     sync.Mutex
	free   []*environment
	all    []*environment
	closed bool
	inUse  sync.WaitGroup
}

func newPool(f *Function, command []string, program string) *pool {
	return &pool{function: f, command: command, program: program, slots: make(chan struct{}, f.spec.Concurrency)}
}

// start starts the first environment, and returns how long its init phase took.
func (p *pool) start(ctx context.Context) (time.Duration, error) {
	e, err := p.acquire(ctx, new(Call))
	if err != nil {
		return 0, err
	}
	defer p.release(e)
	if err := e.runtime.Start(ctx); err != nil {
		return 0, err
	}
	return e.runtime.InitDuration(), nil
}

// acquire returns an environment for the call. It is to be released.
func (p *pool) acquire(ctx context.Context, c *Call) (*environment, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		<-p.slots
		return nil, errClosed
	}
	p.inUse.Add(1)
	var e *environment
	if n := len(p.free); n > 0 {
		e, p.free = p.free[n-1], p.free[:n-1]
	} else {
		e = newEnvironment(p.function, p.command)
		p.all = append(p.all, e)
	}
	e.assign(c)
	return e, nil
}

func (p *pool) release(e *environment) {
	p.mu.Lock()
	p.free = append(p.free, e)
	p.mu.Unlock()
	<-p.slots
	p.inUse.Done()
}

// drain lets the calls under way end, and then the processes; those at once when ctx ends.
func (p *pool) drain(ctx context.Context) {
	p.refuse()
	idle := make(chan struct{})
	go func() {
		p.inUse.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-ctx.Done():
	}
	p.kill()
}

// kill ends the processes at once, and removes the program that they ran.
func (p *pool) kill() {
	p.refuse()
	var ending sync.WaitGroup
	for _, e := range p.all {
		ending.Go(func() { _ = e.runtime.Close() })
	}
	ending.Wait()
	if p.program != "" {
		_ = os.RemoveAll(filepath.Dir(p.program))
	}
}

func (p *pool) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}
