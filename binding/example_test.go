package binding_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

// do prints a handler's answer.
func do(h http.Handler, method, target, body string, header ...string) {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Println(strings.TrimSpace(strconv.Itoa(rec.Code) + " " + rec.Body.String()))
}

func ExampleHandle() {
	type item struct {
		SKU      string `json:"sku" required:"true" pattern:"^[A-Z]{2}-[0-9]+$"`
		Quantity int    `json:"quantity" minimum:"1" maximum:"99" default:"1"`
	}
	type addItem struct {
		Order  int    `path:"order" minimum:"1"`
		Tenant string `header:"X-Tenant" required:"true"`
		Body   item
	}
	r := chi.NewMux()
	binding.Handle(r, "POST /orders/{order}/items", func(_ context.Context, in addItem) (item, error) {
		return in.Body, nil
	}, binding.WithStatus(http.StatusCreated))

	do(r, "POST", "/orders/7/items", `{"sku": "AB-1"}`, "X-Tenant", "blue")
	do(r, "POST", "/orders/7/items", `{"sku": "1", "quantity": "many"}`)
	// Output:
	// 201 {"sku":"AB-1","quantity":1}
	// 422 {"title":"Unprocessable Entity","status":422,"detail":"The request has 3 faults.","errors":[{"detail":"is required","parameter":"X-Tenant"},{"detail":"must match ^[A-Z]{2}-[0-9]+$","pointer":"/sku"},{"detail":"must be an integer","pointer":"/quantity"}]}
}

func ExampleNewHandler() {
	type search struct {
		Words []string `query:"q" required:"true" maxItems:"3"`
	}
	h := binding.NewHandler(func(_ context.Context, in search) ([]string, error) { return in.Words, nil })
	do(h, "GET", "/search?q=tea&q=pot", "")
	// Output: 200 ["tea","pot"]
}

func ExampleWith() {
	type get struct {
		ID string `path:"id"`
	}
	r := chi.NewMux()
	api := binding.With(r, binding.WithErrorMap(binding.ErrorIs(fs.ErrNotExist, http.StatusNotFound, "There is no such order.")))
	binding.Handle(api, "GET /orders/{id}", func(_ context.Context, in get) (string, error) {
		return "", fmt.Errorf("read order %s: %w", in.ID, fs.ErrNotExist)
	})
	do(r, "GET", "/orders/7", "")
	// Output: 404 {"title":"Not Found","status":404,"detail":"There is no such order."}
}

// stockError is an error of a package that knows nothing of HTTP.
type stockError struct{ left int }

func (e *stockError) Error() string { return "out of stock" }

func ExampleErrorAs() {
	rule := binding.ErrorAs(func(e *stockError) *problem.Details {
		return problem.Conflict(fmt.Sprintf("Only %d are left.", e.left))
	})
	h := binding.NewHandler(func(context.Context, struct{}) (struct{}, error) {
		return struct{}{}, &stockError{left: 2}
	}, binding.WithErrorMap(rule))
	do(h, "POST", "/", "")
	// Output: 409 {"title":"Conflict","status":409,"detail":"Only 2 are left."}
}

func ExampleErrorIs() {
	errFull := errors.New("full")
	h := binding.NewHandler(func(context.Context, struct{}) (struct{}, error) { return struct{}{}, errFull },
		binding.WithErrorMap(binding.ErrorIs(errFull, http.StatusConflict, "The warehouse is full.")))
	do(h, "POST", "/", "")
	// Output: 409 {"title":"Conflict","status":409,"detail":"The warehouse is full."}
}

func ExampleWithEncoder() {
	type row struct{ Name string }
	rows := binding.WithEncoder("text/csv; charset=utf-8", func(w io.Writer, v any) error {
		c := csv.NewWriter(w)
		for _, r := range v.([]row) {
			if err := c.Write([]string{r.Name}); err != nil {
				return err
			}
		}
		c.Flush()
		return c.Error()
	})
	h := binding.NewHandler(func(context.Context, struct{}) ([]row, error) { return []row{{"Ada"}, {"Grace"}}, nil }, rows)
	do(h, "GET", "/", "")
	do(h, "GET", "/", "", "Accept", "text/csv")
	// Output:
	// 200 [{"Name":"Ada"},{"Name":"Grace"}]
	// 200 Ada
	// Grace
}

// A member that is not known is told to the client, and a body of more bytes than the route needs is not read.
func ExampleWithStrictJSON() {
	type input struct {
		Body struct {
			Quantity int `json:"quantity"`
		}
	}
	h := binding.NewHandler(func(_ context.Context, in input) (int, error) { return in.Body.Quantity, nil },
		binding.WithStrictJSON(), binding.WithMaxBody(50))
	do(h, "POST", "/", `{"quantity": 2}`)
	do(h, "POST", "/", `{"amount": 2}`)
	do(h, "POST", "/", `{"quantity": 2}`+strings.Repeat(" ", 50))
	// Output:
	// 200 2
	// 422 {"title":"Unprocessable Entity","status":422,"detail":"The request has one fault.","errors":[{"detail":"is not known","pointer":"/amount"}]}
	// 413 {"title":"Request Entity Too Large","status":413,"detail":"The request body is larger than 50 bytes."}
}

// period is a type that checks itself, wherever it occurs in an input.
type period struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func (p period) Validate(context.Context) error {
	if p.To < p.From {
		return binding.Invalid("/to", "must not be before from")
	}
	return nil
}

func ExampleValidator() {
	type input struct {
		Body struct {
			Periods []period `json:"periods"`
		}
	}
	h := binding.NewHandler(func(_ context.Context, in input) (int, error) { return len(in.Body.Periods), nil })
	do(h, "POST", "/", `{"periods": [{"from": 1, "to": 2}, {"from": 2, "to": 1}]}`)
	// Output: 422 {"title":"Unprocessable Entity","status":422,"detail":"The request has one fault.","errors":[{"detail":"must not be before from","pointer":"/periods/1/to"}]}
}

// The hook hands the input to a validation package that reads tags of its own, here a function in its place.
func ExampleWithValidator() {
	type input struct {
		Coupon string `query:"coupon" validate:"luhn"`
	}
	validate := func(_ context.Context, in any) error {
		if in.(*input).Coupon != "42" {
			return binding.Invalid("coupon", "must be a coupon of ours")
		}
		return nil
	}
	h := binding.NewHandler(func(context.Context, input) (string, error) { return "thanks", nil }, binding.WithValidator(validate))
	do(h, "GET", "/?coupon=41", "")
	// Output: 422 {"title":"Unprocessable Entity","status":422,"detail":"The request has one fault.","errors":[{"detail":"must be a coupon of ours","parameter":"coupon"}]}
}

// redirect writes its response by itself.
type redirect string

func (to redirect) Respond(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, string(to), http.StatusSeeOther)
	return nil
}

func ExampleResponder() {
	h := binding.NewHandler(func(context.Context, struct{}) (redirect, error) { return "/orders/7", nil })
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/", nil))
	fmt.Println(rec.Code, rec.Header().Get("Location"))
	// Output: 303 /orders/7
}

// Header fields and cookies of the response are fields of the output beside its Body.
func Example_headers() {
	type order struct {
		ID int `json:"id"`
	}
	type created struct {
		Location string      `header:"Location"`
		Session  http.Cookie `cookie:"session"`
		Body     order
	}
	h := binding.NewHandler(func(context.Context, struct{}) (created, error) {
		return created{Location: "/orders/7", Session: http.Cookie{Value: "abc", Secure: true, HttpOnly: true}, Body: order{7}}, nil
	}, binding.WithStatus(http.StatusCreated))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/", nil))
	fmt.Println(rec.Code, rec.Header().Get("Location"), rec.Header().Get("Set-Cookie"))
	fmt.Print(rec.Body)
	// Output:
	// 201 /orders/7 session=abc; HttpOnly; Secure
	// {"id":7}
}

func ExampleFile() {
	type upload struct {
		Title   string       `form:"title"`
		Receipt binding.File `form:"receipt" required:"true" accept:"image/*"`
	}
	h := binding.NewHandler(func(_ context.Context, in upload) (string, error) {
		f, err := in.Receipt.Open()
		if err != nil {
			return "", err
		}
		defer f.Close()
		content, err := io.ReadAll(f)
		return fmt.Sprintf("%s: %s has %q", in.Title, in.Receipt.Name, content), err
	})
	body := "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nTea\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"receipt\"; filename=\"tea.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n"
	do(h, "POST", "/", body, "Content-Type", "multipart/form-data; boundary=b")
	// Output: 200 "Tea: tea.png has \"PNG\""
}
