//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// A real browser loads the page through the load balancer, and each of the page's own checks succeeds. With go test -artifacts the
// screenshots are kept.
func TestBrowser(t *testing.T) {
	chromium := findChromium(t)
	for _, mode := range modes {
		t.Run(mode.String(), func(t *testing.T) {
			var mu sync.Mutex
			answers := map[string][]int{}
			srv := albtest.NewServer(handler(t), balancer.WithMultiValueHeaders(mode == albtest.MultiValue),
				balancer.WithObserver(func(x balancer.Exchange) {
					mu.Lock()
					defer mu.Unlock()
					answers[x.Target] = append(answers[x.Target], x.Status)
				}))
			defer srv.Close()

			b := start(t, chromium)
			var target struct{ TargetID string }
			b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
			var session struct{ SessionID string }
			b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
			b.session = session.SessionID
			b.call("Runtime.enable", nil, nil)
			b.call("Log.enable", nil, nil)
			b.call("Page.navigate", map[string]any{"url": srv.URL + "/"}, nil)

			title := "Files"
			for deadline := time.Now().Add(time.Minute); title == "Files" || title == ""; time.Sleep(50 * time.Millisecond) {
				if title = b.evaluate("document.title"); time.Now().After(deadline) {
					t.Fatal("the page does not end its checks")
				}
			}
			if checks := b.evaluate(`document.getElementById("checks").innerText`); title != "All checks passed" || strings.Count(checks, "\n") != 6 {
				t.Errorf("%s:\n%s", title, checks)
			}
			mu.Lock()
			defer mu.Unlock()
			for target, want := range map[string]int{
				"/": http.StatusOK, "/app.js": http.StatusOK, "/pixel.woff2": http.StatusOK, "/style.css": http.StatusNotModified,
				"/clip.webm": http.StatusPartialContent, // a video is fetched in ranges
			} {
				if !slices.Contains(answers[target], want) {
					t.Errorf("%s: %v, want %d among them", target, answers[target], want)
				}
			}
			var shot struct{ Data string }
			b.call("Page.captureScreenshot", nil, &shot)
			image, err := base64.StdEncoding.DecodeString(shot.Data)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "page.png"), image, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium in PATH")
	return ""
}

// browser is a Chromium that is driven by the Chrome DevTools Protocol over two pipes, a JSON object and a zero byte a message.
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	id      int
}

func start(t *testing.T, chromium string) *browser {
	t.Helper()
	commands, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, messages, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "files-browser-") //nolint:usetesting // children of the browser may outlive it and write there
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--window-size=800,700", "--user-data-dir="+profile, "--remote-debugging-pipe")
	cmd.ExtraFiles = []*os.File{commands, messages} // 3 and 4 over there
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	commands.Close()
	messages.Close()
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		b.session = ""
		b.call("Browser.close", nil, nil)
		_ = cmd.Wait()
		to.Close()
		from.Close()
		_ = os.RemoveAll(profile)
	})
	return b
}

// call sends a command and waits for its result. Whatever the page complains about meanwhile fails the test.
func (b *browser) call(method string, params map[string]any, result any) {
	b.t.Helper()
	b.id++
	message := map[string]any{"id": b.id, "method": method, "params": params}
	if params == nil {
		message["params"] = map[string]any{}
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	if err := json.NewEncoder(b.to).Encode(message); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write([]byte{0}); err != nil {
		b.t.Fatal(err)
	}
	for {
		text, err := b.from.ReadBytes(0)
		if err != nil {
			b.t.Fatal(err)
		}
		var answer struct {
			ID            int
			Method        string
			Result, Error json.RawMessage
		}
		if err := json.Unmarshal(text[:len(text)-1], &answer); err != nil {
			b.t.Fatal(err)
		}
		switch {
		case answer.Method == "Runtime.exceptionThrown", answer.Method == "Log.entryAdded":
			b.t.Errorf("%s", text)
		case answer.ID != b.id:
		case answer.Error != nil:
			b.t.Fatalf("%s: %s", method, answer.Error)
		case result == nil:
			return
		default:
			if err := json.Unmarshal(answer.Result, result); err != nil {
				b.t.Fatal(err)
			}
			return
		}
	}
}

func (b *browser) evaluate(expression string) string {
	b.t.Helper()
	var answer struct{ Result struct{ Value string } }
	b.call("Runtime.evaluate", map[string]any{"expression": expression}, &answer)
	return answer.Result.Value
}
