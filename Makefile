# Two commands on a fresh machine with Python >= 3.11, make and git: `make run` and `make test`.
# Each does its own set-up: a virtual environment in .venv with the pinned packages of requirements.lock.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
OF_TEXTS = $(if $(TEXTS),--texts $(TEXTS))

.DEFAULT_GOAL := help
.PHONY: help run test check ui bench lock clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Planledger needs Python 3.11 or newer; name it with make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing pinned packages into .venv (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

run: $(READY) ## The whole pipeline on the bundled sample corpus
	@$(BIN)/planledger run

test: $(READY) ## Every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY) ## Style, types, import direction, Dagster definitions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/dg check defs

ui: $(READY) ## The Dagster UI on 127.0.0.1
	@$(BIN)/planledger ui

bench: $(READY) ## Benchmarks beside peers; BENCH=folder of the public benchmark files, TEXTS=documents to measure speed on
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.lock
	@for run in "cleaning.py $(BENCH) $(OF_TEXTS)" "extraction.py $(BENCH) $(OF_TEXTS)"; do \
		echo "== $$run"; $(BIN)/python benchmarks/$$run || exit 1; done

lock: ## Pin the newest packages that fit pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links \
		--universal --python-version 3.11 --custom-compile-command "make lock" --quiet -o requirements.lock
	uv pip compile --group bench -c requirements.lock --generate-hashes --no-emit-index-url --no-emit-find-links \
		--universal --python-version 3.11 --custom-compile-command "make lock" --quiet -o requirements-bench.lock

clean: ## Remove the data folder
	rm -rf data
