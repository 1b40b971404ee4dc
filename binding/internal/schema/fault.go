package schema

// Fault is one thing that is wrong with a request, in our own words. It stands at a JSON Pointer (RFC 6901) into the body, whose
// root is "", or at a parameter.
type Fault struct {
	Detail, Pointer, Parameter string
}

// maxFaults is how many faults an answer lists.
const maxFaults = 100

// maxPointers is how many bytes their pointers have together. A member's name may be as long as the body, and every fault within
// that member has it.
const maxPointers = 16 << 10

// Faults are those of one request. The zero value is none.
type Faults struct {
	List    []Fault // the first 100, in the order they were added; fewer where their pointers are very long
	TooDeep bool    // the body is nested deeper than allowed; nothing else of it is listed

	count    int
	pointers int // bytes of them in the list
}

// Len is the number of faults that were found, of which some may not be in the list.
func (f *Faults) Len() int { return f.count }

// Add lists a fault, while there is room.
//
//go:noinline // it is called from many places, seldom
func (f *Faults) Add(pointer, parameter, detail string) {
	f.count++
	if f.pointers += len(pointer); len(f.List) < maxFaults && f.pointers <= maxPointers {
		f.List = append(f.List, Fault{Detail: detail, Pointer: pointer, Parameter: parameter})
	}
}

// full reports whether Add only counts.
func (f *Faults) full() bool { return len(f.List) == maxFaults || f.pointers > maxPointers }

// forget takes back what was added beyond the first n.
func (f *Faults) forget(n int) {
	f.count = n
	f.List = f.List[:min(n, len(f.List))]
	f.pointers = 0
	for i := range f.List {
		f.pointers += len(f.List[i].Pointer)
	}
}
