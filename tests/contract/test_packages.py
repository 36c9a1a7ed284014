"""Each package builds a wheel, and `jade` installs from the wheels and works without the repository."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from jade_common.tools import ToolNotFoundError, find, load_specs

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(
    f"jade_{path.parent.name.removeprefix('jade_')}" for path in ROOT.glob("*/*/pyproject.toml")
)
IMPORT_EVERYTHING = """
import importlib.util, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    assert "/site-packages/" in package.__file__, package.__file__
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if module.name.endswith(".train") or ".train." in module.name:
            continue  # needs the extra of this name, which no worker has: what they do need is imported here without
        if "testing" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
heavy = {"mlflow", "scipy", "sklearn", "sqlalchemy"}
assert not any(importlib.util.find_spec(name) for name in heavy), "serving brought training's packages"
"""


def run(*command, cwd, check=True, **variables):
    # Nothing of this checkout may be seen from the new environment.
    ours = ("VIRTUAL_ENV", "PYTHON", "JADE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def uv(*arguments, cwd):
    """Runs uv from its cache, where `uv sync` left all that is needed, else with the network."""
    try:
        program = find("uv").path
    except ToolNotFoundError as error:
        pytest.skip(str(error))
    if run(program, *arguments, "--offline", cwd=cwd, check=False).returncode != 0:
        run(program, *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    uv("build", "--quiet", "--wheel", "--all-packages", "--out-dir", folder, cwd=ROOT)
    return {path.name.partition("-")[0]: path for path in folder.glob("*.whl")}


@pytest.fixture(scope="module")
def installed(wheels, tmp_path_factory):
    """A fresh environment with the wheels and the locked versions of what they need; its bin folder."""
    folder = tmp_path_factory.mktemp("installed")
    locked = folder / "locked.txt"
    export = ("export", "--quiet", "--frozen", "--no-hashes", "--no-emit-workspace", "--output-file", locked)
    uv(*export, cwd=ROOT)
    uv("venv", "--quiet", "venv", cwd=folder)
    install = ("pip", "install", "--quiet", "--python", "venv/bin/python", "--constraint", locked)
    uv(*install, *wheels.values(), cwd=folder)
    return folder / "venv" / "bin"


def test_every_package_builds_a_wheel_with_its_type_marker(wheels):
    assert sorted(wheels) == PACKAGES
    for name, wheel in wheels.items():
        assert f"{name}/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_the_wheels_carry_the_data_that_the_code_reads_and_no_more(wheels):
    common = zipfile.ZipFile(wheels["jade_common"]).namelist()
    infra = {name for name in common if "/_infra/" in name}
    assert {"jade_common/_infra/tools.toml", "jade_common/_infra/nats/topology.toml"} <= infra
    assert "jade_common/_infra/setup/checkov.txt" in infra
    assert not [name for name in infra if name.split("/")[2] in {"docker", "grafana", "prometheus"}]
    policies = zipfile.ZipFile(wheels["jade_policy"]).namelist()
    assert "jade_policy/policies_data/index.jsonl" in policies
    assert [name for name in policies if name.endswith("/template.yaml")]
    ranker = zipfile.ZipFile(wheels["jade_ranker"]).namelist()
    assert "jade_ranker/crosswalk.jsonl" in ranker
    model = {path.name for path in (ROOT / "data" / "models" / "ranker").iterdir()}
    assert model
    assert {f"jade_ranker/model_data/{name}" for name in model} <= set(ranker)


def test_every_module_is_importable_with_what_the_wheels_declare(installed, tmp_path):
    run(installed / "python", "-W", "error", "-c", IMPORT_EVERYTHING, *PACKAGES, cwd=tmp_path)


def test_the_command_answers_without_the_repository(installed, tmp_path):
    assert "0.1.0" in run(installed / "jade", "--version", cwd=tmp_path).stdout
    assert "scan" in run(installed / "jade", "--help", cwd=tmp_path).stdout


def test_the_installed_doctor_uses_the_per_user_cache_and_no_clone(installed, tmp_path):
    def diagnose():
        doctor = (installed / "jade", "doctor", "-o", "json")
        done = run(*doctor, cwd=ROOT, check=False, XDG_CACHE_HOME=str(tmp_path), PATH="/usr/bin:/bin")
        return done.returncode, {tool["name"]: tool for tool in json.loads(done.stdout)["tools"]}

    status, tools = diagnose()
    assert tools["nats-server"]["origin"] == "environment"
    assert tools["opa"]["status"] == "missing"
    assert status == 3
    opa = find("opa")
    program = tmp_path / f"jade/tools/opa-{load_specs()['opa'].version}/opa"
    program.parent.mkdir(parents=True)
    program.symlink_to(opa.path)
    status, tools = diagnose()
    assert (tools["opa"]["status"], tools["opa"]["origin"]) == ("ok", "cache")
    assert status == 0
