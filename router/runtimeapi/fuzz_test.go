package runtimeapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

// Whatever is asked, the answer is a valid status or comes to an end with its client, and Close still closes.
func FuzzServeHTTP(f *testing.F) {
	for _, seed := range []struct{ method, path, header, body string }{
		{"GET", nextPath, "", ""},
		{"HEAD", nextPath, "", ""},
		{"POST", at(responsePath, "x"), "streaming", "{}"},
		{"POST", at(errorPath, ""), "", "{"},
		{"POST", "/2018-06-01/runtime/init/error", "Init", `{"errorType":1,"stackTrace":{}}`},
		{"POST", extensionPath, "x", `{"events":null}`},
		{"GET", eventPath, "x", ""},
		{"POST", invokePath, "Event", "{}"},
		{"POST", invokePath + "?Qualifier=%zz", "DryRun", "null"},
		{"PUT", "//..//%2e%2e/", "\x00", "\xff"},
	} {
		f.Add(seed.method, seed.path, seed.header, seed.body)
	}
	f.Fuzz(func(t *testing.T, method, path, header, body string) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, method, "http://localhost", strings.NewReader(body))
		if err != nil {
			t.Skip("not a method")
		}
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
		for _, name := range []string{
			"Lambda-Extension-Identifier", "Lambda-Extension-Name", "Lambda-Runtime-Function-Error-Type",
			"Lambda-Runtime-Function-Response-Mode", "X-Amz-Client-Context", "X-Amz-Invocation-Type", "X-Amzn-Trace-Id",
		} {
			r.Header.Set(name, header)
		}

		rt := runtimeapi.New(nil)
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		if w.Code < 200 || w.Code > 599 {
			t.Errorf("status %d", w.Code)
		}
		rt.Close()
	})
}
