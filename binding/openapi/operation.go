package openapi

import "github.com/albatross-go/albatross/binding/internal/operation"

// operationObject is an Operation Object, OpenAPI 3.1 section 4.8.10.
type operationObject struct {
	Tags        []string                   `json:"tags,omitempty"`
	Summary     string                     `json:"summary,omitempty"`
	Description string                     `json:"description,omitempty"`
	OperationID string                     `json:"operationId"`
	Deprecated  bool                       `json:"deprecated,omitempty"`
	Security    []requirement              `json:"security,omitempty"`
	Parameters  []parameterObject          `json:"parameters,omitempty"`
	RequestBody *requestBody               `json:"requestBody,omitempty"`
	Responses   map[string]*responseObject `json:"responses"`
}

// operation writes a typed handler down.
func (b *builder) operation(op *operation.Operation, t template) *operationObject {
	if name, ok := b.undeclared(op.Doc.Security); ok {
		b.fault("there is no security scheme %q; declare it with openapi.WithSecurity", name)
	}
	return &operationObject{
		Tags:        op.Doc.Tags,
		Summary:     op.Doc.Summary,
		Description: op.Doc.Description,
		Deprecated:  op.Doc.Deprecated,
		Security:    requirements(op.Doc.Security),
		Parameters:  b.parameters(op.Parameters, t),
		RequestBody: b.requestBody(op.Body),
		Responses:   b.allResponses(op),
	}
}

// plainOperation is all that is known of a handler that is not typed.
func (b *builder) plainOperation(t template) *operationObject {
	return &operationObject{
		Parameters: b.parameters(nil, t),
		Responses:  map[string]*responseObject{"default": {Description: "Not described."}},
	}
}

// requirement is a Security Requirement Object with one scheme, or with none: anybody.
type requirement map[string][]string

// requirements has one for each name: any one of them is enough.
func requirements(names []string) []requirement {
	if len(names) == 0 {
		return nil
	}
	all := make([]requirement, len(names))
	for i, name := range names {
		all[i] = requirement{}
		if name != "" {
			all[i][name] = []string{} // the empty list: no scopes
		}
	}
	return all
}
