# `make` lists what can be made.  Everything is installed into a virtual environment in this folder; nothing else changes.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STUDY ?= data/kosovo/study.toml
OUT ?= out/kosovo

# uv takes seconds where pip takes minutes; where uv cannot reach the registry (certificates, mirrors), pip may.
# Compiled once here, and kept, each module need not be compiled by each process that is started.
unexport PYTHONDONTWRITEBYTECODE
install = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python $(1) || \
	{ echo "uv could not; trying pip, which takes a few minutes"; $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1); }

# With LOCKED=1 what the package needs is installed in the exact versions of requirements.lock, each checked by its hash.
INSTALLED := $(VENV)/.installed$(if $(LOCKED),-locked)

# Processes that tests run in: as many as there are cores, each with one thread of linear algebra, which else wait for
# each other.
JOBS ?= auto
PYTEST = OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(JOBS)

# What another Python, PyMC, ArviZ, pandas or Matplotlib can break: every model fitted and saved, every format read and
# written, a study run and its report drawn, and the examples of the package.
VERSIONS := estimation tests/test_progress.py tests/test_bayesian_log_linear.py tests/test_latent_class_pymc.py \
	tests/test_convergence.py tests/test_saved.py tests/test_readers.py tests/test_datasets.py tests/test_charts.py \
	tests/test_report.py tests/test_run.py tests/test_verify.py tests/test_cli.py tests/test_public_names.py

.DEFAULT_GOAL := help
.PHONY: help install report docs test-browser test test-whole test-versions test-lowest test-coverage check check-slow benchmarks notebooks coverage lock wheel clean

help:  ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r t d; do printf '%-14s %s\n' "$$t" "$$d"; done

$(BIN)/uv:
	@echo "[1/3] making a virtual environment in $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set it with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian the environment needs: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.installed: $(BIN)/uv pyproject.toml
	@echo "[2/3] installing the package and what it needs into $(VENV) (some 20 s to a few minutes, once)"
	@$(call install,-e .)
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "[2/3] installing what the tests need into $(VENV)"
	@$(call install,-e '.[test]')
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.installed
	@echo "[2/3] installing what the site is built with into $(VENV)"
	@$(call install,-e '.[docs]')
	@touch $@

$(VENV)/.installed-locked: $(BIN)/uv pyproject.toml requirements.lock
	@echo "[2/3] installing the exact versions of requirements.lock into $(VENV)"
	@$(call install,--require-hashes -r requirements.lock)
	@$(call install,--no-deps -e .)
	@touch $@

install: $(INSTALLED)  ## set up the virtual environment

report: $(INSTALLED)  ## run the Kosovo study: out/kosovo/report.html and report.pdf (STUDY=..., OUT=... for another; LOCKED=1)
	@echo "[3/3] running the study $(STUDY)"
	@$(BIN)/mse run $(STUDY) --out $(OUT)

docs: $(VENV)/.installed-docs  ## build the site: out/docs/index.html, readable without a network (mse docs opens it)
	@echo "[3/3] building the site in out/docs"
	@rm -rf out/docs  # pages that are no longer made; what was read is cached beside it
	@$(BIN)/python -m sphinx -n -W --keep-going -q -d out/docs-doctrees docs out/docs

test-browser: docs $(VENV)/.installed-test  ## drive the page of mse app, and open every page of the site, in a browser
	@$(PYTEST) -m "browser and not slow" tests/test_report_browser.py tests/test_app_browser.py tests/test_app_editions.py tests/test_app_safety.py tests/test_site_browser.py --durations=5

test: $(VENV)/.installed-test  ## run the tests in parallel (some eight minutes on two cores; JOBS=1 for one process)
	@echo "[3/3] running the tests"
	@$(PYTEST) tests estimation --durations=10

WHOLE := tests/test_kosovo_study.py tests/test_sweep_script.py tests/test_latent_class_pymc.py tests/test_progress.py \
	notebooks/*.ipynb
test-whole: $(VENV)/.installed-test  ## run the main job and the sweep from end to end, notebooks, the slowest to compile
	@$(PYTEST) -m whole --nbmake $(WHOLE) --durations=10

test-versions: $(VENV)/.installed-test  ## the part of the tests that other versions of Python and of PyMC can break
	@echo "[3/3] running the tests that meet other versions"
	@$(PYTEST) -m "not slow and not browser" $(VERSIONS) --durations=10

# Debian's and others' snapshots are years behind; what pyproject.toml declares as the least version is what runs here.
LOWEST := .venv-lowest
test-lowest: $(VENV)/.installed  ## the same part with the lowest version of every declared dependency
	@echo "[1/2] installing the lowest declared versions into $(LOWEST)"
	@$(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) $(LOWEST)
	@$(BIN)/uv pip install --quiet --resolution lowest-direct --python $(LOWEST)/bin/python -e '.[test]'
	@echo "[2/2] running the tests that meet other versions"
	@$(LOWEST)/bin/python -m pytest -q -n $(JOBS) -p no:cacheprovider -m "not slow and not browser" $(VERSIONS)

test-coverage: $(VENV)/.installed-test  ## the tests, and which lines of the package they run (slower)
	@$(PYTEST) -m "not slow and not browser" --nbmake tests estimation notebooks/*.ipynb --cov=estimation --cov-report=term

check: $(VENV)/.installed-test  ## style, types and architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

check-slow: $(VENV)/.installed-test  ## the long recovery and calibration runs (about an hour on one core)
	@$(PYTEST) -m slow --durations=0

benchmarks: $(VENV)/.installed-test  ## timings, each as a ratio against a naive version or a named peer
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

notebooks: $(VENV)/.installed-test  ## run the notebooks again and keep their outputs
	@$(BIN)/python -m pytest -q --nbmake --overwrite notebooks/*.ipynb

coverage: $(VENV)/.installed  ## run the simulation study of coverage again: the pages docs/coverage*.md (some three hours)
	@$(BIN)/mse coverage --out out/coverage --force
	@cp out/coverage/coverage.md docs/coverage.md
	@for suite in unequal-lists three-lists five-lists six-lists sparse-and-linkage doubly-robust; do \
		$(BIN)/mse coverage --suite $$suite --out out/coverage-$$suite --force || exit 1; \
		cp out/coverage-$$suite/coverage.md docs/coverage-$$suite.md; done
	@$(BIN)/python benchmarks/missing_labels.py --out docs/coverage-missing-labels.md

lock: $(VENV)/.installed-test  ## write requirements.lock: the exact versions installed here, with hashes and no registry address
	@$(BIN)/uv pip freeze --quiet --python $(BIN)/python --exclude-editable > $(VENV)/installed.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra sign --extra cluster --extra app --constraints $(VENV)/installed.txt \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o $(VENV)/lock.txt
	@{ echo "# Exact versions of what the package needs, with hashes, for Python 3.11 and newer: made by make lock."; \
		cat $(VENV)/lock.txt; } > requirements.lock

wheel: $(BIN)/uv docs  ## build a wheel in dist/, with the site in it
	@$(BIN)/uv build --quiet --wheel --out-dir dist

clean:  ## remove what was made here: environment, reports, caches
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache .coverage
	find estimation tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
