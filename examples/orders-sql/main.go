// Orders-sql keeps orders in PostgreSQL where DATABASE_URL is set, and in a file of SQLite elsewhere. It is about the database; the
// example orders has more of the API.
//
//	go run .
//	curl localhost:8080/orders --json '{"customer": "c-1", "items": [{"sku": "AB-1", "quantity": 2, "cents": 995}]}'
//	curl 'localhost:8080/orders?customer=c-1&size=5'
//	DATABASE_URL='postgres://me@localhost/orders' go run .
//	DATABASE_URL='postgres://me@localhost/orders' go run . -migrate
//
// Migrations are applied by the first request of an environment, where some are missing, or by -migrate before a deployment: then the
// function's own role needs no right to change the schema. The version before has to work with them, as long as it runs.
//
// The password need not be in DATABASE_URL. With IAM authentication it is a token, valid for 15 minutes, that
// github.com/aws/aws-sdk-go-v2/feature/rds/auth makes: set it in BeforeConnect of the pool's configuration, or read a secret of Secrets
// Manager there. The Aurora guide has it under "Connecting to your DB cluster using IAM authentication".
//
// Many environments are many connections. RDS Proxy shares them as long as sessions keep no state: the Aurora guide has it under
// "Avoiding pinning an RDS Proxy". With default_query_exec_mode=exec in DATABASE_URL, pgx prepares no statements.
package main

import (
	"context"
	"flag"
	"log"
	"os"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

func main() {
	migrateOnly := flag.Bool("migrate", false, "apply the migrations that are missing, and end")
	flag.Parse()
	s, err := open(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if *migrateOnly {
		if err := s.migrate(context.Background()); err != nil {
			log.Fatal(err)
		}
		return
	}
	router.Start(newRouter(s, middleware.NewLogger()))
}

// open connects to nothing yet: a function whose database is down still starts, and says so to each client.
func open(databaseURL string) (*store, error) {
	if databaseURL == "" {
		return openSQLite(sqliteFile())
	}
	return openPostgres(databaseURL)
}
