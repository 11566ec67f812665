# The few commands of this project. `make help` lists them.
# Optional variables: PYTHON= (an interpreter, 3.11 or newer); run: HOST= PORT= DATA_DIR=;
# test: WITHOUT=postgresql,chromium leaves those out, and says so.

.DEFAULT_GOAL := help
.PHONY: help run test proof lint types sizes check bench catalogues docs lock format environment environment-dev

PYTHON ?= python3
VENV := .venv/bin
# Make exports what its command line sets; a variable of the caller's own shell must not change the tests.
unexport DJANGO_SETTINGS_MODULE

# $(call given,NAME,--option): the option, if NAME= stands on make's command line (some shells export a HOST).
given = $(if $(filter command,$(firstword $(origin $(1)))),$(2) '$($(1))')

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

run: environment ## start the product on this machine: http://localhost:8000
	@exec $(VENV)/bookonce serve $(call given,HOST,--host) $(call given,PORT,--port) \
		$(call given,DATA_DIR,--data-dir)

test: environment-dev ## the whole suite in its bounded form, on SQLite and PostgreSQL
	@$(VENV)/python -m tools.suite

proof: environment-dev ## the long forms: races, faults, simulations
	@$(VENV)/python -m tools.suite proof

check: lint types sizes ## all that needs no database: lint, types, sizes, house rules
	@$(VENV)/python -m pytest -q tests/check

lint: environment-dev ## ruff and djlint
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/djlint --lint --quiet src

types: environment-dev
	$(VENV)/mypy

sizes: environment-dev
	@$(VENV)/python -m tools.sizes

bench: environment-dev ## figures as a table and as JSON lines in bench/out/
	@$(VENV)/python -m tools.bench

catalogues: environment-dev ## bring the catalogues of guests' texts up to date, tell what is missing
	@$(VENV)/python -m tools.catalogues

docs: environment-dev ## write the command help into the docs, check their links
	@$(VENV)/python -m tools.docs

format: environment-dev ## mend what ruff can
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

# Keeps the versions of the present lock files; `make lock UPGRADE=--upgrade` takes the newest allowed ones.
COMPILE = $(VENV)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --quiet $(UPGRADE)
lock: environment-dev ## resolve the dependencies again
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

environment:
	@$(PYTHON) tools/environment.py runtime

environment-dev:
	@$(PYTHON) tools/environment.py dev
