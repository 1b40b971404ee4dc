package openapi

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// components are the named struct types of a document. Their names are known only when all of them are: see [components.named].
type components struct {
	fault   func(format string, args ...any)
	byType  map[reflect.Type]*component
	inOrder []*component // as they were met, which is the order of the paths
	bodies  strictness
}

// component is a schema that others refer to.
type component struct {
	typ    reflect.Type // nil: of problems
	name   string
	schema *schemaObject
}

// MarshalText returns the reference.
func (c *component) MarshalText() ([]byte, error) {
	return []byte("#/components/schemas/" + c.name), nil
}

func (c *components) component(s *schema.Struct) *component {
	if known := c.byType[s.Type]; known != nil {
		return known
	}
	added := c.add(s.Type)
	added.schema = c.object(s) // after it was added: the type may contain itself
	return added
}

// problem is a reference to the schema of problems.
func (c *components) problem() *schemaObject {
	known := c.byType[nil]
	if known == nil {
		known = c.add(nil)
		known.schema = problemSchema()
	}
	return &schemaObject{Ref: known}
}

func (c *components) add(t reflect.Type) *component {
	if c.byType == nil {
		c.byType = map[reflect.Type]*component{}
	}
	added := &component{typ: t}
	c.byType[t] = added
	c.inOrder = append(c.inOrder, added)
	return added
}

// named gives every component its name and returns them by it.
//
// A type is called by its own name: Order. Types of one name but of different packages all get the package's before it: StoreOrder,
// LegacyOrder. Should this not tell them apart, they are numbered in the order of their packages' paths.
func (c *components) named() map[string]*schemaObject {
	if len(c.inOrder) == 0 {
		return nil
	}
	count := map[string]int{problemName: 1}
	for _, each := range c.inOrder {
		if each.typ != nil {
			each.name = typeName(each.typ, false)
			count[each.name]++
		}
	}
	for _, each := range c.inOrder {
		switch {
		case each.typ == nil:
			each.name = problemName
		case count[each.name] > 1:
			each.name = typeName(each.typ, true)
		}
	}
	sorted := slices.Clone(c.inOrder)
	slices.SortStableFunc(sorted, func(a, b *component) int {
		return cmp.Or(cmp.Compare(a.path(), b.path()), cmp.Compare(a.fullName(), b.fullName()))
	})
	all := map[string]*schemaObject{}
	for _, each := range sorted { // the problem's, whose path is empty, comes first
		name := each.name
		for n := 2; all[each.name] != nil; n++ {
			each.name = name + strconv.Itoa(n)
		}
		all[each.name] = each.schema
	}
	return all
}

func (c *component) path() string {
	if c.typ == nil {
		return ""
	}
	return c.typ.PkgPath()
}

func (c *component) fullName() string {
	if c.typ == nil {
		return ""
	}
	return c.typ.Name()
}

// typeName is the name of a type in letters that OpenAPI allows: Page[example.com/store.Order] is PageOrder or, qualified,
// StorePageStoreOrder.
func typeName(t reflect.Type, qualified bool) string {
	name, args, generic := strings.Cut(t.Name(), "[")
	var b strings.Builder
	if qualified {
		b.WriteString(capital(packageName(t.PkgPath())))
		name = capital(name)
	}
	b.WriteString(clean(name))
	if !generic {
		return b.String()
	}
	args = strings.ReplaceAll(args, "[]", "array ")
	for arg := range strings.FieldsFuncSeq(args, func(r rune) bool { return strings.ContainsRune("[]{}(),;* ", r) }) {
		path, name := "", arg
		if dot := strings.LastIndexByte(arg, '.'); dot >= 0 {
			path, name = arg[:dot], arg[dot+1:]
		}
		if qualified {
			b.WriteString(capital(packageName(path)))
		}
		b.WriteString(capital(clean(name)))
	}
	return b.String()
}

// packageName is what a package with this import path is most likely called.
func packageName(path string) string {
	elements := strings.Split(path, "/")
	last := elements[len(elements)-1]
	if isVersion(last) && len(elements) > 1 { // example.com/store/v2
		last = elements[len(elements)-2]
	}
	last, _, _ = strings.Cut(last, ".")   // gopkg.in/store.v2
	last, _, _ = strings.Cut(last, "%2e") // the same, in the name of a generic type
	return strings.Map(onlyAlphanumeric, last)
}

func isVersion(element string) bool {
	digits, ok := strings.CutPrefix(element, "v")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// clean leaves out what is not allowed in the name of a component, and the mark of types declared in functions.
func clean(name string) string {
	name, _, _ = strings.Cut(name, "·")
	return strings.Map(func(r rune) rune {
		if isAlphanumeric(r) || r == '_' {
			return r
		}
		return -1
	}, name)
}
