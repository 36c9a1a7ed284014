"""A policy library: a folder of ConstraintTemplates and Constraints, or of .rego files."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import orjson

from jade_policy.errors import LibraryError, RegoError
from jade_policy.manifests import Manifest, Unread, read_manifests
from jade_policy.match import parse_match
from jade_policy.metadata import describe, describe_flat
from jade_policy.policies import Constraint, Policy, Problem, RegoModule
from jade_policy.rego import parse
from jade_policy.rego_files import RegoFile, foreign_reference, read_rego_files
from jade_policy.templates import (
    MAX_MODULE_BYTES,
    ProblemError,
    is_constraint,
    is_template,
    read_constraint,
    read_template,
)

MAX_FILES = 20_000  # the largest public library has 2,600; a home directory given by mistake has more
MAX_FILE_BYTES = 16 * 1024 * 1024  # of YAML; each document has its own limit
_MARKS = (b"templates.gatekeeper.sh", b"constraints.gatekeeper.sh")


@dataclass(frozen=True)
class Library:
    """Policies, their constraints, and what had to be left out.

    Attributes:
        policies: sorted by id.
        constraints: sorted by policy and name.
        problems: what was skipped and why, sorted by place.
    """

    policies: tuple[Policy, ...]
    constraints: tuple[Constraint, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @cached_property
    def digest(self) -> str:
        """128 bits in hex over all that a verdict depends on; a copy of the library has the same digest."""
        content = [
            [
                [policy.id, policy.shape, policy.entries, policy.inventory]
                + [[module.text, module.version] for module in (policy.module, *policy.libs)]
                for policy in self.policies
            ],
            [[c.policy_id, c.name, c.parameters, c.match, c.enforcement_action] for c in self.constraints],
        ]
        data = orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
        return hashlib.blake2b(data, digest_size=16).hexdigest()

    @cached_property
    def _by_id(self) -> dict[str, Policy]:
        return {policy.id: policy for policy in self.policies}

    @cached_property
    def _by_policy(self) -> dict[str, tuple[Constraint, ...]]:
        found: dict[str, list[Constraint]] = {}
        for constraint in self.constraints:
            found.setdefault(constraint.policy_id, []).append(constraint)
        return {policy_id: tuple(own) for policy_id, own in found.items()}

    def policy(self, policy_id: str) -> Policy:
        """The policy of that id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[policy_id]

    def constraints_of(self, policy_id: str) -> tuple[Constraint, ...]:
        """The constraints of a policy; where it has none, one that has no name and applies to everything."""
        return self._by_policy.get(policy_id) or (Constraint(policy_id),)

    def without(self, policy_ids: Mapping[str, Problem]) -> "Library":
        """The library less some policies, each with the problem that it is left out for."""
        return Library(
            tuple(policy for policy in self.policies if policy.id not in policy_ids),
            tuple(constraint for constraint in self.constraints if constraint.policy_id not in policy_ids),
            tuple(sorted({*self.problems, *policy_ids.values()}, key=_place)),
        )


def load_library(path: Path) -> Library:
    """Load a folder (or one file) of policies; a bad one is skipped and named among the problems.

    Files named *_test.rego and everything that is no policy (fixtures, suites, samples' resources) are
    ignored. Of two templates with one name, the one nearer to the root wins.

    Raises:
        LibraryError: the path does not exist, or holds too much to be a library.
    """
    reader = _Reader()
    for file, name in _walk(path):
        reader.take(file, name)
    return reader.library()


def own_library() -> Library:
    """Jade's own policies, as the package carries them.

    They are read from their sources and the index, in a tenth of the time that their hundred templates take; a test
    holds the two to be the same.
    """
    with as_file(files("jade_policy") / "policies_data") as root:
        rows = [orjson.loads(line) for line in (root / "index.jsonl").read_bytes().splitlines()]
        libraries = _own_libraries(root / "gatekeeper" / "lib")
        policies = tuple(_own_policy(row, root, libraries) for row in rows)
    constraints = tuple(
        Constraint(
            policy_id=row["id"],
            name=row["id"],
            parameters={name: schema["default"] for name, schema in row["parameters"].items()},
            match=parse_match(row["match"]),
            path=f"{row['path']}/constraint.yaml",
        )
        for row in rows
    )
    return Library(policies, constraints)


def _own_libraries(folder: Path) -> dict[tuple[str, ...], RegoModule]:
    found = {}
    for path in sorted(folder.glob("*.rego")):
        if not path.name.endswith("_test.rego"):
            text = path.read_text(encoding="utf-8")
            package = parse(text).package
            found[package] = RegoModule(text, 1, package, f"gatekeeper/lib/{path.name}", version_stated=True)
    return found


def _own_policy(
    row: Mapping[str, Any], root: Path, libraries: Mapping[tuple[str, ...], RegoModule]
) -> Policy:
    name = f"{row['path']}/policy.rego"
    text = (root / name).read_text(encoding="utf-8")
    module = RegoModule(text, 1, (row["package"],), name, version_stated=True)
    return Policy(
        id=row["id"], kind=row["kind"], module=module, libs=_imported(module, libraries), **describe_flat(row)
    )


def _imported(module: RegoModule, libraries: Mapping[tuple[str, ...], RegoModule]) -> tuple[RegoModule, ...]:
    """The shared modules that a module imports, and those that they import."""
    found: dict[tuple[str, ...], RegoModule] = {}
    waiting = [module]
    while waiting:
        for reference in parse(waiting.pop().text).references:
            package = reference.path[:2]
            if reference.root == "data" and package in libraries and package not in found:
                found[package] = libraries[package]
                waiting.append(libraries[package])
    return tuple(found[package] for package in sorted(found))


class _Reader:
    """Collects templates, constraints and .rego files, and puts them together at the end."""

    def __init__(self) -> None:
        self._policies: dict[str, Policy] = {}
        self._constraints: list[Manifest] = []
        self._files: list[RegoFile] = []
        self._problems: list[Problem] = []

    def take(self, file: Path, name: str) -> None:
        """Read one file of the library."""
        limit = MAX_MODULE_BYTES if name.endswith(".rego") else MAX_FILE_BYTES
        try:
            with file.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            self._problems.append(Problem(name, None, None, f"cannot be read: {error.strerror}"))
            return
        if len(data) > limit:
            self._problems.append(Problem(name, None, None, f"larger than {limit} bytes; no policy is"))
        elif name.endswith(".rego"):
            self._take_rego(data, name)
        elif any(mark in data for mark in _MARKS):
            self._take_documents(data, name)

    def library(self) -> Library:
        """Put together what was read."""
        by_kind = {policy.kind: policy.id for policy in self._policies.values() if policy.kind}
        constraints: dict[tuple[str, str | None], Constraint] = {}
        for manifest in self._constraints:
            try:
                constraint = read_constraint(manifest, by_kind)
            except ProblemError as error:
                self._problems.append(error.problem)
                continue
            first = constraints.setdefault((constraint.policy_id, constraint.name), constraint)
            if (first.parameters, first.match) != (constraint.parameters, constraint.match):
                reason = f"constraint {constraint.name} is defined in {first.path}:{first.line} already"
                self._problems.append(Problem(constraint.path, constraint.line, constraint.policy_id, reason))
        sources = self._describe_by_source()
        libraries = {lib.package for policy in self._policies.values() for lib in policy.libs}
        plain, problems = read_rego_files(
            [file for file in self._files if file.parsed.package not in sources | libraries], self._policies
        )
        self._problems += problems
        loaded = Library(
            tuple(sorted((*self._policies.values(), *plain), key=lambda policy: policy.id)),
            tuple(constraints[key] for key in sorted(constraints, key=str)),
            tuple(sorted(self._problems, key=_place)),
        )
        return loaded.without(dict(_with_foreign_references(loaded)))

    def _describe_by_source(self) -> set[tuple[str, ...]]:
        """The packages of the templates' modules; what their .rego sources say in METADATA is taken over.

        A template is generated from its source, and generators leave the comments behind.
        """
        by_package = {policy.module.package: policy for policy in self._policies.values()}
        for file in self._files:
            policy = by_package.get(file.parsed.package)
            if policy is not None and file.parsed.metadata and not policy.custom:
                self._policies[policy.id] = replace(policy, **describe(file.parsed.metadata))
        return set(by_package)

    def _take_rego(self, data: bytes, name: str) -> None:
        if name.endswith("_test.rego"):
            return
        try:
            self._files.append(RegoFile(name, parse(data.decode())))
        except UnicodeDecodeError:
            self._problems.append(Problem(name, None, None, "not UTF-8"))
        except RegoError as error:
            self._problems.append(Problem(name, error.line, None, str(error)))

    def _take_documents(self, data: bytes, name: str) -> None:
        for document in read_manifests(data, name):
            if isinstance(document, Unread):
                self._problems.append(Problem(name, document.line, None, document.reason))
            elif isinstance(document, Manifest) and is_template(document):
                self._take_template(document)
            elif isinstance(document, Manifest) and is_constraint(document):
                self._constraints.append(document)

    def _take_template(self, document: Manifest) -> None:
        try:
            policy = read_template(document)
        except ProblemError as error:
            self._problems.append(error.problem)
            return
        first = self._policies.setdefault(policy.id, policy)
        if first.module.text != policy.module.text:
            reason = f"{policy.id} is defined in {first.module.path} already; that one is used"
            self._problems.append(Problem(document.path, document.line, policy.id, reason))


def _with_foreign_references(library: Library) -> Iterator[tuple[str, Problem]]:
    for policy in library.policies:
        for module in (policy.module, *policy.libs):
            problem = foreign_reference(module, policy)
            if problem is not None:
                yield policy.id, problem
                break


def _walk(path: Path) -> Iterator[tuple[Path, str]]:
    """The files that may hold policies, those nearer to the root first, each with its relative path."""
    if path.is_file():
        yield path, path.name
        return
    if not path.is_dir():
        raise LibraryError(f"{path} does not exist; give a folder of ConstraintTemplates or of .rego files")
    names: list[Path] = []
    for file in path.rglob("*"):
        if file.suffix in {".rego", ".yaml", ".yml", ".json"} and not _hidden(file.relative_to(path)):
            names.append(file.relative_to(path))
        if len(names) > MAX_FILES:
            raise LibraryError(f"{path} holds more than {MAX_FILES} files; is it a policy library?")
    for name in sorted(names, key=lambda name: (len(name.parts), name.as_posix())):
        file = path / name
        if file.is_file() and file.resolve().is_relative_to(path.resolve()):
            yield file, name.as_posix()


def _hidden(name: Path) -> bool:
    return any(part.startswith(".") for part in name.parts)


def _place(problem: Problem) -> tuple[str, int, str, str]:
    return problem.path, problem.line or 0, problem.policy_id or "", problem.reason
