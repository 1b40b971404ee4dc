// Package conformance holds package binding against tools that others wrote: a validator of JSON Schema 2020-12 and one of OpenAPI
// 3.1. They are in this module, so that those who use Albatross do not depend on them.
package conformance
