"""What the policies of a library read, by the real OPA, and kept from one process to the next."""

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from jade_common.tools import find
from jade_policy.errors import EngineError
from jade_policy.library import Library, own_library
from jade_policy.opa.syntax import syntax_trees
from jade_policy.policies import Policy, RegoModule
from jade_policy.reads import Read, reads_of
from jade_ranker.adapters import reading
from jade_ranker.adapters.reading import key_of, reads_of_library

HELPERS = RegoModule(
    "package lib.fields\n\nport(obj) := obj.spec.ports[_].nodePort\n", 1, ("lib", "fields"), "fields.rego"
)


def policy(name: str, condition: str, *libs: RegoModule) -> Policy:
    text = f'package {name}\n\nimport data.lib.fields\n\nviolation contains {{"msg": "m"}} if {{ {condition} }}\n'
    return Policy(name, name, RegoModule(text, 1, (name,), f"{name}.rego"), libs)


PORTS = policy("ports", "fields.port(input.review.object) > 0", HELPERS)
TYPE = policy("type", 'input.review.object.spec.type == "NodePort"')
BROKEN = policy("broken", "input.review.object.spec.type ==")
LIBRARY = Library((PORTS, TYPE))
PORTS_READ = (Read(("spec", "ports", "*", "nodePort")),)
TYPE_READ = (Read(("spec", "type")),)


@pytest.fixture(scope="module")
def opa() -> Path:
    return find("opa").path


@pytest.fixture
def parsed(monkeypatch):
    """The ids of the policies that are parsed, in the order of the asking."""
    asked: list[str] = []

    def counting(policies, opa):
        asked.extend(one.id for one in policies)
        return syntax_trees(policies, opa)

    monkeypatch.setattr(reading, "syntax_trees", counting)
    return asked


def files(folder: Path) -> list[Path]:
    return sorted((folder / "reads").iterdir())


def test_policies_are_parsed_once(opa, tmp_path, parsed):
    first = reads_of_library(LIBRARY, opa, tmp_path)
    assert first == {"ports": PORTS_READ, "type": TYPE_READ}
    assert parsed == ["ports", "type"]
    again = reads_of_library(LIBRARY, opa, tmp_path)
    assert (again, list(again)) == (first, list(first))
    assert parsed == ["ports", "type"]
    assert len(files(tmp_path)) == 1


def test_of_a_changed_library_only_what_is_new_is_parsed(opa, tmp_path, parsed):
    reads_of_library(LIBRARY, opa, tmp_path)
    parsed.clear()
    ingress = policy("ingress", "not input.review.object.spec.tls")
    described = replace(TYPE, title="Another title", severity="high")
    found = reads_of_library(Library((ingress, described)), opa, tmp_path)
    assert found == {"ingress": (Read(("spec", "tls")),), "type": TYPE_READ}
    assert parsed == ["ingress"]
    reads_of_library(LIBRARY, opa, tmp_path)
    assert parsed == ["ingress"]


def test_whatever_the_reads_depend_on_is_in_the_key():
    other = replace(HELPERS, text=HELPERS.text.replace("nodePort", "port"))
    changed = [
        replace(PORTS, libs=(other,)),
        replace(PORTS, libs=()),
        replace(PORTS, module=replace(PORTS.module, version=0)),
        replace(PORTS, module=replace(PORTS.module, package=("other",))),
        replace(PORTS, module=replace(PORTS.module, text=PORTS.module.text + "\n")),
        replace(PORTS, shape="object"),
        replace(PORTS, entries=(("deny", "set"),)),
    ]
    keys = [key_of(one, "1.22.2") for one in (PORTS, *changed)] + [key_of(PORTS, "1.22.3")]
    assert len(set(keys)) == len(keys)
    assert key_of(replace(PORTS, id="another", title="t"), "1.22.2") == keys[0]


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-5], lambda content: b"", lambda content: b"[" * 9_999]
)
def test_a_damaged_file_is_made_again(opa, tmp_path, parsed, damage):
    first = reads_of_library(LIBRARY, opa, tmp_path)
    (path,) = files(tmp_path)
    good = path.read_bytes()
    path.write_bytes(damage(good))
    parsed.clear()
    assert reads_of_library(LIBRARY, opa, tmp_path) == first
    assert parsed == ["ports", "type"]
    assert path.read_bytes() == good


def test_files_of_another_form_are_passed_over(opa, tmp_path, parsed, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(reading, "SCHEMA", "reads-0")
        reads_of_library(LIBRARY, opa, tmp_path)
    parsed.clear()
    reads_of_library(LIBRARY, opa, tmp_path)
    assert parsed == ["ports", "type"]


def test_a_folder_that_cannot_be_written_costs_only_time(opa, tmp_path, parsed):
    (tmp_path / "file").touch()
    with capture_logs() as logs:
        for _ in range(2):
            assert reads_of_library(LIBRARY, opa, tmp_path / "file")["type"] == TYPE_READ
    assert parsed == ["ports", "type"] * 2
    assert {entry["log_level"] for entry in logs} == {"debug"}


def test_a_policy_that_cannot_be_parsed_reads_nothing_and_is_named(opa, tmp_path, parsed):
    library = Library((BROKEN, PORTS, TYPE))
    for _ in range(2):
        parsed.clear()
        with capture_logs() as logs:
            found = reads_of_library(library, opa, tmp_path)
        assert found == {"broken": (), "ports": PORTS_READ, "type": TYPE_READ}
        assert [(entry["event"], entry["policy"]) for entry in logs] == [("policy_not_parsed", "broken")]
        assert "broken.rego:5" in logs[0]["error"]
    assert "ports" not in parsed  # a library with one bad policy is not parsed anew each time


def test_an_opa_that_is_gone_leaves_nothing_behind(opa, tmp_path, monkeypatch):
    def gone(*_):
        raise EngineError("opa cannot be run")

    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(reading, "syntax_trees", gone)
        assert reads_of_library(LIBRARY, opa, tmp_path) == {"ports": (), "type": ()}
    assert {entry["event"] for entry in logs} == {"policy_not_parsed"}
    assert reads_of_library(LIBRARY, opa, tmp_path)["type"] == TYPE_READ


def test_an_opa_that_tells_no_version_is_asked_each_time(tmp_path, parsed):
    silent = tmp_path / "opa"
    silent.write_text(f'#!/bin/sh\n[ "$1" = parse ] && exec {find("opa").path} "$@"\n')
    silent.chmod(0o755)
    for _ in range(2):
        assert reads_of_library(LIBRARY, silent, tmp_path)["type"] == TYPE_READ
    assert parsed == ["ports", "type"] * 2
    assert not (tmp_path / "reads").exists()


def test_our_own_library_is_kept_as_it_is_read(opa, tmp_path):
    library = Library(own_library().policies[::8])
    trees = syntax_trees(library.policies, opa)
    expected = {one.id: reads_of(one, trees) for one in library.policies}
    assert reads_of_library(library, opa, tmp_path) == expected
    assert reads_of_library(library, opa, tmp_path) == expected
