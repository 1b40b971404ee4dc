package main

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteFile is in the one folder that a function may write to. On Lambda it lasts as long as an environment: use PostgreSQL there.
func sqliteFile() string { return filepath.Join(os.TempDir(), "albatross-orders.db") }

// openSQLite opens a file, in Go alone: no C compiler is needed, nor a library in the function's zip.
func openSQLite(path string) (*store, error) {
	options := url.Values{
		"_pragma": {
			"busy_timeout(1000)", // milliseconds to wait for another writer; first of all, since the others may have to wait
			"journal_mode(WAL)",  // a reader and a writer do not wait for each other
			"foreign_keys(1)",
		},
		"_txlock":              {"immediate"}, // so transactions write one after the other from their beginning
		"_time_integer_format": {"unix_micro"},
	}
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(path)+"?"+options.Encode())
	return &store{db: db, kind: sqliteKind}, err
}

func sqliteKind(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return nil
	}
	switch code := e.Code(); {
	case code == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		return errDuplicate
	case code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return errReferenced
	case code&0xff == sqlite3.SQLITE_BUSY:
		return errUnavailable
	default:
		return nil
	}
}
