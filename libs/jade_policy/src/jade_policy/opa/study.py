"""What units need, found out beside all else, and kept for the next time.

OPA takes 0.4 s to write the plan of 113 policies, so only those who ask much begin it, and nobody waits for it: until
it is read, every unit is asked about every document.
"""

import subprocess
import tarfile
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import orjson

from jade_policy.opa.bundle import Bundle
from jade_policy.opa.idle_units import IdleUnits
from jade_policy.opa.kept_needs import KeptNeeds
from jade_policy.opa.needs import needs_of

BUILD_LIMIT_SECONDS = 30.0  # as long as compiling may take
MAX_RULES = 2_000  # each is an argument of the command
WORTH_IT = (
    100  # documents; a study costs as much time as it saves on 1,500 of them, now and whenever it is read
)


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
        self._kept = KeptNeeds(bundle, opa)
        self._asked = 0
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="opa-study")
        needs = self._kept.read()
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
                self._kept.write(needs)
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
