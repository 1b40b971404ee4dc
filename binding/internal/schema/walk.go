package schema

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Options are how a body is checked.
type Options struct {
	Strict   bool // members that no field has are faults
	MaxDepth int  // of objects and arrays in one another; 0: as deep as it likes

	// Decode tries types with an UnmarshalJSON or UnmarshalText of their own one by one. It is slow, and of use only to find
	// the place where encoding/json failed when all else seems right.
	Decode bool
}

// CheckJSON adds what is wrong with the data to the faults, in the order of the document: every member and item, but one fault for
// each scalar. The data is valid JSON; on anything else it does not panic. If it is nested too deep, that is all that is said of
// it.
//
// It does not allocate when there is no fault, unless a string with escapes has a constraint, a map has more than 16 members, or
// items must be unique.
func (s *Schema) CheckJSON(data []byte, o Options, faults *Faults) {
	w := walk{cursor: cursor{data: data}, Options: o, faults: *faults}
	w.value(s)
	if w.faults.TooDeep {
		w.faults.forget(faults.Len())
	}
	*faults = w.faults
}

// PlainIntegers returns a copy of valid data in which integers with a fraction or an exponent, such as 154.0 and 1e3, are plain
// digits, as encoding/json wants them for Go's integers. Without any it returns the data and false. Those that the Go type
// cannot hold stay.
func (s *Schema) PlainIntegers(data []byte) (plain []byte, ok bool) {
	w := walk{cursor: cursor{data: data}, rewriting: true}
	w.value(s)
	if w.copied == 0 {
		return data, false
	}
	return append(w.rewritten, data[w.copied:]...), true
}

// walk goes through a document beside its schema. Faults and path are in it, not behind pointers, so that it stays on the stack.
type walk struct {
	cursor
	Options
	faults Faults
	path   path

	rewriting bool // for PlainIntegers
	rewritten []byte
	copied    int // how much of the data is in rewritten
}

// value checks the value at the cursor and goes behind it.
func (w *walk) value(s *Schema) {
	first := w.peek()
	if first == 'n' {
		w.word()
		if !s.Nullable {
			w.fault("must not be null")
		}
		return
	}
	from, before := w.at, w.faults.Len()
	switch s.Kind {
	case Boolean:
		if first != 't' && first != 'f' {
			w.mismatch("must be true or false")
			return
		}
		if word := w.word(); s.Rules != nil {
			w.fault(s.boolFault(string(word)))
		}
	case Integer:
		if first != '-' && !isDigit(first) {
			w.mismatch("must be an integer")
			return
		}
		w.integer(s)
	case Number:
		if first != '-' && !isDigit(first) {
			w.mismatch("must be a number")
			return
		}
		w.fault(s.numberFault(string(w.word())))
	case String:
		if first != '"' {
			w.mismatch("must be a string")
			return
		}
		w.string(s)
	case Array:
		if first != '[' {
			w.mismatch("must be an array")
			return
		}
		w.array(s)
	case Object:
		if first != '{' {
			w.mismatch("must be an object")
			return
		}
		w.object(s.Struct)
	case Map:
		if first != '{' {
			w.mismatch("must be an object")
			return
		}
		w.mapping(s)
	default:
		w.skip()
	}
	if w.Decode && s.own && w.faults.Len() == before && json.Unmarshal(w.data[from:w.at], reflect.New(s.base).Interface()) != nil {
		w.fault("is not valid")
	}
}

// integer takes any number without a fraction, JSON Schema 2020-12 section 6.1.1 of the validation vocabulary.
func (w *walk) integer(s *Schema) {
	from := w.at
	text := string(w.word())
	fault := s.integerFault(text)
	if fault != "" {
		if plain, ok := plainInteger(text); ok && plain != text {
			if fault = s.integerFault(plain); fault == "" && w.rewriting {
				w.rewritten = append(append(w.rewritten, w.data[w.copied:from]...), plain...)
				w.copied = w.at
			}
		}
	}
	w.fault(fault)
}

func (w *walk) string(s *Schema) {
	raw, plain := w.text()
	if s.quoted == nil && s.Rules == nil && s.syntax == noFormat {
		return
	}
	if !plain {
		raw = unquote(raw)
	}
	if s.quoted != nil && !s.quoted.isLiteral(raw) {
		w.fault(s.quoted.literalFault())
		return
	}
	w.fault(s.stringFault(raw))
}

// isLiteral reports whether the text is a scalar as the schema wants it, for `json:",string"`.
func (s *Schema) isLiteral(text []byte) bool {
	if !json.Valid(text) || text[0] == 'n' || text[len(text)-1] <= ' ' {
		return false
	}
	if s.Kind == Integer { // 1.0 is none here: PlainIntegers does not look into strings
		return s.integerFault(string(text)) == ""
	}
	var faults Faults
	s.CheckJSON(text, Options{}, &faults)
	return faults.Len() == 0 && text[0] > ' '
}

func (s *Schema) literalFault() string {
	switch s.Kind {
	case Boolean:
		return `must be "true" or "false"`
	case Integer:
		return "must be a string that holds an integer of " + strconv.Itoa(s.base.Bits()) + " bits"
	case Number:
		return "must be a string that holds a number"
	case String:
		return "must be a string that holds a JSON string"
	default:
		return "must be a string that holds a value"
	}
}

func (w *walk) array(s *Schema) {
	if !w.enter() {
		return
	}
	var unique *set
	if s.Rules != nil && s.Rules.UniqueItems {
		unique = new(set)
	}
	equal, n := false, 0
	for w.more() {
		w.path.last().setItem(n)
		n++
		from := w.at
		w.value(s.Elem)
		if unique != nil && !equal && !w.faults.TooDeep { // only now: identity has no limit of its own
			end := w.at
			w.at = from
			equal = !unique.add(w.identity())
			w.at = end
		}
	}
	w.leave()
	if s.Rules != nil {
		w.fault(s.Rules.countFault(n))
	}
	if equal {
		w.fault(equalItems)
	}
}

func (w *walk) mapping(s *Schema) {
	if !w.enter() {
		return
	}
	var names set
	for w.more() {
		w.path.last().setMember(w.at)
		name := w.chars()
		w.colon()
		if !names.add(name) {
			w.fault(givenTwice)
		} else if s.Key != nil {
			w.name(s.Key, name)
		}
		w.value(s.Elem)
	}
	w.leave()
}

// name checks a name in a map whose keys are no plain strings.
func (w *walk) name(key *Schema, name []byte) {
	switch fault := key.CheckText(string(name)); {
	case fault != "":
		w.fault("has a name that " + fault)
	case w.Decode && key.own:
		decoder, _ := reflect.TypeAssert[encoding.TextUnmarshaler](reflect.New(key.base))
		if decoder.UnmarshalText(name) != nil {
			w.fault("has a name that is not valid")
		}
	}
}

// givenTwice is a fault of members: encoding/json takes the last of them, other readers the first.
const givenTwice = "must be given once"

func (w *walk) object(s *Struct) {
	if !w.enter() {
		return
	}
	var few [1]uint64
	seen := few[:] // one bit a field
	if len(s.Fields) > 64 {
		seen = make([]uint64, (len(s.Fields)+63)/64)
	}
	next := 0 // the field that is expected
	for w.more() {
		w.path.last().setMember(w.at)
		var f *Field
		i := next
		if i < len(s.Fields) && w.member(s.Fields[i].Name) {
			f = &s.Fields[i]
		} else if i, f = w.field(s); f == nil {
			w.skipUnknown()
			continue
		}
		next = i + 1
		if bit := uint64(1) << (i % 64); seen[i/64]&bit != 0 {
			w.fault(givenTwice)
		} else {
			seen[i/64] |= bit
		}
		w.value(f.Schema)
	}
	w.leave()
	for _, i := range s.required {
		if seen[i/64]&(1<<(i%64)) == 0 {
			w.missing(s.Fields[i].Name)
		}
	}
}

// field reads a member's name and finds the field that encoding/json fills with it. It finds one with a name that differs in case,
// too: then that is a fault, and the value is checked as if the name was right.
func (w *walk) field(s *Struct) (i int, f *Field) {
	name := w.chars()
	w.colon()
	i, ok := s.find(name)
	if !ok {
		if i, ok = s.findFolded(string(name)); !ok {
			return 0, nil
		}
		w.fault("must be spelled \"" + s.Fields[i].Name + `"`)
	}
	return i, &s.Fields[i]
}

func (s *Struct) find(name []byte) (i int, ok bool) {
	if s.index != nil {
		i, ok = s.index[string(name)]
		return i, ok
	}
	for i := range s.Fields {
		if s.Fields[i].Name == string(name) {
			return i, true
		}
	}
	return 0, false
}

func (s *Struct) findFolded(name string) (i int, ok bool) {
	for i := range s.Fields {
		if strings.EqualFold(s.Fields[i].Name, name) {
			return i, true
		}
	}
	return 0, false
}

func (w *walk) skipUnknown() {
	if w.Strict {
		w.fault("is not known")
	}
	w.skip()
}

// skip goes behind a value of which only the depth matters.
func (w *walk) skip() {
	if depth := w.cursor.skip(); w.MaxDepth > 0 && w.path.n+depth > w.MaxDepth {
		w.tooDeep()
	}
}

// mismatch skips a value of another kind.
func (w *walk) mismatch(fault string) {
	w.fault(fault)
	w.skip()
}

// enter goes into an object or array, unless it is too deep.
func (w *walk) enter() bool {
	if w.MaxDepth > 0 && w.path.n == w.MaxDepth {
		w.tooDeep()
		return false
	}
	w.path.push()
	w.at++
	return true
}

func (w *walk) leave() { w.path.n-- }

// tooDeep ends the walk.
func (w *walk) tooDeep() {
	w.faults.TooDeep = true
	w.at = len(w.data)
}

// fault adds a fault of the value at the end of the path; "" is none.
func (w *walk) fault(detail string) {
	if detail == "" {
		return
	}
	pointer := ""
	if !w.faults.full() {
		pointer = string(w.path.appendPointer(nil, w.data))
	}
	w.faults.Add(pointer, "", detail)
}

func (w *walk) missing(name string) {
	pointer := ""
	if !w.faults.full() {
		pointer = string(appendToken(w.path.appendPointer(nil, w.data), name))
	}
	w.faults.Add(pointer, "", "is required")
}
