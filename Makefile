# make demo    extract the example judgments, print the table, write demo-out/
# make test    linters, types, import layers, tests and doctests
# make demo-ray, make demo-spark   the same on a Ray or Spark of this machine (Spark needs Java 17)
# make test-browser   the review page in Debian's chromium (apt-get install chromium fonts-noto-cjk)
# make review-figures, make bench-review   screenshots and keystrokes; 20 annotators for a minute
# make bench   speed of extraction against jieba on the same texts; other texts: ARGS="--texts FILE --sample 500"
# make bench-tables   tables and measures against reading the same Parquet; ARGS="--records 1000000"
# make clean   remove the environment and what the commands above wrote

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := demo
.PHONY: demo demo-ray demo-spark test test-browser review-figures bench-review test-labelstudio bench bench-tables clean

demo: $(VENV)/installed
	$(BIN)/panjue extract corpora/examples/texts -o demo-out --overwrite --show

demo-ray demo-spark: demo-%: $(VENV)/installed-%
	$(BIN)/panjue extract corpora/examples/texts -o demo-$*-out --engine $* --overwrite --show

test: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n auto

test-browser: $(VENV)/installed-dev
	$(BIN)/pytest -m browser tests

review-figures: $(VENV)/installed-dev
	$(BIN)/python tests/review_figures.py

bench-review: $(VENV)/installed-dev
	$(BIN)/python tests/review_load.py

# In an environment of its own: Label Studio brings a hundred packages.
test-labelstudio: $(VENV)/installed-dev
	PYTHONPATH=tests/helpers $(BIN)/python tests/label_studio.py

# Real judgments where they are at hand: the examples are short, and the shorter a text the more its parties weigh.
JUDGMENTS := $(wildcard ../shared/corpora/judgments.jsonl.gz)
bench: ARGS ?= $(if $(JUDGMENTS),--texts $(JUDGMENTS) --sample 300)
bench: $(VENV)/installed
	$(BIN)/python -m panjue.bench $(ARGS)

bench-tables: $(VENV)/installed-dev
	$(BIN)/python -m panjue.bench_tables $(ARGS)

# The stamps are older than pyproject.toml when the environment has to be made again.
$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "panjue needs Python 3.10 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

# A version is named: any other brings gigabytes for graphics cards.
TORCH ?= 2.13.0
$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) torch==$(TORCH)
	$(PIP) --editable '.[dev]'
	@touch $@

$(VENV)/installed-ray $(VENV)/installed-spark: $(VENV)/installed-%: $(VENV)/installed
	$(PIP) --editable '.[$*]'
	@touch $@

clean:
	rm -rf $(VENV) demo-out demo-ray-out demo-spark-out dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
