# Two commands from a bare clone: `make demo` and `make test`. `make` alone lists the rest.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m
DATA ?= $(CURDIR)/var

# Options for every run of the suite, such as PYTEST="-n 2 --durations=20".
PYTEST ?= -n 2
SUITE := $(RUN) pytest $(PYTEST)
BROWSER := tests/browser

.DEFAULT_GOAL := help
.PHONY: help setup setup-base setup-semantic setup-machine demo run-worker shell lint types contracts templates check \
	test test-sqlite test-postgres test-browser coverage faults mutants bench lock requirements clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------------------------------ set up, run
setup: ## virtual environment and front-end packages from the locks, with the tools that check and test
	@$(PYTHON) tools/set_up.py dev

setup-base: # what running Lantern needs, and no more
	@$(PYTHON) tools/set_up.py base

setup-semantic: # the same, and the extra that lets search know meanings
	@$(PYTHON) tools/set_up.py semantic

setup-machine: setup # the programs that neither PyPI nor npm brings
	@$(RUN) tools.machine chromium postgresql bubblewrap ffmpeg

demo run-worker shell: export LANTERN_DATA := $(or $(LANTERN_DATA),$(DATA))

demo: setup-base ## a demo district; prints its address (PORT=..., LANTERN_DATA=...); Ctrl-C ends it
	@exec $(BIN)/lantern demo

run-worker: setup-base ## only the worker that carries out jobs
	@exec $(BIN)/lantern worker

shell: setup-base ## a Python prompt with Lantern loaded
	@DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-lantern.config.settings} $(RUN) django shell

# ------------------------------------------------------------------------------------------------------------------ check
lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

templates: setup
	$(BIN)/djlint --lint --quiet src/lantern

check: lint types contracts templates ## the quick part: lint, types, import contracts, templates, quick tests on SQLite
	$(SUITE) -m "not browser and not slow"

test: setup-machine lint types contracts templates ## everything, on SQLite and on PostgreSQL, and in the browser
	$(MAKE) test-sqlite
	$(MAKE) test-postgres
	$(MAKE) test-browser

test-sqlite: setup ## the suite on SQLite
	env -u DATABASE_URL $(SUITE) -m "not browser"

test-postgres: setup ## the suite on a private PostgreSQL
	$(RUN) tools.postgres run -- $(SUITE) -m "not browser"

test-browser: setup ## the browser tests
	env -u DATABASE_URL $(RUN) pytest -m browser $(BROWSER)

coverage: setup ## which lines no test runs: all of engine and policy must be, and 90 % of the whole
	env -u DATABASE_URL $(SUITE) -q -m "not browser" --cov --cov-report=
	$(RUN) coverage report --fail-under=90
	$(RUN) coverage report --fail-under=100 --include='src/lantern/engine/*,src/lantern/domain/*/policy.py'

requirements: setup ## every requirement line with the tests that prove it
	@$(RUN) tools.requirements

faults: setup ## kill web and worker under load, fill the disk, crash PostgreSQL, and count what is left (docs/developer/trust.md)
	$(RUN) tools.faults --rounds 10
	$(RUN) tools.faults --on postgresql --rounds 10
	LANTERN_ALL_FAULTS=yes $(RUN) tools.postgres run -- $(SUITE) tests/architecture/test_faults.py
	env -u DATABASE_URL $(RUN) tools.job_faults
	$(RUN) tools.postgres run -- $(RUN) tools.job_faults
	env -u DATABASE_URL $(RUN) tools.mail_faults
	$(RUN) tools.postgres run -- $(RUN) tools.mail_faults

mutants: setup ## one small mistake at a time in policy, consent and release: does a test notice? (GROUP=consent for one)
	$(RUN) tools.mutants $(GROUP)

bench: setup ## measure, and keep the figures in var/bench.json and docs/developer/benchmarks.md
	env -u DATABASE_URL $(RUN) tools.bench
	$(RUN) tools.postgres run --durable -- $(RUN) tools.bench

# ------------------------------------------------------------------------------------------------------------------- keep
COMPILE = $(BIN)/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	--python-version 3.11

lock: setup ## the locks anew from requirements/*.in and package.json (UPGRADE=1: newest versions)
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) -c requirements/base.txt requirements/base.in requirements/semantic.in -o requirements/semantic.txt
	$(COMPILE) -c requirements/semantic.txt requirements/dev.in -o requirements/dev.txt
	npm install --package-lock-only --ignore-scripts
	$(RUN) pytest -q tests/architecture/test_locks.py

clean: ## remove what `make` made, but no data (var/)
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .set-up.lock
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
