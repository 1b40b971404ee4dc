package inspector

import (
	"io"
	"net/http"
	"strconv"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A call is the JSON of the calls that send.
type call struct {
	Request    *record.Message `json:"request"`
	MultiValue *bool           `json:"multiValueHeaders"`
}

type comparison struct {
	Single *record.Record `json:"single"`
	Multi  *record.Record `json:"multi"`
}

func (h *Handler) list(w http.ResponseWriter, _ *http.Request) {
	reply(w, summaries(h.store.List()))
}

func (h *Handler) clear(w http.ResponseWriter, _ *http.Request) {
	h.store.Clear()
	w.WriteHeader(http.StatusNoContent)
}

func (h *Handler) get(w http.ResponseWriter, r *http.Request) {
	if found, ok := h.find(w, r); ok {
		reply(w, shown(r, found))
	}
}

func (h *Handler) event(w http.ResponseWriter, r *http.Request) {
	found, ok := h.find(w, r)
	if !ok {
		return
	}
	if found.Event.IsZero() {
		fail(w, r, http.StatusNotFound, "the request never became an event; the record says why")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(shown(r, found).Event.Bytes) // a client that went away
}

func (h *Handler) curl(w http.ResponseWriter, r *http.Request) {
	if found, ok := h.find(w, r); ok {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, curlCommand(h.listener, shown(r, found).Request)) // a client that went away
	}
}

func (h *Handler) replay(w http.ResponseWriter, r *http.Request) {
	h.again(w, r, func(request record.Message, id int64, multiValue *bool) (any, error) {
		sent, err := h.backend.Send(r.Context(), request, Send{ReplayOf: id, MultiValue: multiValue})
		if err != nil {
			return nil, err
		}
		return masked(sent), nil
	})
}

func (h *Handler) compare(w http.ResponseWriter, r *http.Request) {
	h.again(w, r, func(request record.Message, _ int64, _ *bool) (any, error) {
		single, multi, err := h.backend.Compare(r.Context(), request)
		if err != nil {
			return nil, err
		}
		return comparison{masked(single), masked(multi)}, nil
	})
}

func (h *Handler) send(w http.ResponseWriter, r *http.Request) {
	var c call
	if !readCall(w, r, &c) {
		return
	}
	if c.Request == nil {
		fail(w, r, http.StatusBadRequest, `the call has no request; give {"request": {"method": "GET", "target": "/"}}`)
		return
	}
	if fault := faultOf(*c.Request); fault != "" {
		fail(w, r, http.StatusBadRequest, fault)
		return
	}
	sent, err := h.backend.Send(r.Context(), unframed(*c.Request), Send{MultiValue: c.MultiValue})
	if err != nil {
		fail(w, r, http.StatusBadGateway, err.Error())
		return
	}
	reply(w, masked(sent))
}

// again sends a recorded request once more, changed by the call if that brings a request.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, do func(record.Message, int64, *bool) (any, error)) {
	found, ok := h.find(w, r)
	if !ok {
		return
	}
	var c call
	if !readCall(w, r, &c) {
		return
	}
	request := found.Request
	if c.Request != nil {
		var left string
		if request, left = unmasked(*c.Request, found.Request); left != "" {
			fail(w, r, http.StatusBadRequest, "a part of "+left+" is masked, and it cannot be told what it was; show the secrets first, or write it in full")
			return
		}
	}
	if fault := faultOf(request); fault != "" {
		fail(w, r, http.StatusBadRequest, fault)
		return
	}
	answer, err := do(unframed(request), found.ID, c.MultiValue)
	if err != nil {
		fail(w, r, http.StatusBadGateway, err.Error())
		return
	}
	reply(w, answer)
}

func (h *Handler) functions(w http.ResponseWriter, _ *http.Request) {
	reply(w, h.states())
}

func (h *Handler) setMode(w http.ResponseWriter, r *http.Request) {
	var c struct {
		MultiValue *bool `json:"multiValueHeaders"`
	}
	if !readCall(w, r, &c) {
		return
	}
	if c.MultiValue == nil {
		fail(w, r, http.StatusBadRequest, `the call has no mode; give {"multiValueHeaders": true} or false`)
		return
	}
	h.steer(w, r, func(function string) error { return h.backend.SetMultiValue(function, *c.MultiValue) })
}

func (h *Handler) restart(w http.ResponseWriter, r *http.Request) {
	h.steer(w, r, h.backend.Restart)
}

// steer does something to the function that the path names.
func (h *Handler) steer(w http.ResponseWriter, r *http.Request, do func(function string) error) {
	name := r.PathValue("function")
	known := false
	for _, f := range h.backend.Functions() {
		known = known || f.Name == name
	}
	if !known {
		fail(w, r, http.StatusNotFound, "there is no such function; see /api/functions")
		return
	}
	if err := do(name); err != nil {
		fail(w, r, http.StatusBadGateway, err.Error())
		return
	}
	h.store.Wake()
	w.WriteHeader(http.StatusNoContent)
}

// states are the functions', an empty list for none.
func (h *Handler) states() []FunctionState {
	return append([]FunctionState{}, h.backend.Functions()...)
}

// find returns the record that the path names, and answers by itself if there is none.
func (h *Handler) find(w http.ResponseWriter, r *http.Request) (*record.Record, bool) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		fail(w, r, http.StatusBadRequest, "the ID is no number; see /api/requests")
		return nil, false
	}
	found, ok := h.store.Get(id)
	if !ok {
		fail(w, r, http.StatusNotFound, "the request is no longer kept; newer ones took its place, or the list was cleared")
	}
	return found, ok
}

// shown is a record as the call asks for it: masked, unless it says reveal=1.
func shown(r *http.Request, found *record.Record) *record.Record {
	if r.URL.Query().Get("reveal") == "1" {
		return found
	}
	return masked(found)
}
