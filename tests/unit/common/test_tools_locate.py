import os
from dataclasses import replace

import pytest

from jade_common.tools.locate import ToolNotFoundError, find, find_in
from jade_common.tools.places import Places
from jade_common.tools.specs import ToolSpec
from jade_common.tools.versions import ask_version

SPEC = ToolSpec(
    name="widget",
    what="makes widgets",
    version="1.5.0",
    at_least="1.4",
    below="2",
    env="JADE_WIDGET_BIN",
    group="setup",
    ask=("--version",),
    reads=r"widget (\d+\.\d+\S*)",
    module="example.test/widget/cmd/widget",
)


@pytest.fixture
def places(tmp_path):
    return Places(
        variables={"PATH": str(tmp_path / "path")},
        local_bin=tmp_path / "clone/.tools/bin",
        scripts=tmp_path / "venv/bin",
        cache=tmp_path / "cache",
    )


def program(path, version, *, says=None, runs=None):
    """A program that prints its version and counts how often it was started."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = f"echo run >> {runs}\n" if runs else ""
    path.write_text(f"#!/bin/sh\n{count}echo '{says or f'widget {version}'}'\n")
    path.chmod(0o755)
    return path


def test_the_order_is_variable_path_clone_environment_cache(places, tmp_path):
    layers = [
        ("cache", program(places.cached(SPEC), "1.5.0")),
        ("environment", program(places.scripts / "widget", "1.4.1")),
        (".tools/bin", program(places.local_bin / "widget", "1.4.2")),
        ("PATH", program(tmp_path / "path/widget", "1.4.3")),
    ]
    for origin, path in reversed(layers):
        tool = find_in(places, SPEC)
        assert (tool.origin, tool.path) == (origin, path)
        path.unlink()
    other = program(tmp_path / "other", "1.4.4")
    overridden = replace(places, variables={**places.variables, "JADE_WIDGET_BIN": str(other)})
    tool = find_in(overridden, SPEC)
    assert (tool.origin, tool.version) == ("JADE_WIDGET_BIN", "1.4.4")


@pytest.mark.parametrize("version", ["1.3.9", "2.0.0"])
def test_a_version_on_path_that_does_not_fit_is_passed_over(places, tmp_path, version):
    program(tmp_path / "path/widget", version)
    program(places.local_bin / "widget", "1.5.0")
    assert find_in(places, SPEC).origin == ".tools/bin"


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda path: program(path, "1.0.0"), "is 1.0.0"),
        (lambda path: program(path, "", says="hello"), "it says: hello"),
        (lambda path: program(path, "1.5.0").chmod(0o644), "is not executable"),
        (lambda path: None, "is not there"),
    ],
)
def test_a_variable_that_names_something_useless_is_an_error_not_a_fallback(
    places, tmp_path, make, complaint
):
    program(places.local_bin / "widget", "1.5.0")
    make(tmp_path / "mine")
    places = replace(places, variables={**places.variables, "JADE_WIDGET_BIN": str(tmp_path / "mine")})
    with pytest.raises(ToolNotFoundError, match="JADE_WIDGET_BIN") as raised:
        find_in(places, SPEC)
    assert complaint in str(raised.value)
    assert "correct or unset it" in str(raised.value)


def test_the_error_says_what_where_why_and_what_to_do(places, tmp_path):
    program(tmp_path / "path/widget", "0.1.0")
    with pytest.raises(ToolNotFoundError) as raised:
        find_in(places, SPEC)
    message = str(raised.value)
    assert "widget >= 1.4, < 2 not found (makes widgets)" in message
    assert f"PATH: {tmp_path / 'path/widget'} is 0.1.0" in message
    assert f".tools/bin: {places.local_bin / 'widget'} is not there" in message
    assert "make setup" in message
    assert "JADE_WIDGET_BIN" in message
    assert raised.value.why.endswith("is 0.1.0")


def test_a_program_is_asked_once_and_again_when_it_changes(tmp_path):
    runs = tmp_path / "runs"
    path = program(tmp_path / "widget", "1.5.0", runs=runs)
    assert [ask_version(SPEC, path) for _ in range(3)] == ["1.5.0"] * 3
    assert runs.read_text().count("run") == 1
    program(path, "1.6.0", runs=runs)
    os.utime(path, ns=(1, 1))
    assert ask_version(SPEC, path) == "1.6.0"


def test_what_the_installer_put_into_the_cache_is_not_started_to_be_asked(places, tmp_path):
    runs = tmp_path / "runs"
    program(places.cached(SPEC), "1.5.0", runs=runs)
    places.local_bin.mkdir(parents=True)
    (places.local_bin / "widget").symlink_to(places.cached(SPEC))
    assert find_in(places, SPEC).version == "1.5.0"
    assert not runs.exists()


def test_a_go_program_that_does_not_know_its_version_is_read_from_its_build_information(places):
    path = places.local_bin / "widget"
    path.parent.mkdir(parents=True)
    information = (
        "path\texample.test/widget/cmd/widget\n"
        "mod\texample.test/other\tv9.9.9\th1:abc=\n"
        "mod\texample.test/widget\tv1.4.7\th1:abc="
    )
    path.write_text(f"#!/bin/sh\necho 'widget development'\nexit 0\n{information}\tend\n")
    path.chmod(0o755)
    assert find_in(places, SPEC).version == "1.4.7"


def test_the_clones_tools_are_found_from_the_code_and_not_from_the_working_directory(tmp_path, monkeypatch):
    hostile = program(tmp_path / ".tools/bin/opa", "", says="Version: 1.22.2")
    (tmp_path / "uv.lock").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JADE_OPA_BIN", raising=False)
    assert find("opa").path != hostile
