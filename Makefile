# Everything happens in this folder: a .venv, pinned packages, nothing global.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run serve test test-servers check fix train benchmark screenshots clean

run: .venv/.core  ## the demo on http://localhost:8000
	@$(BIN)/backstory demo

serve: .venv/.core  ## the real thing, without demo data
	@$(BIN)/backstory serve

test: .venv/.dev  ## all tests on SQLite, and again on PostgreSQL and Redis where they answer
	@$(BIN)/python tools/test.py

test-servers: .venv/.dev  ## real mail servers, killed processes, broken wires; needs root, Postfix and Dovecot
	@$(BIN)/python -m pytest -m servers -n 2 --dist loadfile -vv -rs tests/servers

check: .venv/.dev  ## style, types, imports, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || (echo "run: make fix" && false)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@BACKSTORY_DATA_DIR=$$(mktemp -d) DJANGO_SETTINGS_MODULE=backstory.config.settings \
		$(BIN)/python -m django makemigrations --check --dry-run

fix: .venv/.dev  ## what the tools can mend by themselves
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

train: .venv/.dev  ## the reading models from ../shared/data
	@$(BIN)/python -m backstory.language.train

benchmark: .venv/.dev  ## the figures in docs/benchmarks.md
	@$(BIN)/python -m benchmarks

screenshots: .venv/.dev  ## pictures of every page of a demo desk, into var/screenshots
	@$(BIN)/python tools/screenshots.py

clean:
	rm -rf .venv var build

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		(echo "Backstory needs Python 3.11 or newer; say which: make PYTHON=python3.12 …" && false)
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.core: .venv/.python pyproject.toml constraints.txt
	@echo "Preparing .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.dev: .venv/.python pyproject.toml constraints.txt
	@echo "Preparing .venv with the developers' tools …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ .venv/.core
