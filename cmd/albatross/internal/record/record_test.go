package record_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

func TestBody(t *testing.T) {
	for _, tt := range []struct {
		body record.Body
		want string
	}{
		{record.Body{}, `{}`},
		{record.Body{Bytes: []byte("é")}, `{"body":{"text":"é"}}`},
		{record.Body{Bytes: []byte("\xff\x00")}, `{"body":{"base64":"/wA="}}`},
		{record.Body{Bytes: []byte("a"), Truncated: 7}, `{"body":{"text":"a","truncated":7}}`},
		{record.Body{Truncated: 7}, `{"body":{"text":"","truncated":7}}`},
	} {
		if got, err := json.Marshal(record.Message{Body: tt.body}); err != nil || string(got) != tt.want {
			t.Errorf("%q: %s, %v, want %s", tt.body.Bytes, got, err, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := record.Body{Bytes: rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), Truncated: rapid.Int64Min(0).Draw(t, "truncated")}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got record.Body
		if err := json.Unmarshal(text, &got); err != nil || string(got.Bytes) != string(want.Bytes) || got.Truncated != want.Truncated {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	})
}

type remedied struct{ error }

func (remedied) Remedy() string { return "do this" }

// Why a request has no valid answer comes before all that is wrong with the answer.
func TestObserve(t *testing.T) {
	const general = "see the function's log; a function that ends or returns an error is a 502 to clients: answer with a status of your own"
	other := balancer.Finding{Field: "headers", Problem: "is ignored", Remedy: "leave it out"}
	for _, tt := range []struct {
		err  error
		want record.Finding
	}{
		{&balancer.Refusal{Status: 413, Reason: "LambdaRequestTooLarge", Detail: "too large", Remedy: "use S3"}, record.Finding{Reason: "LambdaRequestTooLarge", Problem: "too large", Remedy: "use S3"}},
		{errors.New("no database"), record.Finding{Reason: "LambdaUnhandled", Problem: "no database", Remedy: general}},
		{&runtimeapi.FunctionError{Type: "KeyError", Message: "'headers'", Payload: []byte("{}")}, record.Finding{Reason: "LambdaUnhandled", Problem: "KeyError: 'headers'", Remedy: general}},
		{&runtimeapi.FunctionError{Type: "Sandbox.Timedout", Message: "3 s"}, record.Finding{Reason: "LambdaUnhandled", Problem: "Sandbox.Timedout: 3 s", Remedy: "answer sooner, or give the function a longer --timeout"}},
		{fmt.Errorf("not ready: %w", remedied{errors.New("broken")}), record.Finding{Reason: "LambdaUnhandled", Problem: "not ready: broken", Remedy: "do this"}},
	} {
		var r record.Record
		r.Observe(balancer.Exchange{Reason: "LambdaUnhandled", Err: tt.err, Findings: []balancer.Finding{other}, Event: []byte("event")})
		if diff := cmp.Diff([]record.Finding{tt.want, record.Finding(other)}, r.Findings); diff != "" || r.Error != tt.want.Problem || string(r.Event.Bytes) != "event" {
			t.Errorf("%v: error %q, findings %s", tt.err, r.Error, diff)
		}
	}
	var r record.Record
	r.Observe(balancer.Exchange{Response: []byte("{}")})
	if r.Error != "" || len(r.Findings) != 0 || string(r.Answer.Bytes) != "{}" {
		t.Errorf("%+v", r)
	}
}
