import json

from jade_cli.doctor import Diagnosis, diagnose, doctor, ready, table
from jade_common.tools import load_specs

FOUND = Diagnosis(
    name="opa",
    what="the Rego engine",
    required=True,
    status="ok",
    wanted=">= 1.22",
    version="1.22.2",
    origin="PATH",
    path="/usr/bin/opa",
)
LACKING = Diagnosis(
    name="gator",
    what="verifies templates",
    required=False,
    status="missing",
    wanted=">= 3.23",
    reason="not installed",
    todo="make setup-dev",
)


def test_it_looks_at_python_and_at_every_tool():
    assert [each.name for each in diagnose()] == ["python", *load_specs()]


def test_json_says_of_each_what_where_from_and_what_to_do(capsys):
    status = doctor("json")
    report = json.loads(capsys.readouterr().out)
    assert report["schema"] == "jade.doctor/v1"
    assert status == (0 if report["ready"] else 3)
    for tool in report["tools"]:
        if tool["status"] == "ok":
            assert tool["version"]
            assert tool["origin"]
            assert tool["path"]
            assert tool["todo"] is None
        else:
            assert tool["reason"]
            assert tool["todo"]


def test_a_tool_that_does_not_serve_is_told_apart_from_a_missing_one(monkeypatch, tmp_path, capsys):
    old = tmp_path / "opa"
    old.write_text("#!/bin/sh\necho Version: 0.70.0\n")
    old.chmod(0o755)
    monkeypatch.setenv("JADE_OPA_BIN", str(old))
    assert doctor("table") == 3
    printed = capsys.readouterr().out
    line = next(line for line in printed.splitlines() if line.startswith("opa"))
    assert "unusable" in line
    assert f"JADE_OPA_BIN={old} is 0.70.0" in line
    assert printed.rstrip().endswith("not ready: opa required")


def test_only_what_is_required_decides():
    assert ready([FOUND, LACKING])
    assert table([FOUND, LACKING]).endswith("\nready")


def test_the_table_names_what_is_missing_and_the_remedy():
    for words in ("gator", "missing", "optional", "not installed", ">= 3.23", "make setup-dev"):
        assert words in table([LACKING])
