package runtimeapi

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxPayload is the most that a request or a response may have, Lambda's 6 MB as its own messages give it.
const maxPayload = 6291556

// routes is the Runtime API, version 2018-06-01, and the part of the Extensions API, version 2020-01-01, that a function
// uses to be told of its shutdown.
func (env *environment) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", env.serveNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", env.serveResponse)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", env.serveError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", env.serveInitError)
	mux.HandleFunc("POST /2020-01-01/extension/register", env.serveRegister)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", env.serveEvent)
	return mux
}

// serveNext is the long poll. It answers with an invocation or, if the environment is gone, with an error that makes
// the process end.
func (env *environment) serveNext(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead { // the mux takes it for a GET, but it would lose an invocation
		w.Header().Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if env.isFull() {
		if env.process != nil {
			refuseTransition(w, "Running", "Ready")
			return
		}
		env.abandon()
	}
	if !isClosed(env.initialised) {
		env.drain()
	}
	env.ready()
	inv := env.next(r.Context())
	if inv == nil {
		refuse(w, http.StatusInternalServerError, "InternalServerError", "Internal Server Error")
		return
	}
	inv.setHeader(w.Header())
	_, _ = w.Write(inv.payload) // if the process is not there to read it, its end fails the invocation
}

// serveResponse takes the answer of an invocation. A response that breaks off with an error in its trailers, as a
// streamed one may, is a function error. Lambda developer guide: custom runtimes, response streaming.
func (env *environment) serveResponse(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !env.isRunning(id) {
		refuseRequestID(w)
		return
	}
	switch r.Header.Get("Lambda-Runtime-Function-Response-Mode") {
	case "", "buffered", "streaming":
	default:
		refuse(w, http.StatusBadRequest, "InvalidFunctionResponseMode", "Invalid function response mode")
		return
	}
	body, ok := env.readBody(w, r, id)
	if !ok {
		return
	}
	var err error
	if typ := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); typ != "" {
		report, _ := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body"))
		body, err = nil, reportedError(report, typ)
	}
	env.accept(w, id, body, err)
}

// serveError takes the error that an invocation ended with.
func (env *environment) serveError(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !env.isRunning(id) {
		refuseRequestID(w)
		return
	}
	if body, ok := env.readBody(w, r, id); ok {
		env.accept(w, id, nil, reportedError(body, errorType(r)))
	}
}

// serveInitError takes the error that the init phase ended with. The process is expected to end by itself.
func (env *environment) serveInitError(w http.ResponseWriter, r *http.Request) {
	if env.process != nil && isClosed(env.initialised) {
		refuseTransition(w, "Ready", "InitError")
		return
	}
	body, ok := env.readBody(w, r, "")
	if !ok {
		return
	}
	if env.process != nil {
		env.failInit(reportedError(body, errorType(r)))
	}
	acknowledge(w)
}

// errorType is what an error is called if its document does not tell.
func errorType(r *http.Request) string {
	return cmp.Or(r.Header.Get("Lambda-Runtime-Function-Error-Type"), "Runtime.Unknown")
}

// readBody reads what the process sends. If it is too long, the invocation of that ID, if any, fails.
func (env *environment) readBody(w http.ResponseWriter, r *http.Request, id string) ([]byte, bool) {
	var body bytes.Buffer
	n, err := body.ReadFrom(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedHTTPRequest", "HTTP request detected as truncated")
		return nil, false
	}
	if n <= maxPayload {
		return body.Bytes(), true
	}
	env.complete(id, nil, newFunctionError("Function.ResponseSizeTooLarge",
		fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxPayload)))
	_, _ = io.Copy(io.Discard, r.Body) // a process that is still writing would not see the answer
	refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
		fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", maxPayload))
	return nil, false
}

// accept completes an invocation, unless its deadline passed while the process was sending. What was printed before the answer
// comes first.
func (env *environment) accept(w http.ResponseWriter, id string, response []byte, err error) {
	env.drain()
	if !env.complete(id, response, err) {
		refuseRequestID(w)
		return
	}
	acknowledge(w)
}

func acknowledge(w http.ResponseWriter) {
	writeJSON(w, http.StatusAccepted, struct {
		Status string `json:"status"`
	}{"OK"})
}

func refuseRequestID(w http.ResponseWriter) {
	refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
}

func refuseTransition(w http.ResponseWriter, from, to string) {
	refuse(w, http.StatusForbidden, "InvalidStateTransition",
		fmt.Sprintf("State transition from %s to %s failed for runtime. Error: State transition is not allowed", from, to))
}

// refuse answers with an error in the form of the Runtime API.
func refuse(w http.ResponseWriter, status int, typ, message string) {
	writeJSON(w, status, struct {
		Message string `json:"errorMessage"`
		Type    string `json:"errorType"`
	}{message, typ})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// failInit keeps the report of a failed init phase until the process has ended, which it is given a moment for.
func (env *environment) failInit(report *FunctionError) {
	env.mu.Lock()
	env.initError = report
	env.mu.Unlock()
	time.AfterFunc(shutdownGrace, func() { env.end(env.exitCause(nil)) })
}
