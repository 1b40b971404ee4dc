package openapi_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/binding/openapi"
)

func TestUI(t *testing.T) {
	rec := httptest.NewRecorder()
	openapi.UI("https://docs.example.com/openapi.json?a=1&b=\"").ServeHTTP(rec, httptest.NewRequest("GET", "/docs", nil))
	page, policy := rec.Body.String(), rec.Header().Get("Content-Security-Policy")
	if rec.Code != 200 || rec.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	if want := `data-document="https://docs.example.com/openapi.json?a=1&amp;b=&#34;"`; !strings.Contains(page, want) {
		t.Errorf("no %s in\n%s", want, page)
	}
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "connect-src 'self' https://docs.example.com;") {
		t.Errorf("policy %s", policy)
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy lets unknown code run: %s", policy)
	}

	// Everything from elsewhere has a version and a hash, and the policy allows it.
	loaded := regexp.MustCompile(`<(?:script src|link rel="stylesheet" href)="([^"]*)"([^>]*)>`).FindAllStringSubmatch(page, -1)
	if len(loaded) != 2 {
		t.Fatalf("%d files are loaded, want a script and a style", len(loaded))
	}
	for _, file := range loaded {
		if !regexp.MustCompile(`^https://[^"]*@\d+\.\d+\.\d+/`).MatchString(file[1]) || !strings.Contains(policy, "-src "+file[1]) {
			t.Errorf("%s is not pinned or not in the policy %s", file[1], policy)
		}
		if !regexp.MustCompile(`integrity="sha384-[A-Za-z0-9+/]{64}" crossorigin="anonymous"`).MatchString(file[2]) {
			t.Errorf("%s is loaded without a hash:%s", file[1], file[2])
		}
	}

	// The script in the page is the one that the policy allows: CSP level 3 section 8.4.
	inline := regexp.MustCompile(`<script>([^<]*)</script>`).FindStringSubmatch(page)
	if inline == nil {
		t.Fatal("no script in the page")
	}
	sum := sha256.Sum256([]byte(inline[1]))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
		t.Errorf("no %s in the policy %s", want, policy)
	}
}

func TestUIMethods(t *testing.T) {
	for method, status := range map[string]int{"HEAD": 200, "POST": 405} {
		rec := httptest.NewRecorder()
		openapi.UI("/openapi.json").ServeHTTP(rec, httptest.NewRequest(method, "/docs", nil))
		if rec.Code != status || method == "HEAD" && rec.Body.Len() != 0 {
			t.Errorf("%s: %d %s", method, rec.Code, rec.Body)
		}
	}
}
