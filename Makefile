# Everything a developer does here. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PANVA := tests/providers/panva
PACKAGES := config accounts oidc_login userpools sdkclients fairlead

# Good secrets for checks that need production settings; thrown away with the process.
PRODUCTION = ENV_FILE=/dev/null FAIRLEAD_ENV=production APP_URL=https://login.example.org DATABASE_URL=sqlite://:memory: \
	EMAIL_URL=smtp+tls://user:password@mail.example.org:587 \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	FAIRLEAD_ENCRYPTION_KEYS="$$($(BIN)/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')"

.DEFAULT_GOAL := help
.PHONY: help run test check lint tour fmt bench test-providers test-browser test-servers test-all

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s%s\n' "$$name" "$$what"; done

run: $(STAMP) ## start Fairlead and a demo provider; PORT=8000 PROVIDER_PORT=9000, SPA=on for the example app (Ctrl-C ends all)
	@$(BIN)/python -m demo

tour: $(STAMP) ## walk the whole story against the running service, step by step
	@$(BIN)/python -m demo.tour

test: $(STAMP) ## the tests that need no server, browser or Node.js
	$(BIN)/pytest -rs -m "not providers and not browser and not servers"

test-providers: $(STAMP) $(PANVA)/node_modules/.package-lock.json ## sign-in trips at two real identity providers (Node.js)
	$(BIN)/pytest -rs -m providers

test-browser: $(STAMP) $(PANVA)/node_modules/.package-lock.json ## the pages in Chromium
	$(BIN)/pytest -rs -m browser

test-servers: $(STAMP) $(PANVA)/node_modules/.package-lock.json ## races and outages against the real server with two workers
	$(BIN)/pytest -rs -m servers

test-all: test test-providers test-browser test-servers ## all of them

check: lint test ## what has to be clean before a commit lands

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

fmt: $(STAMP) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## measure against the targets (about a minute): docs/performance.md
	@$(BIN)/python -m bench

$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Fairlead needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1 || echo missing). Name another: make run PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || { echo "Making a virtual environment in $(VENV) ..."; $(PYTHON) -m venv $(VENV) || \
		{ echo "That failed. On Debian and Ubuntu, the package python3-venv is missing."; rm -rf $(VENV); exit 1; }; }
	@echo "Installing the pinned requirements (once, and again when they change) ..."
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -r requirements-dev.txt
	@touch $(STAMP)

$(PANVA)/node_modules/.package-lock.json: $(PANVA)/package-lock.json
	@command -v npm >/dev/null || { echo "These tests need Node.js 20 or later with npm."; exit 1; }
	npm ci --prefix $(PANVA) --no-audit --no-fund
	@touch $@
