//go:build unix

package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

// The program, built as for Lambda: what it serves there, and the document that it writes instead when asked to.
func TestBootstrap(t *testing.T) {
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-trimpath", "-o", bootstrap, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	t.Run("document", func(t *testing.T) {
		written, err := exec.CommandContext(t.Context(), bootstrap, "-openapi").Output()
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile("openapi.json")
		if err != nil {
			t.Fatal(err)
		}
		if string(written) != strings.ReplaceAll(string(committed), "\r\n", "\n") {
			t.Error("what -openapi writes is not the committed document; TestOpenAPI says how to renew it")
		}
	})

	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) {
			fn := runtimeapi.New([]string{bootstrap}, runtimeapi.WithStderr(t.Output()))
			defer fn.Close()
			srv := httptest.NewServer(balancer.New(fn,
				balancer.WithMultiValueHeaders(mode == albtest.MultiValue), balancer.WithErrorLog(log.New(t.Output(), "", 0))))
			defer srv.Close()

			status, body := ask(t, srv.Client(), "POST", srv.URL+"/orders", asJSON, `{"customer": "c-1", "items": [{"sku": "AB-1", "quantity": 2, "cents": 995}]}`)
			if status != http.StatusCreated {
				t.Fatalf("%d %s", status, body)
			}
			location := srv.URL + "/orders/" + decode[Order](t, body).ID
			const receipt = "\x89PNG\r\n\x1a\n\x00\xff"
			for _, tt := range []struct {
				name, method, target, mediaType, body string
				status                                int
				want                                  string
			}{
				{"upload", "PUT", location + "/receipt", "image/png", receipt, http.StatusNoContent, ""},
				{"download", "GET", location + "/receipt", "", "", http.StatusOK, receipt},
				{"faults", "POST", srv.URL + "/orders", asJSON, `{"customer": "c-1", "items": []}`, http.StatusUnprocessableEntity,
					`{"title":"Unprocessable Entity","status":422,"detail":"The request has one fault.",` +
						`"errors":[{"detail":"must have at least 1 item","pointer":"/items"}]}`},
			} {
				status, body := ask(t, srv.Client(), tt.method, tt.target, tt.mediaType, tt.body)
				if status != tt.status || body != tt.want {
					t.Errorf("%s: %d %s", tt.name, status, body)
				}
			}
		})
	}
}

func ask(t *testing.T, client *http.Client, method, url, mediaType, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(content)
}
