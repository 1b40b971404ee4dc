// Validator checks requests with github.com/go-playground/validator, for those who have its tags on their types already. Its errors
// become faults like any other: all in one answer, each with its place in the request, none with the client's own value.
//
//	go run .
//	curl 'localhost:8080/bookings?currency=EURO' -H 'Content-Type: application/json' \
//		-d '{"from": "2026-07-04T15:00:00Z", "to": "2026-07-03T11:00:00Z", "guests": [{"name": "Ann", "phone": "none"}]}'
//
// The constraint tags of package binding come first, and they alone are in an OpenAPI document. Leave to the validator what they
// cannot say: here that an end comes after its beginning, which currencies there are, that one field stands in for another.
package main

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router"
)

type input struct {
	Currency string `query:"currency" default:"EUR" validate:"iso4217"`
	Body     booking
}

type booking struct {
	From   time.Time `json:"from" required:"true"`
	To     time.Time `json:"to" required:"true" validate:"gtfield=From"`
	Guests []guest   `json:"guests" minItems:"1" maxItems:"4" validate:"dive"`
}

type guest struct {
	Name  string `json:"name" required:"true" minLength:"1"`
	Email string `json:"email,omitempty" format:"email" validate:"required_without=Phone"`
	Phone string `json:"phone,omitempty" validate:"omitempty,e164"`
}

func main() {
	router.Start(newHandler())
}

func newHandler() http.Handler {
	r := router.New()
	api := binding.With(r, binding.WithValidator(newValidator()))
	binding.Handle(api, "POST /bookings", book, binding.WithStatus(http.StatusCreated))
	return r
}

func book(_ context.Context, in input) (booking, error) { return in.Body, nil }

// newValidator returns the hook. It caches what it knows of a type, so one is enough for all handlers.
func newValidator() func(context.Context, any) error {
	v := validator.New(validator.WithRequiredStructEnabled(), validator.WithTagNameFuncBlankOmit())
	v.RegisterTagNameFunc(name)
	return func(ctx context.Context, in any) error {
		err := v.StructCtx(ctx, in)
		found, ok := errors.AsType[validator.ValidationErrors](err)
		if !ok {
			return err // nil, or a mistake in the program: a 500
		}
		faults := make([]error, len(found))
		for i, f := range found {
			faults[i] = binding.Invalid(at(f.Namespace()), words(f))
		}
		return errors.Join(faults...)
	}
}

// name is what clients call a field: a parameter by its name, a member of the body by a slash and its name, as in a JSON Pointer.
// The Body and embedded structs have none.
func name(f reflect.StructField) string {
	for _, source := range [...]string{"path", "query", "header", "cookie", "form"} {
		if parameter := f.Tag.Get(source); parameter != "" {
			return parameter
		}
	}
	member, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case member != "":
		return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(member)
	case f.Name == "Body" || f.Anonymous:
		return ""
	default:
		return "/" + f.Name
	}
}

// at is the place of a fault: input.currency is the parameter currency, input./guests[0]./phone is /guests/0/phone in the body.
func at(namespace string) string {
	_, place, _ := strings.Cut(namespace, ".")
	if strings.HasPrefix(place, "/") {
		return strings.NewReplacer("./", "/", "[", "/", "]", "").Replace(place)
	}
	parameter, _, _ := strings.Cut(place, "[") // an item of it has no place of its own
	return parameter
}

// words say what is wrong to a client, who knows neither the tags nor the Go fields.
func words(f validator.FieldError) string {
	switch f.Tag() {
	case "iso4217":
		return "must be a currency as in ISO 4217"
	case "gtfield":
		return "must be after " + strings.ToLower(f.Param())
	case "required_without":
		return "is required without " + strings.ToLower(f.Param())
	case "e164":
		return "must be a telephone number such as +493012345"
	default:
		return "is not valid"
	}
}
