package inspector

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
)

//go:embed page
var files embed.FS

// mediaTypes are fixed, because those of the operating system may be wrong for scripts.
var mediaTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// page serves the files of the page.
func page() http.Handler {
	sub, err := fs.Sub(files, "page")
	if err != nil {
		panic("inspector: " + err.Error() + "; the name is a constant, mend it here")
	}
	server := http.FileServerFS(sub)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path
		if name == "/" {
			name = "/index.html"
		}
		media, ok := mediaTypes[path.Ext(name)]
		if !ok {
			fail(w, r, http.StatusNotFound, "the inspector has no such page; it is at /")
			return
		}
		w.Header().Set("Content-Type", media)
		server.ServeHTTP(w, r)
	})
}
