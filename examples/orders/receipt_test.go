package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestReceipt(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		at := "/orders/" + s.create(t, "c-1").ID + "/receipt"
		res, body := s.do(t, "GET", at, "")
		wantProblem(t, res, body, http.StatusNotFound, "The order has no receipt.")

		var every strings.Builder // all bytes, none of which may change on the way
		for i := range maxReceipt {
			every.WriteByte(byte(i ^ i>>8))
		}
		for _, scan := range []struct{ mediaType, content string }{
			{"image/png", "\x89PNG\r\n\x1a\n\x00\xff"},
			{"application/pdf", "%PDF-1.7 only ASCII"},
			{"image/jpeg", every.String()}, // the largest there may be
		} {
			res, body = s.do(t, "PUT", at, scan.content, "Content-Type", scan.mediaType)
			wantStatus(t, res, body, http.StatusNoContent)
			res, body = s.do(t, "GET", at, "")
			wantStatus(t, res, "a receipt", http.StatusOK)
			if body != scan.content || res.Header.Get("Content-Type") != scan.mediaType {
				t.Errorf("%s: %d bytes as %s, want the %d that were sent", scan.mediaType, len(body), res.Header.Get("Content-Type"), len(scan.content))
			}
			tag := res.Header.Get("ETag")
			res, body = s.do(t, "GET", at, "", "If-None-Match", tag)
			if wantStatus(t, res, body, http.StatusNotModified); tag == "" {
				t.Error("no ETag")
			}
		}
	})
}

func TestRefusedReceipts(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		at := "/orders/" + s.create(t, "c-1").ID + "/receipt"
		const types = "The body must be image/png or image/jpeg or application/pdf."
		tests := []struct {
			name, target, mediaType, content string
			status                           int
			detail                           string
		}{
			{"another type", at, "image/svg+xml", "<svg/>", http.StatusUnsupportedMediaType, types},
			{"no type", at, "", "x", http.StatusUnsupportedMediaType, types},
			{"no content", at, "image/png", "", http.StatusBadRequest, "The request has no body."},
			{"no such order", "/orders/x/receipt", "image/png", "x", http.StatusNotFound, noOrder},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				var header []string
				if tt.mediaType != "" {
					header = []string{"Content-Type", tt.mediaType}
				}
				res, body := s.do(t, "PUT", tt.target, tt.content, header...)
				wantProblem(t, res, body, tt.status, tt.detail)
			})
		}
		res, body := s.do(t, "PUT", at, strings.Repeat("x", maxReceipt+1), "Content-Type", "image/png")
		wantStatus(t, res, body, http.StatusRequestEntityTooLarge)
		res, body = s.do(t, "GET", at, "")
		wantProblem(t, res, body, http.StatusNotFound, "The order has no receipt.")
	})
}
