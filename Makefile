# Everything below makes what it needs; only python3 (3.11 or newer) and make must be there.
.DEFAULT_GOAL := help
.PHONY: help demo test lint types check test-versions stress bench man clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DOCS := build/docs-venv
FIND_PYTHON := for p in python3 python3.13 python3.12 python3.11; do \
  if $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done
# each target has a number of its own
ROWS ?=
RUNS ?= 3
BENCH ?=
SEEDS ?= 20
FIRST ?= 0

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(READY): pyproject.toml requirements-dev.txt
	@PYTHON=$$($(FIND_PYTHON)); \
	if [ -z "$$PYTHON" ]; then \
	  echo "executor needs Python 3.11 or newer with its venv module (Debian: apt install python3-venv)" >&2; \
	  exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$PYTHON (once) ..."; \
	$$PYTHON -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(READY)  ## move a table of 100,000 generated chunks into 100 partitions and look at it
	@$(BIN)/executor demo --rows $(or $(ROWS),100000)

test: $(READY)  ## run all tests on an embedded PostgreSQL
	@$(BIN)/python -m pytest -n $(if $(EXECUTOR_TEST_DSN),0,3) --dist worksteal

lint: $(READY)  ## check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)  ## check types
	@$(BIN)/mypy

check: lint types test  ## lint, types and tests

$(DOCS)/.ready: requirements-docs.txt
	@$$($(FIND_PYTHON)) -m venv --clear $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.PHONY: docs
docs: $(DOCS)/.ready  ## build the documentation as a site in build/site, and follow every link of it
	@$(DOCS)/bin/python -m docs.site

test-versions: $(READY)  ## run the database tests on every PostgreSQL that can be had
	@$(BIN)/python -m tests.helpers.versions

stress: $(READY)  ## writers and faults beside the migration: SEEDS=200 FIRST=0
	@$(BIN)/python -m tests.stress --seeds $(SEEDS) --first $(FIRST)

bench: $(READY)  ## measure the migration beside others: bench ROWS=1000000 RUNS=3 BENCH='--large'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@$(BIN)/python benchmarks/bench.py $(if $(ROWS),--rows $(ROWS)) --runs $(RUNS) $(BENCH)

man: $(READY)  ## make a man page of each command, in build/man
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'click-man>=0.6'
	@$(BIN)/click-man executor --target build/man

clean:  ## remove what was made here
	@rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
