# Everything is done from here; CI calls the same targets. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help venv demo smoke test lint format types texts bench load faults hosts families mutants wheel clean

VENV ?= .venv
PYTHON ?=
ARGS ?=
RUN := $(VENV)/bin/python -m
READY := $(VENV)/.ready

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  More for the command behind a target: make demo ARGS="--help"'

venv: $(READY) ## Set up .venv (Python 3.11 to 3.14) with the tested versions

# An environment whose Python has gone or become a newer one holds nothing any more: it is made again.
HOLDS := $(VENV)/bin/python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("rq") is None)'
ifeq ($(wildcard $(READY))$(shell $(HOLDS) 2>/dev/null || echo nothing),$(READY)nothing)
.PHONY: $(READY)
endif

$(READY): pyproject.toml constraints.txt deploy/venv.sh
	@deploy/venv.sh "$(VENV)" "$(PYTHON)"
	@touch $@

demo: $(READY) ## Run all of Easel in this terminal; with DISCORD_TOKEN set, on the real Discord
	@exec $(RUN) deploy.local $(ARGS)

smoke: $(READY) ## Play one /imagine through everything, save the pictures to smoke/
	@exec $(RUN) deploy.local --smoke $(ARGS)

test: $(READY) ## Run all tests, four files at a time: most of them wait for processes
	$(RUN) pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(READY) ## Check style, the walls between the rooms, and that the tree stays light
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(VENV)/bin/lint-imports
	.ci/tree-size

format: $(READY) ## Put the code into its format
	$(RUN) ruff format
	$(RUN) ruff check --fix

types: $(READY) ## Check types, those of tests too
	$(RUN) mypy

texts: $(READY) ## Collect all that Easel says for translators, and compile what they made of it
	$(RUN) deploy.texts

bench: $(READY) ## Measure the engine, and the overhead around it
	$(RUN) tests.bench.engine $(ARGS)
	$(RUN) tests.bench.hops
	$(RUN) tests.bench.feed

load: $(READY) ## Floods and bursts: who waits for how long, what the line costs, how soon people are answered
	$(RUN) tests.load.fairness
	$(RUN) tests.bench.line
	$(RUN) tests.bench.estimates --seeds 1
	$(RUN) tests.load.commands --rate 50 $(ARGS)
	$(RUN) tests.load.whole
	$(RUN) tests.load.sandbox

faults: $(READY) ## Kill, pause and cut everything on purpose, and account for every request
	$(RUN) tests.faults $(ARGS)

hosts: $(READY) ## The same over a network: cut hosts off, take their power, and upgrade them one by one
	$(RUN) tests.hosts $(ARGS)

families: $(READY) ## Try every family of models that diffusers knows with a tiny one, and write docs/families.md
	$(RUN) tests.worker.engine.families

mutants: $(READY) ## Break one rule after the other, and name those that no test misses
	@$(RUN) tests.mutants $(ARGS)

wheel: $(READY) ## Build a wheel, install it into a new environment and play one /imagine there
	.ci/wheel $(VENV)/bin/python

clean: ## Remove what make and the tools made (not .easel, where the demo keeps its data)
	rm -rf .venv build dist smoke *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
