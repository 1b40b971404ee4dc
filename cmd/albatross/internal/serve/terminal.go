package serve

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"strconv"
	"sync"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A terminal shows what happens, a line each.
type terminal struct {
	json   bool // records on stdout, everything else on stderr
	named  bool // lines begin with the name of the function
	stdout io.Writer
	stderr io.Writer
	log    *log.Logger
	mu     sync.Mutex
}

// visit shows a request.
func (t *terminal) visit(r *record.Record) {
	if t.json {
		line, err := json.Marshal(r)
		if err != nil {
			t.log.Printf("a record cannot be written: %v", err)
			return
		}
		t.print(t.stdout, string(line))
		return
	}
	took := time.Duration(r.Duration * float64(time.Millisecond)).Round(time.Microsecond)
	text := fmt.Sprintf("%q %d %v", r.Request.Method+" "+r.Request.Target, r.Response.Status, took)
	if t.named && r.Function != "" {
		text += " " + r.Function
	}
	if r.Invocation != nil && r.Invocation.Cold {
		text += " cold, init " + strconv.FormatFloat(r.Invocation.Init, 'f', 0, 64) + "ms"
	}
	t.log.Print(text)
}

// line shows what a function has printed.
func (t *terminal) line(name string, line record.Line) {
	to := t.stdout
	if line.Stderr || t.json {
		to = t.stderr
	}
	text := line.Printed()
	if t.named {
		text = name + " | " + text
	}
	t.print(to, text)
}

// state shows what a function does.
func (t *terminal) state(name string, s function.State) {
	switch s.Phase {
	case function.Building:
		t.log.Printf("%s: building", name)
	case function.Ready:
		t.log.Printf("%s: ready, init %v ms", name, s.Init)
	case function.Broken:
		keeps := ""
		if s.Generation > 0 {
			keeps = "; what ran before goes on"
		}
		t.log.Printf("%s: %s%s", name, s.Error, keeps)
	case function.Starting, function.Stopped:
	}
}

func (t *terminal) print(w io.Writer, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(w, text+"\n") // a terminal that is gone must not stop the server
}
