# Kontor. `make demo` and `make test` each set everything up and run; the others are for developers.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
POSTGRES_PORT ?= 54331
POSTGRES_DIR ?= $(shell [ "$$(id -u)" = 0 ] && echo /var/lib/postgresql/kontor-test-$(POSTGRES_PORT) || echo $(CURDIR)/var/postgres)
POSTGRES_URL := postgresql://kontor:kontor@127.0.0.1:$(POSTGRES_PORT)/kontor
# What a Python has compiled, the next one need not compile again: hundreds of them start during the tests.
export PYTHONDONTWRITEBYTECODE :=
# processes for the tests of one part; 0 is the one that gathers them
WORKERS ?= 2
CORE := src/kontor/engine src/kontor/codes src/kontor/programmes src/kontor/cli
PYTEST := $(BIN)/pytest -q -p no:cacheprovider

.PHONY: help demo test check lint types unit test-core test-sqlite test-postgres test-browser bench bench-match lock codes messages screens clean setup-site setup-dev

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup-site:
	@scripts/setup.sh site $(VENV)
setup-dev:
	@scripts/setup.sh dev $(VENV)

demo: setup-site ## set everything up, load the sample, serve at http://localhost:8000
	@$(BIN)/kontor demo $(DEMO)

# Two cores are best used by two parts at once, each of which gathers its tests in one process; the longest come
# first, and what a part has to say is printed when it has ended. Browsers wait for no busy machine: they come alone.
test: setup-dev ## set everything up, run every check and test
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target WORKERS=0 \
	    test-postgres test-sqlite test-core types lint
	@$(MAKE) --no-print-directory test-browser

check: setup-dev lint types unit ## fast checks before a commit, under a minute

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache

types:
	@$(BIN)/mypy --no-error-summary

unit:
	@$(PYTEST) -n 2 src/kontor/engine src/kontor/codes src/kontor/programmes src/kontor/cli src/kontor/base tests/architecture -m "not slow and not browser"

test-core: # engine, codes, programmes and command line where Django is not installed
	@scripts/setup.sh core $(VENV)-core
	@$(VENV)-core/bin/uv pip install -q --python $(VENV)-core/bin/python --require-hashes -r requirements/core-test.lock
	@$(VENV)-core/bin/python -m pytest -q -n $(WORKERS) -c requirements/core-pytest.ini --rootdir=. --noconftest -p no:cacheprovider $(CORE)

# what test-core has run already, in the place where it must work alone, is not run again beside the site
test-sqlite:
	@$(PYTEST) -n $(WORKERS) $(addprefix --ignore=,$(CORE) tests/browser) -m "not on_postgres"

# what never asks the database says the same on both; journeys ask what each feature's tests ask here already
test-postgres:
	@scripts/postgres.sh start $(POSTGRES_DIR) $(POSTGRES_PORT)
	@KONTOR_DATABASE=$(POSTGRES_URL) $(PYTEST) -n $(WORKERS) --only-stored src/kontor/base src/kontor/features src/kontor/web; \
	 status=$$?; scripts/postgres.sh stop $(POSTGRES_DIR) $(POSTGRES_PORT); exit $$status

test-browser:
	@$(PYTEST) -n $(WORKERS) --dist loadfile tests/browser

bench: ## benchmarks beside their peers; prints ratios
	@scripts/setup.sh bench $(VENV)
	@scripts/postgres.sh start $(POSTGRES_DIR) $(POSTGRES_PORT)
	@for name in directory importing; do PGPASSWORD=kontor psql -q -h 127.0.0.1 -p $(POSTGRES_PORT) -U kontor postgres \
	    -c "DROP DATABASE IF EXISTS $$name" -c "CREATE DATABASE $$name"; done
	@KONTOR_BENCH_POSTGRES=postgresql://kontor:kontor@127.0.0.1:$(POSTGRES_PORT) $(BIN)/python -m benchmarks $(BENCH); \
	 status=$$?; scripts/postgres.sh stop $(POSTGRES_DIR) $(POSTGRES_PORT); exit $$status

bench-match: ## partner prediction on ../shared/data beside every method a user could pick instead
	@scripts/setup.sh bench $(VENV)
	@$(BIN)/python -m benchmarks partners

lock: ## write the lock files anew
	@scripts/lock.sh $(BIN)/uv

codes: ## extract code lists, lexicon and outlines anew
	@scripts/codes.sh

messages: setup-dev ## gather the interface texts into the catalogues
	@scripts/messages.sh

clean: ## remove the virtual environments and local data
	rm -rf $(VENV) $(VENV)-core var .mypy_cache .ruff_cache .pytest_cache
