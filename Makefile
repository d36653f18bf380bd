# Everything here works on a fresh machine with python3 (3.11 or newer), pip, make and git.
# Nothing is installed outside .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.9
# uv does not read pip's setting of a mirror; hand it on.
INDEX := $(if $(PIP_INDEX_URL),UV_DEFAULT_INDEX=$(PIP_INDEX_URL))
DEMO := demo

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format run lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/.installed  ## create .venv and install the locked dependencies

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/uv || { \
		$(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv==$(UV); }
	@VIRTUAL_ENV=$(VENV) $(INDEX) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(VENV) $(INDEX) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## replay a recorded week of news through the whole program
	@$(BIN)/diembao demo --home $(DEMO)

lint: setup  ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

test: lint  ## style, types and the whole suite
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

run: setup  ## start the service (collection, digests) until Ctrl-C
	@$(BIN)/diembao run

format: setup  ## rewrite the code in the project's style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: setup  ## renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --extra postgres --extra train --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --upgrade --quiet -o requirements.lock

clean:  ## remove .venv, caches and the demo's files
	@rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis
