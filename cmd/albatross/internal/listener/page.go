package listener

import (
	"net/http"
	"strconv"
)

// writePage answers as an ALB does by itself: a page that says no more than the status.
func writePage(w http.ResponseWriter, status int) {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	if status == http.StatusServiceUnavailable {
		title = "503 Service Temporarily Unavailable"
	}
	write(w, status, "text/html", "<html>\r\n<head><title>"+title+"</title></head>\r\n"+
		"<body>\r\n<center><h1>"+title+"</h1></center>\r\n</body>\r\n</html>\r\n")
}

func write(w http.ResponseWriter, status int, contentType, body string) {
	h := w.Header()
	h.Set("Server", "awselb/2.0")
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		body = ""
		h.Del("Content-Type")
	} else {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	w.Write([]byte(body))
}
