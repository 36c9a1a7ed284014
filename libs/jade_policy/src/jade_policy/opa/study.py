"""What units need, found out beside all else, and kept for the next time.

OPA takes 0.4 s to write the plan of 113 policies, so only those who ask much begin it, and nobody waits for it: until
it is read, every unit is asked about every document. The result lies in the user's cache, under the digest of the
bundle, of OPA and of what reads the plan.
"""

import hashlib
import os
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock, Thread
from typing import Any

import orjson

from jade_policy.opa.bundle import Bundle
from jade_policy.opa.idle_units import IdleUnits
from jade_policy.opa.needs import needs_of
from jade_policy.opa.unknowns import Alternatives

BUILD_LIMIT_SECONDS = 30.0  # as long as compiling may take
MAX_RULES = 2_000  # each is an argument of the command
WORTH_IT = (
    100  # documents; a study costs as much time as it saves on 1,500 of them, now and whenever it is read
)
KEPT_FILES = 32  # of 10 KiB; one for each library that is in use


class Study:
    """Finds out what the units of a bundle need; close it."""

    def __init__(self, bundle: Bundle, folder: Path, opa: Path, idle_units: IdleUnits) -> None:
        """Of a bundle that compiles and lies in `folder`, for `idle_units`."""
        self._folder, self._opa, self._idle_units = folder, opa, idle_units
        self._rules = {
            unit.key: [("jade_p", unit.key, name) for name, _ in unit.policy.entries]
            for unit in bundle.units.values()
            if unit.mode != "dynamic"  # those have another input
        }
        self._kept = _cache(f"{_digest(bundle, opa)}.json")
        self._asked = 0
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="opa-study")
        needs = _read(self._kept) if self._kept is not None else None
        self._wanted = needs is None and 0 < sum(map(len, self._rules.values())) <= MAX_RULES
        if needs is not None:
            idle_units.learn(needs)

    def asked(self, documents: int) -> None:
        """Count documents that were asked about; begin where they are many, if no earlier study is known."""
        if not self._wanted:
            return
        with self._lock:
            self._asked += documents
            if not self._wanted or self._asked < WORTH_IT:
                return
            self._wanted = False
            try:
                self._process = self._build()
            except OSError:
                return
            self._thread.start()

    def join(self) -> None:
        """Wait until it is done, if it was begun."""
        if self._thread.ident is not None:
            self._thread.join()

    def close(self) -> None:
        """Stop."""
        with self._lock:
            self._wanted = False
            if self._process is not None:
                self._process.kill()
        self.join()

    @property
    def _archive(self) -> Path:
        return self._folder.with_suffix(".tar.gz")

    def _build(self) -> "subprocess.Popen[bytes]":
        with as_file(files("jade_policy.opa") / "capabilities.json") as capabilities:
            command = [
                str(self._opa), "build", "--target", "plan", "--capabilities", str(capabilities),
                "--output", str(self._archive), "--bundle", str(self._folder),
            ]  # fmt: skip
            for paths in self._rules.values():
                for path in paths:
                    command += "--entrypoint", "/".join(path)
            return subprocess.Popen(
                command,
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def _run(self) -> None:
        if self._process is None:
            return
        try:
            if self._process.wait(BUILD_LIMIT_SECONDS) == 0:
                needs = needs_of(_plan_in(self._archive), self._rules)
                self._idle_units.learn(needs)
                if self._kept is not None:
                    _keep(self._kept, needs)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        except (OSError, tarfile.TarError, ValueError, LookupError):
            pass  # no plan that can be read: every unit is asked about everything
        finally:
            self._archive.unlink(missing_ok=True)


def _plan_in(archive: Path) -> Any:
    with tarfile.open(archive) as bundle:
        found = bundle.extractfile("/plan.json")
        if found is None:
            raise ValueError("the bundle holds no plan")
        return orjson.loads(found.read())


def _cache(name: str) -> Path | None:
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jade" / "needs" / name
    except RuntimeError:  # a user without a home
        return None


def _digest(bundle: Bundle, opa: Path) -> str:
    found = hashlib.blake2b(digest_size=16)
    package = files("jade_policy.opa")
    reader = b"".join((package / name).read_bytes() for name in ("needs.py", "unknowns.py"))
    stated = opa.stat()
    for part in (reader, *(each for item in sorted(bundle.files.items()) for each in item)):
        content = part.encode() if isinstance(part, str) else part
        found.update(b"%d:%b" % (len(content), content))
    found.update(f"{opa} {stated.st_size} {stated.st_mtime_ns}".encode())
    return found.hexdigest()


def _read(file: Path) -> dict[str, Alternatives] | None:
    try:
        found = orjson.loads(file.read_bytes())
        return {unit: frozenset(map(frozenset, needed)) for unit, needed in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def _keep(file: Path, needs: Mapping[str, Alternatives]) -> None:
    """Write what was found out, whole or not at all, and remove the oldest files."""
    content = {unit: [sorted(names) for names in needed] for unit, needed in needs.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as stream:
        stream.write(orjson.dumps(content))
    Path(stream.name).replace(file)
    others: Sequence[Path] = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
    for old in others[:-KEPT_FILES]:
        old.unlink(missing_ok=True)
