package listener

import (
	"errors"
	"fmt"
)

// faults collects all that is wrong with a configuration, each with the place where it is.
type faults struct {
	where string
	list  *[]error
}

func newFaults() faults { return faults{where: "listener", list: new([]error)} }

// at is for what lies within.
func (f faults) at(format string, args ...any) faults {
	f.where += ": " + fmt.Sprintf(format, args...)
	return f
}

// add takes a sentence that says what is wrong and, after a semicolon, how to mend it.
func (f faults) add(format string, args ...any) {
	*f.list = append(*f.list, errors.New(f.where+": "+fmt.Sprintf(format, args...)))
}

func (f faults) err() error { return errors.Join(*f.list...) }
