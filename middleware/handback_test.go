package middleware_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/albatross-go/albatross/middleware"
)

// Middleware that gives the handler a copy of the request hands back the pattern, also after a panic, and the form, whose files
// net/http removes.
func TestRequestIsHandedBack(t *testing.T) {
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("upload", "large")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(make([]byte, 1<<20))
	_ = m.Close()
	for name, mw := range map[string]func(http.Handler) http.Handler{
		"BodyLimit":   middleware.BodyLimit(2 << 20),
		"StripPrefix": middleware.StripPrefix("/api"),
	} {
		t.Run(name, func(t *testing.T) {
			patterns, files := make(chan string, 2), make(chan string, 1)
			mux := http.NewServeMux()
			handler := func(_ http.ResponseWriter, r *http.Request) {
				if r.ContentLength < 1<<20 {
					panic(http.ErrAbortHandler)
				}
				if err := r.ParseMultipartForm(1); err != nil {
					t.Error(err)
				}
				f, err := r.MultipartForm.File["upload"][0].Open()
				if err != nil {
					t.Error(err)
					return
				}
				defer f.Close()
				if onDisk, ok := f.(*os.File); ok {
					files <- onDisk.Name()
				}
			}
			mux.HandleFunc("POST /api/files", handler)
			mux.HandleFunc("POST /files", handler)
			seen := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer func() { patterns <- r.Pattern }()
				mw(mux).ServeHTTP(w, r)
			})
			srv := httptest.NewServer(seen)
			defer srv.Close()
			post := func(body []byte) error {
				res, err := srv.Client().Post(srv.URL+"/api/files", m.FormDataContentType(), bytes.NewReader(body))
				if err == nil {
					err = res.Body.Close()
				}
				return err
			}
			err := post([]byte("x"))
			if pattern := <-patterns; err == nil || pattern == "" {
				t.Errorf("after a panic the pattern is %q (%v)", pattern, err)
			}
			if err := post(form.Bytes()); err != nil {
				t.Fatal(err)
			}
			srv.Close() // when all is done with the request
			file := <-files
			if _, err = os.Stat(file); err == nil {
				t.Errorf("%s is left behind", file)
			}
		})
	}
}
