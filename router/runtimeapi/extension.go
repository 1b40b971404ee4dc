package runtimeapi

import (
	"encoding/json"
	"io"
	"net/http"
)

// serveRegister registers an internal extension, one that lives in the function's own process. All that comes of it is
// a SIGTERM at shutdown; events are not delivered, so a subscription is refused.
func (env *environment) serveRegister(w http.ResponseWriter, r *http.Request) {
	name := r.Header.Get("Lambda-Extension-Name")
	if name == "" {
		refuse(w, http.StatusForbidden, "Extension.InvalidExtensionName", "Empty extension name")
		return
	}
	var registration struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, maxPayload)).Decode(&registration); err != nil {
		refuse(w, http.StatusForbidden, "InvalidRequestFormat", err.Error())
		return
	}
	if len(registration.Events) > 0 {
		refuse(w, http.StatusForbidden, "Extension.InvalidEventType",
			registration.Events[0]+": this emulator delivers no events to extensions; register for none")
		return
	}
	if env.process != nil && isClosed(env.initialised) {
		refuse(w, http.StatusForbidden, "Extension.RegistrationClosed", "Extension registration closed already")
		return
	}

	w.Header().Set("Lambda-Extension-Identifier", env.register(name))
	writeJSON(w, http.StatusOK, struct {
		FunctionName    string `json:"functionName"`
		FunctionVersion string `json:"functionVersion"`
		Handler         string `json:"handler"`
	}{env.name, version, handler})
}

// serveEvent is the long poll of an extension. As no events are delivered, it lasts until the process is gone.
func (env *environment) serveEvent(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("Lambda-Extension-Identifier")
	switch {
	case id == "":
		refuse(w, http.StatusForbidden, "Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header")
		return
	case !env.isExtension(id):
		refuse(w, http.StatusForbidden, "Extension.UnknownExtensionIdentifier", "Unknown extension "+id)
		return
	}
	select {
	case <-env.exited:
		refuse(w, http.StatusInternalServerError, "InternalServerError", "Internal Server Error")
	case <-r.Context().Done():
	}
}

// register returns the identifier of a new extension.
func (env *environment) register(name string) string {
	env.mu.Lock()
	defer env.mu.Unlock()
	id := newUUID()
	env.extensions[id] = name
	return id
}

func (env *environment) isExtension(id string) bool {
	env.mu.Lock()
	defer env.mu.Unlock()
	_, ok := env.extensions[id]
	return ok
}

func (env *environment) hasExtension() bool {
	env.mu.Lock()
	defer env.mu.Unlock()
	return len(env.extensions) > 0
}
