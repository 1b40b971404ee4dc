package alb_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/alb"
)

const targetGroup = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/50dc6c495c0c9188"

// kv is a header or a query key with its values, as lines arrived at the load balancer.
type kv struct {
	name   string
	values []string
}

// albEvent is an event, before it is written in one mode or the other.
type albEvent struct {
	method, path  string
	query, header []kv
	body          string
	base64        bool
}

// json writes the event as the load balancer does: one family of maps, the last of several values in single-value mode.
func (e albEvent) json(multi bool) []byte {
	var b strings.Builder
	quote := func(s string) {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(s); err != nil {
			panic(err)
		}
	}
	object := func(name string, fields []kv) {
		quote(name)
		b.WriteString(":{")
		for i, f := range fields {
			if i > 0 {
				b.WriteByte(',')
			}
			quote(f.name)
			b.WriteByte(':')
			if multi {
				list, err := json.Marshal(f.values)
				if err != nil {
					panic(err)
				}
				b.Write(list)
			} else {
				quote(f.values[len(f.values)-1])
			}
		}
		b.WriteString("},")
	}
	b.WriteString(`{"requestContext":{"elb":{"targetGroupArn":"` + targetGroup + `"}},"httpMethod":`)
	quote(e.method)
	b.WriteString(`,"path":`)
	quote(e.path)
	b.WriteByte(',')
	if multi {
		object("multiValueQueryStringParameters", e.query)
		object("multiValueHeaders", e.header)
	} else {
		object("queryStringParameters", e.query)
		object("headers", e.header)
	}
	b.WriteString(`"body":`)
	quote(e.body)
	if e.base64 {
		b.WriteString(`,"isBase64Encoded":true}`)
	} else {
		b.WriteString(`,"isBase64Encoded":false}`)
	}
	return []byte(b.String())
}

// get is the event of a plain GET from 203.0.113.9 by way of a listener on port 80.
func get(path string, query ...kv) albEvent {
	return albEvent{method: http.MethodGet, path: path, query: query, header: []kv{
		{"accept", []string{"*/*"}},
		{"host", []string{"h"}},
		{"x-amzn-trace-id", []string{"Root=1-5db31bde-f102927a851f3aaa17ebd23a"}},
		{"x-forwarded-for", []string{"203.0.113.9"}},
		{"x-forwarded-port", []string{"80"}},
		{"x-forwarded-proto", []string{"http"}},
	}}
}

// with returns the event with a header added or replaced.
func (e albEvent) with(name string, values ...string) albEvent {
	e.header = slices.DeleteFunc(slices.Clone(e.header), func(f kv) bool { return f.name == name })
	if len(values) > 0 {
		e.header = append(e.header, kv{name, values})
	}
	return e
}

// answer is the response JSON; a member that is null or missing is told apart.
type answer struct {
	StatusCode        json.Number          `json:"statusCode"`
	StatusDescription *string              `json:"statusDescription"`
	Headers           map[string]string    `json:"headers"`
	MultiValueHeaders *map[string][]string `json:"multiValueHeaders"`
	Body              *string              `json:"body"`
	IsBase64Encoded   *bool                `json:"isBase64Encoded"`
}

// invoke runs one event and checks what holds for every response: the shape that load balancers accept.
func invoke(t testing.TB, h *alb.Handler, event []byte) (out []byte, a answer) {
	t.Helper()
	payload := slices.Clone(event)
	out, err := h.Invoke(t.Context(), payload)
	if err != nil {
		t.Fatalf("Invoke: %v", err)
	}
	clear(payload) // the runtime reuses it
	checkShape(t, out, hasMulti(event))
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	return out, a
}

// hasMulti reports the mode that an event asks to be answered in.
func hasMulti(event []byte) bool {
	var e struct {
		MultiValueHeaders json.RawMessage `json:"multiValueHeaders"`
	}
	return json.Unmarshal(event, &e) == nil && e.MultiValueHeaders != nil && string(e.MultiValueHeaders) != "null"
}

func checkShape(t testing.TB, out []byte, multi bool) {
	t.Helper()
	var top map[string]json.RawMessage
	if err := json.Unmarshal(out, &top); err != nil {
		t.Fatalf("response is no JSON object: %v\n%s", err, out)
	}
	family, other := "headers", "multiValueHeaders"
	if multi {
		family, other = other, family
	}
	for _, name := range []string{"statusCode", "statusDescription", family, "body", "isBase64Encoded"} {
		if top[name] == nil || string(top[name]) == "null" {
			t.Errorf("%s is %s in %s", name, top[name], out)
		}
	}
	if top[other] != nil {
		t.Errorf("both families: %s", out)
	}
	if len(top) != 5 {
		t.Errorf("%d members: %s", len(top), out)
	}
}

// errorLog gathers what a Handler reports.
type errorLog struct{ errs []error }

func (l *errorLog) option() alb.Option {
	return alb.WithErrorLog(func(_ context.Context, err error) { l.errs = append(l.errs, err) })
}

func (l *errorLog) String() string {
	var b strings.Builder
	for _, err := range l.errs {
		b.WriteString(err.Error() + "\n")
	}
	return b.String()
}

// fixture reads one of the captured events that ship with aws-lambda-go.
func fixture(t testing.TB, name string) string {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-lambda-go").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "events", "testdata", name)
}

// cutQuery splits a request target as the load balancer does.
func cutQuery(target string) (path string, query []kv, found bool) {
	path, raw, found := strings.Cut(target, "?")
	index := map[string]int{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		i, known := index[key]
		if !known {
			i, index[key] = len(query), len(query)
			query = append(query, kv{name: key})
		}
		query[i].values = append(query[i].values, value)
	}
	return path, query, found
}

func decodeBase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		t.Errorf("body: %v", err)
	}
	return b
}
