# make demo   shows the whole program with invented mail          make test    runs every test
# make check  lint, format, types, import contracts, the lock     make bench   prints speed and memory
# make bench ARCHIVE=PATH   what the outgoing check says of an mbox, a Maildir or a folder of mail
# Everything is installed into .venv, from requirements.lock, the first time and whenever it or pyproject.toml changes.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Tests and demo start the command hundreds of times: each would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
# Many tests wait for servers and clocks: more of them than cores.
PYTEST_ARGS ?= -n 4
BIN := .venv/bin
STAMP := .venv/installed-$(shell cat requirements.lock pyproject.toml | sha256sum | cut -c1-16)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# $(call gate,NAME,COMMAND): run it, and name it when it fails.
gate = @printf '%s\n' "--- $(1)"; $(2) || { echo "make $@: the gate \"$(1)\" failed." >&2; exit 1; }

.PHONY: help demo test check bench lock clean

help:
	@head -4 Makefile | sed 's/^# //'
	@echo "Also: make lock (renew requirements.lock), make clean."

demo: $(STAMP)
	@$(BIN)/python -m tests.demo

test: $(STAMP)
	$(call gate,tests,$(BIN)/python -m pytest $(PYTEST_ARGS))

check: $(STAMP)
	$(call gate,lint,$(BIN)/ruff check .)
	$(call gate,format,$(BIN)/ruff format --check .)
	$(call gate,types,$(BIN)/mypy)
	$(call gate,import contracts,PYTHONPATH=. $(BIN)/lint-imports)
	$(call gate,lock without addresses,! grep -n "://" requirements.lock)
	@echo "make check: all gates passed."

bench: $(STAMP)
	@$(BIN)/python -m tests.bench $(if $(ARCHIVE),--archive "$(ARCHIVE)")

lock: $(STAMP)
	$(BIN)/uv pip compile pyproject.toml --group dev --extra postgres --generate-hashes --universal --no-header -q -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "conduct needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "This Python cannot make environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up, once, in about a minute: everything goes into .venv, nothing else is touched."
	@echo "  1/3 a fresh environment with $$($(PYTHON) --version)"
	@rm -rf .venv; $(PYTHON) -m venv .venv
	@echo "  2/3 $$(grep -c '^[a-zA-Z]' requirements.lock) packages, each held to its hash in requirements.lock"
	@$(PIP) install --progress-bar off --require-hashes --no-deps --only-binary :all: -r requirements.lock \
	  | awk '/^Collecting/ { printf "      %s\n", $$2; fflush() }'
	@echo "  3/3 conduct itself, as .venv/bin/conduct"
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q ingest policies records templates
	@touch $@
