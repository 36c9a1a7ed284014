"""Modules that were compiled before, in the user's cache: a file for each bundle, OPA and way of writing the source.

Such a file also says that OPA took this very bundle under Jade's capabilities, since no module is made of another; it
may hold no module at all, where nothing of a bundle can be compiled.
"""

import hashlib
import os
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

import orjson

from jade_policy.opa.bundle import Bundle

KEPT_FILES = 32  # of 0.7 MB; one for each library that is in use
_MADE_BY = ("calls.py", "edits.py", "formats.py", "native.py", "orders.py", "source.py")


class Module(NamedTuple):
    """A bundle's units as WebAssembly.

    Attributes:
        version: the release of the OPA that compiled it.
        units: those that are in it.
        calculating: those of them that may calculate with what a document holds.
        code: what `opa build` wrote; empty where there are none.
    """

    version: str
    units: tuple[str, ...]
    calculating: tuple[str, ...]
    code: bytes


def cache_folder() -> Path | None:
    """Where modules are kept; None for a user without a home."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jade" / "wasm"
    except RuntimeError:
        return None


class KeptModule:
    """The module of one bundle."""

    def __init__(self, bundle: Bundle, opa: Path) -> None:
        """Of a bundle that this OPA may compile."""
        folder = cache_folder()
        try:
            self._file = folder / f"{_digest(bundle, opa)}.wasm" if folder is not None else None
        except OSError:  # no OPA, which is somebody else's to say
            self._file = None

    def read(self) -> Module | None:
        """The module; None where none is kept."""
        if self._file is None:
            return None
        try:
            digest, _, content = self._file.read_bytes().partition(b"\n")
            if digest != _hex(content):
                return None
            head, _, code = content.partition(b"\n")
            version, units, calculating = orjson.loads(head)
        except (OSError, ValueError, TypeError):
            return None
        return Module(version, tuple(units), tuple(calculating), code)

    def write(self, module: Module) -> None:
        """Keep a module, whole or not at all, and remove the oldest ones; where that cannot be, nothing is kept."""
        if self._file is None:
            return
        folder = self._file.parent
        content = orjson.dumps(module[:-1]) + b"\n" + module.code
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=folder, delete=False) as stream:
                try:
                    stream.write(_hex(content) + b"\n" + content)
                    stream.flush()
                    Path(stream.name).replace(self._file)
                except OSError:  # the disk is full, say
                    Path(stream.name).unlink()
                    raise
            for old in sorted(folder.glob("*.wasm"), key=lambda one: one.stat().st_mtime_ns)[:-KEPT_FILES]:
                old.unlink(missing_ok=True)
        except OSError:
            return


def _hex(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()


def _digest(bundle: Bundle, opa: Path) -> str:
    found = hashlib.blake2b(digest_size=16)
    stated = opa.stat()
    parts = [f"{opa} {stated.st_size} {stated.st_mtime_ns}".encode()]
    package = files("jade_policy.opa")
    parts += [(package / "capabilities.json").read_bytes()]
    parts += [(package / "wasm" / name).read_bytes() for name in _MADE_BY]
    for name, content in sorted(bundle.files.items()):
        parts += name.encode(), content
    for part in parts:
        found.update(b"%d:%b" % (len(part), part))
    return found.hexdigest()
