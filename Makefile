# latentpalette: `make lab` to play, `make test` to prove. `make help` lists the rest.

VENV ?= .venv
BIN := $(VENV)/bin
PIP_FLAGS ?=
LAB_FLAGS ?=
PYTEST_FLAGS ?=
FUZZ_SECONDS ?= 60
FUZZ_KINDS ?=

# JupyterLab refuses to run as root unless it is told to.
ROOT_FLAG := $(if $(filter 0,$(shell id -u)),--allow-root)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_FLAGS) -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help lab test docs fuzz wheel bench clean system js jstypes lint types versions pytest

help:
	@echo 'make lab     open JupyterLab at the palette notebook      (LAB_FLAGS="--port 9999" is passed on)'
	@echo 'make test    run the whole test suite                     (PYTEST_FLAGS="-k palette" is passed on)'
	@echo 'make docs    build the documentation as a site, build/docs/html'
	@echo 'make fuzz    read damaged files of every kind, new ones each time   (FUZZ_SECONDS=600, FUZZ_KINDS="midi zip")'
	@echo 'make wheel   build the wheel into dist/'
	@echo 'make bench   measure decoding and the palette'
	@echo 'make clean   remove what was built; .venv stays'

# The settings in notebooks/.jupyter spare the reader a question about Jupyter's news, which would lie over the palette.
lab: $(VENV)/.has-lab
	@echo 'Opening notebooks/01_first_palette.ipynb in JupyterLab; Ctrl-C here ends it.'
	@cd notebooks && JUPYTER_CONFIG_PATH="$(CURDIR)/notebooks/.jupyter$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" \
		exec "$(abspath $(BIN))/jupyter-lab" $(ROOT_FLAG) \
		--LabApp.default_url=/lab/tree/01_first_palette.ipynb $(LAB_FLAGS)

docs: $(VENV)/.has-docs
	$(BIN)/python -m docs.site.build build/docs

# Every part runs, also after one has failed; pytest, the longest, comes last.
test: $(VENV)/.has-test system
	@$(MAKE) --no-print-directory --keep-going js jstypes lint types versions pytest

js: $(VENV)/.has-test system
	node --test --test-reporter=spec $$(find tests/js -name '*.test.*js' | sort)

# The scripts' types, as their comments and static/types.d.ts declare them (settings in tsconfig.json).
jstypes: node_modules/.package-lock.json
	node_modules/.bin/tsc --project .

lint: $(VENV)/.has-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.has-test
	$(BIN)/mypy

# Cases with new seeds for some time; one that fails is printed with the command that runs it again.
fuzz: $(VENV)/.has-test
	$(BIN)/python -m tests.fuzz $(FUZZ_KINDS) --seconds $(FUZZ_SECONDS)

# On every supported Python that is found here; nothing is installed.
versions: $(VENV)/.has-test
	$(BIN)/python -m tests.versions $(PIP_FLAGS)

pytest: $(VENV)/.has-test system
	$(BIN)/python -m pytest --nbval-lax --nbval-current-env --nbval-cell-timeout=120 \
		--nbval-kernel-startup-timeout=120 latentpalette tests notebooks $(PYTEST_FLAGS)

# What the tests need beside Python: a browser, FluidSynth's library, node, npm.
system: $(VENV)/pyvenv.cfg
	@$(BIN)/python tests/system_requirements.py

wheel: $(VENV)/.has-test
	$(BIN)/python -m build --wheel --no-isolation

bench: $(VENV)/.has-test
	$(BIN)/python -m benchmarks.decode
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.palette
	$(BIN)/python -m benchmarks.large_models

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Each stamp says that what it names is installed; it is made again when a requirement changes.
$(VENV)/.has-lab: $(VENV)/pyvenv.cfg pyproject.toml constraints.txt
	@echo 'Installing latentpalette and JupyterLab into $(VENV) (once; torch is large) ...'
	$(INSTALL) -e ".[lab]"
	@touch $@

$(VENV)/.has-docs: $(VENV)/pyvenv.cfg pyproject.toml constraints.txt
	@echo 'Installing latentpalette and what its documentation needs into $(VENV) (once; torch is large) ...'
	$(INSTALL) -e ".[docs,train]"
	@touch $@

$(VENV)/.has-test: $(VENV)/pyvenv.cfg pyproject.toml constraints.txt
	@echo 'Installing latentpalette and what its tests need into $(VENV) (once; torch is large) ...'
	$(INSTALL) -e ".[lab,train,cluster,docs,test]"
	@touch $@ $(VENV)/.has-lab $(VENV)/.has-docs

# npm leaves this file behind; it serves as the stamp of the type checker.
node_modules/.package-lock.json: package.json package-lock.json | system
	npm ci --silent --no-audit --no-fund
	@touch $@

$(VENV)/pyvenv.cfg:
	@PYTHON="$(PYTHON)" sh tests/venv.sh "$(VENV)"
