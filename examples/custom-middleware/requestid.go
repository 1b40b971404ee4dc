package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
)

const requestIDHeader = "X-Request-Id"

type requestIDKey struct{}

// requestID gives every request an id: the caller's, if it is fit for a log, else a new one. The response and the log line have it.
// It tells requests apart and proves nothing, because any client may send any id.
func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !isRequestID(id) {
			id = rand.Text()
		}
		w.Header().Set(requestIDHeader, id)
		middleware.AddFields(r.Context(), zap.String("request_id", id))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

func requestIDFromContext(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// isRequestID accepts UUIDs, ULIDs, trace ids and their like, and nothing that a log, a header or a shell could take amiss.
func isRequestID(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' && c != '.'
	})
}
