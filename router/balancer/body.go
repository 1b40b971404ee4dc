package balancer

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxBody is the size of request bodies and of response JSON that an ALB exchanges with a function.
// ELB guide: "Use Lambda functions as targets", limits: 1 MB.
const maxBody = 1 << 20

// readBody reads the whole request before the function hears of it, as an ALB does.
func readBody(r *http.Request) ([]byte, *Refusal) {
	if r.Body == nil {
		return nil, nil
	}
	var body []byte
	if r.ContentLength <= maxBody {
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, maxBody+1)); err != nil {
			return nil, &Refusal{Status: http.StatusBadRequest,
				Detail: "the request body broke off: " + err.Error(), Remedy: "send as much as Content-Length says"}
		}
	}
	if r.ContentLength > maxBody || len(body) > maxBody {
		return nil, &Refusal{Status: http.StatusRequestEntityTooLarge, Reason: LambdaRequestTooLarge,
			Detail: "the request body exceeds 1 MB", Remedy: "upload to S3 with a presigned URL"}
	}
	return body, nil
}

// opaque reports whether the body travels as base64. ELB guide: "Use Lambda functions as targets".
func (e *event) opaque() bool {
	if len(e.body) == 0 {
		return false
	}
	if len(e.header.values["content-encoding"]) > 0 {
		return true
	}
	mediaType, _, _ := strings.Cut(e.header.last("content-type"), ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	return !strings.HasPrefix(mediaType, "text/") &&
		!slices.Contains([]string{"application/json", "application/javascript", "application/xml"}, mediaType)
}

// checkText refuses a body that has to go into a JSON string and cannot.
func (e *event) checkText() *Refusal {
	if e.base64 || utf8.Valid(e.body) {
		return nil
	}
	return &Refusal{Status: http.StatusBadGateway, Reason: LambdaBadRequest,
		Detail: "the body has a text type and is not UTF-8",
		Remedy: "send UTF-8, or a type such as application/octet-stream, which travels as base64"}
}

// checkEncoding refuses everything else that cannot go into a JSON string.
func (e *event) checkEncoding(t target) *Refusal {
	where := ""
	if !utf8.ValidString(t.path) || !utf8.ValidString(t.query) {
		where = "the request target"
	}
	for _, name := range e.header.names {
		for _, v := range e.header.values[name] {
			if !utf8.ValidString(v) {
				where = "the header " + name
			}
		}
	}
	if where == "" {
		return nil
	}
	return &Refusal{Status: http.StatusBadGateway, Reason: LambdaBadRequest,
		Detail: where + " is not UTF-8", Remedy: "percent-encode other bytes"}
}
