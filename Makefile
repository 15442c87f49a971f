# Every recipe runs on the Node of .nvmrc, which with-node.sh fetches where the machine has another one.
NODE := infra/local/with-node.sh
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# JEST_FLAGS="--selectProjects store" tests one project.
JEST_FLAGS ?=
JEST_WORKERS ?= 2
JEST := node --experimental-vm-modules --disable-warning=ExperimentalWarning \
  --disable-warning=TimeoutNegativeWarning node_modules/.bin/jest --maxWorkers=$(JEST_WORKERS) $(JEST_FLAGS)
SERVERS := node --disable-warning=TimeoutNegativeWarning infra/local/servers/servers.ts

.DEFAULT_GOAL := help
.PHONY: help setup proto build models dev demo test lint graph bench eval-nlu clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: node_modules/.package-lock.json ## Install the packages, when package-lock.json has changed

node_modules/.package-lock.json: package-lock.json
	$(NODE) npm ci --no-audit --no-fund
	@touch $@

proto: setup ## Generate libs/contracts from proto/
	cd proto && ../$(NODE) buf generate

build: setup ## Compile every library and service
	$(NODE) tsc -b

models: build ## Fetch and verify the models: the default ones, or MODELS="bge-small-zh-v1.5 …", or MODELS=all
	$(NODE) frontdesk models pull $(MODELS)

demo: build ## Start the demo shop: every service in one process, nothing else needed
	$(NODE) node infra/demo/demo.ts

dev: build ## The demo, started again on every change
	$(NODE) sh -c 'tsc -b --watch --preserveWatchOutput & trap "kill $$!" EXIT; node --watch infra/demo/demo.ts'

test: build ## Run all tests, on real servers and models which it sets up where it can
	$(NODE) node infra/local/models.ts
	$(NODE) $(SERVERS) run -- $(JEST)

lint: build ## Check code, format, types of tests and tools, and contracts
	$(NODE) eslint --max-warnings=0 .
	$(NODE) prettier --check --log-level=warn .
	$(NODE) tsc -p tsconfig.test.json
	$(NODE) tsc -p infra
	$(NODE) buf lint proto
	$(NODE) buf breaking proto --against '.git#branch=main,subdir=proto'
	$(NODE) commitlint --last

graph: build ## Draw services, calls and topics
	@$(NODE) node services/all/dist/graph.js

bench: build ## Measure CPU time per operation against a baseline
	$(NODE) node infra/load/bench.ts

eval-nlu: build ## Measure what nlu understands: EVAL_DATASETS=<folder> adds public sets, EVAL_ONLY=shop,jddc picks some
	$(NODE) node --disable-warning=ExperimentalWarning services/nlu/test/nlu.eval.ts

clean: ## Delete what was built and the data of demo and tests, not the packages
	-$(NODE) $(SERVERS) down --wipe
	rm -rf libs/*/dist services/*/dist coverage .nx .demo
