# Everything a newcomer types. Each target installs what it needs and ends by itself (serve ends with Ctrl-C).

SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen --quiet
NEEDED := chromium postgresql default-jre-headless minisign
export DARKFIGURE_HOME ?= $(CURDIR)/var

.PHONY: demo test test-long test-service lint docs fuzz mutants bench bench-quick profiles serve needs schemas assets clean

# Every page and route as every role, and whole editions: tried on Debian's PostgreSQL by `make test-long`.
PAGES_OF_ROLES := $(foreach each,matrix matrix_of_programs canaries editions,--ignore=tests/darkfigure_hub/test_$(each).py)

.venv/.ready: pyproject.toml uv.lock
	@command -v uv >/dev/null 2>&1 || test -x .tools/bin/uv || { python3 -m venv .tools && .tools/bin/pip install -q uv; }
	$(UV) sync --frozen --quiet
	.venv/bin/python -m compileall -q src
	@touch $@

demo: .venv/.ready            ## load the example files, answer the question of 17 December 2008, write out/
	@echo "$(DARKFIGURE_HOME)" > .venv/darkfigure.home
	$(RUN) darkfigure demo --out out

serve: .venv/.ready           ## the same questions as pages on http://127.0.0.1:8000/
	$(RUN) darkfigure serve

test: .venv/.ready needs      ## what every change must pass, on the embedded PostgreSQL and on Debian's
	EXAMPLES=0.3 $(RUN) pytest -m "not long and not packaging" --durations=20
	EXAMPLES=0.2 $(RUN) pytest -m "not long" --postgres debian --ignore-glob "*_pages.py" --ignore tests/darkfigure_hub/test_signing_in.py $(PAGES_OF_ROLES) tests/darkfigure_hub tests/questions tests/laws

test-long: .venv/.ready needs ## what takes its time: simulations, broken servers, wheels in fresh environments; every example of each law
	$(RUN) pytest -m "long or packaging"
	$(RUN) pytest -m "not long" tests/laws tests/specification
	ENGINE=spark $(RUN) pytest -n 1 -k snapshot tests/questions
	$(RUN) pytest -m "not long" --postgres debian $(patsubst --ignore=%,%,$(PAGES_OF_ROLES))

test-service: .venv/.ready needs ## those of them that are about the service and the packages: broken servers, backups, wheels
	$(RUN) pytest -m "long or packaging" tests/darkfigure_hub tests/house

lint: .venv/.ready            ## style, types, import contracts
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lint-imports

docs: .venv/.ready            ## the manual into site/: every command on its pages is run, and held to its test
	$(RUN) python docs/build.py

fuzz: .venv/.ready           ## ten minutes: broken files at every door, guided by the code they reach (atheris, on Linux)
	$(RUN) --with atheris==3.0.0 python tests/fuzz/run.py 600

mutants: .venv/.ready         ## hours: rules changed one at a time, and which of the changes no test minds
	$(RUN) mutmut run --max-children 1
	$(RUN) python tests/mutation/survivors.py

bench: .venv/.ready           ## hours: every benchmark against its yardsticks, as one table at the end
	$(RUN) python benchmarks/table.py

bench-quick: .venv/.ready     ## the same at sizes of seconds, in a minute or two: that they go, not how fast
	$(RUN) python benchmarks/table.py --quick

profiles: .venv/.ready        ## where the time of each goes, as flame graphs in benchmarks/profiles
	$(RUN) --with py-spy==0.4.1 python benchmarks/profiles.py

needs:                        # what tests use from Debian: a browser, a second PostgreSQL, Java for Spark, minisign
	@if command -v chromium >/dev/null && command -v minisign >/dev/null && command -v java >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(NEEDED) >/dev/null; \
	else echo "Tests need Debian's $(NEEDED): sudo apt-get install $(NEEDED)" >&2; exit 1; fi

schemas: .venv/.ready         ## write the JSON Schemas of all documents anew from their declarations
	$(RUN) python -m darkfigure.writing.documents.catalogue

assets: .venv/.ready          ## build the pages' style from npm into the package (needs node)
	cd assets && npm install --silent --no-audit --no-fund
	$(RUN) python assets/build.py assets/node_modules

clean:                        ## stop the embedded server of ./var and remove what was made
	-$(RUN) darkfigure stop
	rm -rf var out site mutants
