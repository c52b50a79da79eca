# `make run` and `make test` need Python 3.11 to 3.13 and make, nothing else.
# PYTHON names the interpreter to build the environment with; the newest that works is found.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
  && { echo $$p; break; }; done)
READY := .venv/.ready
HOME_FOLDER ?= data

.PHONY: run test test-long lint lock wheel clean help

run: $(READY)  ## ingest the samples and show what came of them
	@.venv/bin/python -m ingest --home $(HOME_FOLDER) run samples --allowed-rejections 0.3
	@.venv/bin/python -m ingest --home $(HOME_FOLDER) sql -f warehouse/queries/01_what_is_in.sql

test: lint  ## lint, type-check and test
	.venv/bin/python -m pytest -m "not long" -n auto --maxprocesses 4 --dist loadfile

test-long: $(READY)  ## the tests that take minutes
	.venv/bin/python -m pytest -m long

lint: $(READY)
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy

wheel: $(READY)  ## build the wheel into dist/
	.venv/bin/python -m hatchling build -t wheel

clean:  ## forget the environment and the data of `make run`
	rm -rf .venv data dist

help:
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 to 3.13 found; install one or set PYTHON"; exit 2; }
	@echo "setting up .venv with $(PYTHON); the first time takes a minute or two"
	@test -x .venv/bin/python || "$(PYTHON)" -m venv .venv
	@.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@.venv/bin/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)
