package openapi

import "slices"

// strictness says of the objects in request bodies whether every body with that object is read with binding.WithStrictJSON. One
// that is not lets unknown members pass, and the object's schema is the same for both.
type strictness map[*schemaObject]bool

// note goes through the schema of a body.
func (n strictness) note(o *schemaObject, strict bool) {
	if o == nil {
		return
	}
	if o.Ref != nil {
		n.note(o.Ref.schema, strict)
		return
	}
	if slices.Contains(o.Type, "object") && o.AdditionalProperties == nil {
		if before, seen := n[o]; seen && (strict || !before) {
			return // it was noted no less than this, and so was all that it has; types may contain themselves
		}
		n[o] = strict
	}
	for _, p := range o.Properties {
		n.note(p.schema, strict)
	}
	for _, each := range o.AnyOf {
		n.note(each, strict)
	}
	n.note(o.Items, strict)
	if values, ok := o.AdditionalProperties.(*schemaObject); ok {
		n.note(values, strict)
	}
}

// apply writes down what was noted.
func (n strictness) apply() {
	for o, strict := range n {
		if strict {
			o.AdditionalProperties = false
		}
	}
}
