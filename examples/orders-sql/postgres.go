package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

func openPostgres(databaseURL string) (*store, error) {
	pool, err := newPool(databaseURL)
	if err != nil {
		return nil, err
	}
	return onPostgres(pool), nil
}

func onPostgres(pool *pgxpool.Pool) *store {
	return &store{db: stdlib.OpenDBFromPool(pool), kind: postgresKind, advisoryLock: true}
}

// newPool makes a pool that lasts as long as the environment. It connects when a connection is needed.
//
// A process that is frozen between requests does not see its connections die: the server closes them, or a NAT gateway forgets them.
// For how long it was frozen its clock may not tell. So a connection is pinged, one round trip, whenever it is taken from the pool,
// and a dead one is replaced: the request's own statement is sent once, over one that lives.
func newPool(databaseURL string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	// As a rule an environment serves one request at a time, and there may be a thousand environments. One connection would do, but a dead one
	// holds its place until it is closed, for which pgx takes up to 15 s.
	config.MaxConns = 4
	config.MaxConnIdleTime = 5 * time.Minute
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return true }
	config.PingTimeout = 300 * time.Millisecond // where packets are lost, nothing else says that a connection is dead
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	// When a statement's context ends, the server is told to cancel it, and the connection can be used again.
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: toAnswer / 2}
	}
	return pgxpool.NewWithConfig(context.Background(), config)
}

// postgresKind knows the codes of "PostgreSQL Error Codes", appendix A of its manual.
func postgresKind(err error) error {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return errUnavailable
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if pgconn.SafeToRetry(err) {
			return errUnavailable
		}
		return nil
	}
	switch code := e.Code; {
	case code == "23505": // unique_violation
		return errDuplicate
	case code == "23503": // foreign_key_violation
		return errReferenced
	case code == "22021": // character_not_in_repertoire: NUL, or bytes that are no UTF-8
		return errText
	case code == "40001", code == "40P01": // serialization_failure, deadlock_detected
		return errCollision
	case code == "57014": // query_canceled, by statement_timeout if it was not the context
		return errTooSlow
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "53"), strings.HasPrefix(code, "57P"): // connection, resources, shutdown
		return errUnavailable
	default:
		return nil
	}
}
