package main

import (
	"context"
	"net"
	"net/http"
	"strings"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/problem"
)

type tenantKey struct{}

// tenant finds the tenant in a host of the form {tenant}.domain and answers 421 where there is none.
//
// Host is the client's word, unless each listener rule that reaches the function has a host condition. It says which tenant is
// meant, and not that the caller may see that tenant's data: check that against the login.
func tenant(domain string) func(http.Handler) http.Handler {
	domain = strings.ToLower(domain)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name := tenantOf(r.Host, domain)
			if name == "" {
				problem.Write(w, r, problem.New(http.StatusMisdirectedRequest, "This host names no tenant."))
				return
			}
			middleware.AddFields(r.Context(), zap.String("tenant", name))
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tenantKey{}, name)))
		})
	}
}

func tenantFromContext(ctx context.Context) string {
	name, _ := ctx.Value(tenantKey{}).(string)
	return name
}

// tenantOf returns the one label before the domain, or "". Both are in lower case. A load balancer that listens on another port than
// 80 and 443 adds it to a host without one.
func tenantOf(host, domain string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	name, ok := strings.CutSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), "."+domain)
	if !ok || name == "" || len(name) > 63 || strings.Trim(name, "-abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return ""
	}
	if name[0] == '-' || name[len(name)-1] == '-' {
		return ""
	}
	return name
}
