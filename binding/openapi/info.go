package openapi

// Info says what the service is. Title and Version are required; the version is the service's own, not OpenAPI's.
type Info struct {
	Title          string   `json:"title"`
	Summary        string   `json:"summary,omitempty"`
	Description    string   `json:"description,omitempty"` // may be CommonMark
	TermsOfService string   `json:"termsOfService,omitempty"`
	Contact        *Contact `json:"contact,omitempty"`
	License        *License `json:"license,omitempty"`
	Version        string   `json:"version"`
}

// Contact says who answers questions.
type Contact struct {
	Name  string `json:"name,omitempty"`
	URL   string `json:"url,omitempty"`
	Email string `json:"email,omitempty"`
}

// License says what others may do. Name is required; one of Identifier, an SPDX expression, and URL may be set.
type License struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier,omitempty"`
	URL        string `json:"url,omitempty"`
}

// Server is where the service is. URL is required and has no slash at its end; the routes follow it.
type Server struct {
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
}

// Tag describes a tag that operations have. Operations may have tags that are not described.
type Tag struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}
