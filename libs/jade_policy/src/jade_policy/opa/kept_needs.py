"""What an earlier study found out, in the user's cache: one file a bundle, OPA and reader of its plans.

Such a file also says that OPA took this very bundle under Jade's capabilities, since no plan is made of another.
"""

import hashlib
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile

import orjson

from jade_policy.opa.bundle import Bundle
from jade_policy.opa.unknowns import Alternatives

KEPT_FILES = 32  # of 10 KiB; one for each library that is in use
_MADE_BY = ("capabilities.json", "needs.py", "unknowns.py")


class KeptNeeds:
    """The needs of one bundle's units."""

    def __init__(self, bundle: Bundle, opa: Path) -> None:
        """Of a bundle that this OPA may compile."""
        try:
            cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
            self._file: Path | None = cache / "jade" / "needs" / f"{_digest(bundle, opa)}.json"
        except (RuntimeError, OSError):  # a user without a home; no OPA, which is somebody else's to say
            self._file = None

    def read(self) -> dict[str, Alternatives] | None:
        """The needs by unit; None where they are not known."""
        if self._file is None:
            return None
        try:
            found = orjson.loads(self._file.read_bytes())
            return {unit: frozenset(map(frozenset, needed)) for unit, needed in found.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return None

    def write(self, needs: Mapping[str, Alternatives]) -> None:
        """Keep needs, whole or not at all, and remove the oldest files.

        Raises:
            OSError: the cache cannot be written.
        """
        if self._file is None:
            return
        folder = self._file.parent
        folder.mkdir(parents=True, exist_ok=True)
        content = {unit: [sorted(names) for names in needed] for unit, needed in needs.items()}
        with NamedTemporaryFile(dir=folder, delete=False) as stream:
            stream.write(orjson.dumps(content))
        Path(stream.name).replace(self._file)
        for old in sorted(folder.glob("*.json"), key=lambda one: one.stat().st_mtime_ns)[:-KEPT_FILES]:
            old.unlink(missing_ok=True)


def _digest(bundle: Bundle, opa: Path) -> str:
    found = hashlib.blake2b(digest_size=16)
    package = files("jade_policy.opa")
    stated = opa.stat()
    parts = [f"{opa} {stated.st_size} {stated.st_mtime_ns}".encode()]
    parts += [(package / name).read_bytes() for name in _MADE_BY]
    for name, content in sorted(bundle.files.items()):
        parts += name.encode(), content
    for part in parts:
        found.update(b"%d:%b" % (len(part), part))
    return found.hexdigest()
