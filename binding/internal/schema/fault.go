package schema

// Fault is one thing that is wrong with a request, in our own words. It stands at a JSON Pointer (RFC 6901) into the body, whose
// root is "", or at a parameter.
type Fault struct {
	Detail, Pointer, Parameter string
}

// maxFaults is how many faults an answer lists.
const maxFaults = 100

// Faults are those of one request. The zero value is none.
type Faults struct {
	List    []Fault // the first 100, in the order they were added
	TooDeep bool    // the body is nested deeper than allowed; nothing else of it is listed

	count int
}

// Len is the number of faults that were found, of which some may not be in the list.
func (f *Faults) Len() int { return f.count }

// Add lists a fault, while there is room.
//
//go:noinline // it is called from many places, seldom
func (f *Faults) Add(pointer, parameter, detail string) {
	if f.count++; len(f.List) < maxFaults {
		f.List = append(f.List, Fault{Detail: detail, Pointer: pointer, Parameter: parameter})
	}
}

// full reports whether Add only counts.
func (f *Faults) full() bool { return len(f.List) == maxFaults }

// forget takes back what was added beyond the first n.
func (f *Faults) forget(n int) {
	f.count = n
	f.List = f.List[:min(n, len(f.List))]
}
