package openapi

import (
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/operation"
)

// unnamed is an operation that is still to get an ID.
type unnamed struct {
	operation *operationObject
	id        string
}

// identify gives an operation its ID or makes one for it.
func (b *builder) identify(o *operationObject, r route, op *operation.Operation, t template) {
	given := ""
	if op != nil {
		given = op.Doc.ID
	}
	switch {
	case given == "":
		b.unnamed = append(b.unnamed, unnamed{o, strings.ToLower(r.method) + idOf(t)})
	case r.every:
		b.unnamed = append(b.unnamed, unnamed{o, strings.ToLower(r.method) + capital(given)})
	case b.ids[given] != "":
		b.fault("operation ID %q is also that of %s; give each its own in binding.Doc", given, b.ids[given])
	default:
		b.ids[given] = b.at
		o.OperationID = given
	}
}

// nameOperations gives IDs to the operations that have none, once it is known which ones are taken.
func (b *builder) nameOperations() {
	for _, u := range b.unnamed {
		id := u.id
		for n := 2; b.ids[id] != ""; n++ {
			id = u.id + strconv.Itoa(n)
		}
		b.ids[id] = id
		u.operation.OperationID = id
	}
}

// idOf is the path's part of an operation ID: OrdersByIdItems of /orders/{id}/items.
func idOf(t template) string {
	var id strings.Builder
	for i, literal := range t.literals {
		for word := range strings.FieldsFuncSeq(literal, func(r rune) bool { return !isAlphanumeric(r) }) {
			id.WriteString(capital(word))
		}
		if i < len(t.params) {
			id.WriteString("By" + capital(strings.Map(onlyAlphanumeric, t.params[i].name)))
		}
	}
	return id.String()
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// onlyAlphanumeric is for strings.Map.
func onlyAlphanumeric(r rune) rune {
	if isAlphanumeric(r) {
		return r
	}
	return -1
}

// capital returns s with its first letter in upper case.
func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
