package main

import (
	"net/http"
	"strconv"
	"time"
)

const year = 365 * 24 * 60 * 60

// countVisits counts a browser's visits in one cookie, and keeps the day of the first in another. In single-value mode a header has
// one value, and two cookies arrive only because package alb sends them under two spellings of Set-Cookie, which AWS does not
// promise: turn multi-value headers on.
func countVisits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits, since := 0, time.Now().UTC().Format(time.DateOnly)
		if c, err := r.Cookie("visits"); err == nil {
			if n, err := strconv.ParseUint(c.Value, 10, 30); err == nil { // the browser's to write: what is no count is none
				visits = int(n)
			}
		}
		if c, err := r.Cookie("since"); err == nil {
			if day, err := time.Parse(time.DateOnly, c.Value); err == nil {
				since = day.Format(time.DateOnly)
			}
		}
		for name, value := range map[string]string{"visits": strconv.Itoa(visits + 1), "since": since} {
			//nolint:gosec // no secrets: the page's script reads them, and a laptop has no https
			http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: year, SameSite: http.SameSiteLaxMode})
		}
		w.Header().Set("Cache-Control", "private, no-cache") // the browser asks each time, and so is counted
		next.ServeHTTP(w, r)
	})
}
