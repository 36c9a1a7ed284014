"""What Checkov is given, and what is made of what it writes; a stand-in takes its place."""

import orjson
import pytest

from jade_cli.failures import Failure
from jade_cli.scan import checkov
from jade_common.tools.locate import Tool

GOOD = b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    def install(script):
        path = tmp_path / "checkov"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setattr(checkov, "find", lambda _: Tool("checkov", path, "3.3", "PATH"))

    return install


def test_broken_documents_are_blanked_and_lines_stay():
    data = GOOD + b"---\na: [\n---\n" + GOOD
    text = checkov.without_broken(data, "x.yaml")
    assert text.count(b"\n") == data.count(b"\n")
    assert text.splitlines()[6:] == data.splitlines()[6:]
    assert b"a: [" not in text


def test_report_speaks_of_the_users_files(stand_in):
    stand_in(
        """echo '{"check_type":"kubernetes","results":{"failed_checks":[{"check_id":"X","file_path":"/000001.yml"}]}}'; exit 1"""
    )
    output, texts = checkov.run({"b.yml": GOOD, "c.yaml": GOOD, "a.yaml": b"a: ["})
    assert orjson.loads(output)["results"]["failed_checks"][0]["file_path"] == "b.yml"
    assert set(texts) == {"b.yml", "c.yaml"}


def test_nothing_of_the_environment_reaches_it(stand_in, monkeypatch):
    monkeypatch.setenv("BC_API_KEY", "secret")
    stand_in("""printf '{"seen": "%s %s"}' "$BC_API_KEY" "$(pwd)" """)
    output, _ = checkov.run({"a.yaml": GOOD})
    assert orjson.loads(output)["seen"].strip().endswith("/home")
    assert "secret" not in output


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo boom >&2; exit 2", "exit code 2: boom"),
        ("echo no json", "wrote no JSON"),
        ("kill -9 $$", "exit code -9"),
    ],
)
def test_its_failures_are_told(stand_in, script, why):
    stand_in(script)
    with pytest.raises(Failure, match=why):
        checkov.run({"a.yaml": GOOD})


def test_one_that_hangs_is_ended_with_its_children(stand_in, monkeypatch):
    monkeypatch.setattr(checkov, "LIMIT_SECONDS", 0.2)
    stand_in("sleep 60 & sleep 60")
    with pytest.raises(Failure, match="did not end within"):
        checkov.run({"a.yaml": GOOD})
