package main

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/middleware/compress"
	"github.com/albatross-go/albatross/router"
)

// newHandler serves the site. Package compress leaves ranges as they are: a part is of the file itself, whose tag is strong. What
// it compresses has a weak tag, so an If-Range with that one gets the whole again (RFC 9110 section 13.1.5).
func newHandler(s *site, l *zap.Logger) http.Handler {
	r := router.New()
	r.Use(middleware.Defaults(l)...)
	r.Use(compress.New(), middleware.CacheControl("public, max-age=300"))
	r.With(countVisits).Get("/", router.Func(s.serve))
	r.Get("/*", router.Func(s.serve))
	return r
}

// types are those of the files here. Others are left to net/http, which asks the machine it runs on for a list: there may be none, or
// one that calls a .webm audio.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".webm":  "video/webm",
	".woff2": "font/woff2",
}

// site is files that do not change while the program runs.
type site struct {
	fs.FS

	tags map[string]string // by the file's name, its ETag
}

// newSite reads every file of dir once, for its tag: an embedded file has no time of modification, by which net/http would know
// that it is the same. Middleware.ETag would hash each answer anew, and leaves alone what offers ranges.
func newSite(fsys fs.FS, dir string) (*site, error) {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, err
	}
	s := &site{sub, map[string]string{}}
	return s, fs.WalkDir(sub, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(sub, name)
		hash := sha256.Sum256(content)
		s.tags[name] = `"` + base64.RawURLEncoding.EncodeToString(hash[:16]) + `"`
		return err
	})
}

// serve serves the file at the path, and the page of a folder. What is not there is answered with the site's own page.
func (s *site) serve(w http.ResponseWriter, r *http.Request) error {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	tag, found := s.tags[name]
	switch {
	case !found:
		return s.notFound(w)
	case path.Base(r.URL.Path) == "index.html":
		http.Redirect(w, r, "./", http.StatusMovedPermanently)
	default:
		w.Header().Set("Etag", tag)
		if contentType, known := types[path.Ext(name)]; known {
			w.Header().Set("Content-Type", contentType)
		}
		http.ServeFileFS(w, r, s, name) //nolint:gosec // only a name that newSite has found gets here
	}
	return nil
}

func (s *site) notFound(w http.ResponseWriter) error {
	page, err := fs.ReadFile(s, "404.html")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", types[".html"])
	w.WriteHeader(http.StatusNotFound)
	_, err = w.Write(page)
	return err
}
