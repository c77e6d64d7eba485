# Everything a developer does here. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What running needs, and what developing needs beyond that, are installed into one environment, one after the other.
RUNNING := $(VENV)/.installed-to-run
DEVELOPING := $(VENV)/.installed
# The packages that Fairlead is measured beside have an environment of their own.
PEERS := var/peers-venv
PANVA := tests/providers/panva
PACKAGES := config accounts oidc_login userpools sdkclients fairlead

# Good secrets for checks that need production settings; thrown away with the process.
PRODUCTION = ENV_FILE=/dev/null FAIRLEAD_ENV=production APP_URL=https://login.example.org DATABASE_URL=sqlite://:memory: \
	EMAIL_URL=smtp+tls://user:password@mail.example.org:587 TRUSTED_PROXIES=1 \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	FAIRLEAD_ENCRYPTION_KEYS="$$($(BIN)/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')"

.DEFAULT_GOAL := help
.PHONY: help run tour test test-providers test-browser test-servers test-servers-beside test-smoke test-hosts test-hosts-smoke test-all fuzz mutants bulkheads soak long check lint fmt bench bench-peers bench-growth bench-report docs dist hashes messages

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s%s\n' "$$name" "$$what"; done

run: $(RUNNING) ## start Fairlead and a demo provider; PORT=8000 PROVIDER_PORT=9000, SPA=on for the example app (Ctrl-C ends all)
	@$(BIN)/python -m demo

tour: $(RUNNING) ## walk the whole story against the running service, step by step
	@$(BIN)/python -m demo.tour

test: $(DEVELOPING) ## the tests that need no server, browser or Node.js
	$(BIN)/pytest -rs -m "not providers and not browser and not servers and not hosts"

test-providers: $(DEVELOPING) $(PANVA)/node_modules/.package-lock.json ## sign-in trips at two real identity providers (Node.js)
	$(BIN)/pytest -rs -m providers

test-browser: $(DEVELOPING) $(PANVA)/node_modules/.package-lock.json ## the pages in Chromium
	$(BIN)/pytest -rs -m browser

test-servers: test-servers-beside ## races, outages, bystanders and faults against the real server with two workers
	$(BIN)/pytest -rs -m "servers and alone"

test-servers-beside: $(DEVELOPING) $(PANVA)/node_modules/.package-lock.json ## those of them that may run beside each other
	$(BIN)/pytest -rs -m "servers and not alone" --numprocesses 2 --dist loadfile

test-smoke: $(DEVELOPING) $(PANVA)/node_modules/.package-lock.json ## one sign-in at each real provider, one in Chromium
	$(BIN)/pytest -rs -m smoke

test-hosts: $(DEVELOPING) ## the built wheels in projects that are not ours, and what the pages tell a newcomer to type
	$(BIN)/pytest -rs -m hosts

test-hosts-smoke: $(DEVELOPING) ## one of those projects
	$(BIN)/pytest -rs -m hosts tests/hosts/test_tenants.py

test-all: test test-providers test-browser test-servers test-hosts ## all of them

fuzz: $(DEVELOPING) $(PANVA)/node_modules/.package-lock.json ## the tests that make up their own input, with 25 times as much of it
	FUZZ=25 $(BIN)/pytest -rs -m fuzzed

mutants: $(DEVELOPING) ## make faults on purpose, one at a time in a copy, and see a test fail for each (half an hour)
	$(BIN)/python -m tests.mutants $(MUTANTS)

bulkheads: $(DEVELOPING) ## take out each bulkhead once in a copy, and see the test of bystanders fail (PostgreSQL, Redis; a quarter of an hour)
	$(BIN)/python -m tests.bulkheads $(BULKHEADS)

SECONDS ?= 600
soak: $(DEVELOPING) ## plant every fault under a mixed load, on PostgreSQL and Redis of this machine; SECONDS=600
	@$(BIN)/python -m tests.soak $(SECONDS)

long: fuzz test-providers test-browser soak bench ## what takes too long for every change: an hour and more

check: lint test ## what has to be clean before a commit lands

lint: $(DEVELOPING)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

fmt: $(DEVELOPING) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEVELOPING) ## count and take ratios in one process, against the targets (two minutes): docs/performance.md
	@$(BIN)/python -m bench

bench-peers: $(PEERS)/.installed ## serve Fairlead beside its peers, in turns (half an hour, on an idle machine with wrk)
	@command -v wrk >/dev/null || { echo "wrk is missing: on Debian and Ubuntu, the package wrk."; exit 1; }
	@$(PEERS)/bin/python -m bench.served $(BENCH)

bench-growth: $(DEVELOPING) ## fill millions of rows into PostgreSQL, and measure what grows
	@$(BIN)/python -m bench.growth $(BENCH)

bench-report: $(DEVELOPING) ## put the last runs of all three into docs/performance.md
	@$(BIN)/python -m bench.report

docs: $(RUNNING) ## write settings.md, .env.example, error-codes.md and troubleshooting.md anew, from the tables
	@$(BIN)/python -m config.reference
	@DJANGO_SETTINGS_MODULE=django.conf.global_settings $(BIN)/python -m config.error_documents

messages: $(DEVELOPING) ## put new sentences into the catalogs of each language, name what is not translated, and compile them
	@$(BIN)/python -m distributions.catalogs

dist: $(DEVELOPING) ## build both distributions, wheel and sdist, into dist/
	@$(BIN)/python -m distributions
	$(BIN)/twine check --strict dist/fairlead*

hashes: $(DEVELOPING) ## write the SHA-256 of every file of each pinned version into the requirements files
	@$(BIN)/python -m distributions.hashes

INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --progress-bar on

$(RUNNING): requirements.txt requirements-demo.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Fairlead needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1 || echo missing). Name another: make run PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || { echo "Making a virtual environment in $(VENV) ..."; $(PYTHON) -m venv $(VENV) || \
		{ echo "That failed. On Debian and Ubuntu, the package python3-venv is missing."; rm -rf $(VENV); exit 1; }; }
	@echo "Installing what running needs (once, and again when it changes) ..."
	$(INSTALL) -r requirements-demo.txt
	@touch $@

$(DEVELOPING): requirements-dev.txt $(RUNNING)
	@echo "Installing what developing needs beyond that ..."
	$(INSTALL) -r requirements-dev.txt
	@touch $@

$(PEERS)/.installed: requirements.txt bench/peers/requirements.txt
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements.txt
	$(PEERS)/bin/python -m pip install --disable-pip-version-check --no-deps -r bench/peers/requirements.txt
	@touch $@

$(PANVA)/node_modules/.package-lock.json: $(PANVA)/package-lock.json
	@command -v npm >/dev/null || { echo "These tests need Node.js 20 or later with npm."; exit 1; }
	npm ci --prefix $(PANVA) --no-audit --no-fund
	@touch $@
