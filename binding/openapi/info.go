package openapi

// Info says what the service is. Title and Version are required; the version is the service's own, not OpenAPI's.
type Info struct {
	Title          string   `json:"title"`                    // name of the service
	Summary        string   `json:"summary,omitempty"`        // one line
	Description    string   `json:"description,omitempty"`    // may be CommonMark
	TermsOfService string   `json:"termsOfService,omitempty"` // URL
	Contact        *Contact `json:"contact,omitempty"`        // who answers questions; nil says nobody
	License        *License `json:"license,omitempty"`        // what others may do; nil says nothing
	Version        string   `json:"version"`                  // as "1.4.0"
}

// Contact says who answers questions.
type Contact struct {
	Name  string `json:"name,omitempty"`  // of a person or a team
	URL   string `json:"url,omitempty"`   // a page about them
	Email string `json:"email,omitempty"` // their address
}

// License says what others may do. Name is required; one of Identifier, an SPDX expression, and URL may be set.
type License struct {
	Name       string `json:"name"`                 // as a reader calls it: "Apache 2.0"
	Identifier string `json:"identifier,omitempty"` // SPDX expression: "Apache-2.0"
	URL        string `json:"url,omitempty"`        // its text
}

// Server is where the service is. URL is required and has no slash at its end; the routes follow it.
type Server struct {
	URL         string `json:"url"`                   // as "https://api.example.com/v1"
	Description string `json:"description,omitempty"` // may be CommonMark
}

// Tag describes a tag that operations have. Operations may have tags that are not described.
type Tag struct {
	Name        string `json:"name"`                  // as operations have it
	Description string `json:"description,omitempty"` // may be CommonMark
}
