"""Modules from `opa build`, or from the cache."""

import re
import subprocess
import tarfile
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from jade_policy.opa.bundle import Bundle
from jade_policy.opa.wasm.kept import KeptModule, Module
from jade_policy.opa.wasm.source import ENTRY_POINT, Source, source_of

BUILD_LIMIT_SECONDS = 30.0  # 113 policies take 0.4 s
MAX_UNITS = 2_000  # which take 8 s, once; a larger library is left to the interpreter
_NOTHING = Module("", (), (), b"")


def module_of(bundle: Bundle, opa: Path, folder: Path) -> Module:
    """A bundle that compiles, as a module.

    Whatever keeps it from being made leaves a module without units.

    Args:
        bundle: What compiles.
        opa: The program.
        folder: Where a folder is made to compile it in.
    """
    kept = KeptModule(bundle, opa)
    module = kept.read()
    if module is None:
        try:
            module = _built(source_of(bundle), opa, folder)
        except (OSError, subprocess.TimeoutExpired):  # the next start may have more luck
            return _NOTHING
        kept.write(module)
    return module


def _built(source: Source, opa: Path, folder: Path) -> Module:
    try:
        version = _version(opa)
        if version and 0 < len(source.units) <= MAX_UNITS:
            return Module(version, source.units, source.calculating, _compiled(source, opa, folder))
    except (subprocess.CalledProcessError, tarfile.TarError, KeyError):  # and would do so again
        pass
    return _NOTHING


def _compiled(source: Source, opa: Path, parent: Path) -> bytes:
    with (
        TemporaryDirectory(prefix="wasm-", dir=parent) as folder,
        as_file(files("jade_policy.opa") / "capabilities.json") as capabilities,
    ):
        bundle, archive = Path(folder) / "bundle", Path(folder) / "module.tar.gz"
        bundle.mkdir()
        for name, content in source.files.items():
            (bundle / name).write_bytes(content)
        _run(
            opa, "build", "--target", "wasm", "--entrypoint", ENTRY_POINT, "--capabilities", str(capabilities),
            "--output", str(archive), "--bundle", str(bundle),
        )  # fmt: skip
        with tarfile.open(archive) as opened:
            found = opened.extractfile("/policy.wasm")
            return found.read() if found is not None else b""


def _version(opa: Path) -> str:
    found = re.search(r"^Version: (\S+)$", _run(opa, "version"), re.MULTILINE)
    return found[1] if found else ""


def _run(opa: Path, *arguments: str) -> str:
    return subprocess.run(
        [str(opa), *arguments],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=BUILD_LIMIT_SECONDS,
        check=True,
        text=True,
    ).stdout
