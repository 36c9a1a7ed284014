"""Whatever a policy does or OPA suffers: what is not known is unknown, never passed; the rest is right."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from jade_policy.errors import EngineError
from jade_policy.library import own_library
from jade_policy.opa import Engine
from jade_policy.opa.bundle import build_bundle
from jade_policy.opa.process import GARBAGE_PERCENT
from jade_policy.opa.server import Server
from jade_policy.opa.wasm.kept import KeptModule, Module
from jade_policy.verdicts import Review, Verdict

pytestmark = pytest.mark.integration

ALWAYS = 'package always\nviolation contains {"msg": "always"} if input.review.object.kind\n'
CONFLICT = """package conflict
violation contains {"msg": said(input.review.object.metadata.name)}
said(name) := "short" if count(name) < 3
said(name) := "odd" if name == "p7"
said(name) := "long" if count(name) >= 3
"""
SLOW = """package slow
violation contains {"msg": "x"} if {
	some a in numbers.range(1, 10000)
	some b in numbers.range(1, 10000)
	a * b == 0
}
"""
GREEDY = """package greedy
violation contains {"msg": "x"} if count(numbers.range(1, 1000000000)) == 0
"""


def pods(count: int) -> list[Review]:
    return [Review({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{i}"}}) for i in range(count)]


def of(verdicts: list[list[Verdict]], policy_id: str) -> list[Verdict]:
    return [verdict for each in verdicts for verdict in each if verdict.policy_id == policy_id]


@pytest.fixture
def start(start: Any) -> Any:
    """Nobody but the server answers, unless a test wants it otherwise."""

    def begin(files: Any, **options: Any) -> Engine:
        engine: Engine = start(files, **{"compiled": False, **options})
        return engine

    return begin


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
def test_a_conflict_at_run_time_is_that_policys_alone(start: Any, compiled: bool) -> None:
    """One document in a hundred makes one policy fail; in one query that would take all answers with it."""
    engine = start({"always.rego": ALWAYS, "conflict.rego": CONFLICT}, compiled=compiled)
    verdicts = engine.judge(pods(100))
    assert {verdict.verdict for verdict in of(verdicts, "always")} == {"violated"}
    names = [verdict.verdict for verdict in of(verdicts, "conflict")]
    assert names == ["violated"] * 7 + ["unknown"] + ["violated"] * 92
    failed = of(verdicts, "conflict")[7]
    assert "eval_conflict_error" in str(failed.reason)
    assert "conflict.rego:3" in str(failed.reason)
    assert "jade" not in str(failed.reason)  # where it was loaded is nothing to its author
    assert not failed.transient


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("hostile", [SLOW, GREEDY], ids=["product of 10^8", "a list of 10^9"])
def test_a_policy_that_never_ends_is_stopped(start: Any, hostile: str, compiled: bool) -> None:
    limit = 0.4
    engine = start({"always.rego": ALWAYS, "hostile.rego": hostile}, limit_seconds=limit, compiled=compiled)
    begun = time.monotonic()
    verdicts = engine.judge(pods(20))
    # the bulk, one document, the policy alone, and once more on another document
    assert time.monotonic() - begun < 4 * limit + 3
    assert {verdict.verdict for verdict in of(verdicts, "always")} == {"violated"}
    stopped = [verdict for each in verdicts for verdict in each if verdict.policy_id != "always"]
    assert {(verdict.verdict, verdict.transient) for verdict in stopped} == {("unknown", True)}
    assert "the limit of 0.4 s" in str(stopped[0].reason)
    assert "not asked again for 60 s" in str(stopped[-1].reason)
    begun = time.monotonic()
    engine.judge(pods(20))
    assert time.monotonic() - begun < limit + 1  # it is left alone for a while
    process = psutil.Process(engine.pid)
    before = process.cpu_times().user
    assert engine.healthy()
    assert process.cpu_times().user - before < limit  # and no evaluation goes on


def test_opa_killed_between_two_questions(start: Any) -> None:
    engine = start({"always.rego": ALWAYS})
    for _ in range(3):
        os.kill(engine.pid, signal.SIGKILL)
        begun = time.monotonic()
        assert {verdict.verdict for verdict in of(engine.judge(pods(60)), "always")} == {"violated"}
        assert time.monotonic() - begun < 5
    assert engine.restarts == 3


def test_opa_that_stays_away_gives_unknown(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jade_policy.opa.asker.RESTART_LIMIT_SECONDS", 0.1)
    engine = start({"always.rego": ALWAYS})
    monkeypatch.setattr("jade_policy.opa.process.BACKOFF_SECONDS", (30.0,))
    os.kill(engine.pid, signal.SIGKILL)
    (verdict,) = of(engine.judge(pods(1)), "always")
    assert (verdict.verdict, verdict.transient) == ("unknown", True)
    assert "the policy engine stopped" in str(verdict.reason)
    assert not engine.healthy()


def test_opa_that_hangs_is_killed_and_comes_back(start: Any) -> None:
    engine = start({"always.rego": ALWAYS}, limit_seconds=0.3)
    hung = engine.pid
    os.kill(hung, signal.SIGSTOP)
    # A signal is on its way when kill returns; a thread of OPA's may still answer. This waits until all have stopped.
    os.waitid(os.P_PID, hung, os.WSTOPPED | os.WNOWAIT)
    (verdict,) = of(engine.judge(pods(1)), "always")
    assert verdict.verdict == "unknown"
    assert {verdict.verdict for verdict in of(engine.judge(pods(1)), "always")} == {"violated"}
    assert engine.pid != hung


def test_opa_killed_again_and_again_while_it_is_asked(opa: Path) -> None:
    """Whatever comes back is the truth or unknown."""
    reviews = pods(200)
    with Engine(own_library(), opa=opa, compiled=False) as engine:
        expected = engine.judge(reviews)
        for _ in range(4):
            with psutil.Popen(["sh", "-c", f"kill -9 {engine.pid}"]):
                found = engine.judge(reviews)
            for mine, right in zip(found, expected, strict=True):
                assert all(
                    a == b or (a.verdict, a.transient) == ("unknown", True)
                    for a, b in zip(mine, right, strict=True)
                )
        assert engine.judge(reviews) == expected


ORPHAN = """
import sys
from pathlib import Path
from jade_policy.library import own_library
from jade_policy.opa import Engine
from jade_policy.opa.bundle import build_bundle
from jade_policy.opa.process import GARBAGE_PERCENT
from jade_policy.opa.server import Server
from jade_policy.opa.wasm.kept import KeptModule, Module
engine = Engine(own_library(), opa=Path(sys.argv[1]), compiled=False).start()
print(engine.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
def test_no_orphan_survives_its_parent(opa: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(opa)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        orphan = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        psutil.wait_procs([orphan], timeout=10)
        assert not orphan.is_running()


def test_opa_sees_nothing_of_our_environment(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JADE_SECRET", "canary")
    engine = start({"always.rego": ALWAYS})
    assert psutil.Process(engine.pid).environ() == {"GOGC": str(GARBAGE_PERCENT)}


def test_nothing_is_left_after_close(start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    engine = start({"always.rego": ALWAYS})
    pid = engine.pid
    assert [folder.stat().st_mode & 0o777 for folder in tmp_path.glob("jade-opa-*")] == [0o700]
    engine.close()
    assert not psutil.pid_exists(pid)
    assert list(tmp_path.glob("jade-opa-*")) == []


def test_what_a_killed_engine_left_is_swept_by_the_next(
    start: Any, opa: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", ORPHAN, str(opa)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        (left,) = tmp_path.glob("jade-opa-*")
        start({"always.rego": ALWAYS})
        assert left.exists()  # its engine is alive
        parent.kill()
    start({"always.rego": ALWAYS})
    assert not left.exists()
    assert len(list(tmp_path.glob("jade-opa-*"))) == 2


def test_policies_are_compiled_in_the_engines_own_folder(
    start: Any, opa: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what a killed build leaves is swept as well."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spy, heard = tmp_path / "opa", tmp_path / "heard"
    spy.write_text(f'#!/bin/sh\necho "$@" >> {heard}\nexec {opa} "$@"\n')
    spy.chmod(0o755)
    with Engine(own_library(), opa=spy) as engine:
        assert engine.pid is None
    (build,) = [line.split() for line in heard.read_text().splitlines() if line.startswith("build ")]
    places = [Path(build[build.index(option) + 1]) for option in ("--bundle", "--output")]
    assert all(place.relative_to(tmp_path).parts[0].startswith("jade-opa-") for place in places)
    assert not any(place.exists() for place in places)


def test_nothing_is_left_of_an_engine_that_fails_to_start(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_: Server) -> str:
        assert psutil.Process().children()
        raise EngineError("it does not say")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Server, "version", silent)
    before = {one.pid for one in psutil.Process().children()}
    with pytest.raises(EngineError, match="it does not say"):
        start({"always.rego": ALWAYS})
    assert {one.pid for one in psutil.Process().children()} <= before
    assert list(tmp_path.glob("jade-opa-*")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file that grows too large ends the process")
def test_a_module_that_the_disk_has_no_room_for_leaves_nothing(
    opa: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = KeptModule(build_bundle(own_library()), opa)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        kept.write(Module("1", ("a",), (), bytes(100_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    kept.write(Module("1", ("a",), (), bytes(100_000)))
    assert kept.read() == Module("1", ("a",), (), bytes(100_000))


def test_a_long_temporary_folder_does_not_break_the_socket(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    assert start({"always.rego": ALWAYS}).healthy()


def test_a_program_that_is_no_opa(tmp_path: Path) -> None:
    fake = tmp_path / "opa"
    fake.write_text('#!/bin/sh\n[ "$1" = check ] && exit 0\necho "no such flag" >&2\nexit 3\n')
    fake.chmod(0o755)
    with pytest.raises(EngineError, match="does not start as a server: no such flag"):
        Engine(own_library(), opa=fake, compiled=False).start()
