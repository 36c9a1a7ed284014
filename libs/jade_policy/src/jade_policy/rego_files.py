"""Plain .rego files read into policies: conftest's packs, and Gatekeeper's sources without templates."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jade_policy.metadata import describe
from jade_policy.policies import InputShape, Policy, Problem, RegoModule
from jade_policy.rego import Module, Reference, parse


@dataclass(frozen=True, slots=True)
class RegoFile:
    """A .rego file: where it stands, relative to the library, and what it holds."""

    path: str
    parsed: Module

    @property
    def module(self) -> RegoModule:
        """The module, to be loaded by the engine."""
        return RegoModule(self.parsed.text, self.parsed.version, self.parsed.package, self.path)


def read_rego_files(files: Sequence[RegoFile], taken: Iterable[str]) -> tuple[list[Policy], list[Problem]]:
    """Make a policy of each file that has a rule named violation, deny or warn; the others are its libraries.

    Args:
        files: all of them, in a settled order.
        taken: ids of the library that stand for something else already.
    """
    entries = [file for file in files if file.parsed.entries]
    helpers = [file for file in files if not file.parsed.entries]
    names = Counter(file.parsed.package[-1] for file in entries)
    used, policies, problems = set(taken), [], []
    for file in entries:
        stated = _stated_id(file)
        last = file.parsed.package[-1]
        policy_id = stated or (last if names[last] == 1 and last not in used else file.path)
        if policy_id in used:
            problems.append(
                Problem(file.path, 1, policy_id, f"another policy has the id {policy_id} already")
            )
            continue
        used.add(policy_id)
        libs = _libraries_of(file, helpers, entries)
        policies.append(
            Policy(
                id=policy_id,
                kind=None,
                module=file.module,
                libs=tuple(lib.module for lib in libs),
                shape=_shape([file, *libs]),
                entries=file.parsed.entries,
                **describe(file.parsed.metadata),
            )
        )
    return policies, problems


def foreign_reference(module: RegoModule, policy: Policy) -> Problem | None:
    """The first reference of a module to data that neither its policy's modules nor the inventory hold."""
    parsed = parse(module.text)
    packages = [policy.module.package, *(lib.package for lib in policy.libs)]
    for ref in parsed.references:
        if ref.root == "data" and not _is_held(ref, packages):
            name = ".".join(("data", *ref.path))
            what = (
                "reads data as a whole"
                if not ref.path
                else f"reads {name}, which nothing of the library defines"
            )
            line = module.line + parsed.text.count("\n", 0, ref.start)
            reason = f"{what}; a policy may read data.inventory and its own libraries"
            return Problem(module.path, line, policy.id, reason)
    return None


def _is_held(ref: Reference, packages: Iterable[tuple[str, ...]]) -> bool:
    return ref.path[:1] == ("inventory",) or (
        bool(ref.path) and any(_overlap(ref.path, package) for package in packages)
    )


def _overlap(path: tuple[str, ...], package: tuple[str, ...]) -> bool:
    shorter = min(len(path), len(package))
    return path[:shorter] == package[:shorter]


def _stated_id(file: RegoFile) -> str | None:
    custom = file.parsed.metadata.get("custom")
    stated = custom.get("id") if isinstance(custom, Mapping) else None
    return stated if isinstance(stated, str) and stated else None


def _libraries_of(file: RegoFile, helpers: Sequence[RegoFile], entries: Sequence[RegoFile]) -> list[RegoFile]:
    """What a file needs, directly or through others: helpers of its package, and packages it refers to."""
    found = [helper for helper in helpers if helper.parsed.package == file.parsed.package]
    waiting = [file, *found]
    others = [other for other in (*helpers, *entries) if other.parsed.package != file.parsed.package]
    while waiting:
        references = [ref for ref in waiting.pop().parsed.references if ref.root == "data" and ref.path]
        for other in others:
            if other not in found and any(_overlap(ref.path, other.parsed.package) for ref in references):
                found.append(other)
                waiting.append(other)
    return sorted(found, key=lambda other: other.path)


def _shape(files: Sequence[RegoFile]) -> InputShape:
    """`object` where something of the input is read, and never Gatekeeper's review or parameters."""
    reads = [ref for file in files for ref in file.parsed.references if ref.root == "input"]
    gatekeeper = any(ref.path[:1] in {("review",), ("parameters",)} for ref in reads)
    return "object" if reads and not gatekeeper else "review"
