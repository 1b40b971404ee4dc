package binding_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/binding"
)

type (
	embeddable struct {
		Page int `query:"page"`
	}
	withBody struct {
		Body struct{ A int }
	}
	formOfBody struct {
		A string `form:"a"`
		B string
	}
	deep struct {
		Inner struct {
			Age int `json:"age" minLength:"3"`
		}
	}
)

// register registers a function from In to Out and returns what it panics with, or "".
func register[In, Out any](pattern string, opts ...binding.Option) func() string {
	return func() (text string) {
		defer func() {
			if p := recover(); p != nil {
				text = fmt.Sprint(p)
			}
		}()
		binding.Handle(http.NewServeMux(), pattern, func(context.Context, In) (out Out, _ error) { return out, nil }, opts...)
		return ""
	}
}

func in[In any]() func() string   { return register[In, struct{}]("/x") }
func out[Out any]() func() string { return register[struct{}, Out]("/x") }

// TestRegistration asks of every mistake that the panic names the type, the field, the tag and the fix.
func TestRegistration(t *testing.T) {
	tests := []struct {
		name string
		do   func() string
		want []string // parts of the text
	}{
		{"in is no struct", in[int](), []string{"binding: int", "struct"}},
		{"in is a pointer", in[*embeddable](), []string{"binding: *binding_test.embeddable", "struct"}},
		{"no source", in[struct{ Name string }](), []string{".Name: ", "no source", "path, query, header, cookie", "`binding:\"-\"`"}},
		{"two sources", in[struct {
			A string `path:"a" query:"a"`
		}](), []string{".A: ", "path and query", "keep one"}},
		{"comma", in[struct {
			A string `query:"a,required"`
		}](), []string{".A: ", "`query:\"a,required\"`", "`query:\"a\"`", "`required:\"true\"`"}},
		{"empty name", in[struct {
			Page string `query:""`
		}](), []string{".Page: ", "`query:\"\"`", "`query:\"page\"`"}},
		{"unexported", in[struct {
			page string `query:"page"`
		}](), []string{".page: ", "`query:\"page\"`", "export"}},
		{"embedded pointer", in[struct{ *embeddable }](), []string{".embeddable: ", "embed it by value"}},
		{"bad kind chan", in[struct {
			A chan int `query:"a"`
		}](), []string{".A: ", "`query:\"a\"`", "chan int", "TextUnmarshaler"}},
		{"bad kind struct", in[struct {
			A embeddable `header:"A"`
		}](), []string{".A: ", "`header:\"A\"`", "embeddable"}},
		{"bad kind any", in[struct {
			A any `cookie:"a"`
		}](), []string{".A: ", "`cookie:\"a\"`"}},
		{"bad kind pointer to pointer", in[struct {
			A **int `query:"a"`
		}](), []string{".A: ", "**int"}},
		{"bad kind slice of slices", in[struct {
			A [][]int `query:"a"`
		}](), []string{".A: ", "[][]int"}},
		{"slice in the path", in[struct {
			A []int `path:"a"`
		}](), []string{".A: ", "`path:\"a\"`", "except in the path"}},
		{"map with a name", in[struct {
			A map[string]string `query:"a"`
		}](), []string{".A: ", "map[string]string", "`query:\"*\"`"}},
		{"map of ints", in[struct {
			A map[string]int `query:"*"`
		}](), []string{".A: ", "map[string]int"}},
		{"duplicate", in[struct {
			A, B string `header:"x-a"`
		}](), []string{".B: ", "`header:\"X-A\"`", "A already", "one field"}},
		{"duplicate by embedding", in[struct {
			embeddable
			P int `query:"page"`
		}](), []string{".P: ", "`query:\"page\"`", "Page already"}},
		{"default that does not parse", in[struct {
			A int `query:"a" default:"x"`
		}](), []string{".A: ", "`default:\"x\"`", "must be an integer"}},
		{"default that breaks a constraint", in[struct {
			A int `query:"a" default:"0" minimum:"1"`
		}](), []string{".A: ", "`default:\"0\"`", "must be at least 1"}},
		{"default in a list", in[struct {
			A []int `query:"a" default:"1,x"`
		}](), []string{".A: ", "`default:\"1,x\"`", "must be an integer"}},
		{"default and required", in[struct {
			A int `query:"a" default:"1" required:"true"`
		}](), []string{".A: ", "`default:\"1\"`", "required", "remove"}},
		{"default in the path", in[struct {
			A int `path:"a" default:"1"`
		}](), []string{".A: ", "`default:\"1\"`", "required"}},
		{"default on a pointer", in[struct {
			A *int `query:"a" default:"1"`
		}](), []string{".A: ", "`default:\"1\"`", "pointer", "take int"}},
		{"default on a map", in[struct {
			A map[string]string `query:"*" default:"1"`
		}](), []string{".A: ", "`default:\"1\"`", "map"}},
		{"default of a body", in[struct {
			Body int `default:"1"`
		}](), []string{".Body: ", "default", "pointer"}},
		{"required that is no bool", in[struct {
			A string `query:"a" required:"yes"`
		}](), []string{".A: ", "`required:\"yes\"`", "`required:\"true\"`"}},
		{"accept on a parameter", in[struct {
			A string `query:"a" accept:"image/png"`
		}](), []string{".A: ", "`accept:\"image/png\"`", "remove"}},
		{"misspelled tag", in[struct {
			A string `query:"a" minlength:"1"`
		}](), []string{".A: ", "minlength", "did you mean", "minLength"}},
		{"pattern that does not compile", in[struct {
			A string `query:"a" pattern:"["`
		}](), []string{".A: ", "pattern", "["}},
		{"constraint of another kind", in[struct {
			A int `query:"a" minLength:"1"`
		}](), []string{".A: ", "minLength", "int"}},
		{"mistake inside the body", in[struct{ Body deep }](), []string{"binding: ", ".Age: ", "minLength"}},
		{"binding tag of another library", in[struct {
			A string `query:"a" binding:"required"`
		}](), []string{".A: ", "`binding:\"required\"`", "`binding:\"-\"`"}},
		{"two bodies by embedding", in[struct {
			withBody
			Body []byte
		}](), []string{".Body: ", "two bodies", "keep one"}},
		{"form and body", in[struct {
			Body []byte
			A    string `form:"a"`
		}](), []string{".A: ", "`form:\"a\"`", "Body", "keep one"}},
		{"body and form", in[struct {
			A    string `form:"a"`
			Body []byte
		}](), []string{".Body: ", "two bodies"}},
		{"form body with another field", in[struct{ Body formOfBody }](), []string{"formOfBody.B: ", "form", "`binding:\"-\"`"}},
		{"form body by pointer", in[struct{ Body *formOfBody }](), []string{".Body: ", "take binding_test.formOfBody"}},
		{"form duplicate", in[struct {
			A, B string `form:"a"`
		}](), []string{".B: ", "`form:\"a\"`", "A already"}},
		{"file with a constraint", in[struct {
			A binding.File `form:"a" minLength:"1"`
		}](), []string{".A: ", "`minLength:\"1\"`", "Validate"}},
		{"file in the query", in[struct {
			A binding.File `query:"a"`
		}](), []string{".A: ", "`query:\"a\"`", "binding.File"}},
		{"accept that is no media type", in[struct {
			Body []byte `accept:"png"`
		}](), []string{".Body: ", "`accept:\"png\"`", "image/png"}},
		{"accept on JSON", in[struct {
			Body embeddable `accept:"image/png"`
		}](), []string{".Body: ", "accept"}},
		{"raw with a constraint", in[struct {
			Body []byte `maxLength:"9"`
		}](), []string{".Body: ", "`maxLength:\"9\"`", "Validate"}},
		{"body with GET", register[withBody, struct{}]("GET /x"), []string{"binding_test.withBody.Body: ", `"GET /x"`, "POST"}},
		{"body with HEAD", register[withBody, struct{}]("HEAD /x"), []string{"binding_test.withBody.Body: ", `"HEAD /x"`}},
		{"form with GET", register[struct {
			A string `form:"a"`
		}, struct{}]("GET /x"), []string{`form:"a"`, "GET", "query"}},
		{"name without a field", register[struct{}, struct{}]("GET /{id}"), []string{"{id}", `"GET /{id}"`, "`path:\"id\"`"}},
		{"rest without a field", register[struct{}, struct{}]("/{rest...}"), []string{"{rest}", "`path:\"rest\"`"}},

		{"out field without a source", out[struct {
			ETag string `header:"ETag"`
			Name string
		}](), []string{".Name: ", "header or cookie", "Body"}},
		{"out has no JSON", out[struct {
			A int `json:"a"`
			B []struct {
				C chan int
			}
		}](), []string{".C: chan int has no JSON", "`json:\"-\"`"}},
		{"out body has no JSON", out[struct {
			A    string `header:"A"`
			Body map[string]func()
		}](), []string{"func() has no JSON"}},
		{"out kind", out[struct {
			A map[string]string `header:"A"`
		}](), []string{".A: ", "`header:\"A\"`", "map[string]string"}},
		{"out cookie kind", out[struct {
			A string `cookie:"a"`
		}](), []string{".A: ", "`cookie:\"a\"`", "http.Cookie"}},
		{"out Set-Cookie", out[struct {
			A string `header:"set-cookie"`
		}](), []string{".A: ", "Set-Cookie", "http.Cookie"}},
		{"out both", out[struct {
			A string `header:"A" cookie:"a"`
		}](), []string{".A: ", "header and cookie", "keep one"}},
		{"out unexported", out[struct {
			a string `header:"A"`
		}](), []string{".a: ", "export"}},
		{"out duplicate", out[struct {
			A, B string `header:"A"`
		}](), []string{".B: ", "A already"}},
		{"out pointer", out[*struct {
			A string `header:"A"`
		}](), []string{"pointer", "return struct"}},
		{"out body that responds", out[struct {
			A    string `header:"A"`
			Body teapot
		}](), []string{".Body: ", "teapot"}},
		{"204 with a body", register[struct{}, int]("/x", binding.WithStatus(204)), []string{"int", "WithStatus(204)", "struct{}"}},
		{"304 with bytes", register[struct{}, []byte]("/x", binding.WithStatus(304)), []string{"[]uint8", "WithStatus(304)"}},

		{"nil mux", func() (text string) {
			defer func() { text = fmt.Sprint(recover()) }()
			binding.Handle(nil, "/x", func(context.Context, struct{}) (_ struct{}, _ error) { return })
			return ""
		}, []string{"nil Mux", "/x"}},
		{"nil function", func() (text string) {
			defer func() { text = fmt.Sprint(recover()) }()
			binding.NewHandler[embeddable, struct{}](nil)
			return ""
		}, []string{"binding_test.embeddable", "nil function"}},
		{"header that cannot be", in[struct {
			A string `header:"X Y"`
		}](), []string{"A", `header:"X Y"`, "letters"}},
		{"cookie that cannot be", in[struct {
			A string `cookie:"a=b"`
		}](), []string{"A", "cookie", "letters"}},
		{"default without items", in[struct {
			A []string `query:"a" default:"" minItems:"1"`
		}](), []string{"A", "at least 1 item"}},
		{"interface in a body", in[struct {
			Body struct {
				Name fmt.Stringer `json:"name"`
			}
		}](), []string{"Name", "fmt.Stringer", "concrete type"}},
		{"reader that can do more", in[struct{ Body io.ReadSeeker }](), []string{"Body", "io.ReadSeeker", "concrete type"}},
		{"embedded pointer in a body", in[struct{ Body struct{ *embeddable } }](), []string{"Page", "embedded pointer", "by value"}},
		{"nil mux of With", panics(func() { binding.With(nil) }), []string{"nil Mux"}},
		{"status of an error", panics(func() { binding.WithStatus(404) }), []string{"404", "200 to 399"}},
		{"negative body", panics(func() { binding.WithMaxBody(-1) }), []string{"-1"}},
		{"no depth", panics(func() { binding.WithMaxDepth(0) }), []string{"WithMaxDepth"}},
		{"encoder without a type", panics(func() { binding.WithEncoder("csv", func(io.Writer, any) error { return nil }) }), []string{`"csv"`, "text/csv"}},
		{"encoder without a function", panics(func() { binding.WithEncoder("text/csv", nil) }), []string{"function"}},
		{"rule of nothing", panics(func() { binding.ErrorIs(nil, 404, "") }), []string{"ErrorIs"}},
		{"rule with a status of success", panics(func() { binding.ErrorIs(io.EOF, 200, "") }), []string{"200", "400 to 599"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := tt.do()
			if !strings.HasPrefix(text, "binding: ") {
				t.Fatalf("panics with %q", text)
			}
			for _, part := range tt.want {
				if !strings.Contains(text, part) {
					t.Errorf("%q does not say %q", text, part)
				}
			}
		})
	}
}

func panics(f func()) func() string {
	return func() (text string) {
		defer func() { text = fmt.Sprint(recover()) }()
		f()
		return ""
	}
}

// What could be taken for a mistake and is none.
func TestRegistrationTakes(t *testing.T) {
	type pathInput struct {
		ID   string `path:"id"`
		More string `path:"more"` // an outer router's
	}
	for name, do := range map[string]func() string{
		"path field that the pattern lacks": register[pathInput, struct{}]("GET /{id}"),
		"end of path":                       register[struct{}, struct{}]("GET /x/{$}"),
		"body with DELETE":                  register[withBody, struct{}]("DELETE /x"),
		"body without a method":             register[withBody, struct{}]("/x"),
		"tags of other libraries": register[struct {
			A string `query:"a" json:"a,omitempty" validate:"required,min=3" db:"a"`
		}, struct{}]("/x"),
	} {
		if text := do(); text != "" {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// What is not written need not be writable.
func TestRegistrationOfOutput(t *testing.T) {
	if text := out[struct {
		A chan int `json:"-"`
		B selfWriting
		c chan int
		D *recursive
	}](); text() != "" {
		t.Error(text())
	}
}

// selfWriting is JSON though its field is not.
type selfWriting struct{ C chan int }

func (selfWriting) MarshalText() ([]byte, error) { return nil, nil }

type recursive struct {
	Next *recursive
	All  map[string][]recursive
}
