package cli_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/cmd/albatross/internal/cli"
)

// With this variable set, the test binary is a function, which answers what the event's path asks for.
const functionVariable = "CLI_TEST_FUNCTION"

func TestMain(m *testing.M) {
	if os.Getenv(functionVariable) == "" {
		os.Exit(m.Run())
	}
	lambda.Start(func(_ context.Context, event struct {
		Path            string
		Body            string
		IsBase64Encoded bool
		Headers         map[string]string
	},
	) (any, error) {
		fmt.Println("working on", event.Path)
		switch event.Path {
		case "/error":
			return nil, errors.New("no database")
		case "/wrong":
			return map[string]any{"statusCode": "200"}, nil
		case "/host":
			return answer(event.Headers["host"]), nil
		case "/env":
			return answer(os.Getenv("GREETING")), nil
		}
		if !event.IsBase64Encoded {
			return answer(event.Body), nil
		}
		body, err := base64.StdEncoding.DecodeString(event.Body)
		return answer(string(body)), err
	})
}

func answer(body string) map[string]any {
	return map[string]any{"statusCode": 200, "headers": map[string]string{"Content-Type": "application/json", "X-A": "b"}, "body": body}
}

// A result is how a command ended.
type result struct {
	status         int
	stdout, stderr string
}

func run(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := cli.Run(t.Context(), args, cli.Terminal{
		Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr,
	})
	return result{status, stdout.String(), stderr.String()}
}

// ok runs a command that succeeds.
func ok(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	r := run(t, stdin, args...)
	if r.status != 0 {
		t.Fatalf("%q: status %d: %s%s", args, r.status, r.stdout, r.stderr)
	}
	return r.stdout
}

// itself are arguments that make this test's binary the function.
func itself(t *testing.T, args ...string) []string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return append(args, "--env", functionVariable+"=1", "--timeout", "1m", "--", exe)
}

func unmarshal[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func runTo(t *testing.T, stdout io.Writer, args ...string) (status int, stderr string) {
	t.Helper()
	var b bytes.Buffer
	status = cli.Run(t.Context(), args, cli.Terminal{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: &b})
	return status, b.String()
}
