package balancer

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// answer is what goes to the client.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// judgement reads a function's response and collects what there is to say about it.
type judgement struct {
	answer
	multiValue bool
	findings   []Finding
}

// judge holds a response against an ALB's rules. The answer counts only if no finding has a Reason.
// ELB guide: "Use Lambda functions as targets", respond to the load balancer.
func judge(response []byte, multiValue bool) (answer, []Finding) {
	j := &judgement{answer: answer{header: make(http.Header)}, multiValue: multiValue}
	j.response(response)
	slices.SortStableFunc(j.findings, func(a, b Finding) int {
		switch {
		case fatal(a) && !fatal(b):
			return -1
		case fatal(b) && !fatal(a):
			return 1
		}
		return 0
	})
	return j.answer, j.findings
}

// fatal reports whether the finding means a 502.
func fatal(f Finding) bool { return f.Reason != "" }

// reject finds a cause for a 502.
func (j *judgement) reject(field, problem, remedy string) {
	j.findings = append(j.findings, Finding{LambdaInvalidResponse, field, problem, remedy})
}

// note finds something that an ALB passes over in silence.
func (j *judgement) note(field, problem, remedy string) {
	j.findings = append(j.findings, Finding{"", field, problem, remedy})
}

func (j *judgement) response(response []byte) {
	const shape = `return an object such as {"statusCode":200,"headers":{…},"body":"…"}`
	switch {
	case len(response) > maxBody:
		j.findings = []Finding{{LambdaResponseTooLarge, "",
			fmt.Sprintf("the response is %d bytes of JSON, more than 1 MB", len(response)),
			"compress the body, send it in parts, or redirect to S3; base64 adds a third"}}
		return
	case len(bytes.TrimSpace(response)) == 0:
		j.reject("", "the response is empty", shape)
		return
	case !utf8.Valid(response):
		j.reject("", "the response is not UTF-8", "send bytes that are no text as base64, with isBase64Encoded true")
		return
	case !json.Valid(response):
		j.reject("", "the response is not JSON", shape)
		return
	}
	switch kind := kindOf(response); kind {
	case "an object":
	case "null":
		j.reject("", "the response is null", "return a response on every path; "+shape)
		return
	default:
		j.reject("", "the response is "+kind+", not an object",
			"an API Gateway HTTP API and a function URL wrap it, an ALB does not; "+shape)
		return
	}

	parts := make(map[string]json.RawMessage)
	for _, m := range members(response) {
		if _, twice := parts[m.name]; twice {
			j.note(quoted(m.name), "stands twice, the last one is taken", "send it once")
		}
		parts[m.name] = m.value
	}
	j.statusCode(parts["statusCode"], parts)
	j.statusDescription(parts["statusDescription"])
	j.headers(parts["headers"], parts["multiValueHeaders"])
	j.content(parts["body"], parts["isBase64Encoded"])
	j.strangers(parts)
}

func (j *judgement) statusCode(raw json.RawMessage, parts map[string]json.RawMessage) {
	const field, remedy = "statusCode", `send a JSON number from 200 to 599: "statusCode": 200`
	switch kind := kindOf(raw); kind {
	case "a number":
	case "missing":
		if _, ok := parts["errorMessage"]; ok {
			j.reject(field, "is missing, the response looks like a Lambda error", "see errorMessage in the function's log")
			return
		}
		j.reject(field, "is missing", remedy+"; only an API Gateway HTTP API and a function URL do without")
		return
	default:
		j.reject(field, "is "+kind, remedy)
		return
	}
	code, err := strconv.Atoi(string(raw))
	switch {
	case err != nil:
		j.reject(field, "is not an integer", remedy)
	case code >= 100 && code < 200:
		j.reject(field, "is informational, a function has only one answer", remedy)
	case code < 200 || code > 599:
		j.reject(field, "is out of range", remedy)
	default:
		j.status = code
	}
}

func (j *judgement) statusDescription(raw json.RawMessage) {
	const field = "statusDescription"
	kind := kindOf(raw)
	switch kind {
	case "missing":
		return
	case "a string":
	default:
		j.reject(field, "is "+kind, `send a string such as "200 OK", or omit the key`)
		return
	}
	code, reason, _ := strings.Cut(text(raw), " ")
	if j.status != 0 && (code != strconv.Itoa(j.status) || reason == "") {
		j.note(field, "is not the status code, a space and a reason; AWS does not say that an ALB takes it",
			fmt.Sprintf("send %q, or omit the key", strings.TrimSpace(fmt.Sprint(j.status, " ", http.StatusText(j.status)))))
	}
}

// content reads body and isBase64Encoded.
func (j *judgement) content(body, flag json.RawMessage) {
	encoded := false
	switch kind := kindOf(flag); kind {
	case "missing":
	case "a boolean":
		encoded = flag[0] == 't'
	default:
		j.reject("isBase64Encoded", "is "+kind, "send true or false without quotes, or omit the key")
	}
	switch kind := kindOf(body); kind {
	case "missing":
	case "null":
		j.reject("body", "is null", `send "" or omit the key`)
	case "a string":
		j.body = []byte(text(body))
	default:
		j.reject("body", "is "+kind, "encode it as a JSON text and send that as a string")
	}
	if encoded {
		j.body = j.decode(string(j.body))
	}
	if len(j.body) == 0 || slices.ContainsFunc(j.findings, fatal) {
		return
	}
	if !bodyAllowed(j.status) {
		j.note("body", fmt.Sprintf("is dropped, a %d has none", j.status), "omit it, or choose another status")
		return
	}
	if j.header.Get("Content-Type") == "" {
		j.note(j.family()+".Content-Type", "is missing, the client gets application/octet-stream and browsers download the body",
			"set a content type")
	}
}

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusResetContent && status != http.StatusNotModified
}

// decode decodes a body in base64: the standard alphabet, padded, in one line.
func (j *judgement) decode(body string) []byte {
	const standard = "standard base64 with padding, or isBase64Encoded false"
	if strings.ContainsAny(body, "\r\n") {
		j.reject("body", "is base64 with line breaks", "encode it in one line, not as MIME does")
		return nil
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(body)
	if err == nil {
		return decoded
	}
	switch {
	case body != "" && strings.Trim(body, alphabet+"-_=") == "" && strings.ContainsAny(body, "-_"):
		j.reject("body", "is base64 in the URL-safe alphabet", "use "+standard)
	case strings.Trim(body, alphabet) == "" && len(body)%4 != 0:
		j.reject("body", "is base64 without padding", "use "+standard)
	default:
		j.reject("body", "is not base64", "use "+standard)
	}
	return nil
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// strangers speaks of the keys that an ALB does not know. Keys are compared exactly.
func (j *judgement) strangers(parts map[string]json.RawMessage) {
	known := []string{"statusCode", "statusDescription", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
	plain := strings.NewReplacer("_", "", "-", "")
next:
	for _, name := range sortedKeys(parts) {
		if slices.Contains(known, name) {
			continue
		}
		if name == "cookies" {
			j.note(name, "is ignored, the cookies are lost", "send them as Set-Cookie in "+j.family())
			continue
		}
		for _, k := range known {
			if strings.EqualFold(plain.Replace(name), k) {
				j.note(quoted(name), "is ignored, keys are case-sensitive", "did you mean "+k+"?")
				continue next
			}
		}
		j.note(quoted(name), "is ignored, an ALB does not know it", "remove it")
	}
}
