//go:build unix

package main

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

// isProgram tells this binary to be the program and no test of it: one less to build.
const isProgram = "ORDERS_SQL_MAIN=true"

func TestMain(m *testing.M) {
	if slices.Contains(os.Environ(), isProgram) {
		main()
		return
	}
	m.Run()
}

// The program as Lambda runs it: -migrate prepares the database, then requests are served, between which connections die.
func TestBootstrap(t *testing.T) {
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			environ := []string{"DATABASE_URL=", "TMPDIR=" + t.TempDir(), isProgram}
			between := func() {}
			if database == "postgres" {
				databaseURL := schema(t)
				environ[0] += databaseURL
				admin := newAdmin(t)
				between = func() {
					admin.terminate(t, databaseURL[strings.LastIndex(databaseURL, "=")+1:])
				}
			}
			for range 2 { // the second time there is nothing to do
				migrate := exec.CommandContext(t.Context(), os.Args[0], "-migrate")
				migrate.Env = append(os.Environ(), environ...)
				if out, err := migrate.CombinedOutput(); err != nil || len(out) > 0 {
					t.Fatalf("%v: %s", err, out)
				}
			}
			fn := runtimeapi.New([]string{os.Args[0]}, runtimeapi.WithEnv(environ...), runtimeapi.WithStderr(t.Output()))
			defer fn.Close()
			b := balancer.New(fn, balancer.WithMultiValueHeaders(true))
			for _, tt := range []struct {
				method, target, body, want string
				status                     int
			}{
				{"POST", "/orders", withNote, `"cents":100000000001,`, 201},
				{"POST", "/orders", withNote, "The customer has an order of that reference.", 409},
				{"GET", "/orders.csv?status=open", "", ",100000000001\n", 200},
			} {
				rec := httptest.NewRecorder()
				b.ServeHTTP(rec, request(tt.method, tt.target, tt.body))
				if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.want) {
					t.Errorf("%s %s: %d %s", tt.method, tt.target, rec.Code, rec.Body)
				}
				between()
			}
		})
	}
}
