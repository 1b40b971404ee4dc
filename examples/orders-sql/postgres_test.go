package main

import (
	"database/sql"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/albatross-go/albatross/router/albtest"
)

// inBothModes runs a test against new services on PostgreSQL, whose connections are known by the application's name.
func inBothModes(t *testing.T, settings []string, test func(t *testing.T, s service, admin admin, application string)) {
	t.Helper()
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) {
			databaseURL := schema(t)
			u, err := url.Parse(databaseURL)
			if err != nil {
				t.Fatal(err)
			}
			s := newService(newPostgres(t, with(t, databaseURL, settings...)), mode)
			test(t, s, newAdmin(t), u.Query().Get("application_name"))
		})
	}
}

// backends returns the server's processes for an application that are in a state, and wait for something, as "active Lock"; % is any.
func (a admin) backends(t *testing.T, application, state string) []int {
	t.Helper()
	rows, err := a.Query(t.Context(),
		"SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND concat_ws(' ', state, wait_event_type) LIKE $2 ORDER BY pid", application, state)
	if err != nil {
		t.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	return pids
}

// terminate ends an application's connections at the server.
func (a admin) terminate(t *testing.T, application string) {
	t.Helper()
	a.exec(t, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1", application)
}

// One connection serves one request after the other. When it has died meanwhile, as while an environment is frozen, the next request
// gets another and knows nothing of it, also where it changes something.
func TestConnectionsBetweenInvocations(t *testing.T) {
	inBothModes(t, nil, func(t *testing.T, s service, admin admin, application string) {
		target := at(s.create(t, "c-1"))
		first := admin.backends(t, application, "%")
		for range 5 {
			res, body := s.do(t, "GET", target, "")
			wantStatus(t, res, body, http.StatusOK)
		}
		if again := admin.backends(t, application, "%"); len(first) != 1 || !slices.Equal(first, again) {
			t.Errorf("connections %v, then %v; want the same one", first, again)
		}
		for _, method := range []string{"GET", "PUT", "GET", "PUT"} {
			dead := admin.backends(t, application, "%")
			admin.terminate(t, application)
			change := map[string]string{"PUT": paid}[method]
			res, body := s.do(t, method, target, change, "If-Match", "*")
			wantStatus(t, res, body, http.StatusOK)
			if now := admin.backends(t, application, "%"); len(now) != 1 || slices.Equal(now, dead) {
				t.Errorf("connections %v, then %v", dead, now)
			}
		}
	})
}

// A NAT gateway that has forgotten a connection says nothing. Only a ping that gets no answer tells.
func TestSilentConnection(t *testing.T) {
	databaseURL := schema(t)
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	gateway := newGateway(t, u.Host)
	defer gateway.Close()
	u.Host = gateway.Addr().String()
	s := newService(newPostgres(t, u.String()), albtest.MultiValue)
	target := at(s.create(t, "c-1"))
	var conns [2]*sql.Conn // as many as there are when the one before died, too
	for i := range conns {
		if conns[i], err = s.store.db.Conn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, conn := range conns {
		conn.Close()
	}
	gateway.forget()
	res, body := s.doWithin(t, 3*time.Second, "PUT", target, paid, "If-Match", "*") // what Lambda gives a function by default
	wantStatus(t, res, body, http.StatusOK)
	if o := decode[Order](t, body); o.Version != 2 {
		t.Errorf("version %d, want one change", o.Version)
	}
}

// A database that is down is no reason for the function to fail, and none to wait until the end.
func TestUnavailable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := listener.Addr().String()
	listener.Close()
	s := newService(newPostgres(t, "postgres://me:secret@"+nobody+"/orders?sslmode=disable"), albtest.SingleValue)
	res, body := s.do(t, "GET", "/orders", "")
	wantProblem(t, res, body, http.StatusServiceUnavailable, "The database cannot be reached. Try again.")
	if res.Header.Get("Retry-After") != "1" {
		t.Errorf("%v", res.Header)
	}
}

// Where -migrate has been at work, the function needs no right to change the schema.
func TestLeastPrivilege(t *testing.T) {
	databaseURL := schema(t)
	if err := newPostgres(t, databaseURL).migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	role, admin := u.Query().Get("search_path"), newAdmin(t)
	admin.exec(t, "CREATE ROLE "+role+" LOGIN")
	t.Cleanup(func() { admin.exec(t, "DROP OWNED BY "+role); admin.exec(t, "DROP ROLE "+role) })
	admin.exec(t, strings.ReplaceAll("GRANT USAGE ON SCHEMA x TO x; GRANT SELECT ON x.migrations TO x; GRANT SELECT, INSERT ON x.orders TO x", "x", role))
	u.User = url.User(role)
	newService(newPostgres(t, u.String()), albtest.MultiValue).create(t, "c-1")
}

func TestMalformedURL(t *testing.T) {
	if _, err := open("postgres://me:secret@[::1/orders"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
