package alb

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
)

// encode writes a response as the load balancer wants it: statusCode, statusDescription, the header family of the target group's
// mode and only that, body and isBase64Encoded; no member is ever null.
func encode(res *response, multi bool) []byte {
	out := struct {
		StatusCode        int                 `json:"statusCode"`
		StatusDescription string              `json:"statusDescription"`
		Headers           map[string]string   `json:"headers,omitzero"`
		MultiValueHeaders map[string][]string `json:"multiValueHeaders,omitzero"`
		Body              string              `json:"body"`
		IsBase64Encoded   bool                `json:"isBase64Encoded"`
	}{
		StatusCode:        res.status,
		StatusDescription: statusDescription(res.status),
		Body:              string(res.body),
		IsBase64Encoded:   res.base64,
	}
	if multi {
		out.MultiValueHeaders = make(map[string][]string, len(res.header))
		for _, f := range res.header {
			out.MultiValueHeaders[f.name] = f.values
		}
	} else {
		out.Headers = make(map[string]string, len(res.header))
		for _, f := range res.header {
			out.Headers[f.name] = f.values[0]
		}
	}
	if res.base64 {
		out.Body = base64.StdEncoding.EncodeToString(res.body)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(out) // strings, numbers and booleans: cannot fail
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// statusDescription is the code, one space and a reason that is never empty.
func statusDescription(status int) string {
	reason := http.StatusText(status)
	if reason == "" {
		reason = "Unknown"
	}
	return strconv.Itoa(status) + " " + reason
}
