"""The GitHub Action, the pre-commit hooks and the GitLab template: their very commands, run in a repository of their own."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
GITLAB = yaml.safe_load((ROOT / "infra/ci/jade.gitlab-ci.yml").read_text())
SCHEMA = json.loads((ROOT / "tests/contract/cli/schemas/gitlab-code-quality.schema.json").read_text())
PRIVILEGED = """\
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  containers:
    - name: cart
      image: registry.example.com/cart:1.0
      securityContext: {privileged: true}
"""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a violating manifest and YAML that is for someone else."""
    folder = tmp_path / "repository with blanks"
    (folder / "deploy").mkdir(parents=True)
    (folder / "deploy" / "cart.yaml").write_text(PRIVILEGED)
    (folder / "values.yaml").write_text("replicas: 3\n")
    for name in [name for name in os.environ if name.startswith(("JADE_", "GITHUB_", "CI_"))]:
        if not name.startswith("JADE_OPA"):
            monkeypatch.delenv(name)
    return folder


def bash(script, folder, **environment):
    """Run a script as a runner does: `bash --noprofile --norc -eo pipefail FILE`."""
    file = folder.parent / "step.sh"
    file.write_text(script)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", file],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


class Runner:
    """What GitHub's runner does with a composite action: inputs, variables, GITHUB_* files, outputs."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {
            name: folder.parent / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
        }
        for file in self.files.values():
            file.write_text("")

    def run(self, **inputs):
        """Run the action's own commands; gives the last process, whose step failed or came last."""
        inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert set(inputs) <= set(ACTION["inputs"])
        known = {f"inputs.{name}": inputs.get(name, one["default"]) for name, one in ACTION["inputs"].items()}
        known |= {"github.action_path": str(ROOT)}
        for step in ACTION["runs"]["steps"]:
            if "run" not in step:
                continue
            environment = {
                name: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: known[match[1]], value)
                for name, value in step["env"].items()
            }
            # Of Jade's own environment nothing is on PATH before the step that puts it there.
            here = os.environ["PATH"].split(":")
            path = [
                *self.files["GITHUB_PATH"].read_text().splitlines(),
                *(one for one in here if one != str(BIN)),
            ]
            done = bash(
                step["run"],
                self.folder,
                PATH=":".join(path),
                RUNNER_TEMP=str(self.folder.parent),
                **{name: str(file) for name, file in self.files.items()},
                **environment,
            )
            if done.returncode:
                break
        return done

    @property
    def outputs(self):
        lines = self.files["GITHUB_OUTPUT"].read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


def test_action_annotates_summarises_and_fails(repository):
    runner = Runner(repository)
    done = runner.run(paths="deploy\n", fail_on="critical")
    assert done.returncode == 1, done.stderr
    assert "::error file=deploy/cart.yaml,line=8,title=deny-privileged-pods::" in done.stdout
    assert runner.files["GITHUB_PATH"].read_text() == f"{ROOT}/.venv/bin\n"
    assert runner.files["GITHUB_STEP_SUMMARY"].read_text().startswith("## Jade failed\n")
    found = runner.outputs
    assert set(ACTION["outputs"]) == set(found)
    assert (found["exit-code"], found["verdict"], found["new"], found["suppressed"]) == (
        "1",
        "failed",
        "",
        "0",
    )
    assert json.loads(Path(found["sarif"]).read_text())["version"] == "2.1.0"
    # What it wrote is a baseline, against which the same is nothing new.
    again = Runner(repository)
    baseline = repository / "base line.json"
    Path(found["json"]).rename(baseline)
    done = again.run(
        paths="deploy", baseline=baseline.name, fail_on_new="true", annotations="false", summary="false"
    )
    assert done.returncode == 0, done.stderr
    assert "deny-privileged-pods" in done.stdout
    assert "::" not in done.stdout
    assert again.files["GITHUB_STEP_SUMMARY"].read_text() == ""
    assert (again.outputs["verdict"], again.outputs["new"]) == ("passed", "0")


def test_action_takes_its_inputs_as_text(repository):
    runner = Runner(repository)
    hostile = '$(touch pwned); `touch pwned`" -o table=pwned #\n-o'
    done = runner.run(paths=hostile, exclude='x"; touch pwned')
    assert done.returncode == 3
    assert "could not be read" in done.stderr
    assert sorted(one.name for one in repository.iterdir()) == ["deploy", "values.yaml"]
    assert runner.outputs["verdict"] == "incomplete"


def test_the_action_takes_other_scanners_reports_in(repository):
    report = repository / "trivy report.json"
    report.write_bytes((ROOT / "tests/unit/ingest/reports/trivy-config.json").read_bytes())
    manifest = ROOT / "tests/unit/ingest/manifests/shop.yaml"
    (repository / "deploy" / "shop.yaml").write_bytes(manifest.read_bytes())
    runner = Runner(repository)
    runner.run(paths="deploy", reports="trivy report.json\n", fail_on="none", scanner="jade")
    found = json.loads(Path(runner.outputs["json"]).read_text())
    assert found["summary"]["seen"]["trivy"] == 3
    assert any(one["seen_by"] == ["jade", "trivy"] for one in found["findings"])


def test_action_says_when_it_is_used_wrongly(repository):
    runner = Runner(repository)
    done = runner.run(fail_on="loud")
    assert done.returncode == 2
    assert "loud" in done.stderr
    assert runner.outputs == {"exit-code": "2"}


def test_action_puts_no_input_into_a_script():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert "@v" in step.get("uses", "@v")
    upload = ACTION["runs"]["steps"][-1]
    assert "always()" in upload["if"]  # also where the scan failed
    assert upload["with"]["sarif_file"] == ACTION["outputs"]["sarif"]["value"]


def hook(name, folder, *arguments, **environment):
    """Run a hook as pre-commit does: the entry of a script lies in the hooks' repository, arguments follow."""
    one = HOOKS[name]
    assert one["pass_filenames"] is False
    entry = shlex.split(one["entry"])
    if one["language"] == "script":
        entry[0] = str(ROOT / entry[0])
    command = [*entry, *(arguments or one["args"])]
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("name", HOOKS)
def test_hook_fails_for_findings_and_not_for_other_yaml(repository, name):
    path = f"{BIN}:{os.environ['PATH']}"
    failing = hook(name, repository, PATH=path)
    assert failing.returncode == 1, failing.stderr
    assert "deny-privileged-pods" in failing.stdout
    (repository / "deploy" / "cart.yaml").unlink()
    other = hook(name, repository, PATH=path)
    assert other.returncode == 0, other.stdout + other.stderr


def test_hook_takes_options(repository):
    done = hook("jade-scan", repository, "deploy", "--fail-on", "none", "-o", "github")
    assert done.returncode == 0, done.stderr
    assert "title=deny-privileged-pods" in done.stdout


def job(folder, *, path, **variables):
    """Run the job as GitLab's runner does: before_script and script in one shell."""
    script = "\n".join([*GITLAB["jade"]["before_script"], *GITLAB["jade"]["script"]])
    return bash(script, folder, PATH=path, **GITLAB["jade"]["variables"] | variables)


def test_gitlab_job_leaves_its_reports(repository):
    path = f"{BIN}:{os.environ['PATH']}"
    done = job(repository, path=path, JADE_PATHS="deploy", JADE_OPTIONS="--fail-on critical")
    assert done.returncode == 1, done.stderr
    assert "deny-privileged-pods" in done.stdout
    artifacts = GITLAB["jade"]["artifacts"]
    assert artifacts["when"] == "always"  # also where the scan failed
    assert set(artifacts["reports"].values()) <= set(artifacts["paths"])
    assert all((repository / file).stat().st_size for file in artifacts["paths"])
    issues = json.loads((repository / artifacts["reports"]["codequality"]).read_text())
    jsonschema.validate(issues, SCHEMA)
    assert {"path": "deploy/cart.yaml", "lines": {"begin": 8}} in [issue["location"] for issue in issues]
    assert (repository / artifacts["reports"]["junit"]).read_text().startswith("<?xml")


def test_gitlab_job_brings_its_own_jade(repository, tmp_path):
    """From a repository of its own whose installation is this one's."""
    source = tmp_path / "source"
    (source / "infra" / "ci").mkdir(parents=True)
    (source / "infra" / "ci" / "install.sh").write_text(f"echo {BIN}\n")
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", source)
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], check=True)
    path = ":".join(one for one in os.environ["PATH"].split(":") if one != str(BIN))
    done = job(repository, path=path, JADE_REPOSITORY=f"file://{source}", JADE_OPTIONS="--fail-on none")
    assert done.returncode == 0, done.stderr
    assert "deny-privileged-pods" in done.stdout
    without = job(repository, path=path)
    assert without.returncode == 3
    assert "set JADE_REPOSITORY" in without.stderr


def test_install_says_what_is_missing(tmp_path):
    """In a checkout where nothing can be set up."""
    (tmp_path / "infra" / "ci").mkdir(parents=True)
    script = tmp_path / "infra" / "ci" / "install.sh"
    script.write_text((ROOT / "infra/ci/install.sh").read_text())
    done = subprocess.run(["bash", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (3, "")
    assert "jade: it could not be set up" in done.stderr
