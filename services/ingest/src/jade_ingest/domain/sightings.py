"""Whose a finding is that gives a file and a line, but no resource.

Where its message names kind and name of a resource of that file, that is trusted more than the line; the lines of
such findings tell whose those are that name nothing. Trivy's lines need this: in some files it counts one line less
for each document (seen with 0.74), so that in the thirtieth they are off by thirty.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from typing import NamedTuple

from jade_ingest.domain.documents import Documents
from jade_ingest.domain.fieldpaths import container_in, container_pointer
from jade_policy.manifests import Manifest
from jade_policy.resources import identity


class Sighting(NamedTuple):
    """The document of a finding, and its lines as they are in the file."""

    manifest: Manifest | None
    line: int | None
    end_line: int | None


class Sightings:
    """What the findings of a report say of each other's resources: first learn from all, then place each."""

    def __init__(self, documents: Documents, *, drifting: bool) -> None:
        """Begin with nothing.

        Args:
            documents: The report's files.
            drifting: Whether the tool counts lines short, so that a container's line tells by how many.
        """
        self._documents = documents
        self._drifting = drifting
        self._owners: dict[str, dict[int, Manifest]] = defaultdict(dict)
        self._shifts: dict[str, dict[int, int]] = defaultdict(dict)
        self._known: dict[str, list[int]] = defaultdict(list)

    def learn(self, path: str, line: int | None, end_line: int | None, message: str) -> None:
        """Take in where a finding stands and what it names."""
        if line is None or not self._documents.files:
            return
        candidates = self._documents.mentioned(path, message)
        if len(candidates) != 1:
            return
        manifest = candidates[0]
        # A range is a resource at most: a hostile one must not fill the memory.
        for number in range(line, min(end_line or line, line + 10_000) + 1):
            self._owners[path].setdefault(number, manifest)
        container = container_in(message)
        at = container_pointer(manifest.obj, container) if container and self._drifting else None
        if at is not None and line not in self._shifts[path]:
            self._shifts[path][line] = manifest.line_of(at) - line
            insort(self._known[path], line)

    def place(self, path: str, line: int | None, end_line: int | None, message: str) -> Sighting:
        """Whose the finding is, and where it really stands."""
        if not self._documents.files:
            return Sighting(None, line, end_line)
        candidates = self._documents.mentioned(path, message)
        if line is None:
            return Sighting(self._named(path, message, candidates), None, None)
        real = line + self._shift(path, line)
        covering = self._documents.at(path, real)
        if candidates:
            manifest: Manifest | None = min(
                candidates, key=lambda one: (one is not covering, abs(one.line - real))
            )
        else:
            manifest = self._owners[path].get(line, covering)
        if manifest is None:
            return Sighting(None, line, end_line)
        if not manifest.line <= real <= self._documents.end_of(manifest):
            # The separator of a document is its own; anything else outside it is no line of it.
            return Sighting(manifest, manifest.line, None)
        last = None if end_line is None else min(end_line + real - line, self._documents.end_of(manifest))
        return Sighting(manifest, real, last)

    def _named(self, path: str, message: str, candidates: list[Manifest]) -> Manifest | None:
        """The document that a message alone names: of several of one name, one that has the container."""
        if len({(identity(one.obj).kind, identity(one.obj).name) for one in candidates}) > 1:
            return None
        container = container_in(message)
        having = [one for one in candidates if container and container_pointer(one.obj, container)]
        return self._documents.nth(having or candidates, (path, message))

    def _shift(self, path: str, line: int) -> int:
        """By how many lines the tool is short there: as for the nearest line above of which that is known."""
        known = self._known.get(path)
        if not known:
            return 0
        return self._shifts[path][known[max(bisect_right(known, line) - 1, 0)]]
