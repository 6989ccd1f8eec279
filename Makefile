# Two commands are enough: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The theme prints a notice about another product at each build.
MKDOCS = NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs
# Without kept bytecode every start of Dagster, FastF1 or dbt compiles for seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test check check-types check-rest bench soak ui docs answers browser screenshots site format lock wheel clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# uv itself comes through pip, so that nothing but Python, git and make has to be there.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3,11) <= sys.version_info[:2] < (3,14) else "Python 3.11 to 3.13 is needed; set PYTHON=python3.12 or the like")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the packages: some minutes the first time"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	$(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python --editable .
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	$(BIN)/python -m orchestration.installation
	@touch $@

setup: $(STAMP) ## make the virtual environment in .venv

demo: $(STAMP) ## invent a race weekend and take it from the wire to the marts
	$(BIN)/f1lake demo

test: $(STAMP) ## run the tests
	$(BIN)/python -m pytest -m "not soak" -n 2 --dist loadfile --no-loadscope-reorder --cov=lake --cov=racing --cov-report=json:build/coverage.json -q --durations=15
	$(BIN)/python tests/coverage_floor.py build/coverage.json

check: $(STAMP) ## lint, types, layers, SQL, spelling, the documentation site
	@$(MAKE) --no-print-directory --jobs=2 check-types check-rest

check-types:
	$(BIN)/mypy

check-rest:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell
	$(BIN)/sqlfluff lint dbt_project/models --processes 1
	$(MKDOCS) build --strict --quiet

bench: $(STAMP) ## measure against FastF1 on the same bytes; writes benchmarks/results/latest.json
	$(BIN)/python -m benchmarks.run_all

soak: $(STAMP) ## the long runs: 50 kills, whole seasons
	$(BIN)/python -m pytest -m soak -p no:cacheprovider

ui: $(STAMP) ## open the Dagster UI on the lake in F1LAKE_HOME
	$(BIN)/f1lake ui

docs: $(STAMP) ## write the table reference from the contracts
	$(BIN)/python -m lake.table_pages
	$(BIN)/python -m lake.dbt_yaml
	$(BIN)/python -m orchestration.reference

answers: demo ## write what the demo answers below the questions in the docs
	$(BIN)/python -m orchestration.doc_answers f1lake-demo

browser: ## install Debian's Chromium, for the tests that open the UI
	apt-get update -qq
	apt-get install -qq --yes --no-install-recommends chromium

screenshots: $(STAMP) ## take the pictures of the UI that the docs show
	F1LAKE_SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/integration/orchestration/test_web_server.py -q

site: $(STAMP) ## build the documentation site and dbt's pages, and show them on port 8000
	$(MKDOCS) build --strict --quiet
	$(BIN)/python -m lake.dbt_docs build/site/dbt build/dbt
	$(BIN)/python -m http.server --directory build/site --bind 127.0.0.1 8000

format: $(STAMP) ## format Python and SQL
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: ## resolve requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements.lock

wheel: $(STAMP) ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## remove what the targets made, but not .venv
	rm -rf build dist f1lake-demo .pytest_cache .mypy_cache .ruff_cache .coverage coverage.xml
