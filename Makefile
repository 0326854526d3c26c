# Everything happens in .venv, which `make` makes from requirements.lock.

PYTHON ?= python3
JOBS ?= auto
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock

.DEFAULT_GOAL := help
.PHONY: help book pdf test screenshots lint check bench serve clean lock

help: ## Show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

book: $(STAMP) ## Build an edition of each committed release, print where it lies
	@for release in $(sort $(notdir $(wildcard data/releases/*))); do \
	  $(BIN)/nissc1 build "$$release" --replace || exit 1; \
	done

pdf: $(STAMP) ## Print the built editions as PDF (needs Chromium)
	@$(BIN)/nissc1 pdf

test: $(STAMP) book ## Run the tests, those of the built book included
	@$(BIN)/pytest -n $(JOBS)

screenshots: $(STAMP) ## Picture every page of the built editions in _build/screenshots
	@$(BIN)/python tests/screenshots.py

lint: $(STAMP) ## Check style, types and docstrings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/numpydoc lint $$(find src -name '*.py')

check: $(STAMP) ## Check the committed data releases
	@for release in data/releases/*/; do $(BIN)/nissc1 check "$$release" || exit 1; done

bench: $(STAMP) ## Measure builds and estimators, write benchmarks/performance.md (hours)
	@for name in builds workers estimators tables performance; do \
	  $(BIN)/python benchmarks/$$name.py || exit 1; \
	done

serve: $(STAMP) ## Serve the built book to this machine
	@$(BIN)/nissc1 serve

clean: ## Remove everything generated, the environment included
	rm -rf _build _site $(VENV) .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(STAMP) ## Pin anew what pyproject.toml allows (needs the registry)
	$(PYTHON) -m venv --clear _build/lock-tools
	_build/lock-tools/bin/pip install --quiet pip-tools
	_build/lock-tools/bin/pip-compile --quiet --extra dev --upgrade --allow-unsafe \
	  --strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-emit-options --output-file requirements.lock pyproject.toml
	sed -i.bak -e '/^#/d' -e '/^$$/d' requirements.lock && rm requirements.lock.bak

# pyproject.toml holds the entry points; the package itself is used in place.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) -V 2>&1)." \
	    "Name another: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "$(PYTHON) lacks the venv module; on Debian and Ubuntu install python3-venv." >&2; \
	    exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V) from requirements.lock (about 165 packages)"
	@$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
