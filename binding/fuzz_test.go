package binding_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

type fuzzParameters struct {
	ID       int            `path:"id" minimum:"1" maximum:"9"`
	Name     *string        `query:"name" pattern:"^[a-z]+$" maxLength:"5"`
	Prices   []float64      `query:"price" exclusiveMinimum:"0" maxItems:"3"`
	Since    time.Time      `query:"since"`
	Wait     *time.Duration `query:"wait"`
	Link     *url.URL       `header:"Link"`
	Networks []netip.Prefix `header:"X-Networks"`
	Session  string         `cookie:"session" minLength:"2"`
}

type (
	fuzzJSON struct {
		fuzzParameters
		Rest map[string]string `query:"*" maxLength:"4"`
		Body node
	}
	fuzzForm struct {
		fuzzParameters
		Age  uint8         `form:"age" maximum:"99"`
		Tags []string      `form:"tag" enum:"a,b"`
		File *binding.File `form:"file" accept:"image/*"`
	}
	fuzzRaw struct {
		fuzzParameters
		Body []byte `accept:"image/*"`
	}
)

// FuzzDecode promises that a request gives a value or an error and never both, that nothing panics, and that the error is a problem
// which the client can mend. What the tags of parameters say holds for every value.
func FuzzDecode(f *testing.F) {
	f.Add("7", "name=abc&price=1.5&price=2&x=y", "application/json", "/a", "10.0.0.0/8, ::/0", "session=abc", `{"value":2,"children":[{"value":3}]}`)
	f.Add("%37", "since=2026-01-02T03:04:05Z&wait=1m", "application/x-www-form-urlencoded", "http://[", "", "session=\"a\"", "age=7&tag=a&tag=b")
	f.Add("x", "%zz=1&name=%zz;", "multipart/form-data; boundary=b", "", ",,", "=;", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n")
	f.Add("0", "", "image/png", "a", "x", "", "\x00")
	f.Add("1", "price=NaN", "text/json+json; charset=utf-16", "", "", "", strings.Repeat("[", 70))
	f.Fuzz(func(t *testing.T, id, query, mediaType, link, networks, cookie, body string) {
		request := func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.URL.RawQuery = query
			r.SetPathValue("id", id)
			r.Pattern = "/{id}"
			r.Header = http.Header{"Content-Type": {mediaType}, "Link": {link}, "X-Networks": {networks}, "Cookie": {cookie}}
			return r
		}
		inJSON, err := binding.Decode[fuzzJSON](request())
		checkDecoded(t, inJSON, inJSON.fuzzParameters, err)
		for key, value := range inJSON.Rest {
			if len([]rune(value)) > 4 {
				t.Errorf("%q is too long: %q", key, value)
			}
		}
		inForm, err := binding.Decode[fuzzForm](request())
		checkDecoded(t, inForm, inForm.fuzzParameters, err)
		if inForm.Age > 99 {
			t.Errorf("age %d", inForm.Age)
		}
		inRaw, err := binding.Decode[fuzzRaw](request())
		checkDecoded(t, inRaw, inRaw.fuzzParameters, err)
	})
}

func checkDecoded(t *testing.T, in any, p fuzzParameters, err error) {
	t.Helper()
	if err != nil {
		d, ok := err.(*problem.Details)
		if !ok || d.Status != 400 && d.Status != 413 && d.Status != 415 && d.Status != 422 {
			t.Fatalf("error %v", err)
		}
		if d.Status == 422 && len(d.Errors) == 0 {
			t.Error("a 422 without faults")
		}
		if !reflect.ValueOf(in).IsZero() {
			t.Errorf("%+v beside the error %v", in, err)
		}
		return
	}
	if p.ID < 1 || p.ID > 9 {
		t.Errorf("id %d", p.ID)
	}
	if p.Name != nil && (len(*p.Name) == 0 || len(*p.Name) > 5 || strings.Trim(*p.Name, "abcdefghijklmnopqrstuvwxyz") != "") {
		t.Errorf("name %q", *p.Name)
	}
	if len(p.Prices) > 3 {
		t.Errorf("%d prices", len(p.Prices))
	}
	for _, price := range p.Prices {
		if !(price > 0) {
			t.Errorf("price %v", price)
		}
	}
}
