//go:build unix && !lambda.norpc

package guides_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A session runs in the folder of the last whole program above it, which is a module of its own that requires the repository's.
//
//	$ curl localhost:8080/hello     the program above serves, on a port of its own that stands in for 8080, here and in the output
//	$ PORT=8080 go run .            starts that program anew if it serves. Below stands what it says until the guide ends, or until it
//	                                is started anew: each line there has to be one that it says, in this order
//	$ go run ./examples/whoami      likewise, a program of the repository
//	$ go run . <answer.json         any other command is run as it is; below stands all that it says
//
// In the output "..." stands for any text in a line and, on a line of its own, for any lines; a time of day stands for any other, and
// so does a duration. A command ends with its line, unless that ends with a backslash. What writes files, sleeps or asks AWS does not
// belong into a session.
func TestSessions(t *testing.T) {
	w := newWorkshop(t)
	for _, g := range readGuides(t) {
		if !slices.ContainsFunc(g.blocks, func(b *block) bool { return b.language == "console" }) {
			continue
		}
		w.add(t, g)
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			need(t, "curl")
			need(t, "bash")
			s := &session{t: t, home: t.TempDir()}
			// As on a terminal there is no progress meter, and on every machine the client is 127.0.0.1.
			write(t, filepath.Join(s.home, ".curlrc"), "silent\nshow-error\nipv4\nnoproxy = \"*\"\n")
			for _, b := range g.blocks {
				switch {
				case b.language == "console":
					s.run(b)
				case w.packages[b] != nil && w.packages[b].sources[0].whole:
					s.stop()
					s.program = w.packages[b]
				}
			}
			s.stop()
		})
	}
}

// commands are what a session may run.
var commands = []string{"albatross", "base64", "cat", "curl", "cut", "echo", "go", "grep", "head", "ls", "printf", "sed", "seq", "sort", "tail", "tr", "uniq", "wc"}

type session struct {
	t       *testing.T
	home    string     // where curl looks for its configuration
	program *goPackage // the last one above
	server  *server    // the one that runs, if any
}

// A server is a program that serves until it is stopped.
type server struct {
	cmd  *exec.Cmd
	port string
	said *lines
	want []call // what the guide shows of what it says
}

// A call is a command of a session and what it is to say.
type call struct {
	place   string
	command string
	want    []string
}

var (
	serves     = regexp.MustCompile(`router\.Start\(|\.ListenAndServe\(`)
	goRun      = regexp.MustCompile(`^((?:\w+=\S*\s+)*)go run (\.|\./examples/[\w/-]+)$`)
	assignment = regexp.MustCompile(`^\w+=`)
)

func (s *session) run(b *block) {
	for _, c := range calls(b) {
		if err := allowed(c.command); err != nil {
			s.t.Errorf("%s: %v", c.place, err)
			return
		}
		if m := goRun.FindStringSubmatch(c.command); m != nil && s.serves(m[2]) {
			s.stop()
			s.start(m[2], strings.Fields(m[1])...)
			s.server.want = append(s.server.want, c)
			continue
		}
		if strings.Contains(c.command, "localhost:8080") && s.server == nil {
			if s.program == nil {
				s.t.Fatalf("%s: there is no program above", c.place)
			}
			s.start(".")
		}
		if got := s.bash(c.command); !matches(c.want, got) {
			s.t.Errorf("%s: $ %s\n%s\nthe guide has:\n%s", c.place, c.command, got, strings.Join(c.want, "\n"))
		}
	}
}

// calls takes a session apart.
func calls(b *block) []call {
	var found []call
	continued := false
	for i, line := range strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") {
		last := len(found) - 1
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case continued:
			found[last].command += "\n" + line
			continued = strings.HasSuffix(line, `\`)
		case isCommand:
			found = append(found, call{place: fmt.Sprintf("%s.md:%d", b.guide, b.line+i), command: command})
			continued = strings.HasSuffix(line, `\`)
		case last >= 0:
			found[last].want = append(found[last].want, line)
		}
	}
	return found
}

// allowed refuses what is not in commands. It looks at the first word of every part of a pipe.
func allowed(command string) error {
	for part := range strings.SplitSeq(regexp.MustCompile(`'[^']*'|"[^"]*"`).ReplaceAllString(command, "text"), "|") {
		words := slices.DeleteFunc(strings.Fields(part), assignment.MatchString)
		if len(words) == 0 || !slices.Contains(commands, words[0]) {
			return fmt.Errorf("a session may run %s; %q belongs into a block of shell", strings.Join(commands, ", "), strings.TrimSpace(part))
		}
	}
	return nil
}

// serves reports whether the program serves until it is stopped.
func (s *session) serves(target string) bool {
	dir := filepath.Join(root, target)
	if target == "." {
		if s.program == nil {
			s.t.Fatal("there is no program above")
		}
		dir = s.program.dir
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	return slices.ContainsFunc(names, func(name string) bool {
		text, err := os.ReadFile(name)
		return err == nil && !strings.HasSuffix(name, "_test.go") && serves.Match(text)
	})
}

// start builds and runs a program, and waits until it serves. One that does not go by PORT is built anew with another port in place of 8080.
func (s *session) start(target string, env ...string) {
	s.t.Helper()
	dir := root
	if target == "." {
		dir = s.program.dir
	}
	s.server = &server{port: freePort(s.t), said: new(lines)}
	if target == "." {
		for _, source := range s.program.sources {
			if name := filepath.Join(dir, source.id()+".go"); !source.test && strings.Contains(source.text, ":8080") {
				text, _ := source.file(source.pkg, nil)
				write(s.t, name, strings.ReplaceAll(text, ":8080", ":"+s.server.port))
			}
		}
	}
	binary := filepath.Join(s.t.TempDir(), "program")
	build := exec.CommandContext(s.t.Context(), "go", "build", "-o", binary, target)
	build.Dir, build.Env = dir, s.environment()
	if out, err := build.CombinedOutput(); err != nil {
		s.t.Fatalf("go build: %s", out)
	}
	cmd := exec.CommandContext(s.t.Context(), binary)
	cmd.Dir, cmd.Env = dir, append(s.environment(), append(env, "PORT="+s.server.port)...)
	cmd.Stdout, cmd.Stderr = s.server.said, s.server.said
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.server.cmd = cmd
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", "127.0.0.1:"+s.server.port)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("%s does not serve: %s", s.program.sources[0].place(), s.server.said)
		}
	}
}

// stop ends the server, if one runs, and holds what it said against the guide.
func (s *session) stop() {
	if s.server == nil {
		return
	}
	_ = s.server.cmd.Process.Signal(os.Interrupt)
	_ = s.server.cmd.Wait()
	said := strings.Split(strings.TrimSuffix(s.local(s.server.said.String()), "\n"), "\n")
	for _, c := range s.server.want {
		at := 0
		for _, line := range c.want {
			re := pattern([]string{line})
			next := slices.IndexFunc(said[at:], func(s string) bool { return re.MatchString(s + "\n") })
			if next < 0 {
				s.t.Errorf("%s: $ %s\nnever says, or not after the lines above:\n%s\nit says:\n%s", c.place, c.command, line, strings.Join(said, "\n"))
				break
			}
			at += next + 1
		}
	}
	s.server = nil
}

// bash runs a command and returns what it says, as if the server's port were 8080.
func (s *session) bash(command string) string {
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	defer cancel()
	if s.server != nil {
		command = strings.ReplaceAll(command, "localhost:8080", "localhost:"+s.server.port)
	}
	cmd := exec.CommandContext(ctx, "bash", "-c", command)
	cmd.Env = s.environment()
	if strings.Contains(command, "albatross ") {
		cmd.Env = append(cmd.Env, "PATH="+s.tool()+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	if s.program != nil {
		cmd.Dir = s.program.dir
	}
	out, _ := cmd.CombinedOutput() // a command that fails says why
	return s.local(string(out))
}

// tool returns the folder of the program albatross, which is built for the first command that calls it.
func (s *session) tool() string {
	s.t.Helper()
	program := filepath.Join(s.home, "albatross")
	if _, err := os.Stat(program); err == nil {
		return s.home
	}
	build := exec.CommandContext(s.t.Context(), "go", "build", "-o", program, "./cmd/albatross")
	build.Dir, build.Env = root, s.environment()
	if out, err := build.CombinedOutput(); err != nil {
		s.t.Fatalf("go build: %s", out)
	}
	return s.home
}

func (s *session) local(text string) string {
	if s.server == nil {
		return text
	}
	return regexp.MustCompile(`\b`+s.server.port+`\b`).ReplaceAllString(text, "8080")
}

// environment is this test's own, without what would change a program's ways.
func (s *session) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return name == "PORT" || strings.HasPrefix(name, "ALB_") || strings.HasPrefix(name, "AWS_")
	})
	return append(env, "GOWORK=off", "GOFLAGS=-buildvcs=false", "LC_ALL=C", "CURL_HOME="+s.home)
}

var anything = regexp.MustCompile(`\\\.\\\.\\\.|\b\d\d:\d\d:\d\d\b|\b\d+(?:\\\.\d+)?(?:ns|µs|ms|s)\b`)

// matches reports whether the output is the one that the guide has.
func matches(want []string, got string) bool {
	if got = strings.TrimRight(strings.ReplaceAll(got, "\r\n", "\n"), "\n"); got != "" {
		got += "\n"
	}
	return pattern(want).MatchString(got)
}

// pattern matches these lines, each with its line feed.
func pattern(want []string) *regexp.Regexp {
	var re strings.Builder
	for _, line := range want {
		if line == "..." {
			re.WriteString(`(?:.*\n)*`)
			continue
		}
		re.WriteString(anything.ReplaceAllStringFunc(regexp.QuoteMeta(strings.TrimRight(line, " ")), func(found string) string {
			switch {
			case strings.HasPrefix(found, `\`):
				return `.*`
			case strings.Contains(found, ":"):
				return `\d\d:\d\d:\d\d`
			}
			return `\d+(?:\.\d+)?(?:ns|µs|ms|s)`
		}) + ` *\n`)
	}
	return regexp.MustCompile(`^` + re.String() + `$`)
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// lines collect what a program says. They may be read while it goes on.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
