# make solve      set up .venv and solve SCENARIO (scenarios/portsmouth.yaml)
# make test       set up what the tests need, then lint, type-check and test (CI=true: the slow tests too)
# make help       the other targets

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

SCENARIO ?= scenarios/portsmouth.yaml
WORKERS ?= 2
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev
LOWEST_READY := $(LOWEST)/.ready

# -qq: pip names every index of the machine it runs on otherwise. --no-build-isolation: the build backend is in the
# lock files, so that nothing is installed without a hash.
PIP_FLAGS := -qq --disable-pip-version-check --no-input
LOCKED := $(PIP_FLAGS) --require-hashes
CHECKOUT := $(PIP_FLAGS) --no-deps --no-build-isolation --editable .

# $(call new_venv,folder,pythons to try,Python version below which and from which it is refused)
define new_venv
	if ! $(1)/bin/python -c '$(call version_test,$(3))' 2>/dev/null; then \
	    python=; \
	    for each in $(2); do \
	        if command -v "$$each" >/dev/null && "$$each" -c '$(call version_test,$(3))' 2>/dev/null; then \
	            python=$$each; break; \
	        fi; \
	    done; \
	    if [ -z "$$python" ]; then \
	        echo "gigasite needs $(4), and none of these is one: $(strip $(2))." >&2; \
	        echo "Install it, or name it: make PYTHON=/path/to/python3.12 ..." >&2; \
	        exit 1; \
	    fi; \
	    echo "Creating $(1) with $$("$$python" --version)"; \
	    "$$python" -m venv --clear $(1) || { \
	        echo "Python could not create $(1). On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	fi
endef
version_test = import sys; sys.exit(not ($(1)))

NEWEST_PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11
NEWEST_TEST := sys.version_info >= (3, 11)
# The oldest versions have no wheels for Python 3.13.
LOWEST_PYTHONS := $(PYTHON) python3.11 python3.12 python3
LOWEST_TEST := (3, 11) <= sys.version_info < (3, 13)

.PHONY: help
help:
	@echo "make solve [SCENARIO=scenarios/portsmouth.yaml]   set up .venv and solve one scenario"
	@echo "make test            lint, types, layers and tests; CI=true runs the slow tests too"
	@echo "make test-all        the same with the slow tests"
	@echo "make test-lowest     the tests with the oldest versions pyproject.toml allows (Python 3.11 or 3.12)"
	@echo "make lint            ruff, mypy and import-linter only"
	@echo "make bench           the benchmarks"
	@echo "make docs            the documentation, in build/docs/index.html"
	@echo "make inputs-readme   write inputs/README.md anew from the tables"
	@echo "make schema          write scenarios/scenario.schema.json anew from the code"
	@echo "make lock            resolve the three lock files anew"
	@echo "make clean           remove environments, caches and builds; results stay"

.PHONY: solve
solve: $(RUN_READY)
	@$(BIN)/gigasite solve $(SCENARIO)

.PHONY: setup setup-dev
setup: $(RUN_READY)
setup-dev: $(DEV_READY)

$(RUN_READY): requirements.lock pyproject.toml
	@$(call new_venv,$(VENV),$(NEWEST_PYTHONS),$(NEWEST_TEST),Python 3.11 or newer)
	@echo "Installing requirements.lock into $(VENV) (once, and again when it changes)"
	@$(BIN)/python -m pip install $(LOCKED) -r requirements.lock
	@$(BIN)/python -m pip install $(CHECKOUT)
	@touch $@

# The development lock holds every version of the run-time lock, so it makes both ready.
$(DEV_READY): requirements-dev.lock pyproject.toml
	@$(call new_venv,$(VENV),$(NEWEST_PYTHONS),$(NEWEST_TEST),Python 3.11 or newer)
	@echo "Installing requirements-dev.lock into $(VENV) (once, and again when it changes)"
	@$(BIN)/python -m pip install $(LOCKED) -r requirements-dev.lock
	@$(BIN)/python -m pip install $(CHECKOUT)
	@touch $@ $(RUN_READY)

$(LOWEST_READY): requirements-lowest.lock pyproject.toml
	@$(call new_venv,$(LOWEST),$(LOWEST_PYTHONS),$(LOWEST_TEST),Python 3.11 or 3.12 for the oldest versions)
	@echo "Installing requirements-lowest.lock into $(LOWEST) (once, and again when it changes)"
	@$(LOWEST)/bin/python -m pip install $(LOCKED) -r requirements-lowest.lock
	@$(LOWEST)/bin/python -m pip install $(CHECKOUT)
	@touch $@

.PHONY: lint
lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

.PHONY: test test-all
test: lint
	$(BIN)/python -m pytest -n $(WORKERS) $(if $(filter true,$(CI)),,-m "not slow") $(PYTEST_ARGS)

test-all: lint
	$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

# Old packages warn about newer ones they have not heard of: there a warning is not our fault.
.PHONY: test-lowest
test-lowest: $(LOWEST_READY)
	$(LOWEST)/bin/python -m pytest -n $(WORKERS) -W default -m "not slow" $(PYTEST_ARGS)

.PHONY: bench
bench: $(DEV_READY)
	@for name in start_up build_and_hand_over whole_lp decomposed clauses candidates replay screening; do \
	    echo "== benchmarks/$$name.py"; $(BIN)/python "benchmarks/$$name.py"; \
	done

.PHONY: docs
docs: $(DEV_READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "build/docs/index.html is written"

.PHONY: inputs-readme
inputs-readme: $(RUN_READY)
	@$(BIN)/python -c "from gigasite.inputs.folders import data_folder; from gigasite.inputs.provenance import write_inputs_readme; write_inputs_readme(data_folder())"

.PHONY: schema
schema: $(RUN_READY)
	@$(BIN)/gigasite schema --output scenarios/scenario.schema.json

COMPILE = $(BIN)/uv --quiet --no-config pip compile pyproject.toml --universal --python-version 3.11 --upgrade \
    --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.PHONY: lock
lock: $(DEV_READY)
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --extra images --extra notebook --extra serve --group dev --constraints requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --extra images --extra notebook --extra serve --group build --group test --resolution lowest-direct \
	    --output-file requirements-lowest.lock

.PHONY: clean
clean:
	rm -rf $(VENV) $(LOWEST) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +
