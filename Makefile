# Everything a person runs. Assumes only python3 (>= 3.11, with venv) and make.
PYTHON ?= python3
BIN := .venv/bin
ENV_FILE ?= .env
# Tests wait more than they compute: two for each core, in their order, for the slow ones are not the last.
WORKERS ?= $(shell echo $$(( 2 * $$(getconf _NPROCESSORS_ONLN) )))

.DEFAULT_GOAL := help
.PHONY: help install run start test coverage check check-style check-types check-articles compiled \
  format bench lighthouse screenshots lock clean

help:  ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed and '$(PYTHON)' is not it."; \
	  echo "Remedy: install it (Debian: apt-get install python3 python3-venv), or name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing."; \
	  echo "Remedy: install it (Debian: apt-get install python3-venv), then run make again."; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing (first time: about a minute) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m kb model install || echo "Until then the search goes by words alone. Everything else works."
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	@echo "Installing the tools for checks and tests ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# What tests of the pages use beside the browser. Without npm they skip and say so; under CI=true they fail.
tests/browser/node_modules/.package-lock.json: tests/browser/package-lock.json
	@if command -v npm >/dev/null; then cd tests/browser && npm ci --silent; \
	  else echo "npm is missing, so some tests of the pages will be skipped (Debian: apt-get install npm)"; fi

tests/lighthouse/node_modules/.package-lock.json: tests/lighthouse/package-lock.json
	@echo "Installing Lighthouse (first time: half a minute) ..."
	@cd tests/lighthouse && npm ci --silent

install: .venv/.installed  ## make .venv and install what running needs

run: .venv/.installed  ## try everything on this machine, without Slack or Zoom
	@$(BIN)/python -m bot.sandbox run

start: .venv/.installed  ## run with the real settings in .env
	@test -f $(ENV_FILE) || { echo "$(ENV_FILE) is missing. Remedy: cp .env.example .env, fill it in, then make start."; exit 1; }
	@$(BIN)/dotenv -f $(ENV_FILE) run -- $(BIN)/python -m integration db upgrade
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho -e $(ENV_FILE) start -p 8000

test: .venv/.installed-dev tests/browser/node_modules/.package-lock.json  ## run every test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(COVERAGE) $(TESTS)

coverage: COVERAGE := --cov --cov-report=term
coverage: test  ## the same, and which lines and branches no test reaches

check: check-style check-types check-articles  ## lint, format, types, knowledge base

check-style: .venv/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

check-types: .venv/.installed-dev
	@$(BIN)/mypy

check-articles: .venv/.installed-dev
	@$(BIN)/python -m kb check

# Python keeps what it has compiled: once here, beside the checks, and not in each of the tests' workers at once.
compiled: .venv/.installed-dev
	@$(BIN)/python -m pytest --collect-only -qq >/dev/null || true  # what is wrong with them, the tests say

format: .venv/.installed-dev  ## format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.installed-dev  ## measure speed and quality
	@$(BIN)/python -m tests.bench

lighthouse: .venv/.installed-dev tests/lighthouse/node_modules/.package-lock.json  ## what Google's auditor says of our pages
	@$(BIN)/python -m tests.lighthouse

screenshots: .venv/.installed-dev  ## draw every page into screenshots/
	@$(BIN)/python -m tests.screenshots

lock: .venv/.installed-dev  ## renew both lock files from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header \
	  pyproject.toml --group build -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header \
	  pyproject.toml --group build --group dev -o requirements-dev.lock

clean:  ## remove what these targets made
	rm -rf .venv .sandbox .env.sandbox screenshots tests/*/node_modules .coverage* .hypothesis .mypy_cache .ruff_cache .pytest_cache *.egg-info
