# What one types. Every target does its own set-up; a second run costs nothing.
SHELL := /bin/sh
PY := .venv/bin/python
SETUP := competition/config/deploy/setup.sh
export PORT ?= 8000

.PHONY: setup demo test lint soak bench clean

setup:            ## install what is missing
	@$(SETUP) demo

demo: setup       ## a rehearsed contest on http://localhost:$(PORT); Ctrl-C stops everything
	@DEMO=1 $(PY) manage.py serve

test: lint        ## everything that has to hold
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check
	@$(PY) -m pytest -q -n 2

lint:
	@$(SETUP) test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m djlint templates --lint --quiet
	@$(PY) -m mypy

soak:             ## properties with many more examples, 2 GB over a line that breaks, a large rehearsal run twice
	@$(SETUP) test
	@HYPOTHESIS_PROFILE=soak $(PY) -m pytest -q -n 2 -m "not browser"
	@HYPOTHESIS_PROFILE=soak $(PY) -m pytest -q tests/browser/test_upload_whole.py
	@$(PY) manage.py soak

bench:            ## how long pages take on the demonstration's data, and what saving a section costs
	@$(SETUP) demo
	@DEMO=1 $(PY) manage.py bench
	@$(PY) manage.py bench --saving

clean:            ## remove what set-up and running made, data included
	rm -rf .venv .run static/vendor/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
