# The commands of the project; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
APT := apt-get install -y --no-install-recommends

.PHONY: help setup run test lint bench scale lock pictures test-tools bench-tools

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

.venv/.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -q && $(APT) python3-venv; \
	  else echo "python3-venv is missing: ask an administrator for 'apt-get install python3-venv'"; exit 1; fi; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: .venv/.stamp ## make the environment

run: setup ## assemble a sample contract into generated/ and serve the pages on 127.0.0.1:8000
	$(BIN)/clausebank db upgrade
	$(BIN)/clausebank example crm-outsourcing > generated/sample.yml
	$(BIN)/clausebank assemble crm-outsourcing --answers generated/sample.yml --formats docx,pdf --out generated
	@$(BIN)/clausebank user add admin --role administrator --if-none
	$(BIN)/clausebank serve

lint: setup ## style, types and the bank's own checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/clausebank bank check

test-tools: # the programs the tests look at files and pages with
	@missing=""; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-writer-nogui"; \
	fc-list 2>/dev/null | grep -q NotoSansCJK || missing="$$missing fontconfig fonts-noto-cjk"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	command -v qpdf >/dev/null || missing="$$missing qpdf"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	command -v systemd-analyze >/dev/null || missing="$$missing systemd"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -q && DEBIAN_FRONTEND=noninteractive $(APT) $$missing; \
	else echo "not installed, tests that need them are skipped:$$missing (as root: apt-get install$$missing)"; fi

test: lint test-tools ## everything that must hold before a change lands
	$(BIN)/pytest -n auto

.venv/.bench-stamp: .venv/.stamp requirements-bench.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

bench-tools: # the programs the bench measures beside ours
	@missing=""; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-writer-nogui"; \
	/usr/bin/python3 -c 'import uno' 2>/dev/null || missing="$$missing python3-uno"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -q && DEBIAN_FRONTEND=noninteractive $(APT) $$missing; \
	else echo "not installed, what needs them is skipped:$$missing (as root: apt-get install$$missing)"; fi

bench: .venv/.bench-stamp bench-tools ## measure speed beside other engines: a table, and generated/bench.json
	@$(BIN)/python -m tests.bench

scale: setup ## time search and impact among CONTRACTS=100000 stored contracts, on SQLite and PostgreSQL
	@$(BIN)/python -m tests.bench.scale --contracts $(or $(CONTRACTS),100000)

pictures: setup ## take the pictures of the README and the user guide anew
	$(BIN)/python -m tests.pictures

lock: ## renew requirements.lock and requirements-bench.lock from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --group dev --all-extras \
	  --custom-compile-command "make lock" --upgrade --quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --group bench \
	  --constraint requirements.lock --custom-compile-command "make lock" --upgrade --quiet -o requirements-bench.lock
