package binding_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

type jsonInput struct {
	Body struct {
		Name  string   `json:"name" required:"true" minLength:"2"`
		Count int      `json:"count" default:"3"`
		Mark  *code    `json:"mark"`
		Tags  []string `json:"tags" maxItems:"2"`
	}
}

// A megabyte of JSON can be a gigabyte of Go. What breaks the schema is refused before it is one.
func TestLargeJSONIsCheckedFirst(t *testing.T) {
	type input struct {
		Body struct {
			Items []struct{ A, B, C, D, E, F, G, H [16]string } `json:"items" maxItems:"10"`
			Mark  code                                          `json:"mark"`
		}
	}
	h := binding.NewHandler(func(context.Context, input) (struct{}, error) { return struct{}{}, nil })
	body := `{"items":[{}` + strings.Repeat(",{}", 100_000) + `]}`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rec := post(h, "application/json", strings.NewReader(body))
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; rec.Code != 422 || used > 8<<20 {
		t.Errorf("status %d with %d bytes allocated for %d; want 422 and little more than the body", rec.Code, used, len(body))
	}
	for name, tt := range map[string]struct {
		body   string
		status int
		want   string // in the answer
	}{
		"right":              {`{"items":[{}],"more":"` + strings.Repeat("x", 70_000) + `"}`, 204, ""},
		"integers":           {`{"items":[],"more":[` + strings.Repeat("1.0,", 20_000) + `1]}`, 204, ""},
		"no JSON":            {`{"items":[{}],"more":"` + strings.Repeat("x", 70_000), 400, "not valid JSON"},
		"no JSON but faults": {`{"items":1,"more":"` + strings.Repeat("x", 70_000), 400, "not valid JSON"},
		"too deep":           {`{"more":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `,"last":"` + strings.Repeat("x", 70_000) + `"}`, 400, "nested"},
		"wrong type":         {`{"items":1,"more":"` + strings.Repeat("x", 70_000) + `"}`, 422, `"/items"`},
		"fails to decode":    {`{"mark":"` + strings.Repeat("X", 70_000) + `"}`, 422, `{"detail":"is not valid","pointer":"/mark"}`},
	} {
		if rec := post(h, "application/json", strings.NewReader(tt.body)); rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.want) {
			t.Errorf("%s: %d %s, want %d and %q", name, rec.Code, rec.Body, tt.status, tt.want)
		}
	}
}

// post returns a handler's answer to a body of a media type.
func post(h http.Handler, mediaType string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/?page=x", body)
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// decodes is a handler that says what Decode said.
func decodes[In any](t *testing.T, opts ...binding.Option) http.Handler {
	t.Helper()
	return binding.NewHandler(func(_ context.Context, in In) (string, error) {
		text, err := json.Marshal(in)
		return string(text), err
	}, opts...)
}

func TestJSON(t *testing.T) {
	type optional struct {
		Body *struct{ A int }
	}
	type notRequired struct {
		Body struct {
			A int `default:"5"`
		} `required:"false"`
	}
	type anything struct{ Body any }
	type list struct{ Body []int }
	type message struct{ Body json.RawMessage }
	type paged struct {
		Page int `query:"page"`
		Body struct{ A int }
	}
	const isJSON = "application/json"
	tests := []struct {
		name, mediaType, body string
		h                     http.Handler
		status                int
		want                  string // of success: In as JSON; else the problem's detail and faults, one a line
	}{
		{"good", isJSON, `{"name":"ab","count":1,"mark":"xy","tags":["a"]}`, decodes[jsonInput](t), 200, `{"Body":{"name":"ab","count":1,"mark":{},"tags":["a"]}}`},
		{"integers in other forms", isJSON, `[154.0, 1e3, -0.0, 1.2E+1]`, decodes[list](t), 200, `{"Body":[154,1000,0,12]}`},
		{"integer that is too long", isJSON, `[1e999999999]`, decodes[list](t), 422, "The request has one fault.\n/0 must be at most 9223372036854775807"},
		{"number that is no integer", isJSON, `[1.5, 1e3]`, decodes[list](t), 422, "The request has one fault.\n/0 must be an integer"},
		{"default", isJSON, `{"name":"ab"}`, decodes[jsonInput](t), 200, `{"Body":{"name":"ab","count":3,"mark":null,"tags":null}}`},
		{"unknown member", isJSON, `{"name":"ab","x":1}`, decodes[jsonInput](t), 200, `{"Body":{"name":"ab","count":3,"mark":null,"tags":null}}`},
		{"unknown member, strict", isJSON, `{"name":"ab","x":1}`, decodes[jsonInput](t, binding.WithStrictJSON()), 422, "The request has one fault.\n/x is not known"},
		{"suffix", "application/vnd.x+json; v=1", `{"name":"ab"}`, decodes[jsonInput](t), 200, `{"Body":{"name":"ab","count":3,"mark":null,"tags":null}}`},
		{"charset", "application/JSON; charset=UTF-8", `[1]`, decodes[list](t), 200, `{"Body":[1]}`},
		{"other charset", "application/json; charset=latin1", `[1]`, decodes[list](t), 415, "The body must be application/json."},
		{"other type", "text/plain", `[1]`, decodes[list](t), 415, "The body must be application/json."},
		{"no type", "", `[1]`, decodes[list](t), 415, "The body must be application/json."},
		{"type that is none", "json", `[1]`, decodes[list](t), 415, "The body must be application/json."},
		{"empty", isJSON, "", decodes[list](t), 400, "The request has no body."},
		{"empty without a type", "", "", decodes[list](t), 400, "The request has no body."},
		{"optional and absent", "", "", decodes[optional](t), 200, `{"Body":null}`},
		{"optional and present", isJSON, `{"A":1}`, decodes[optional](t), 200, `{"Body":{"A":1}}`},
		{"optional and null", isJSON, `null`, decodes[optional](t), 200, `{"Body":null}`},
		{"not required and absent", "", "", decodes[notRequired](t), 200, `{"Body":{"A":5}}`},
		{"anything", isJSON, ` [{"a":[null]}] `, decodes[anything](t), 200, `{"Body":[{"a":[null]}]}`},
		{"message", isJSON, `{"a": 1}`, decodes[message](t), 200, `{"Body":{"a":1}}`},
		{"syntax", isJSON, `{"name":`, decodes[jsonInput](t), 400, "The body is not valid JSON."},
		{"trailing data", isJSON, `[1] [2]`, decodes[list](t), 400, "The body is not valid JSON."},
		{"trailing bracket", isJSON, `[1]]`, decodes[list](t), 400, "The body is not valid JSON."},
		{"comment", isJSON, `[1] // x`, decodes[list](t), 400, "The body is not valid JSON."},
		{"byte order mark", isJSON, "\ufeff[1]", decodes[list](t), 400, "The body is not valid JSON."},
		{"as deep as allowed", isJSON, strings.Repeat("[", 64) + strings.Repeat("]", 64), decodes[anything](t), 200, `{"Body":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + "}"},
		{"too deep", isJSON, strings.Repeat("[", 65) + strings.Repeat("]", 65), decodes[anything](t), 400, "The body is nested more than 64 levels deep."},
		{"too deep by option", isJSON, `[[1]]`, decodes[anything](t, binding.WithMaxDepth(1)), 400, "The body is nested more than 1 levels deep."},
		{"far too deep", isJSON, strings.Repeat("[", 20000) + strings.Repeat("]", 20000), decodes[anything](t), 400, "The body is not valid JSON."},
		{"null", isJSON, `null`, decodes[jsonInput](t), 422, "The request has one fault.\n must not be null"},
		{"wrong types", isJSON, `{"name":1,"count":"x","tags":{}}`, decodes[jsonInput](t), 422, "The request has 3 faults.\n/name must be a string\n/count must be an integer\n/tags must be an array"},
		{"a text type's own error", isJSON, `{"mark":"ABC","name":"ab"}`, decodes[jsonInput](t), 422, "The request has one fault.\n/mark is not valid"},
		{"spelled otherwise", isJSON, `{"NAME":"ab"}`, decodes[jsonInput](t), 422, "The request has one fault.\n/NAME must be spelled \"name\""},
		{"constraints", isJSON, `{"name":"a","tags":["a","b","c"]}`, decodes[jsonInput](t), 422, "The request has 2 faults.\n/name must be at least 2 characters long\n/tags must have at most 2 items"},
		{"beside a parameter's fault", isJSON, `{"A":"x"}`, decodes[paged](t), 422, "The request has 2 faults.\npage must be an integer\n/A must be an integer"},
		{"syntax beside a parameter's fault", isJSON, `{`, decodes[paged](t), 400, "The body is not valid JSON.\npage must be an integer"},
		{"too large", isJSON, `[1,2,3]`, decodes[list](t, binding.WithMaxBody(6)), 413, "The request body is larger than 6 bytes."},
		{"just fits", isJSON, `[1,2,3]`, decodes[list](t, binding.WithMaxBody(7)), 200, `{"Body":[1,2,3]}`},
	}
	for _, tt := range tests {
		for _, length := range []string{"known", "unknown"} {
			t.Run(tt.name+"/length "+length, func(t *testing.T) {
				var body io.Reader = strings.NewReader(tt.body)
				if length == "unknown" {
					body = iotest.OneByteReader(body)
				}
				rec := post(tt.h, tt.mediaType, body)
				if got := told(t, rec); rec.Code != tt.status || got != tt.want {
					t.Errorf("got %d %s\nwant %d %s", rec.Code, got, tt.status, tt.want)
				}
			})
		}
	}
}

// told is the string that decodes answers, or the problem in lines.
func told(t *testing.T, rec *httptest.ResponseRecorder) string {
	t.Helper()
	if rec.Code == 200 {
		var text string
		if err := json.Unmarshal(rec.Body.Bytes(), &text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	var d struct {
		Detail string
		Errors []problem.FieldError
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &d); err != nil {
		t.Fatalf("%s: %v", rec.Body, err)
	}
	text := d.Detail
	for _, e := range d.Errors {
		text += "\n" + e.Parameter + e.Pointer + " " + e.Detail
	}
	return text
}

func TestWrongMediaTypeSaysWhatIsRight(t *testing.T) {
	type image struct {
		Body []byte `accept:"image/png,image/jpeg"`
	}
	for want, h := range map[string]http.Handler{"application/json": decodes[jsonInput](t), "image/png, image/jpeg": decodes[image](t)} {
		if got := post(h, "text/plain", strings.NewReader("x")).Header().Get("Accept"); got != want {
			t.Errorf("Accept %q, want %q", got, want)
		}
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	for name, h := range map[string]http.Handler{"JSON": decodes[jsonInput](t), "bytes": decodes[struct{ Body []byte }](t)} {
		rec := post(h, "application/json", iotest.ErrReader(errors.New("secret")))
		if got := told(t, rec); rec.Code != 400 || got != "The request's body could not be read." {
			t.Errorf("%s: got %d %s", name, rec.Code, got)
		}
	}
	limited := http.MaxBytesReader(nil, io.NopCloser(strings.NewReader("[1,2,3]")), 3)
	if rec := post(decodes[jsonInput](t), "application/json", limited); rec.Code != 413 || told(t, rec) != "The request body is larger than 3 bytes." {
		t.Errorf("behind a limit: got %d %s", rec.Code, rec.Body)
	}
}

func TestRaw(t *testing.T) {
	type bytesInput struct{ Body []byte }
	type requiredInput struct {
		Body []byte `required:"true"`
	}
	type imageInput struct {
		Body []byte `accept:"image/*,application/pdf"`
	}
	type readerInput struct{ Body io.Reader }
	reads := func(opts ...binding.Option) http.Handler {
		return binding.NewHandler(func(_ context.Context, in readerInput) (string, error) {
			data, err := io.ReadAll(in.Body)
			return string(data), err
		}, opts...)
	}
	tests := []struct {
		name, mediaType, body string
		h                     http.Handler
		status                int
		want                  string
	}{
		{"bytes", "text/plain", "ab", decodes[bytesInput](t), 200, `{"Body":"YWI="}`},
		{"bytes without a type", "", "ab", decodes[bytesInput](t), 200, `{"Body":"YWI="}`},
		{"no bytes", "", "", decodes[bytesInput](t), 200, `{"Body":null}`},
		{"no bytes but required", "", "", decodes[requiredInput](t), 400, "The request has no body."},
		{"bytes too many", "", "abc", decodes[bytesInput](t, binding.WithMaxBody(2)), 413, "The request body is larger than 2 bytes."},
		{"range", "image/png", "ab", decodes[imageInput](t), 200, `{"Body":"YWI="}`},
		{"type with parameters", "application/pdf; v=1", "ab", decodes[imageInput](t), 200, `{"Body":"YWI="}`},
		{"other type", "imagery/png", "ab", decodes[imageInput](t), 415, "The body must be image/* or application/pdf."},
		{"no type", "", "ab", decodes[imageInput](t), 415, "The body must be image/* or application/pdf."},
		{"reader", "", "ab", reads(), 200, "ab"},
		{"reader of nothing", "", "", reads(), 200, ""},
		{"reader too long", "", "abc", reads(binding.WithMaxBody(2)), 413, "The request body is larger than 2 bytes."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := post(tt.h, tt.mediaType, strings.NewReader(tt.body))
			got := told(t, rec)
			if rec.Code != tt.status || strings.ReplaceAll(got, `""`, "null") != tt.want && got != tt.want {
				t.Errorf("got %d %s\nwant %d %s", rec.Code, got, tt.status, tt.want)
			}
		})
	}
}

type address struct {
	Street  string `json:"street" required:"true" minLength:"1"`
	Zip     string `json:"zip" pattern:"^[0-9]{5}$"`
	Country string `json:"country" enum:"DE,FR,IT"`
}

type line struct {
	SKU      string   `json:"sku" required:"true" pattern:"^[A-Z]{2}-[0-9]+$"`
	Quantity int      `json:"quantity" minimum:"1" maximum:"99"`
	Price    float64  `json:"price" exclusiveMinimum:"0" multipleOf:"0.01"`
	Options  []string `json:"options" maxItems:"2" uniqueItems:"true" minLength:"2"`
}

// form40 has forty members in all.
type form40 struct {
	Tenant string `header:"X-Tenant" required:"true"`
	DryRun bool   `query:"page"`
	Body   struct {
		A1       string             `json:"a1" required:"true"`
		A2       string             `json:"a2" maxLength:"3"`
		A3       int                `json:"a3"`
		A4       int8               `json:"a4"`
		A5       uint               `json:"a5"`
		A6       bool               `json:"a6"`
		A7       float64            `json:"a7"`
		A8       []int              `json:"a8"`
		A9       map[string]int     `json:"a9"`
		B1       string             `json:"b1" format:"uuid"`
		B2       string             `json:"b2"`
		B3       string             `json:"b3"`
		B4       string             `json:"b4"`
		B5       string             `json:"b5"`
		B6       string             `json:"b6"`
		B7       string             `json:"b7"`
		B8       string             `json:"b8"`
		B9       string             `json:"b9"`
		Shipping address            `json:"shipping" required:"true"`
		Billing  *address           `json:"billing"`
		Lines    []line             `json:"lines" required:"true" minItems:"1"`
		Others   map[string]address `json:"others~/"`
		Created  string             `json:"created" default:"now"`
		Last     string             `json:"last" required:"true"`
	}
}

// TestManyFaults holds the one answer to a request with many faults; the file was written by hand from the constraints above.
func TestManyFaults(t *testing.T) {
	body, err := os.ReadFile("testdata/faults.request.json")
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("testdata/faults.response.json")
	if err != nil {
		t.Fatal(err)
	}
	rec := post(decodes[form40](t, binding.WithStrictJSON()), "application/json", strings.NewReader(string(body)))
	var got, want any
	if err := errors.Join(json.Unmarshal(rec.Body.Bytes(), &got), json.Unmarshal(golden, &want)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); rec.Code != 422 || diff != "" {
		t.Errorf("%d (-want +got) %s", rec.Code, diff)
	}
}

// At most a hundred faults are listed, and all are counted.
func TestFaultsAreCapped(t *testing.T) {
	type input struct{ Body []int }
	rec := post(decodes[input](t), "application/json", strings.NewReader("["+strings.Repeat(`"x",`, 149)+`"x"]`))
	lines := strings.Split(told(t, rec), "\n")
	if rec.Code != 422 || lines[0] != "The request has 150 faults." || len(lines) != 101 {
		t.Errorf("%d %s, %d lines", rec.Code, lines[0], len(lines))
	}
}

// Every fault within a member has its name, which may be as long as the body.
func TestPointersAreCapped(t *testing.T) {
	type input struct{ Body map[string][]int }
	name := strings.Repeat("n", 1<<10)
	rec := post(decodes[input](t), "application/json", strings.NewReader(`{"`+name+`": [`+strings.Repeat(`"", `, 99)+`""]}`))
	var got problem.Details
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Errors) != 15 || got.Errors[14].Pointer != "/"+name+"/14" || got.Detail != "The request has 100 faults." {
		t.Errorf("%d faults are listed: %s", len(got.Errors), got.Detail)
	}
}

// A length that a client only claims costs the server nothing.
func TestClaimedLength(t *testing.T) {
	type input struct{ Body []byte }
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x"))
	r.ContentLength = 1 << 29
	rec := httptest.NewRecorder()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	decodes[input](t, binding.WithMaxBody(1<<29)).ServeHTTP(rec, r)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; rec.Code != 200 || got > 4<<20 {
		t.Errorf("%d, %d MiB are allocated", rec.Code, got>>20)
	}
}
