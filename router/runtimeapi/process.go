package runtimeapi

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

// shutdownGrace is how long a process may live after SIGTERM or after its report of a failed init phase, and how long
// output may still arrive after its end.
const shutdownGrace = 500 * time.Millisecond

// startEnvironment starts the command with a Runtime API of its own, so that nothing a previous process left in the
// network can reach this one. If the command cannot be started, the environment has already ended. The error is that of
// this machine.
func startEnvironment(c config, command []string, log *functionLog) (*environment, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(command[0], command[1:]...) //nolint:noctx // the process outlives the call that starts it; see wait
	cmd.Dir = c.dir
	cmd.Env = c.environ(listener.Addr().String())
	cmd.SysProcAttr = newProcessGroup()
	stdout, stdoutEnd, outErr := outputPipe()
	stderr, stderrEnd, errErr := outputPipe()
	closeOutput := func() {
		_ = stdout.Close()
		_ = stderr.Close()
	}
	if err := errors.Join(outErr, errErr); err != nil {
		listener.Close()
		closeOutput()
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = stdoutEnd, stderrEnd

	env := newEnvironment(c)
	err = cmd.Start()
	_ = stdoutEnd.Close()
	_ = stderrEnd.Close()
	if err != nil {
		listener.Close()
		closeOutput()
		env.end(because("Runtime.InvalidEntrypoint", err.Error()))
		return env, nil
	}
	env.process = cmd.Process
	env.drain = func() {
		stdout.drain()
		stderr.drain()
	}

	server := &http.Server{Handler: env.routes(), ReadHeaderTimeout: readHeaderTimeout}
	var serving, printing sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	printing.Go(func() { log.copy(c.stdout, stdout) })
	printing.Go(func() { log.copy(c.stderr, stderr) })

	go func() {
		initTimer := time.AfterFunc(c.initTimeout, env.expireInit)
		err := env.wait()
		initTimer.Stop()
		killGroup(env.process)

		// A descendant that left the group may hold the pipes open for ever.
		outputTimer := time.AfterFunc(shutdownGrace, closeOutput)
		printing.Wait()
		outputTimer.Stop()
		closeOutput()

		env.end(env.exitCause(err))
		server.Close()
		serving.Wait()
		close(env.exited)
	}()
	return env, nil
}

// wait returns when the process has ended, which it brings about once the environment is gone. The error tells how it
// ended, nil for exit status 0.
//
// Lambda kills without warning, except that a process which has registered an extension gets SIGTERM first. Lambda
// developer guide: execution environment lifecycle, Shutdown phase.
func (env *environment) wait() error {
	end := make(chan error, 1)
	go func() {
		state, err := env.process.Wait()
		if err == nil && !state.Success() {
			err = errors.New(state.String())
		}
		end <- err
	}()

	select {
	case err := <-end:
		return err
	case <-env.gone:
	}
	if env.hasExtension() {
		terminateGroup(env.process)
		select {
		case err := <-end:
			return err
		case <-time.After(shutdownGrace):
		}
	}
	killGroup(env.process)
	return <-end
}
