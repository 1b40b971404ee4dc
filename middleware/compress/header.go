package compress

import (
	"net/http"
	"strings"
)

// mayCompress reports whether a response with this header is compressed for a client that takes it, as far as that can be told
// without the body.
func mayCompress(status int, h http.Header) bool {
	switch {
	case status < 200, status == http.StatusNoContent, status == http.StatusResetContent, status == http.StatusPartialContent:
		return false
	case h["Trailer"] != nil: // set while the body is written, and perhaps about it
		return false
	case strings.Contains(strings.ToLower(strings.Join(h["Cache-Control"], ",")), "no-transform"):
		return false
	}
	for _, name := range [...]string{"Content-Encoding", "Content-Range", "Content-Digest", "Repr-Digest", "Digest", "Content-Md5"} {
		if h[name] != nil {
			return false
		}
	}
	types, ok := h["Content-Type"]
	return !ok || len(types) > 0 && compressible(types[0])
}

// weakenETag makes the tag say no more than it can: the same content, not the same bytes (RFC 9110 section 8.8.1).
func weakenETag(h http.Header) {
	if tag := h.Get("Etag"); strings.HasPrefix(tag, `"`) {
		h["Etag"] = []string{"W/" + tag}
	}
}

func addVary(h http.Header) {
	for _, line := range h["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.Trim(name, " \t"); name == "*" || strings.EqualFold(name, "Accept-Encoding") {
				return
			}
		}
	}
	h.Add("Vary", "Accept-Encoding")
}
