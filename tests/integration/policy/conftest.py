"""The real OPA, and libraries to feed it."""

import subprocess
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from jade_common.tools import find
from jade_policy.library import load_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review, Verdict

CompileToWasm = Callable[[Path, Iterable[str]], tuple[wasmtime.Engine, wasmtime.Module]]
StartEngine = Callable[..., Engine]


@pytest.fixture(scope="session")
def opa() -> Path:
    return find("opa").path


@pytest.fixture
def start(opa: Path, tmp_path: Path) -> Iterator[StartEngine]:
    """Write files as a library and start an engine on it; all are closed at the end."""
    engines: list[Engine] = []

    def begin(files: Mapping[str, str], **options: Any) -> Engine:
        folder = tmp_path / f"library{len(engines)}"
        for name, text in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        engine = Engine(load_library(folder), opa=opa, **options)
        engines.append(engine)
        return engine.start()

    yield begin
    for engine in engines:
        engine.close()


@pytest.fixture(scope="session")
def judge_one() -> Callable[..., dict[str, Verdict]]:
    """Judge one resource; verdicts by policy, or by policy and constraint where there is one."""

    def judge(engine: Engine, obj: Mapping[str, Any] | None, **review: Any) -> dict[str, Verdict]:
        (verdicts,) = engine.judge([Review(obj, **review)])
        return {
            verdict.policy_id
            if verdict.constraint is None
            else f"{verdict.policy_id}/{verdict.constraint}": verdict
            for verdict in verdicts
        }

    return judge


@pytest.fixture(scope="session")
def compile_to_wasm(opa: Path) -> CompileToWasm:
    """Let OPA compile a bundle's folder, with these rules as its entry points."""

    def compiled(folder: Path, entries: Iterable[str]) -> tuple[wasmtime.Engine, wasmtime.Module]:
        archive = folder.with_suffix(".tar.gz")
        options = [f"--entrypoint={entry}" for entry in entries]
        command = [str(opa), "build", "-t", "wasm", *options, "-o", str(archive), "-b", str(folder)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        config = wasmtime.Config()
        config.consume_fuel = True
        engine = wasmtime.Engine(config)
        with tarfile.open(archive) as tar:
            member = tar.extractfile("/policy.wasm")
            assert member is not None
            return engine, wasmtime.Module(engine, member.read())

    return compiled
