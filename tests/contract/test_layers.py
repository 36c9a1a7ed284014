"""The import contracts of pyproject.toml: each holds for the code, and is seen to fail when violated."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in CONFIG["contracts"]}
SERVICE_MODULES = ("app", "train", "evaluate", "api", "handlers", "adapters", "settings", "domain")

# contract: the module that breaks it, and the imports by which it does
VIOLATIONS = [
    ("services-meet-in-events", "jade_ranker.handlers", ["jade_ingest.domain"]),
    ("services-meet-in-events", "jade_gateway.api", ["jade_ranker.adapters"]),
    ("libraries-know-no-service", "jade_common", ["jade_cli", "jade_gateway.api"]),
    ("libraries-know-no-service", "jade_policy", ["jade_ranker.domain"]),
    ("policy-is-pure", "jade_policy.opa", CONTRACTS["policy-is-pure"]["forbidden_modules"]),
    ("layers", "jade_ranker.domain", ["jade_ranker.adapters"]),
    ("layers", "jade_ranker.domain", ["jade_ranker.settings"]),
    ("layers", "jade_ingest.adapters", ["jade_ingest.handlers"]),
    ("layers", "jade_ranker.handlers", ["jade_ranker.app"]),
    ("layers", "jade_gateway.api", ["jade_gateway.app"]),
    ("layers", "jade_ranker.app", ["jade_ranker.train"]),
    ("domain-is-pure", "jade_ranker.domain", CONTRACTS["domain-is-pure"]["forbidden_modules"]),
    ("domain-is-pure", "jade_ingest.domain", ["subprocess"]),
    ("domain-is-pure", "jade_gateway.domain", ["redis"]),
    (
        "only-the-engine-runs-programs",
        "jade_policy.match",
        CONTRACTS["only-the-engine-runs-programs"]["forbidden_modules"],
    ),
]


def modules_named_by(contracts):
    """Every module of our own that the contracts speak of: import-linter refuses names that do not exist."""
    for contract in contracts:
        for key in ("modules", "source_modules", "forbidden_modules"):
            for module in contract.get(key, []):
                if module.partition(".")[0] in CONFIG["root_packages"]:
                    yield module


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory):
    """A tree of empty packages with the names of ours, and our contracts."""
    folder = tmp_path_factory.mktemp("skeleton")
    modules = {*modules_named_by(CONTRACTS.values()), *(module for _, module, _ in VIOLATIONS)}
    modules |= {
        f"{service}.{name}" for service in CONTRACTS["layers"]["containers"] for name in SERVICE_MODULES
    }
    for module in (*CONFIG["root_packages"], *modules):
        package = folder.joinpath(*module.split("."))
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint_imports(folder, *arguments):
    """Runs import-linter on the packages in a folder; they shadow the installed ones of the same name."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_every_contract_has_a_violation_that_is_seen():
    assert {contract for contract, _, _ in VIOLATIONS} == set(CONTRACTS)


def test_every_service_is_under_the_contracts():
    services = {
        f"jade_{path.name}" for path in (ROOT / "services").iterdir() if (path / "pyproject.toml").exists()
    }
    assert services <= set(CONFIG["root_packages"])
    workers = services - {
        "jade_cli"
    }  # the composition root of the offline commands: it may import the others
    assert workers == set(CONTRACTS["layers"]["containers"])
    assert workers == set(CONTRACTS["services-meet-in-events"]["modules"])


def test_the_code_keeps_every_contract():
    status, words = lint_imports(ROOT)
    assert status == 0, words


def test_empty_packages_keep_every_contract(skeleton):
    status, words = lint_imports(skeleton)
    assert status == 0, words


@pytest.fixture(scope="module")
def verdicts(skeleton):
    """What import-linter says of a tree with every violation at once, by contract: a run takes a second."""
    imports_of = {}
    for _, module, imports in VIOLATIONS:
        imports_of.setdefault(module, []).extend(imports)
    tree = skeleton.with_name("violations")
    shutil.copytree(skeleton, tree)
    for module, imports in imports_of.items():
        lines = "".join(f"import {name}\n" for name in imports)
        tree.joinpath(*module.split("."), "__init__.py").write_text(lines)
    status, words = lint_imports(tree)
    assert status == 1, words
    title = re.compile(r"^(.+)\n-+$", re.MULTILINE)
    parts = title.split(words.partition("Broken contracts\n")[2])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(
    ("contract", "module", "imports"), VIOLATIONS, ids=[f"{c}-{m}-{i[0]}" for c, m, i in VIOLATIONS]
)
def test_a_violation_is_seen(verdicts, contract, module, imports):
    said = verdicts[CONTRACTS[contract]["name"]]
    for name in imports:
        assert f"{module} -> {name}" in said
