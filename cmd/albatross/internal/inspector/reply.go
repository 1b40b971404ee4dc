package inspector

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/albatross-go/albatross/router/problem"
)

// maxCall is the longest call. It leaves room for a body beyond ALB's limit of 1 MB, since that is something to try.
const maxCall = 16 << 20

// reply answers with v as JSON.
func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // a client that went away
}

// fail answers with a problem. The page shows its detail.
func fail(w http.ResponseWriter, r *http.Request, status int, detail string) {
	r = r.WithContext(problem.WithObserver(r.Context(), func(error) {})) // whoever called sees it: that is enough
	p := problem.New(status, detail)
	p.Header = http.Header{"Cache-Control": {"no-store"}}
	problem.Write(w, r, p)
}

// readCall decodes the JSON of a call into v, and answers by itself if it cannot. An empty body leaves v as it is.
func readCall(w http.ResponseWriter, r *http.Request, v any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		fail(w, r, http.StatusRequestEntityTooLarge, "the call exceeds 16 MB; send less")
		return false
	}
	if err != nil {
		fail(w, r, http.StatusBadRequest, "the call broke off; send it again")
		return false
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return true
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		fail(w, r, http.StatusBadRequest, "the call's JSON is not as expected: "+err.Error())
		return false
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		fail(w, r, http.StatusBadRequest, "the call holds more than one JSON value; send one")
		return false
	}
	return true
}
