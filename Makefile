# Short names for what a day's work needs. The checks themselves are in .ci/run.
FUZZTIME ?= 10s
PORT     ?= 8080

.DEFAULT_GOAL := help

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: test
test: ## run the tests
	go test ./...

.PHONY: race
race: ## run the tests under the race detector
	bash .ci/run race

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (10s)
	FUZZTIME=$(FUZZTIME) bash .ci/run fuzz

.PHONY: lint
lint: ## run the linters; the first time builds them, which takes minutes
	bash .ci/run lint

.PHONY: fmt
fmt: ## format the code and sort its imports
	go tool -modfile=.ci/tools/go.mod golangci-lint fmt

.PHONY: vet
vet: ## run go vet, for the other systems and build tags too
	bash .ci/run vet

.PHONY: cover
cover: ## measure coverage and write coverage.html
	go test -coverpkg=./... -coverprofile=coverage.out ./...
	go tool cover -html=coverage.out -o coverage.html
	@go tool cover -func=coverage.out | tail -n 1

.PHONY: run
run: ## serve examples/whatismyip through the local load balancer on PORT (8080)
	PORT=$(PORT) go run ./examples/whatismyip

.PHONY: tidy-check
tidy-check: ## fail if a go.mod is not tidy
	bash .ci/run tidy

.PHONY: ci
ci: ## run every check, as on GitHub
	bash .ci/run

.PHONY: bench
bench: ## compare with the Go peers, in about two minutes
	cd benchmarks && go run ./cmd/table

.PHONY: bench-readme
bench-readme: ## write that comparison into benchmarks/README.md
	cd benchmarks && go run ./cmd/table -readme README.md

.PHONY: bench-compare
bench-compare: ## compare with the figures of the last release
	fresh=$$(mktemp) && trap 'rm -f '$$fresh EXIT && cd benchmarks && \
	go run ./cmd/table -results $$fresh >/dev/null && \
	go tool benchstat "$$(ls results/*.txt | sort -V | tail -n 1)" $$fresh

.PHONY: soak
soak: ## serve a million invocations and watch memory and goroutines
	cd benchmarks && SOAK=1000000 go test -run '^TestSoak$$' -v .

.PHONY: coldstart
coldstart: ## measure size, start and memory of whole processes
	cd benchmarks && go run ./coldstart
