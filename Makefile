# CodeRounds: `make demo` needs nothing but Python 3.11 or newer and make; every other target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8765
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

.PHONY: help setup demo run test check format lock bench torture screenshots clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "CodeRounds needs Python 3.11 or newer as '$(PYTHON)'. Install it, or name another: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python could not create a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements/run.lock | $(BIN)/python
	@echo "Installing what the bot needs (once) ..."
	@$(PIP) install --require-hashes --no-deps -r $<
	@touch $@

$(VENV)/.demo: requirements/demo.lock $(VENV)/.run
	@echo "Installing the simulated Discord server (once) ..."
	@$(PIP) install --require-hashes --no-deps -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.demo
	@echo "Installing the development tools (once) ..."
	@$(PIP) install --require-hashes --no-deps -r $<
	@touch $@

setup: $(VENV)/.dev ## everything a developer needs, in .venv

demo: $(VENV)/.demo ## the bot in a simulated Discord server, in your browser
	@exec $(BIN)/python -m bot demo --port $(PORT)

run: $(VENV)/.run ## the bot on Discord; DISCORD_TOKEN from the environment or .env
	@exec $(BIN)/python -m bot run

test: setup ## all tests; PYTEST="-k daily" passes options on
	@$(BIN)/python -m pytest $(PYTEST)

check: setup ## style, types, layers, content
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m bot check

format: setup ## put the code into the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: setup ## resolve the newest versions that pyproject.toml allows
	@for name in dev demo run; do \
	  case $$name in dev) extras="--all-extras";; demo) extras="--extra postgres --extra demo -c requirements/dev.lock";; run) extras="--extra postgres -c requirements/dev.lock";; esac; \
	  $(BIN)/uv pip compile pyproject.toml $$extras --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q -o requirements/$$name.lock || exit 1; \
	done

bench: setup ## the figures of docs/performance.md, measured here
	@$(BIN)/python -m bench

torture: setup ## 1,000 kills of one process, 1,000 of two, and the long variants of tests; takes hours
	@$(BIN)/python -m tests.e2e.torture --kills 1000
	@$(BIN)/python -m tests.e2e.torture --kills 1000 --processes 2
	@DRILLS_JUDGED=1800 $(BIN)/python -m pytest tests/codes/test_drills.py

screenshots: setup ## docs/images, taken from the demo in headless Chromium
	@$(BIN)/python -m tests.demo.screenshots

clean: ## remove .venv and caches; state under var/ stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
