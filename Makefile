# `make demo` runs the main job, `make test` the default suite; both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test test-ui servers notebooks lint docs score smoke bench clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[all]"
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/terrascope ask "What share of the scene is water, and how many hectares is that?" --aoi spain --steps --out out/demo

test: $(STAMP)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2  # one thread each, or they stand in each other's way

# every view in a real JupyterLab; needs the Debian package chromium; screenshots go to out/ui
test-ui: $(STAMP)
	$(BIN)/python -m pytest -m ui tests/ui

# every tutorial in a kernel, and their rendered copies up to date
notebooks: $(STAMP)
	$(BIN)/python -m pytest -m notebooks tests/end_to_end

# search against a real STAC API; needs the Debian packages postgresql-15 and postgresql-15-postgis-3
SERVERS := .venv-servers
PINS := import tomllib; p = tomllib.load(open("pyproject.toml", "rb")); \
	print(*p["project"]["optional-dependencies"]["stac-server"], sep="\n")
servers: $(STAMP) $(SERVERS)/.installed
	$(BIN)/python -m pytest -m servers tests/servers

$(SERVERS)/.installed: pyproject.toml constraints-servers.txt
	test -x $(SERVERS)/bin/python || $(PYTHON) -m venv $(SERVERS)
	$(BIN)/python -c '$(PINS)' > $(SERVERS)/requirements.txt
	$(SERVERS)/bin/python -m pip install --quiet --constraint constraints-servers.txt --requirement $(SERVERS)/requirements.txt
	touch $(SERVERS)/.installed

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell

docs: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# make score QUESTIONS=questions.jsonl DATA=folder MASKS=reference
MASKS ?= reference
score: $(STAMP)
	$(BIN)/python tools/score_questions.py $(QUESTIONS) --data $(DATA) --masks $(MASKS) --json

# a toy network is trained in about two minutes, and must learn
smoke: $(STAMP)
	rm -rf out/smoke
	$(BIN)/python tools/train_compact.py smoke --folder out/smoke

# the benchmark of the network's chains and masks: about half an hour
bench: $(STAMP)
	$(BIN)/terrascope bench --suite synthetic --seed 1 --n 200 --json
	$(BIN)/python tools/bench_masks.py --suite synthetic --seed 1 --n 200

clean:
	rm -rf out dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis
