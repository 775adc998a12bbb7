# Everything a developer types. Each target sets up what it needs by itself.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 3
# Real calls in real time: with tests that compute beside them on two cores, their sound would stutter.
CALLS := tests/e2e/test_phone_calls.py tests/ivr/test_ari_calls.py tests/ivr/test_asterisk_server.py
# It trains a Rasa on both cores.
RASA := tests/nlu/test_rasa.py
# In CI what failed runs once more, one after the other (docs/decisions/0023).
AGAIN := $(if $(CI),$(BIN)/pytest --last-failed --last-failed-no-failures none --exitfirst,false)

.PHONY: help demo test check coverage rasa bench format lock clean

help: ## Show this list.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# One that was left half made (no python3-venv) is made anew.
define VIRTUAL_ENVIRONMENT
@test -x $(BIN)/pip || { \
  $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
    echo "Gooya needs a Python from 3.11 to 3.13 and $(PYTHON) is none: name one, as make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }; \
  $(PYTHON) -m venv --clear $(VENV); }
endef

$(VENV)/demo: requirements.lock pyproject.toml
	$(VIRTUAL_ENVIRONMENT)
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml
	$(VIRTUAL_ENVIRONMENT)
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@ $(VENV)/demo

demo: $(VENV)/demo ## Start everything embedded and print the simulators' address.
	@tools/install-speech
	$(BIN)/gooya demo

test: $(VENV)/dev ## Run all tests (installs the real servers they need, as root).
	tools/install-servers
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(addprefix --ignore=,$(CALLS) $(RASA)) || $(AGAIN)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(CALLS) || $(AGAIN)

check: $(VENV)/dev ## Format, lint, layers, types, and `gooya check`.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/gooya check

coverage: $(VENV)/dev ## Play every service on every channel to its end and write docs/coverage.md.
	@tools/install-speech
	$(BIN)/python -m tests.conversations.services

rasa: $(VENV)/dev ## Train the real Rasa on nlu_data and ask it (needs a Python 3.10).
	tools/install-rasa
	$(BIN)/pytest $(RASA)

bench: $(VENV)/dev ## Measure: turns per second beside a bare handler, the state stores, the telephone, the pictures, free text.
	tools/install-servers
	$(BIN)/python -m bench.turns
	$(BIN)/python -m bench.turns --flow menu
	$(BIN)/python -m bench.store --seconds 5
	$(BIN)/python -m bench.calls
	$(BIN)/python -m bench.pictures
	$(BIN)/python -m bench.nlu

format: $(VENV)/dev ## Format and mend what the linter can.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Pin the dependencies anew (needs uv).
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header pyproject.toml --group dev -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header pyproject.toml -c requirements-dev.lock -o requirements.lock

clean: ## Remove the virtual environment, caches and the demo's data.
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache var
