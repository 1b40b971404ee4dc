//go:build unix && !lambda.norpc

package guides_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// Events have to be events, and responses what the comment before them says:
//
//	<!-- explain: ok -->                      delivered as it stands; a response without a comment has to be, too
//	<!-- explain: altered -->                 delivered, but not as meant
//	<!-- explain: LambdaInvalidResponse -->   a 502 with this reason
//
// A response is one of a target group with multi-value headers if it has a member multiValueHeaders. With "in multi" or "in single"
// at its end the comment says otherwise, and what has a comment is a response, whatever it looks like.
func TestJSON(t *testing.T) {
	for _, b := range blocksOf(t, "json") {
		var value any
		if err := json.Unmarshal([]byte(b.text), &value); err != nil {
			t.Errorf("%s: %v", b.place(), err)
			continue
		}
		want, judged := strings.CutPrefix(b.comment, "explain: ")
		members, _ := value.(map[string]any)
		requestContext, _ := members["requestContext"].(map[string]any)
		_, isEvent := requestContext["elb"]
		_, isResponse := members["statusCode"]
		switch {
		case judged || isResponse:
			_, multi := members["multiValueHeaders"]
			want, mode, _ := strings.Cut(want, " in ")
			if mode != "" {
				multi = mode == "multi"
			}
			if want == "" {
				want = "ok"
			}
			if got, findings := verdict([]byte(b.text), multi); got != want {
				t.Errorf("%s: the response is %s, not %s: %v", b.place(), got, want, findings)
			}
		case isEvent:
			served := false
			h := alb.NewHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served = true }))
			if _, err := h.Invoke(t.Context(), []byte(b.text)); err != nil || !served {
				t.Errorf("%s: the event does not reach a handler: %v", b.place(), err)
			}
		}
	}
}

// verdict is what the load balancer makes of a response, in the words of the comments.
func verdict(response []byte, multi bool) (string, []balancer.Finding) {
	findings := balancer.Explain(response, multi)
	switch {
	case len(findings) == 0:
		return "ok", nil
	case findings[0].Reason == "":
		return "altered", findings
	}
	return findings[0].Reason, findings
}
