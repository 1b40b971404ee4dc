package schema_test

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

func ExampleOfText() {
	s, err := schema.OfText(reflect.TypeFor[[]int](), `minimum:"1" maxItems:"2"`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.CheckItems([]string{"1", "2", "3"}))
	fmt.Println(s.Elem.CheckText("0"))
	fmt.Println(s.Elem.CheckText("one"))
	// Output:
	// must have at most 2 items
	// must be at least 1
	// must be an integer
}

func ExampleOfJSON() {
	type order struct {
		Quantity int `json:"quantity" minimun:"1"`
	}
	_, err := schema.OfJSON(reflect.TypeFor[[]order](), "")
	fmt.Println(err)
	// Output: schema_test.order.Quantity: minimun:"1" is unknown; did you mean minimum
}

func ExampleSchema_CheckJSON() {
	type order struct {
		Items []struct {
			SKU      string `json:"sku" pattern:"^[A-Z]+$" required:"true"`
			Quantity int    `json:"quantity" minimum:"1"`
		} `json:"items" minItems:"1" required:"true"`
	}
	s, err := schema.OfJSON(reflect.TypeFor[order](), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	var faults schema.Faults
	s.CheckJSON([]byte(`{"items":[{"sku":"x","quantity":1.5},{}],"note":""}`), schema.Options{Strict: true}, &faults)
	for _, f := range faults.List {
		fmt.Println(f.Pointer, f.Detail)
	}
	// Output:
	// /items/0/sku must match ^[A-Z]+$
	// /items/0/quantity must be an integer
	// /items/1/sku is required
	// /note is not known
}

func ExampleSchema_ApplyDefaults() {
	type query struct {
		Limit int      `json:"limit" default:"20"`
		Sort  []string `json:"sort" default:"name,age"`
	}
	s, err := schema.OfJSON(reflect.TypeFor[query](), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	var q query
	data := []byte(`{"limit":0}`)
	if err := json.Unmarshal(data, &q); err != nil {
		fmt.Println(err)
	}
	s.ApplyDefaults(data, reflect.ValueOf(&q).Elem())
	fmt.Println(q)
	// Output: {0 [name age]}
}
