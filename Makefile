# Everything runs in .venv, which is made from the lock files when it is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin
SERVING := .venv/.serving
READY := .venv/.ready
GRAPHIQL := portal/web/graphiql
PEERS := bench/peers/node_modules
BROWSER := tests/browser
CHROMIUM := $(BROWSER)/chromium
# Also with the npm that make node puts beside Python.
NPM_CI := PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup serve graphiql node postgresql browser test browser-test bench lighthouse overload audit check snapshots released messages migration format lock release clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with every dependency (the other targets do it by themselves)

serve: $(SERVING) ## Serve the portal, with a PostgreSQL of its own and demo data on the first run
	@exec $(BIN)/portal serve

graphiql: ## Take GraphiQL's files anew from npm, in the versions of portal/web/graphiql/package.json
	@mkdir -p build/graphiql
	@cp $(GRAPHIQL)/package.json $(GRAPHIQL)/package-lock.json build/graphiql
	$(NPM_CI) --prefix build/graphiql
	@cd build/graphiql/node_modules && cp react/umd/react.production.min.js \
		react-dom/umd/react-dom.production.min.js graphiql/graphiql.min.js graphiql/graphiql.min.css \
		$(CURDIR)/$(GRAPHIQL)/packages/
	@$(PYTHON) scripts/graphiql_licenses.py build/graphiql $(GRAPHIQL)/packages/LICENSES.txt

node: $(READY) ## Get the npm packages that some tests need, and Node.js itself where there is none
	@command -v npm >/dev/null || $(PYTHON) scripts/venv.py --beside requirements-node.txt
	@for folder in tests/node tests/clients; do \
		$(NPM_CI) --prefix $$folder || exit; done

postgresql: $(READY) ## Get PostgreSQL 15, 16 and 17, for the tests that ask whether the portal works on them
	@$(NPM_CI) --prefix tests/postgresql
	@$(BIN)/python scripts/postgresql_links.py

browser: $(READY) ## Get what the tests in a real browser need, and Chromium itself where there is none
	@command -v npm >/dev/null || $(PYTHON) scripts/venv.py --beside requirements-node.txt
	@$(NPM_CI) --prefix $(BROWSER)
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		$(NPM_CI) --prefix $(CHROMIUM) && mkdir $(CHROMIUM)/node_modules/packed && \
		PATH="$$PATH:$(BIN)" TMPDIR=$(CHROMIUM)/node_modules/packed node $(CHROMIUM)/unpack.mjs && \
		mv $(CHROMIUM)/node_modules/packed $(CHROMIUM)/node_modules/unpacked; }

test: $(READY) ## Run every test, or those in T=path, on a real PostgreSQL (make node adds some); COVERAGE=1 measures what they reach
ifdef T
	$(BIN)/pytest --numprocesses=0 $(T)
else ifndef COVERAGE
	$(BIN)/pytest
else
	$(BIN)/pytest --cov
	$(BIN)/coverage report --include='portal/rules/*,permissions/*' --fail-under=100
endif

browser-test: $(READY) ## Look at the pages in a real browser (make browser gets it)
	$(BIN)/pytest $(BROWSER)

bench: $(READY) $(PEERS)/.tried ## Measure dates, pages, reading and changes, and write docs/benchmark.md; ARGS="--help"
	@$(BIN)/python -m bench $(ARGS)

lighthouse: browser ## Ask Lighthouse what it says of the pages, as on a telephone: the median of five
	@$(NPM_CI) --prefix bench/lighthouse
	@$(BIN)/python -m bench.lighthouse

overload: $(READY) ## Send three times as many requests as can be answered: W=2 serves with two processes
	$(BIN)/python -m bench.overload $(W)

audit: $(READY) ## Ask the official rules about every document of the demo's year
	$(BIN)/pytest --numprocesses=0 tests/audit

check: $(READY) ## Check format, lint, types, imports, migrations, snapshots and translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/portal migrate --check
	$(BIN)/pytest --numprocesses=0 -m check

snapshots: $(READY) ## Write the snapshots and docs/schema.md anew; their difference is what a review reads
	$(BIN)/pytest --numprocesses=0 -m check --rewrite-snapshots

released: ## Take the schema as released: what it takes away from then on, the changelog must name
	cp schema/schema.graphql schema/released.graphql

messages: $(READY) ## Bring the catalogues of sentences up to date; what is new waits for its words
	@mkdir -p build
	$(BIN)/pybabel -q extract --mapping-file pyproject.toml --output-file build/messages.pot \
		--no-location --sort-output .
	@for language in nl de; do $(BIN)/pybabel -q update --locale $$language --no-wrap \
		--input-file build/messages.pot --output-file portal/locale/$$language.po \
		--omit-header --no-fuzzy-matching --ignore-obsolete || exit; done

migration: $(READY) ## Write the migration that the models ask for: M="Add a fax number"
	$(BIN)/portal migrate --draft "$(M)"
	@$(BIN)/ruff check --fix --quiet portal/migrations/versions
	@$(BIN)/ruff format --quiet portal/migrations/versions

format: $(READY) ## Format the code, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(READY) ## Lock the dependencies; U=--upgrade takes the newest ones
	$(LOCK) $(U) --extra embedded --output-file requirements.txt pyproject.toml
	$(LOCK) $(U) --extra embedded --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	@for group in installer node oldest-pip release; do \
		$(LOCK) $(U) --group $$group --output-file requirements-$$group.txt || exit; \
	done
	$(LOCK) $(U) --no-deps --group stylesheets --output-file requirements-stylesheets.txt

# The list is validated where it is whole: by the program that adds the packages of npm.
release: $(READY) ## Make the wheel in build/release, and beside it the list of its parts (SBOM, CycloneDX)
	@rm -rf build/release
	$(BIN)/uv build --quiet --wheel --offline --out-dir build/release
	PYTHONPATH=.venv/release $(BIN)/python -m cyclonedx_py requirements requirements.txt \
		--pyproject pyproject.toml --no-validate \
		--output-reproducible --output-file build/release/portal.cdx.json
	@PYTHONPATH=.venv/release $(BIN)/python scripts/npm_parts.py \
		build/release/portal.cdx.json $(GRAPHIQL)/package-lock.json

clean: ## Remove what was made, except the data in var/
	rm -rf .venv build $(PEERS) *.egg-info .coverage* .*_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Serving needs half of the packages; once the others are there, they stay.
$(SERVING): requirements-installer.txt requirements.txt scripts/venv.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The portal needs Python 3.11 or later: say which with PYTHON=python3.11.")'
	@$(PYTHON) scripts/venv.py $(if $(wildcard $(READY)),requirements-dev.txt,requirements.txt)
	@touch $@

$(READY): $(SERVING) requirements-dev.txt requirements-oldest-pip.txt requirements-release.txt requirements-stylesheets.txt
	@$(PYTHON) scripts/venv.py requirements-dev.txt
	@$(PYTHON) scripts/venv.py --into .venv/oldest-pip requirements-oldest-pip.txt
	@$(PYTHON) scripts/venv.py --into .venv/release requirements-release.txt
	@$(PYTHON) scripts/venv.py --into .venv/stylesheets requirements-stylesheets.txt
	@touch $@

# Without npm, or without a registry, the peers that run on Node are not measured; bench says so.
$(PEERS)/.tried: bench/peers/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Getting the peers and their Node."; \
		npm ci --prefix bench/peers --ignore-scripts --no-audit --no-fund --loglevel=error \
			--fetch-retries=0 --fetch-timeout=60000 || rm -rf $(PEERS); \
	fi
	@mkdir -p $(PEERS)
	@touch $@
