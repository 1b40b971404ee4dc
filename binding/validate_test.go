package binding_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

// span is valid if From <= To. Its Validate has a value receiver.
type span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func (s span) Validate(context.Context) error {
	if s.From > s.To {
		return binding.Invalid("/to", "must not be less than from")
	}
	return nil
}

// even is valid if it is even. Its Validate has a pointer receiver.
type even int

func (e *even) Validate(context.Context) error {
	if *e%2 != 0 {
		return binding.Invalid("", "must be even")
	}
	return nil
}

type node struct {
	Value    even             `json:"value"`
	Children []node           `json:"children"`
	Next     *node            `json:"next"`
	Spans    map[string]span  `json:"spans"`
	Pairs    []*span          `json:"pairs"`
	Skipped  map[string]*even `json:"skipped"`
}

func (n *node) Validate(context.Context) error {
	if len(n.Children) == 3 {
		return errors.Join(binding.Invalid("/children", "must not be three"), fmt.Errorf("wrapped: %w", binding.Invalid("", "is wrong")))
	}
	return nil
}

type treeInput struct {
	Step even   `query:"step"`
	All  []even `query:"all"`
	Body node
}

func (in *treeInput) Validate(context.Context) error {
	switch {
	case in.Step == 8:
		return errors.Join(binding.Invalid("step", "must not be eight"), binding.Invalid("/value", "must be with step eight"))
	case in.Step == 10:
		return problem.Conflict("Ten is taken.")
	case in.Step == 12:
		return errors.Join(binding.Invalid("step", "x"), errors.New("secret"))
	}
	return nil
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name, query, body string
		status            int
		want              string // "": success
	}{
		{"good", "step=2", `{"value":2,"children":[{"value":4}],"next":{"value":0},"spans":{"a":{"from":1,"to":2}},"pairs":[{"from":1,"to":1}]}`, 200, ""},
		{"parameter", "step=3&all=2&all=5", `{}`, 422, "The request has 2 faults.\nstep must be even\nall must be even"},
		{"deep", "", `{"children":[{"value":2},{"value":3}],"next":{"next":{"spans":{"b/":{"from":2},"a":{"from":1}}}}}`, 422,
			"The request has 3 faults.\n/children/1/value must be even\n/next/next/spans/a/to must not be less than from\n/next/next/spans/b~1/to must not be less than from"},
		{"pointers", "", `{"pairs":[null,{"from":1}],"skipped":{"x":null,"y":1}}`, 422, "The request has 2 faults.\n/pairs/1/to must not be less than from\n/skipped/y must be even"},
		{"several of one value", "", `{"children":[{},{},{}]}`, 422, "The request has 2 faults.\n/children must not be three\n is wrong"},
		{"outer only if inner is good", "", `{"children":[{},{},{"value":1}]}`, 422, "The request has one fault.\n/children/2/value must be even"},
		{"a sound value beside a faulty one", "step=x", `{"value":1,"children":[{"value":"x"},{"value":3}]}`, 422,
			"The request has 4 faults.\nstep must be an integer\n/children/0/value must be an integer\n/value must be even\n/children/1/value must be even"},
		{"not in a faulty value", "", `{"spans":{"a":{"from":1,"to":"x"}}}`, 422, "The request has one fault.\n/spans/a/to must be an integer"},
		{"in last", "step=8", `{}`, 422, "The request has 2 faults.\nstep must not be eight\n/value must be with step eight"},
		{"in not after a fault", "step=8", `{"value":1}`, 422, "The request has one fault.\n/value must be even"},
		{"body that is none", "step=3", `{`, 400, "The body is not valid JSON.\nstep must be even"},
		{"an error that is no fault", "step=10", `{}`, 409, "Ten is taken."},
		{"an error among faults", "step=12", `{}`, 500, ""},
	}
	h := binding.NewHandler(func(context.Context, treeInput) (string, error) { return "", nil })
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/?"+tt.query, strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "application/json")
			r = r.WithContext(problem.WithObserver(r.Context(), func(error) {}))
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if got := told(t, rec); rec.Code != tt.status || got != tt.want {
				t.Errorf("got %d %s\nwant %d %s", rec.Code, got, tt.status, tt.want)
			}
		})
	}
}

type Paging struct {
	Page int `query:"page"`
}

func (p Paging) Validate(context.Context) error {
	if p.Page == 13 {
		return binding.Invalid("page", "must not be thirteen")
	}
	return nil
}

type Sorting struct {
	Sort string `query:"sort"`
}

func (s Sorting) Validate(context.Context) error {
	if s.Sort == "x" {
		return binding.Invalid("sort", "must not be x")
	}
	return nil
}

// Two embedded structs with a Validate method take it from the outer struct (Go's rules for selectors); each is run all the same.
func TestValidateEmbedded(t *testing.T) {
	type input struct {
		Paging
		Sorting
	}
	for query, want := range map[string]string{
		"page=13":       "page must not be thirteen",
		"sort=x":        "sort must not be x",
		"page=1&sort=y": "",
	} {
		_, err := binding.Decode[input](httptest.NewRequest(http.MethodGet, "/?"+query, nil))
		got := ""
		if d := problem.From(err); d != nil && len(d.Errors) == 1 {
			got = d.Errors[0].Parameter + " " + d.Errors[0].Detail
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

type limits struct{ Low, High int }

func (l limits) Validate(context.Context) error {
	if l.Low > l.High {
		return binding.Invalid("/High", "must not be less than Low")
	}
	return nil
}

// A promoted method cannot run where the embedded pointer or interface is nil. That is told at registration.
func TestValidateEmbeddedNil(t *testing.T) {
	type deeper struct{ *limits }
	for name, do := range map[string]func() string{
		"pointer":           register[struct{ Body struct{ *limits } }, struct{}]("/x"),
		"pointer in a list": register[struct{ Body []struct{ *limits } }, struct{}]("/x"),
		"deeper":            register[struct{ Body struct{ deeper } }, struct{}]("/x"),
		"with a name": register[struct {
			Body struct {
				*limits `json:"limits"`
			}
		}, struct{}]("/x"),
		"interface": register[struct{ Body struct{ binding.Validator } }, struct{}]("/x"),
	} {
		if text := do(); !strings.HasPrefix(text, "binding: ") || !strings.Contains(text, "Validate") || !strings.Contains(text, "embed a struct by value") {
			t.Errorf("%s: got %q", name, text)
		}
	}
	type byValue struct{ Body struct{ limits } }
	h := decodes[byValue](t)
	if rec := post(h, "application/json", strings.NewReader(`{"Low":2,"High":1}`)); told(t, rec) != "The request has one fault.\n/High must not be less than Low" {
		t.Errorf("by value: got %d %s", rec.Code, rec.Body)
	}
	type named struct{ Body struct{ Limits *limits } }
	if rec := post(decodes[named](t), "application/json", strings.NewReader(`{}`)); rec.Code != 200 {
		t.Errorf("named: got %d %s", rec.Code, rec.Body)
	}
}

// unnamed can be read from a member's name, but not be written as one.
type unnamed struct{ text string }

func (u *unnamed) UnmarshalText(text []byte) error {
	u.text = string(text)
	return nil
}

// A fault under such a key is told at the map.
func TestValidateUnderKeysWithoutNames(t *testing.T) {
	type input struct {
		Body struct {
			Spans map[unnamed]span `json:"spans"`
		}
	}
	rec := post(decodes[input](t), "application/json", strings.NewReader(`{"spans": {"a": {"from": 1, "to": 2}, "b": {"from": 2, "to": 1}}}`))
	if got, want := told(t, rec), "The request has one fault.\n/spans/to must not be less than from"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// Where each of many values is, is not written out to find the faults in it: the names around may be as long as the body.
func TestValidateUnderLongNames(t *testing.T) {
	type input struct{ Body map[string][]span }
	h := decodes[input](t)
	body := `{"a": [{"from": "x"}], "` + strings.Repeat("n", 500<<10) + `": [` + strings.TrimSuffix(strings.Repeat("{},", 1000), ",") + `]}`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rec := post(h, "application/json", strings.NewReader(body))
	runtime.ReadMemStats(&after)
	if got, want := told(t, rec), "The request has one fault.\n/a/0/from must be an integer"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 20<<20 {
		t.Errorf("%d MiB are allocated for a body of %d KiB", got>>20, len(body)>>10)
	}
}

func TestWithValidator(t *testing.T) {
	type input struct {
		N int `query:"page"`
	}
	calls := 0
	hook := binding.WithValidator(func(_ context.Context, v any) error {
		calls++
		if v.(*input).N == 7 {
			return binding.Invalid("page", "must not be seven")
		}
		return nil
	})
	h := binding.NewHandler(func(_ context.Context, in input) (int, error) { return in.N, nil }, hook)
	for _, tt := range []struct {
		query         string
		status, calls int
	}{{"page=1", 200, 1}, {"page=7", 422, 2}, {"page=x", 422, 2}} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/?"+tt.query, nil))
		if rec.Code != tt.status || calls != tt.calls {
			t.Errorf("%s: got %d after %d calls, want %d after %d", tt.query, rec.Code, calls, tt.status, tt.calls)
		}
	}
}

// shouted is a key that is written in lower case, so that two of them may have one name.
type shouted struct{ text string }

func (s shouted) MarshalText() ([]byte, error) { return []byte(strings.ToLower(s.text)), nil }

func (s *shouted) UnmarshalText(text []byte) error {
	s.text = string(text)
	return nil
}

type counted struct{ N int }

func (c counted) Validate(context.Context) error {
	if c.N > 0 {
		return binding.Invalid("/N", "must be nothing, not "+strconv.Itoa(c.N))
	}
	return nil
}

// Every value of a map is validated, in the order of the names, also where two have one name or none.
func TestValidateMaps(t *testing.T) {
	type input struct {
		Body struct {
			Shouted map[shouted]counted `json:"shouted"`
			Unnamed map[unnamed]counted `json:"unnamed"`
		}
	}
	h := binding.NewHandler(func(context.Context, input) (struct{}, error) { return struct{}{}, nil })
	for range 20 { // maps have no order
		rec := post(h, "application/json", strings.NewReader(`{"shouted":{"b":{"N":1},"A":{"N":2},"a":{"N":2},"c":{"N":3}},"unnamed":{"x":{"N":4},"y":{"N":4}}}`))
		var got problem.Details
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		var places []string
		for _, e := range got.Errors {
			places = append(places, e.Pointer+": "+e.Detail)
		}
		want := []string{
			"/shouted/a/N: must be nothing, not 2", "/shouted/b/N: must be nothing, not 1", "/shouted/c/N: must be nothing, not 3",
			"/unnamed/N: must be nothing, not 4",
		}
		if diff := cmp.Diff(want, places); diff != "" {
			t.Fatalf("%s\n%s", diff, rec.Body)
		}
	}
}
