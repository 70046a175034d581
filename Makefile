# Everything a contributor runs. `make` alone lists the targets; `make test` needs
# nothing but Go. The tools have a modfile of their own, so that go.mod stays small.

GO       ?= go
PYTHON   ?= python3
FUZZTIME ?= 30s
COUNT    ?= 6

TOOL      := $(GO) tool -modfile=.ci/tools.mod
VENV      := .venv/bin/python
NBVENV    := .venv-notebooks/bin/python
SIMULATE  := $(CURDIR)/bin/simulate
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
THREADED  := $(patsubst %,./%/...,$(wildcard events/natslog workqueue cmd))
ROOMS     := $(patsubst %/.,%,$(wildcard */.))
MEASURED  := $(patsubst %,./%/...,$(wildcard benchmarks))

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## build bin/simulate
	$(GO) build -o bin/ ./cmd/simulate

.PHONY: test
test: ## run all tests
	$(GO) test ./...

.PHONY: race
race: ## run the tests of the packages with goroutines under the race detector
	$(if $(THREADED),$(GO) test -race $(THREADED),@echo "no package with goroutines yet")

.PHONY: check
check: format vet fix tidy lint generated cross arrow decoder captures readme browser gallery-fresh readers notebooks-check ## everything else that must hold before a merge

.PHONY: format
format: ## are all files formatted? (make format-write mends them)
	@echo "gofumpt -l"; files=$$($(TOOL) gofumpt -l $(ROOMS)) || exit 1; \
	if [ -n "$$files" ]; then echo "not formatted (make format-write mends them):"; echo "$$files"; exit 1; fi

.PHONY: format-write
format-write: ## format all files
	$(TOOL) gofumpt -w $(ROOMS)

.PHONY: vet
vet: ## go vet
	$(GO) vet ./...

.PHONY: fix
fix: ## does the code use what the language offers? (go fix ./... mends it)
	$(GO) fix -diff ./...

.PHONY: tidy
tidy: ## are go.mod and go.sum tidy? (go mod tidy mends them)
	$(GO) mod tidy -diff

.PHONY: lint
lint: ## staticcheck and golangci-lint (built once: two minutes)
	$(TOOL) staticcheck ./...
	$(TOOL) golangci-lint run ./...

# The state of the work tree is compared, so that it works on uncommitted changes too.
TREE_STATE = { git diff --no-ext-diff; git ls-files -o --exclude-standard | sort | while read -r f; do cksum "$$f"; done; } | cksum

.PHONY: generated
generated: ## are generated files fresh? (go generate ./... mends them)
	@echo "$(GO) generate ./..."; before=$$($(TREE_STATE)); $(GO) generate ./... || exit 1; after=$$($(TREE_STATE)); \
	if [ "$$before" != "$$after" ]; then echo "generated files were stale; they are fresh now:"; git status --short; exit 1; fi

.PHONY: cross
cross: ## compile for all platforms, without cgo
	@for p in $(PLATFORMS); do \
		echo "compile for $$p"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -o /dev/null ./cmd/simulate || exit 1; \
	done

.PHONY: arrow
arrow: .venv/ok ## do the files of a run keep their contract, seen from Python?
	$(VENV) .ci/check_arrow.py --selftest
	@rm -rf .scratch/run && mkdir -p .scratch
	$(GO) run ./cmd/simulate --quiet scenario active-passive --out .scratch/run
	$(VENV) .ci/check_arrow.py .scratch/run
	@rm -rf .scratch/seeds
	$(GO) run ./cmd/simulate --quiet scenario active-passive --seeds 20 --out .scratch/seeds
	$(VENV) .ci/check_arrow.py .scratch/seeds
	@rm -rf .scratch/sweep
	$(GO) run ./cmd/simulate --quiet sweep active-passive -m hold=30s,60s 'nvas[nva2].roles=[vpn],[firewall, vpn]' --seeds 5 --out .scratch/sweep
	$(VENV) .ci/check_arrow.py .scratch/sweep

.PHONY: readers
readers: .venv-notebooks/ok build ## do pyarrow, polars, pandas and DuckDB read the same in all files?
	$(NBVENV) .ci/check_readers.py --selftest
	@rm -rf .scratch/readers && mkdir -p .scratch/readers
	cd .scratch/readers && $(SIMULATE) --quiet scenario active-passive > /dev/null
	cd .scratch/readers && $(SIMULATE) --quiet scenario active-passive --seeds 20 > /dev/null
	cd .scratch/readers && $(SIMULATE) --quiet sweep hold-timer --seeds 5 > /dev/null
	$(NBVENV) .ci/check_readers.py .scratch/readers/runs/active-passive/1 .scratch/readers/runs/active-passive/seeds-20 .scratch/readers/runs/hold-timer/sweep
	cd .scratch/readers && $(CURDIR)/$(NBVENV) $(CURDIR)/.ci/check_readers.py --page $(CURDIR)/docs/how-to/read-the-files.md

.PHONY: notebooks
notebooks: .venv-notebooks/ok build ## run the simulations of the notebooks, and write these anew
	SIMULATE=$(SIMULATE) $(NBVENV) .ci/notebooks.py

.PHONY: notebooks-check
notebooks-check: .venv-notebooks/ok build ## are the notebooks fresh? (make notebooks mends them)
	$(NBVENV) .ci/notebooks.py --selftest
	SIMULATE=$(SIMULATE) $(NBVENV) .ci/notebooks.py --check

.PHONY: decoder
decoder: .venv/ok ## does another BGP implementation read in our messages what we do?
	@mkdir -p .scratch
	SIMULATE_MESSAGES=$(CURDIR)/.scratch/messages.jsonl $(GO) test -count=1 -run TestOtherDecoder ./sim/simtest
	$(VENV) .ci/check_bgp.py .scratch/messages.jsonl
	$(VENV) .ci/check_bgp.py --foreign | cmp - sim/simtest/testdata/exabgp.jsonl

# What each tool reads is compared with the tables of the run: of a death, of ExpressRoute with BFD, of plain routers
# that withdraw and explore, of many runs; and TCP of random networks with all kinds of faults.
.PHONY: captures
captures: .venv/ok build ## do Wireshark and bgpdump read in an export what the run was?
	$(VENV) .ci/check_captures.py --selftest
	@rm -rf .scratch/captures && mkdir -p .scratch/captures/random
	bin/simulate --quiet scenario active-passive --out .scratch/captures/passive >/dev/null
	bin/simulate --quiet scenario expressroute-active-active --out .scratch/captures/expressroute >/dev/null
	bin/simulate --quiet scenario mrai-clique --out .scratch/captures/routers >/dev/null
	bin/simulate --quiet sweep active-passive -m hold=30s,60s --seeds 3 --out .scratch/captures/sweep >/dev/null
	$(VENV) .ci/check_captures.py bin/simulate $(addprefix .scratch/captures/,passive expressroute routers sweep)
	SIMULATE_CAPTURES=$(CURDIR)/.scratch/captures/random $(GO) test -count=1 -run 'TestPcapng$$' ./capture
	$(VENV) .ci/check_captures.py --packets .scratch/captures/random/azure-*.pcapng

.PHONY: readme
readme: ## run the commands of the README and the docs
	$(PYTHON) .ci/readme.py --selftest
	$(PYTHON) .ci/readme.py

# What needs a program that is not Go's or Python's says which package of Debian has it.
NEEDS = command -v $(1) >/dev/null || { echo "make $@ needs $(1): apt-get install $(2)"; exit 1; }

.PHONY: browser
browser: .venv/ok ## do reports look and behave as they must, in Chromium? (pictures: .scratch/report)
	@$(call NEEDS,chromium,chromium)
	$(VENV) .ci/check_report.py --selftest
	$(GO) build -o .scratch/bin/ ./cmd/simulate
	$(VENV) .ci/check_report.py .scratch/bin/simulate

.PHONY: browser-large
browser-large: .venv/ok ## how long does the report of a run of a million lines take to open?
	@$(call NEEDS,chromium,chromium)
	$(GO) build -o .scratch/bin/ ./cmd/simulate
	$(VENV) .ci/check_report.py .scratch/bin/simulate --large

.PHONY: gallery
gallery: ## make docs/gallery, a page for each scenario of the library
	$(GO) build -o .scratch/bin/ ./cmd/simulate
	$(PYTHON) .ci/gallery.py .scratch/bin/simulate

.PHONY: gallery-fresh
gallery-fresh: ## is docs/gallery what make gallery would make?
	$(PYTHON) .ci/gallery.py --selftest
	$(GO) build -o .scratch/bin/ ./cmd/simulate
	$(PYTHON) .ci/gallery.py .scratch/bin/simulate --check

.venv-notebooks/ok: notebooks/requirements.txt notebooks/constraints.txt
	$(PYTHON) -m venv .venv-notebooks
	$(NBVENV) -m pip install --quiet --disable-pip-version-check -r notebooks/requirements.txt
	@touch $@

.venv/ok: .ci/requirements.txt
	$(PYTHON) -m venv .venv
	$(VENV) -m pip install --quiet --disable-pip-version-check -r .ci/requirements.txt
	@touch $@

# Tests rewrite what they compare with where the environment says SIMULATE_UPDATE=1; some have a flag for it.
UPDATING = $(sort $(dir $(shell grep -rl --include='*_test.go' 'flag.Bool."update"' ./*/)))

.PHONY: golden
golden: ## rewrite the golden files of all tests; read the diff before you commit it
	$(if $(UPDATING),$(GO) test -count=1 $(UPDATING) -update)
	SIMULATE_UPDATE=1 $(GO) test -count=1 ./...
	@git status --short

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (30s)
	@grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do \
		sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file" | while read -r name; do \
			echo "$$file: $$name"; \
			$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" </dev/null || exit 1; \
		done || exit 1; \
	done

.PHONY: bench
bench: ## run the benchmarks: time and allocations
	$(if $(MEASURED),$(GO) test -run '^$$' -bench . -benchmem $(MEASURED),@echo "no benchmarks yet")

.PHONY: bench-record
bench-record: ## run each benchmark COUNT (6) times and keep the results in benchmarks/results/
	@mkdir -p benchmarks/results; \
	out=benchmarks/results/$$(date -u +%Y-%m-%d)-$$(git rev-parse --short HEAD).txt; \
	$(GO) test -run '^$$' -bench . -benchmem -count $(COUNT) -timeout 2h $(MEASURED) > $$out.tmp || { cat $$out.tmp; rm -f $$out.tmp; exit 1; }; \
	mv $$out.tmp $$out; $(TOOL) benchstat $$out; echo "recorded in $$out"

.PHONY: bench-compare
bench-compare: ## compare two recorded results: make bench-compare OLD=file NEW=file
	$(TOOL) benchstat $(OLD) $(NEW)

.PHONY: vuln
vuln: ## known vulnerabilities in what we link (needs the network; no gate)
	-$(TOOL) govulncheck ./...

.PHONY: clean
clean: ## remove what was built here, the Python environment too; runs/ stays
	rm -rf bin .scratch .venv .venv-notebooks notebooks/runs
