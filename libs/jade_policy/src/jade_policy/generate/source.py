"""A policy as its author wrote it: Rego with METADATA, and fixtures."""

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jade_policy.generate.cel import Cel, read_cel, read_shared
from jade_policy.generate.errors import SourceError
from jade_policy.generate.fixtures import Fixture, read_fixtures
from jade_policy.generate.metadata import Metadata, parse_metadata

OPA_SECONDS = 60.0  # inspecting a hundred policies takes 0.2 s; a cold, busy machine is far slower
_IMPORT = re.compile(r"^import data\.lib\.(\w+)", re.MULTILINE)
_METADATA_BLOCK = re.compile(r"\A# METADATA\n(?:#.*\n)+")


@dataclass(frozen=True)
class Library:
    """A shared module: its name (`kubernetes`) and its text, which every template carries unchanged."""

    name: str
    rego: str


@dataclass(frozen=True)
class PolicySource:
    """Everything that is generated from: METADATA, code, the libraries that it uses, CEL where it has any, fixtures."""

    folder: Path
    metadata: Metadata
    rego: str
    libraries: tuple[Library, ...]
    fixtures: tuple[Fixture, ...]
    cel: Cel | None

    @property
    def id(self) -> str:
        """Give the policy's id, which is its folder's name."""
        return self.metadata.id

    @property
    def package(self) -> str:
        """Give the Rego package that holds `violation`."""
        return self.id.replace("-", "_")

    @property
    def code(self) -> str:
        """Give the Rego without its METADATA block, which template and page say in their own way."""
        return _METADATA_BLOCK.sub("", self.rego)


def read_sources(policies: Path, opa: str, only: Sequence[str] = ()) -> list[PolicySource]:
    """Read every policy below `policies/gatekeeper`, sorted by id; with `only`, those and nothing else.

    Raises:
        SourceError: a policy lacks a file, its METADATA is incomplete or wrong, or one of `only` does not exist.
    """
    root = policies / "gatekeeper"
    libraries = _libraries(root / "lib")
    shared = read_shared(root / "lib" / "variables.cel.yaml")
    paths = [root / id_ / "policy.rego" for id_ in sorted(set(only))] or sorted(root.glob("*/policy.rego"))
    for path in paths:
        if not path.is_file():
            raise SourceError(f"{path}: there is no such file; --only takes ids of policies, apart by commas")
    annotations = _package_annotations(root, paths if only else (), opa)
    sources = []
    for path in paths:
        annotation = annotations.get(path.parent.name)
        if annotation is None:
            raise SourceError(
                f"{path}: no METADATA with `scope: package` stands before the package; start with one"
            )
        rego = path.read_text(encoding="utf-8")
        source = PolicySource(
            folder=path.parent,
            metadata=parse_metadata(annotation, path),
            rego=rego,
            libraries=_used(rego, libraries, path),
            fixtures=read_fixtures(path.parent / "fixtures"),
            cel=read_cel(path.parent / "policy.cel.yaml", shared),
        )
        if f"package {source.package}\n" not in rego:
            raise SourceError(f"{path}: the package of {source.id} must be `package {source.package}`")
        if source.cel and source.metadata.without_cel:
            raise SourceError(
                f"{path}: METADATA: `without_cel`, but there is a policy.cel.yaml; remove one of them"
            )
        sources.append(source)
    _refuse_twins(sources)
    return sources


def _libraries(folder: Path) -> dict[str, Library]:
    return {
        path.stem: Library(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.rego"))
        if not path.stem.endswith("_test")
    }


def _used(rego: str, libraries: dict[str, Library], path: Path) -> tuple[Library, ...]:
    """Follow imports, those of libraries included."""
    found: dict[str, Library] = {}
    waiting = _IMPORT.findall(rego)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        if name not in libraries:
            raise SourceError(f"{path}: imports data.lib.{name}, but there is no lib/{name}.rego")
        found[name] = libraries[name]
        waiting.extend(_IMPORT.findall(libraries[name].rego))
    return tuple(found[name] for name in sorted(found))


def _package_annotations(root: Path, only: Sequence[Path], opa: str) -> dict[str, dict[str, Any]]:
    """Ask OPA for the METADATA of packages, by the name of the folder that each stands in.

    All of them take one process; `only` takes one each, as OPA inspects a single path.
    """
    inspected = [str(path.relative_to(root)) for path in only] or ["."]
    return {
        Path(entry["location"]["file"]).parent.name: entry["annotations"]
        for path in inspected
        for entry in _inspect(path, root, opa)
        if entry["annotations"].get("scope") == "package"
        and entry["location"]["file"].endswith("policy.rego")
    }


def _inspect(path: str, root: Path, opa: str) -> list[dict[str, Any]]:
    command = [opa, "inspect", "--annotations", "--format", "json", path]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=OPA_SECONDS, check=False)
    if done.returncode != 0:
        raise SourceError(f"{root}: opa cannot read the policies: {(done.stdout + done.stderr).strip()}")
    found: list[dict[str, Any]] = json.loads(done.stdout).get("annotations", [])
    return found


def _refuse_twins(sources: Sequence[PolicySource]) -> None:
    by_kind: dict[str, str] = {}
    for source in sources:
        kind = source.metadata.kind.lower()
        if kind in by_kind:
            raise SourceError(
                f"{source.folder}/policy.rego: kind {source.metadata.kind} belongs to {by_kind[kind]} already"
            )
        by_kind[kind] = source.id
