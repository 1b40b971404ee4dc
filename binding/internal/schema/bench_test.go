package schema_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

type benchOrder struct {
	ID       string      `json:"id" format:"uuid" required:"true"`
	Customer string      `json:"customer" minLength:"3" maxLength:"40" required:"true"`
	Status   string      `json:"status" enum:"open,paid,shipped"`
	Created  time.Time   `json:"created"`
	Note     string      `json:"note"`
	Total    float64     `json:"total" minimum:"0"`
	Gift     bool        `json:"gift"`
	Items    []benchItem `json:"items" minItems:"1" maxItems:"50" required:"true"`
}

type benchItem struct {
	SKU      string   `json:"sku" pattern:"^[A-Z]{2}-[0-9]+$" required:"true"`
	Quantity int      `json:"quantity" minimum:"1" maximum:"1000"`
	Price    float64  `json:"price" exclusiveMinimum:"0" multipleOf:"0.01"`
	Tags     []string `json:"tags" maxLength:"20" uniqueItems:"true"`
}

const benchBody = `{"id":"0b0e4a5c-3b57-4c58-8f6b-1c6d2a9f0e11","customer":"Jane Public of Sometown","status":"paid",` +
	`"created":"2024-05-06T07:08:09Z","note":"Leave it with the neighbours, please, the ones on the left.","total":129.95,"gift":false,` +
	`"items":[{"sku":"AB-1234","quantity":2,"price":19.95,"tags":["red","large"]},` +
	`{"sku":"CD-99","quantity":10,"price":4.5,"tags":["blue"]},` +
	`{"sku":"EF-31415","quantity":1,"price":45.05,"tags":["green","small","fragile"]}]}`

// benchPlain is benchOrder without constraints.
type benchPlain struct {
	ID       string           `json:"id"`
	Customer string           `json:"customer"`
	Status   string           `json:"status"`
	Created  string           `json:"created"`
	Note     string           `json:"note"`
	Total    float64          `json:"total"`
	Gift     bool             `json:"gift"`
	Items    []benchPlainItem `json:"items"`
}

type benchPlainItem struct {
	SKU      string   `json:"sku"`
	Quantity int      `json:"quantity"`
	Price    float64  `json:"price"`
	Tags     []string `json:"tags"`
}

// BenchmarkBody is what CheckJSON adds to encoding/json: for a type with a constraint on nearly everything, and for one with none.
func BenchmarkBody(b *testing.B) {
	data := []byte(benchBody)
	for _, bm := range []struct {
		name string
		typ  reflect.Type
	}{{"constrained", reflect.TypeFor[benchOrder]()}, {"plain", reflect.TypeFor[benchPlain]()}} {
		s := ofJSON(b, bm.typ, "")
		b.Run(bm.name+"/check", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				var faults schema.Faults
				s.CheckJSON(data, schema.Options{MaxDepth: 64}, &faults)
				if faults.Len() > 0 {
					b.Fatal(faults.List)
				}
			}
		})
		b.Run(bm.name+"/unmarshal", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := json.Unmarshal(data, reflect.New(bm.typ).Interface()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOfJSON(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.OfJSON(reflect.TypeFor[benchOrder](), ""); err != nil {
			b.Fatal(err)
		}
	}
}

// benchWide is a body for the type of the same number of fields.
func benchWide(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = fmt.Sprintf(`"f%d":%d`, i, i)
	}
	return "{" + strings.Join(members, ",") + "}"
}
