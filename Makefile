# `make demo` and `make test` do their whole set-up: a machine with Python 3.11 to 3.13 and make is enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
PROBLEM ?= var/problem

.PHONY: help venv demo bench bench-load test check lint types imports pytest lock format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed (python3 was not found or is another version)." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

venv: $(STAMP) ## set up .venv from the lock

demo: $(STAMP) ## seed, plan the year, serve it on localhost
	$(BIN)/catering demo

test: $(STAMP) ## everything CI checks: all of it, even after a first failure
	@failed=; for check in lint types imports pytest; do \
		$(MAKE) --no-print-directory $$check || failed="$$failed $$check"; \
	done; test -z "$$failed" || { echo "Failed:$$failed" >&2; exit 1; }

bench: $(STAMP) ## gap and time of the year, whole model, scaling, a country, one common menu: tables in benchmarks/ (PROBLEM=folder)
	$(BIN)/python -m benchmarks.whole_model $(PROBLEM) --seconds 60
	$(BIN)/python -m benchmarks.scaling $(PROBLEM)
	$(BIN)/python -m benchmarks.country $(PROBLEM)
	$(BIN)/python -m benchmarks.common_menu $(PROBLEM)
	for seed in 0 1 2; do $(BIN)/python -m benchmarks.plan_year $(PROBLEM) --seed $$seed || exit 1; done

bench-load: $(STAMP) ## mixed traffic, a rush of orders, processes and database killed: on this machine only, tables in docs/reliability.md
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.kills --kills 0
	$(BIN)/python -m benchmarks.kills --kitchens 12 --processes 3

check: lint types imports ## the checks without the tests

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

pytest: $(STAMP)
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile

format: $(STAMP) ## rewrite the sources in the house layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## pin the newest versions that satisfy pyproject.toml, for every supported Python
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	build/lock/bin/uv pip compile --universal --python-version 3.11 --upgrade \
		--extra postgres --extra scale --extra dev \
		--no-emit-index-url --no-emit-find-links --no-header --output-file requirements.lock pyproject.toml

clean: ## remove what make made (the database under var/ stays)
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
