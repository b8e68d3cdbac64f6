# Every target does its own set-up. Paths here are relative, so that a space in the project's own
# path does no harm.
PYTHON ?= python3
IN_VENV = PATH="$$PWD/.venv/bin:$$PATH"
# One lock for every Python from 3.11 and for Linux and macOS alike.
COMPILE = .venv-lock/bin/python -m uv pip compile pyproject.toml requirements/build.in \
	--quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run phone demo test slow live faults check bench docs lock clean set-up-run set-up-dev

help:
	@echo 'make run     start Ringback and its telephone company on this machine (Ctrl-C ends it)'
	@echo 'make phone   a telephone in the terminal, to ring what `make run` started'
	@echo 'make test    run the tests (ARGS="-k hours" passes words on to pytest), some in Chromium'
	@echo 'make demo    a peak, told as it happens: more people ring than can be answered'
	@echo 'make slow    what the tests leave out: many processes, every scripted call over HTTP, all benchmarks in small'
	@echo 'make live    publish while 200 callers are on the line; nobody may hear a mixture'
	@echo 'make faults  a busy hour in which processes are killed; everybody must be served all the same'
	@echo 'make check   lint, types, import rules, and the example flows'
	@echo 'make bench   measure, and print the figures of the README'
	@echo 'make docs    write the pages of docs/ that are made from the code'
	@echo 'make lock    choose the newest allowed versions and write requirements/*.txt'
	@echo 'make clean   remove the virtual environment and all caches; var/ (the state) stays'
	@echo 'Each does its own set-up. PYTHON=python3.13 names another Python, for a new .venv.'

set-up-run set-up-dev: set-up-%:
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo 'set-up: there is no $(PYTHON) on the PATH; install Python 3.11 or newer.' >&2; exit 1; }
	@"$(PYTHON)" tools/set_up.py $*

run: set-up-run
	@$(IN_VENV) ringback run $(ARGS)

phone: set-up-run
	@$(IN_VENV) ringback phone $(ARGS)

demo: set-up-run
	@$(IN_VENV) ringback demo $(ARGS)

test: set-up-dev
	@$(IN_VENV) python -m pytest $(ARGS)

slow: set-up-dev
	@$(IN_VENV) RINGBACK_SLOW=1 python -m pytest -m slow --timeout=120 $(ARGS)
	@$(IN_VENV) ONE_CALL_OF=1 python -m pytest tests/calls/test_scripts.py $(ARGS)

live: set-up-dev
	@$(IN_VENV) LIVE_CALLS="$${LIVE_CALLS:-200}" python -m pytest tests/calls/test_publishing.py \
		--numprocesses=0 $(ARGS)

faults: set-up-dev
	@$(IN_VENV) FAULTS="$${FAULTS:-1}" python -m pytest tests/faults --numprocesses=0 $(ARGS)

check: set-up-dev
	@$(IN_VENV) ruff check .
	@$(IN_VENV) ruff format --check .
	@$(IN_VENV) mypy
	@$(IN_VENV) lint-imports
	@$(IN_VENV) ringback check

bench: set-up-dev
	@$(IN_VENV) python -m benchmarks $(ARGS)

docs: set-up-dev
	@$(IN_VENV) python tools/write_docs.py

lock:
	@"$(PYTHON)" -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) --output-file requirements/run.txt
	@$(COMPILE) --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt

clean:
	rm -rf .venv .venv-lock .venv.lock build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
