package openapi

import (
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// problemName is the name of the schema of problems, which no other type gets, and of the response for statuses that are not
// listed.
const problemName = "Problem"

// problem returns a reference to the response for a status, or with 0 for every status that an operation does not list.
func (b *builder) problem(status int) *responseObject {
	name, description := problemName, "A problem."
	if status != 0 {
		description = statusText(status)
		name = strings.Map(onlyAlphanumeric, description) // "BadRequest", "Status499"
	}
	if b.responses == nil {
		b.responses = map[string]*responseObject{}
	}
	if b.responses[name] == nil {
		b.responses[name] = &responseObject{
			Description: description,
			Content:     map[string]*mediaType{problem.ContentType: {Schema: b.schemas.problem()}},
		}
	}
	return &responseObject{Ref: "#/components/responses/" + name}
}

// problemSchema is the JSON of [problem.Details]. Extensions are further members.
func problemSchema() *schemaObject {
	text := func(format, description string) *schemaObject {
		return &schemaObject{Type: types{"string"}, Format: format, Description: description}
	}
	fault := &schemaObject{
		Type: types{"object"},
		Properties: properties{
			{"detail", text("", "What is wrong, in words.")},
			{"pointer", text("json-pointer", "Where in the body, RFC 6901.")},
			{"parameter", text("", "The name of the parameter.")},
		},
		Required: []string{"detail"},
	}
	return &schemaObject{
		Type:        types{"object"},
		Description: "Problem details, RFC 9457.",
		Properties: properties{
			{"type", text("uri-reference", "The kind of problem; about:blank if absent.")},
			{"title", text("", "The kind of problem, in words.")},
			{"status", &schemaObject{Type: types{"integer"}, Description: "The HTTP status.", Minimum: "400", Maximum: "599"}},
			{"detail", text("", "What went wrong this time.")},
			{"instance", text("uri-reference", "This occurrence.")},
			{"errors", &schemaObject{Type: types{"array"}, Description: "One entry for each fault of the request.", Items: fault}},
		},
		Required: []string{"title", "status"},
	}
}
