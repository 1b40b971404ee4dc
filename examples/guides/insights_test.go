//go:build unix && !lambda.norpc

package guides_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/middleware/metrics"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

// Every line of a query is a command, whose fields are CloudWatch's own, those of a line that the framework logs, or ones that the
// query has named itself.
func TestInsights(t *testing.T) {
	blocks := blocksOf(t, "insights")
	fields := loggedFields(t)
	for _, b := range blocks {
		for _, fault := range insightsFaults(b.text, fields) {
			t.Errorf("%s: %s", b.place(), fault)
		}
	}
}

// loggedFields are the keys of access lines and of lines of metrics, of every kind and under every schema, and the fields that CloudWatch
// adds to a Lambda function's lines: those of all log groups and those that it finds in REPORT lines.
// Amazon CloudWatch Logs user guide: "Supported logs and discovered fields".
func loggedFields(t *testing.T) map[string]bool {
	t.Helper()
	fields := make(map[string]bool)
	for _, name := range []string{"@timestamp", "@message", "@logStream", "@log", "@ingestionTime", "@requestId", "@type", "@duration",
		"@billedDuration", "@initDuration", "@maxMemoryUsed", "@memorySize"} {
		fields[name] = true
	}
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "shop")
	t.Setenv("AWS_LAMBDA_FUNCTION_VERSION", "7")
	t.Setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
	var out bytes.Buffer
	for _, schema := range []middleware.Schema{middleware.OpenTelemetry, middleware.Powertools, middleware.ECS} {
		r := router.New()
		r.Use(metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(&out)))
		r.Use(middleware.Defaults(middleware.NewLogger(middleware.WithOutput(&out), middleware.WithSchema(schema)))...)
		r.Get("/", func(http.ResponseWriter, *http.Request) {})
		r.Get("/error", router.Func(func(http.ResponseWriter, *http.Request) error { return errors.New("no") }))
		r.Get("/refused", router.Func(func(http.ResponseWriter, *http.Request) error { return problem.Conflict("No.") }))
		r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("no") })
		for _, path := range []string{"/", "/error", "/refused", "/panic", "/none"} {
			req := httptest.NewRequest(http.MethodGet, path, nil)
			req.Header.Set("User-Agent", "guide")
			albtest.Do(t, r, req, albtest.MultiValue)
		}
	}
	for line := range bytes.Lines(out.Bytes()) {
		var keys map[string]any
		if err := json.Unmarshal(line, &keys); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		addKeys(fields, "", keys)
	}
	return fields
}

// addKeys adds the keys of an object, and of those in it as paths with dots, as Insights names them.
func addKeys(fields map[string]bool, prefix string, object map[string]any) {
	for key, value := range object {
		fields[prefix+key] = true
		if inner, ok := value.(map[string]any); ok {
			addKeys(fields, prefix+key+".", inner)
		}
	}
}

var (
	insightsCommands = []string{"dedup", "display", "fields", "filter", "limit", "parse", "pattern", "sort", "stats"}
	insightsWords    = []string{"and", "as", "asc", "by", "desc", "in", "like", "not", "or", "true", "false"}

	// insightsToken is a comment, a text, a regular expression behind like or parse, a name in backquotes, a plain name, a number with or
	// without a unit, or a sign.
	insightsToken = regexp.MustCompile("^(?:#.*|\"[^\"]*\"|'[^']*'|/(?:[^/\\\\]|\\\\.)+/|`[^`]+`|@?[A-Za-z_][\\w.@]*|[\\d.]+[smhdw]?|[-+*/%^=<>!~,()\\[\\]|])")
	insightsGroup = regexp.MustCompile(`\(\?P?<(\w+)>`)
)

// insightsFaults says what is wrong with a query.
func insightsFaults(query string, fields map[string]bool) []string {
	var faults []string
	own := make(map[string]bool)
	for line := range strings.Lines(query) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "| ")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		command, rest, _ := strings.Cut(line, " ")
		if !slices.Contains(insightsCommands, command) {
			faults = append(faults, fmt.Sprintf("no command begins with %q; they are %s", command, strings.Join(insightsCommands, ", ")))
			continue
		}
		tokens, err := insightsTokens(rest)
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		for i, token := range tokens {
			switch {
			case i > 0 && tokens[i-1] == "as":
				own[strings.Trim(token, "`")] = true
				continue
			case strings.HasPrefix(token, "/") && len(token) > 1:
				for _, group := range insightsGroup.FindAllStringSubmatch(token, -1) {
					own[group[1]] = true
				}
				continue
			case !regexp.MustCompile("^[`@A-Za-z_]").MatchString(token) || slices.Contains(insightsWords, strings.ToLower(token)):
				continue
			case i+1 < len(tokens) && tokens[i+1] == "(": // a function
				continue
			}
			if name := strings.Trim(token, "`"); !fields[name] && !own[name] {
				faults = append(faults, fmt.Sprintf("no line has a field %s", name))
			}
		}
	}
	return faults
}

func insightsTokens(text string) ([]string, error) {
	var tokens []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		token := insightsToken.FindString(text)
		if token == "" {
			return nil, fmt.Errorf("not understood: %s", text)
		}
		if token[0] == '/' && !slices.Contains([]string{"like", "parse", "@message", "message"}, last(tokens)) {
			token = "/" // a division
		}
		text = text[len(token):]
		if token[0] != '#' {
			tokens = append(tokens, token)
		}
	}
	return tokens, nil
}

func last(tokens []string) string {
	if len(tokens) == 0 {
		return ""
	}
	return tokens[len(tokens)-1]
}
