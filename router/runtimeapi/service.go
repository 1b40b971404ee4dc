package runtimeapi

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// maxAsyncPayload is the limit of an asynchronous invocation. Lambda developer guide: Lambda quotas.
const maxAsyncPayload = 1 << 20

// serveInvoke is the Invoke operation of the Lambda service. Lambda API reference: Invoke.
//
// It knows the configured function and, as AWS's own emulator does, "function", under any qualifier; the version is
// always $LATEST. An asynchronous invocation is not retried, and nobody learns of its error.
func (rt *Runtime) serveInvoke(w http.ResponseWriter, r *http.Request) {
	inv, err := rt.readInvoke(r)
	if err != nil {
		writeServiceError(w, err)
		return
	}
	w.Header().Set("X-Amzn-Requestid", inv.id)

	switch r.Header.Get("X-Amz-Invocation-Type") {
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
		return
	case "Event":
		if err := rt.invokeAsync(inv); err != nil {
			writeServiceError(w, err)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		return
	}

	mark := rt.log.mark()
	response, err := rt.invoke(r.Context(), inv)
	if failure, ok := errors.AsType[*FunctionError](err); ok {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		response = failure.Payload
	} else if err != nil {
		writeServiceError(w, err)
		return
	}
	if r.Header.Get("X-Amz-Log-Type") == "Tail" {
		w.Header().Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(rt.log.since(mark)))
	}
	w.Header().Set("X-Amz-Executed-Version", version)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(response)
}

// invokeAsync leaves the invocation to a task of its own, which ends with the Runtime.
func (rt *Runtime) invokeAsync(inv *invocation) error {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.closed {
		return ErrClosed
	}
	rt.tasks.Go(func() { _, _ = rt.invoke(rt.ctx, inv) })
	return nil
}

// readInvoke makes an invocation of the request, or returns a *serviceError.
func (rt *Runtime) readInvoke(r *http.Request) (*invocation, error) {
	arn, err := rt.invokedARN(r)
	if err != nil {
		return nil, err
	}
	limit := int64(maxPayload)
	switch t := r.Header.Get("X-Amz-Invocation-Type"); t {
	case "", "RequestResponse", "DryRun":
	case "Event":
		limit = maxAsyncPayload
	default:
		return nil, &serviceError{http.StatusBadRequest, "InvalidParameterValueException",
			fmt.Sprintf("Unknown invocation type %q; use RequestResponse, Event or DryRun", t)}
	}
	clientContext, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Amz-Client-Context"))
	if err != nil || len(clientContext) > 0 && !json.Valid(clientContext) {
		return nil, &serviceError{http.StatusBadRequest, "InvalidRequestContentException",
			"Client context must be a valid Base64-encoded JSON object."}
	}
	payload, err := readPayload(r.Body, limit)
	if err != nil {
		return nil, err
	}

	inv := newInvocation(r.Context(), arn, payload)
	inv.clientContext = string(clientContext)
	inv.traceID = newTraceID(r.Header.Get("X-Amzn-Trace-Id"))
	return inv, nil
}

var qualifierSyntax = regexp.MustCompile(`^[a-zA-Z0-9$_-]{0,128}$`)

// invokedARN is the ARN of the function as the request names it, which may be by name, partial ARN or ARN, each with or
// without a qualifier.
func (rt *Runtime) invokedARN(r *http.Request) (string, error) {
	name := r.PathValue("name")
	if _, short, ok := strings.Cut(name, ":function:"); ok {
		name = short
	}
	name, qualifier, _ := strings.Cut(name, ":")
	qualifier = cmp.Or(r.URL.Query().Get("Qualifier"), qualifier)
	switch {
	case name != rt.name && name != "function":
		return "", &serviceError{http.StatusNotFound, "ResourceNotFoundException",
			fmt.Sprintf("Function not found: %s; this emulator runs %s", name, rt.arn())}
	case !qualifierSyntax.MatchString(qualifier):
		return "", &serviceError{http.StatusBadRequest, "InvalidParameterValueException",
			"Qualifier must be up to 128 letters, digits, $, hyphens and underscores"}
	case qualifier != "":
		return rt.arn() + ":" + qualifier, nil
	}
	return rt.arn(), nil
}

// readPayload reads a JSON event. No event at all is an empty object.
func readPayload(body io.Reader, limit int64) ([]byte, error) {
	payload, err := io.ReadAll(io.LimitReader(body, limit+1))
	switch {
	case err != nil:
		return nil, &serviceError{http.StatusBadRequest, "InvalidRequestContentException", "The request body breaks off"}
	case int64(len(payload)) > limit:
		_, _ = io.CopyN(io.Discard, body, maxPayload) // so that a client a little over the limit reads the answer
		return nil, &serviceError{http.StatusRequestEntityTooLarge, "RequestTooLargeException",
			fmt.Sprintf("Request must be smaller than %d bytes for the InvokeFunction operation", limit)}
	case len(payload) == 0:
		return []byte("{}"), nil
	case !json.Valid(payload):
		return nil, &serviceError{http.StatusBadRequest, "InvalidRequestContentException",
			"Could not parse request body into json: the payload is not a JSON value"}
	}
	return payload, nil
}

// A serviceError is an answer of the Lambda service that means the function was not run.
type serviceError struct {
	status  int
	typ     string
	message string
}

func (e *serviceError) Error() string { return "runtimeapi: " + e.typ + ": " + e.message }

// writeServiceError answers with an error in the form of the Lambda service. One that is not a *serviceError is the
// service's own fault.
func writeServiceError(w http.ResponseWriter, err error) {
	e, ok := errors.AsType[*serviceError](err)
	fault := "User"
	if !ok {
		e, fault = &serviceError{http.StatusInternalServerError, "ServiceException", err.Error()}, "Service"
	}
	w.Header().Set("X-Amzn-Errortype", e.typ)
	writeJSON(w, e.status, struct {
		Type    string
		Message string
	}{fault, e.message})
}
