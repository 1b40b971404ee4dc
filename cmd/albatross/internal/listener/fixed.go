package listener

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxMessage is the length of MessageBody. CloudFormation reference: "FixedResponseConfig".
const maxMessage = 1024

// messageTypes are the content types that a fixed response may have.
var messageTypes = []string{"text/plain", "text/css", "text/html", "application/javascript", "application/json"}

type fixed struct {
	status            int
	contentType, body string
}

func newFixed(config *FixedResponse, f faults) action {
	if config == nil {
		f.add("there is no FixedResponseConfig; add it")
		return fixed{}
	}
	status, err := strconv.Atoi(config.StatusCode)
	if len(config.StatusCode) != 3 || err != nil || !slices.Contains([]int{2, 4, 5}, status/100) {
		f.add("StatusCode is %q; use one of 200 to 299 or 400 to 599", config.StatusCode)
	}
	if config.ContentType != "" && !slices.Contains(messageTypes, config.ContentType) {
		f.add("ContentType is %q; use %s", config.ContentType, strings.Join(messageTypes, ", "))
	}
	if n := len([]rune(config.MessageBody)); n > maxMessage {
		f.add("MessageBody has %d characters, at most %d are allowed; shorten it", n, maxMessage)
	}
	return fixed{status, cmp.Or(config.ContentType, "text/plain"), config.MessageBody}
}

func (a fixed) serve(w http.ResponseWriter, _ *http.Request, _ request, _ *Decision) {
	contentType := a.contentType + "; charset=utf-8"
	if a.body == "" {
		contentType = ""
	}
	write(w, a.status, contentType, a.body)
}
