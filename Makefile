# Everything that the project does, in one place; `make help` lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# Processor of the deployed functions: arm64 (cheaper on Lambda) or x86_64.
ARCH ?= arm64
HOST_ARCH := $(shell uname -m | sed s/aarch64/arm64/)
LAMBDA_ARCH = $(if $(filter arm64,$(ARCH)),--arm64,--x86-64)
# The hash of `local-dev-key`, the local stack's default key.
LOCAL_KEY := ApiKeyHashes=local:ed5a18fb8f807f996d649e379d3f35f39c543a91bdbf88c492f2ebd10d4df86c
# The solvers that bench-run-sheet compares ours with; PEERS=0 leaves them out.
PEERS ?= 1
PEERS_VENV := .venv-peers
FUNCTIONS := trace-ingest trace-forward actions schedule-publish schedule-watch
PACKAGES := $(addprefix -p ,$(FUNCTIONS))
# What `make deploy` deploys, and further parameters of template.yaml as Name=value.
STACK ?= punctual
PARAMETERS ?=
export SAM_CLI_TELEMETRY := 0

.PHONY: help
help: ## What there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

.PHONY: up
up: ## The stack on this machine: the same as cargo run --release
	cargo run --release

.PHONY: test
test: services ## All tests; installs redis-server, mariadb-server and faketime where they are missing
	cargo test --workspace

.PHONY: chaos
chaos: services ## A minute of faults and kills under load, and 300 random runs of killed wakes; loses nothing
	cargo build --release -p local
	PUNCTUAL_CHAOS_SECONDS=60 cargo test --release -p local --test chaos -- --nocapture
	PUNCTUAL_CHAOS_RUNS=300 cargo test --release -p schedule-publish --examples --test lesson_chaos -- --nocapture

.PHONY: lint
lint: ## Formatting and warnings
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

.PHONY: bench
bench: ## Measures the release build; writes bench/report.md
	cargo build --release -p local -p bench
	cargo run --release -p bench

.PHONY: bench-publish
bench-publish: ## Measures publishing on a MariaDB of its own; writes bench/publish.md
	cargo run --release -p bench-publish

# Ten minutes. Without the other solvers where they cannot be installed.
.PHONY: bench-run-sheet
bench-run-sheet: ## Measures run sheets against the legacy and other solvers; writes bench/run-sheet.md; PEERS=0
	@[ "$(PEERS)" = 0 ] || $(MAKE) $(PEERS_VENV)/ready || echo 'the other solvers cannot be installed: left out'
	peers=; if [ "$(PEERS)" != 0 ] && [ -e $(PEERS_VENV)/ready ]; then peers='--peers $(PEERS_VENV)/bin/python'; fi; \
	cargo run --release -p bench-run-sheet -- $$peers

# Half an hour, most of it builds; needs the whole history.
.PHONY: bench-lean-init
bench-lean-init: ## Measures what each step towards a lean init phase bought; writes bench/lean-init.md
	python3 bench/lean-init/lean_init.py

# Twenty minutes; as root the functions get but their share of a processor.
.PHONY: bench-first-response
bench-first-response: services ## Measures first answers with and without warm-up; writes bench/first-response.md
	cargo build --release $(PACKAGES) -p empty
	cargo run --release -p bench-first-response

.PHONY: build
build: $(VENV)/ready ## The functions for Lambda, once, into target/lambda
	PATH="$(CURDIR)/$(BIN):$$PATH" cargo lambda build --release $(LAMBDA_ARCH) --lambda-dir target/lambda $(PACKAGES)

# The template is named, or SAM would take what an earlier `sam build` left.
.PHONY: deploy
deploy: has-keys build rds-ca ## Deploys to the account and region of the current AWS credentials
	$(BIN)/sam deploy --template-file template.yaml --stack-name $(STACK) \
	  --parameter-overrides "Architecture=$(ARCH)" "ApiKeyHashes=$$API_KEY_HASHES" $(PARAMETERS)

# RDS instances have certificates of authorities that are Amazon's own; the functions look for these.
.PHONY: rds-ca
rds-ca: build
	for function in schedule-publish schedule-watch; do \
	  curl -fsS -o target/lambda/$$function/rds-ca.pem https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem; done

.PHONY: has-keys
has-keys:
	@test -n "$${API_KEY_HASHES:-}" || { echo 'Set API_KEY_HASHES=key-id:sha256hex, for example:'; \
	  echo '  KEY=$$(openssl rand -hex 24); export API_KEY_HASHES="phones:$$(printf %s "$$KEY" | openssl sha256 -r | cut -d" " -f1)"'; exit 1; }

# Built for this machine, so that no container has to emulate the other kind.
FUNCTION ?= TraceIngest
EVENT ?= events/trace-ingest-health.json
.PHONY: sam-local
sam-local: ARCH := $(HOST_ARCH)
sam-local: build ## One function in SAM's container: FUNCTION=TraceIngest EVENT=events/…; needs Docker
	$(BIN)/sam local invoke $(FUNCTION) --template template.yaml --event $(EVENT) \
	  --parameter-overrides "Architecture=$(ARCH)" "$(LOCAL_KEY)"

.PHONY: conformance
conformance: export AWS_DEFAULT_REGION ?= eu-west-1
conformance: $(VENV)/ready ## The template's rules; the queries; the functions under AWS's own emulator; the services against moto
	$(BIN)/sam validate --lint
	$(BIN)/cfn-lint template.yaml
	$(BIN)/python conformance/template_rules.py
	$(BIN)/python conformance/template_rules.py --self-test
	$(BIN)/python conformance/queries.py
	$(MAKE) build ARCH=$(HOST_ARCH)
	$(BIN)/python conformance/emulator.py
	$(BIN)/python conformance/clients.py

# Where there is no Chromium it is installed; playwright brings its own where no package has it.
.PHONY: browser
browser: $(VENV)/ready chromium ## The console in a headless Chromium, against a running stack
	cargo build -p local
	$(BIN)/python conformance/browser.py "$${CARGO_TARGET_DIR:-target}/debug/punctual"

.PHONY: pictures
pictures: $(VENV)/ready chromium ## The same on the release build; writes the README's pictures of it
	cargo build --release -p local
	$(BIN)/python conformance/browser.py "$${CARGO_TARGET_DIR:-target}/release/punctual" --pictures docs

.PHONY: chromium
chromium: $(VENV)/ready
	@for name in "$${CHROMIUM:-}" chromium chromium-browser google-chrome; do ! command -v "$$name" >/dev/null || exit 0; done; \
	echo 'installing what the browser test needs: chromium'; SUDO=$$([ $$(id -u) = 0 ] || echo sudo); \
	if command -v apt-get >/dev/null && $$SUDO apt-get update -qq && apt-cache show chromium 2>/dev/null | grep -q '^Filename:.*chromium_.*deb1[0-9]'; \
	then DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -qq -y chromium; else $(BIN)/playwright install --with-deps chromium; fi

.PHONY: test-mysql
test-mysql: services ## The lesson tests on MySQL 8.0, of Ubuntu's packages in a folder; as root, on Debian or Ubuntu
	conformance/mysql.sh

# Real ones for the tests, which start their own on free ports; faketime gives wrong clocks.
.PHONY: services
services:
	@missing=; command -v redis-server >/dev/null || missing+=' redis'; \
	{ command -v mariadbd || command -v /usr/sbin/mariadbd; } >/dev/null || missing+=' mariadb'; \
	[ "$$(uname)" != Linux ] || command -v faketime >/dev/null || missing+=' faketime'; \
	[ -n "$$missing" ] || exit 0; \
	echo "installing what the tests need:$$missing"; \
	if command -v brew >/dev/null; then brew install $$missing; \
	elif command -v apt-get >/dev/null; then \
	  SUDO=$$([ $$(id -u) = 0 ] || echo sudo); $$SUDO apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -qq -y $$(echo $$missing | sed 's/redis/redis-server/; s/mariadb/mariadb-server/'); \
	else echo 'install redis-server (or Valkey, as redis-server), mariadb-server and faketime by hand'; exit 1; fi

# A minute and 1 GB: SAM with AWS's emulator, cargo-lambda with its linker, moto, DuckDB, playwright.
$(VENV)/ready: conformance/requirements.txt
	@python3 -c 'import ensurepip' || { echo 'this Python makes no virtual environments: install python3-venv'; exit 1; }
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r conformance/requirements.txt
	touch $@

# 390 MB, most of it OR-Tools and what PyVRP draws with.
$(PEERS_VENV)/ready: bench/run-sheet/requirements.txt
	python3 -m venv $(PEERS_VENV)
	$(PEERS_VENV)/bin/pip install --quiet --disable-pip-version-check -r bench/run-sheet/requirements.txt
	touch $@
