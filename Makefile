# A fresh clone needs only Python 3.11 or newer and make: `make up` runs the product, `make test` tests it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: up test lint check lock shell clean help bench faults fuzz eval smoke audit

PORT ?= 8000
export PORT

# Some container images set this; each of the many processes here would compile the whole project again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
# The first of these that is new enough creates the virtual environment.
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
# uv takes seconds where pip takes a minute. It ignores pip's configuration: behind a mirror that only pip knows of,
# pip installs everything, and compiles it, as uv does with --compile-bytecode.
install = { $(PIP) "$$(grep -o '^uv==[^ ;]*' requirements-dev.txt)" && $(BIN)/uv pip install --quiet $(2) --python $(BIN)/python -r $(1); } \
	|| { echo "uv failed; pip installs them …"; $(PIP) -r $(1); }

RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(RUNTIME) ## Run web, worker, beat and a private broker here. Reads PORT, DATA_DIR, DEMO_PASSWORD, VERBOSE.
	@exec $(BIN)/python -m mediaassets.dev_stack

# Services are tested on both databases, their doors on one: the API on PostgreSQL, which is the stricter, the admin's
# pages on SQLite, and in a browser, which is slow, on PostgreSQL as in production.

# Not run on PostgreSQL. The first four use no database and are not even imported; the others are about the limits and
# the faults of a model, `manage.py check`, and requests, and run no SQL that other tests do not run on PostgreSQL.
NOT_ON_POSTGRES := tests/engine tests/llm tests/standin tests/evals tests/queue/test_limits.py \
	tests/jobs/running/test_every_fault.py tests/common/test_checks.py \
	$(filter-out tests/site/api/test_auth.py,$(wildcard tests/site/api/test_*.py)) \
	$(addprefix tests/site/schema/test_,docs_page.py responses.py schema.py)
# Not run on SQLite, besides the API. Real workers: `make up` has one, which the tests of the development stack run. Old
# rows in migrations, odd filters, days of many reviewers: PostgreSQL is the stricter. Who may call which route: no SQL of
# its own. Waiting clients, rolling, older code: about the server and the code. Generated requests and clients: about the API.
# Random interleavings and the repetition of each POST: long, and of the services' steps, whose SQL other tests run.
NOT_ON_SQLITE := tests/site/pages/test_admin_addresses.py tests/site/processes/test_waiting.py \
	tests/review/test_review_machine.py tests/jobs/test_job_machine.py tests/idempotency/test_every_post.py \
	tests/review/test_working_day.py $(addprefix tests/queue/test_,workers.py recovery.py beat.py mail.py) \
	tests/review/test_migrations.py tests/site/schema/test_fuzz.py tests/site/schema/test_generated_client.py \
	tests/site/processes/test_rolling.py tests/site/processes/test_previous_release.py \
	tests/site/access/test_access.py tests/site/access/test_admin_access.py tests/studio/test_access.py \
	tests/accounts/test_key_scopes.py tests/site/api/test_auth.py \
	tests/contract $(filter-out tests/site/api,$(wildcard tests/*/api)) $(wildcard tests/*/test_*_api.py)

test: $(DEVELOPMENT) ## Run all tests, on SQLite and on PostgreSQL.
	@echo "== Tests on SQLite"
	@set -o pipefail; $(BIN)/python -m pytest -n 3 --dist worksteal --database sqlite -m "not browser" \
		$(addprefix --ignore=,$(NOT_ON_SQLITE)) | tee $(VENV)/.tests-sqlite
	@echo "== Tests on PostgreSQL, with a browser"
	@set -o pipefail; $(BIN)/python -m pytest -n 4 --dist worksteal --database postgres -m "database and (browser or not page)" \
		$(addprefix --ignore=,$(NOT_ON_POSTGRES)) | tee $(VENV)/.tests-postgres
	@echo "SQLite: $$(tail -n 1 $(VENV)/.tests-sqlite | tr -d '=' | xargs). PostgreSQL: $$(tail -n 1 $(VENV)/.tests-postgres | tr -d '=' | xargs)."

lint: $(DEVELOPMENT) ## Check style, format, types, import contracts and wording.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m dev.wording

check: $(DEVELOPMENT) ## Run Django's system checks, and check that no migration is missing.
	$(BIN)/python manage.py check
	DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run

smoke: $(RUNTIME) ## Test the first steps in a fresh copy: make up, one job over HTTP, stop.
	.ci/smoke

bench: $(DEVELOPMENT) ## Measure speed beside bare Celery, taskiq and bare views. BIG=1 adds a million jobs.
	@$(BIN)/python -m dev.bench $(if $(ROUNDS),--rounds $(ROUNDS))

faults: $(DEVELOPMENT) ## Kill, freeze and restart workers and servers under load, and measure the recovery.
	@$(BIN)/python -m dev.faults $(if $(SHORT),--short) $(if $(IN_TURN),--in-turn) $(if $(JOBS),--jobs $(JOBS)) $(if $(SOAK),--soak $(SOAK))

fuzz: $(DEVELOPMENT) ## Send generated requests to the API and odd ones to the admin, and check the answers.
	@$(BIN)/python -m dev.fuzz

eval: $(RUNTIME) ## Measure the checks and the confidence on cases with known answers; with a key, a real model too.
	@$(BIN)/python -m evals.run

audit: $(DEVELOPMENT) ## Look for known vulnerabilities and unwanted licences; write .venv/bill-of-materials.json.
	@$(BIN)/python -m dev.audit

lock: $(DEVELOPMENT) ## Compile requirements*.in into requirements*.txt.
	for name in requirements requirements-flower requirements-otel requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --output-file $$name.txt $$name.in || exit 1; \
	done

shell: $(RUNTIME) ## Open a Python prompt in the project.
	$(BIN)/python manage.py shell

clean: ## Remove generated files, except the data.
	rm -rf $(VENV) staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in $(PYTHONS); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Creating $(VENV) with $$("$$python" --version) (once) …"; \
			"$$python" -m venv $(VENV) && exit 0; \
			echo "This Python cannot create virtual environments: on Debian, apt-get install python3-venv." >&2; \
			rm -rf $(VENV); exit 1; \
		fi; \
	done; \
	echo "Python 3.11 or newer is needed; none of these is: $(PYTHONS)." >&2; exit 1

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "Installing the packages of the product …"
	@$(call install,requirements.txt,--compile-bytecode)
# Otherwise each process of the first `make up` would compile the same files at the same time.
	@$(BIN)/python -m compileall -q -j 0 agents mediaassets studio universes
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing the packages for tests and lint …"
	@$(call install,requirements-dev.txt)
	@touch $@
