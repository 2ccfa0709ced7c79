# storesim: `make demo` shows what it does, `make test` and `make check` whether it still does.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Hundreds of processes are started by the tests: each would compile storesim anew.
unexport PYTHONDONTWRITEBYTECODE

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test check bench docs calibrate-demo clean

demo: $(VENV)/installed  ## play the example market: table and figures
	$(BIN)/storesim demo

test: $(VENV)/installed-dev  ## run all tests, on three processes, as some wait; a file stays on one, long ones come first
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

check: $(VENV)/installed-dev docs  ## style, types, floors and docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/installed-dev  ## build the documentation into site/
	$(BIN)/mkdocs build --strict --quiet

calibrate-demo: $(VENV)/installed  ## calibrate the example market on real baskets, and check on weeks held out
	$(PIP_INSTALL) --editable '.[calibrate]'
	$(BIN)/python tools/calibrate_demo.py runs/calibrate-demo

bench: $(VENV)/installed-dev  ## speed beside other packages, pairing, coverage, the report; takes a while
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/at_work.py
	$(BIN)/python benchmarks/replications.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/kills.py
	$(BIN)/python benchmarks/pairing.py
	$(BIN)/python benchmarks/coverage.py
	$(BIN)/python benchmarks/precision.py
	$(BIN)/python benchmarks/report.py

clean:  ## drop everything that make made, but not your runs
	rm -rf $(VENV) site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "storesim needs Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

# Installed anew only when what is to be installed changes.
$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP_INSTALL) --editable '.[dev]'
	@touch $@
