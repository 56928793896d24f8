# `make` alone lists what can be made.

.DEFAULT_GOAL := help
.PHONY: run test test-fast coverage rehearse lint types bench bench-checks bench-pages bench-exports bench-imports bench-audit history \
  diagnosis diagnosis-train rules lock help venv-local venv-test

PYTHON ?= python3
PY := .venv/bin/python
# Checkers read the settings, which want keys; no program runs with these.
CHECK_ENV := SECRET_KEY=checkers-only VAULT_KEYS=checkers:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

run: venv-local ## Start everything here and print the address and the sign-ins (PORT, DATA_DIR, DEMO=0, see .env.example)
	@exec $(PY) manage.py run

test: venv-test ## Run the whole test suite on embedded stacks, in two processes (ARGS="-k name" picks tests)
	@exec $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: venv-test ## Run the tests without browser, faults and what else is slow
	@exec $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not fault and not slow" $(ARGS)

coverage: venv-test ## Run the whole test suite and say which lines and branches it does not reach
	@$(PY) -m coverage erase
	@COVERAGE_PROCESS_START=$(CURDIR)/pyproject.toml COVERAGE_FILE=$(CURDIR)/.coverage $(MAKE) --no-print-directory test
	@$(PY) -m coverage combine -q
	@$(PY) -m coverage report --skip-covered --sort=cover

rehearse: venv-test ## Start what docker-compose.yml and the Dockerfile say, as processes here, use it and stop it
	@exec $(PY) -m tests.rehearsal

lint: venv-test ## Check style, format, templates and the floors
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --quiet --lint templates
	.venv/bin/lint-imports

types: venv-test ## Check types
	$(CHECK_ENV) $(PY) -m mypy .

bench: venv-test ## Run every benchmark: one JSON line per figure
	@for file in bench/bench_*.py; do $(PY) -m configurator.local $(PY) -m "bench.$$(basename "$$file" .py)" || exit 1; done

bench-checks: venv-test ## Measure checks a second beside a bare client, and a sweep of 10,000 addresses
	@$(PY) -m configurator.local $(PY) -m bench.bench_checks

bench-pages: venv-test ## Measure the pages with a million results beside ten thousand
	@$(PY) -m configurator.local $(PY) -m bench.bench_pages

bench-exports: venv-test ## Measure exports of 100,000 rows beside what the database copies out
	@$(PY) -m configurator.local $(PY) -m bench.bench_exports

bench-imports: venv-test ## Measure an import of 10,000 addresses beside django-import-export
	@$(PY) -m configurator.local $(PY) -m bench.bench_imports

bench-audit: venv-test ## Measure the audit log's pages with a million events beside ten thousand
	@$(PY) -m configurator.local $(PY) -m bench.bench_audit

history: venv-test ## Check what the events give back against what was stored, over 2,000 random edits
	@HISTORY_EDITS=2000 HISTORY_TIMES=1 $(PY) -m pytest -n 0 -q tests/console/history/test_reconstruction.py

diagnosis: venv-test ## Measure how often the explainer names the right cause, by leave-one-out over labelled answers
	@$(PY) -m tests.diagnosis

fuzz: venv-test ## Have files with 500 random changes read by the imports' reader
	@FUZZ_SEEDS=500 $(PY) -m pytest -n 0 -q tests/imports/test_fuzz.py

diagnosis-train: venv-test ## Count what mended the labelled answers, by which the explainer orders causes
	@$(PY) -m tests.diagnosis --train

rules: venv-test ## Write the pages of docs/ that are made from tests and from pyproject.toml
	$(PY) -m tests.rules
	$(PY) -m tests.rights
	$(PY) -m tests.cases
	$(PY) -m tests.architecture

lock: venv-test ## Make the lock files anew from pyproject.toml
	$(PY) -m pip install --quiet uv
	for extras in run: local:--extra=local test:"--extra=local --extra=test"; do \
	  $(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header $${extras#*:} pyproject.toml -o "requirements/$${extras%%:*}.txt" || exit 1; \
	done

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
	  printf '  make %-12s %s\n' "$$name" "$$text"; done

venv-local venv-test:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed: install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) configurator/local/venv.py requirements/$(@:venv-%=%).txt
