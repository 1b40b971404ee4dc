package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/albtest"
)

func TestBookings(t *testing.T) {
	const june = `"from":"2026-06-01T15:00:00Z","to":"2026-06-02T11:00:00Z"`
	tests := []struct {
		name, query, body string
		status            int
		want              string // the body of a success, the errors of a problem
	}{
		{
			"valid", "?currency=CHF", `{` + june + `,"guests":[{"name":"Ann","phone":"+493012345"},{"name":"Bob","email":"bob@example.com"}]}`,
			201, `{` + june + `,"guests":[{"name":"Ann","phone":"+493012345"},{"name":"Bob","email":"bob@example.com"}]}` + "\n",
		},
		{"default currency", "", `{` + june + `,"guests":[{"name":"Ann","phone":"+493012345"}]}`, 201, ""},
		{
			"each fault at its place", "?currency=XYZ",
			`{"from":"2026-06-02T11:00:00Z","to":"2026-06-01T15:00:00Z","guests":[{"name":"Ann","phone":"+493012345"},{"name":"Bob"},{"name":"Cy","phone":"none"}]}`,
			422, `"errors":[` +
				`{"detail":"must be a currency as in ISO 4217","parameter":"currency"},` +
				`{"detail":"must be after from","pointer":"/to"},` +
				`{"detail":"is required without phone","pointer":"/guests/1/email"},` +
				`{"detail":"must be a telephone number such as +493012345","pointer":"/guests/2/phone"}]`,
		},
		{
			"the tags of binding come first", "?currency=XYZ", `{` + june + `,"guests":[]}`,
			422, `"errors":[{"detail":"must have at least 1 item","pointer":"/guests"}]`,
		},
	}
	for _, tt := range tests {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			t.Run(tt.name+" "+mode.String(), func(t *testing.T) {
				r := httptest.NewRequest(http.MethodPost, "/bookings"+tt.query, strings.NewReader(tt.body))
				r.Header.Set("Content-Type", "application/json")
				resp := albtest.Do(t, newHandler(), r, mode)
				body, err := io.ReadAll(resp.Body)
				if err != nil || resp.StatusCode != tt.status || !strings.Contains(string(body), tt.want) {
					t.Errorf("%d %s %v\nwant %d with %s", resp.StatusCode, body, err, tt.status, tt.want)
				}
			})
		}
	}
}

func TestName(t *testing.T) {
	type fields struct {
		time.Time

		Tenant string `header:"X-Tenant"`
		Body   struct{}
		Plain  string
		Tagged string `json:"a/b~c,omitempty"`
	}
	want := []string{"", "X-Tenant", "", "/Plain", "/a~1b~0c"}
	for i := range want {
		f := reflect.TypeFor[fields]().Field(i)
		if got := name(f); got != want[i] {
			t.Errorf("%s: %q, want %q", f.Name, got, want[i])
		}
	}
}
