# Short names for what one types all day. `make` alone lists them. The gate is .ci/run; this file only points there.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
LINT := go tool -modfile=tools.mod golangci-lint
# The package and time of `make fuzz` and `make bench`: make bench PKG=./internal/core/trace
PKG ?= ./...
FUZZTIME ?= 30s

.PHONY: help build test lint fmt race bench fuzz generate ci nightly

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## one static binary in dist/
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o dist/rollcall ./cmd/rollcall

test: ## all tests, as a newcomer runs them
	go test $(PKG)

lint: ## the rules of .golangci.yml
	$(LINT) run $(PKG)

fmt: ## format every file
	$(LINT) fmt $(PKG)

race: ## all tests under the race detector, in random order
	CGO_ENABLED=1 go test -race -count=1 -shuffle=on $(PKG)

bench: ## benchmarks beside the code; bench/ has the big ones
	go test -run '^$$' -bench . -benchmem $(PKG)

fuzz: ## every fuzz target for FUZZTIME
	FUZZTIME=$(FUZZTIME) .ci/run fuzz

generate: ## write generated pages anew
	go generate ./...
	go test ./internal/core/cause -update
	go test ./internal/core/plan -run Fresh -update
	go test ./internal/core/expr -run Fresh -update
	go test ./cmd/rollcall -run Pages -update

ci: ## the gate
	.ci/run

nightly: ## the long runs
	.ci/nightly
