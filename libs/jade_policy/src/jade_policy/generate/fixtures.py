"""Fixtures: manifests that a policy must allow or deny, each with what it claims in a comment at its top.

The first line is a sentence about the case. `# violates: POINTER` names one violation's path, once for each;
`# needs: POINTER` another field without which there is no fault (the resources of a rule whose verb is at fault);
`# inventory: FILE` names what the cluster holds beside it.
"""

from dataclasses import dataclass
from pathlib import Path

from jade_policy.generate.errors import SourceError


@dataclass(frozen=True)
class Fixture:
    """One manifest; `violates` is empty where the policy allows it."""

    path: Path
    title: str
    violates: tuple[str, ...]
    needs: tuple[str, ...]
    inventory: Path | None
    manifest: str

    @property
    def name(self) -> str:
        """Give the case's name, `denied-init-container`."""
        return self.path.stem

    @property
    def denied(self) -> bool:
        """Say whether the policy must deny it."""
        return self.name.startswith("denied")


def read_fixtures(folder: Path) -> tuple[Fixture, ...]:
    """Read `allowed*.yaml` and `denied*.yaml`, sorted by name.

    Raises:
        SourceError: there is not at least one of each, or a header contradicts its file's name.
    """
    found = [
        _read(path) for path in sorted(folder.glob("*.yaml")) if path.stem.startswith(("allowed", "denied"))
    ]
    for denied, pattern in ((True, "denied*.yaml"), (False, "allowed*.yaml")):
        if not any(fixture.denied is denied for fixture in found):
            raise SourceError(f"{folder}: needs at least one {pattern}")
    return tuple(found)


def _read(path: Path) -> Fixture:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    header = 0
    while header < len(lines) and lines[header].startswith("#"):
        header += 1
    said = [line.lstrip("#").strip() for line in lines[:header]]
    if not said:
        raise SourceError(f"{path}:1: the first line must be a comment that says what the case is")
    pointers: dict[str, list[str]] = {"violates": [], "needs": []}
    inventory = None
    for number, line in enumerate(said[1:], start=2):
        key, _, value = line.partition(":")
        if key in pointers:
            pointers[key].append(value.strip())
        elif key == "inventory":
            inventory = path.parent / value.strip()
            if not inventory.is_file():
                raise SourceError(f"{path}:{number}: there is no file {inventory}")
        else:
            raise SourceError(f"{path}:{number}: {key!r} is neither `violates` nor `needs` nor `inventory`")
    violates, needs = tuple(pointers["violates"]), tuple(pointers["needs"])
    fixture = Fixture(path, said[0], violates, needs, inventory, "".join(lines[header:]))
    if needs and not fixture.denied:
        raise SourceError(
            f"{path}: an allowed fixture has no fault that could need a field (`# needs: POINTER`)"
        )
    if fixture.denied != bool(violates):
        raise SourceError(
            f"{path}: a denied fixture names what it violates (`# violates: POINTER`), an allowed one none"
        )
    return fixture
