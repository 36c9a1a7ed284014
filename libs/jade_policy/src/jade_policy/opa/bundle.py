"""A library written as one OPA bundle, in which no two policies can meet.

Each policy under each set of parameters becomes a unit with a package of its own, `data.jade_p.<key>`.
Libraries that several policies vendor with the same text are loaded once, so that a rule of theirs is
evaluated once for all policies of a query. `input.parameters` becomes `data.jade.params.<key>`, which
spares a `with` for each policy.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson

from jade_policy.library import Library
from jade_policy.opa.pairs import in_pairs
from jade_policy.policies import Constraint, Policy, RegoModule
from jade_policy.rego import Module, dotted, move, parse

Mode = Literal["plain", "dynamic", "object"]

SLOTS = 4  # for inventories; one is usual, and every line of a file may bring its own
MAIN = """package jade.main

# For each document the answers of the units that its review names in `input.jade`: those in mode `plain` in its order,
# which takes a twentieth less time than by name, and all others by name.
answers := [answer |
	some document in input.documents
	answer := verdicts with input as document
]

answers_with_inventory := [answer |
	some document in input.documents
	answer := verdicts with input as document with data.inventory as held
]

# The inventory that the query names, if OPA holds it. Slots stand at the root of the store: a document below
# another costs seconds to add when that one is large.
held := data.jade_slot_0.inventory if data.jade_slot_0.name == input.inventory
else := data.jade_slot_1.inventory if data.jade_slot_1.name == input.inventory
else := data.jade_slot_2.inventory if data.jade_slot_2.name == input.inventory
else := data.jade_slot_3.inventory if data.jade_slot_3.name == input.inventory

verdicts := [by_review, by_whole_input, by_object]

by_review := [answer |
	some unit in input.jade.plain
	answer := data.jade_p[unit].violation
]

# These use `input` as a whole, so it has to be the one that their author knows.
by_whole_input[unit] := answer if {
	some unit in input.jade.dynamic
	answer := {rule: found |
		some rule in data.jade.entries[unit]
		found := data.jade_p[unit][rule]
	} with input as {"review": input.review, "parameters": data.jade.params[unit]}
}

by_object[unit] := answer if {
	some unit in input.jade.object
	answer := {rule: found |
		some rule in data.jade.entries[unit]
		found := data.jade_p[unit][rule]
	} with input as input.review.object
}
"""


_PLACE = re.compile(r"[^\s:]*?(?P<file>[\w-]+\.rego):(?P<row>\d+)")
_NAMESPACE = ("review", "namespaceObject")  # of `input`; who takes what it stands in may look at it
_OWN_PACKAGE = re.compile(r"\bdata\.jade_(?:p\.u\d+|lib_[0-9a-f]+)\.")


@dataclass(frozen=True, slots=True)
class Unit:
    """A policy with one set of parameters, as the engine knows it.

    Attributes:
        reads_namespace: whether it may look at the Namespace that the resource lives in.
        in_pairs: whether it answers with pairs of a path and a message.
    """

    key: str
    policy: Policy
    mode: Mode
    reads_inventory: bool
    reads_namespace: bool
    in_pairs: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file of the bundle comes from."""

    module: RegoModule
    policy_ids: tuple[str, ...]


@dataclass(frozen=True)
class Bundle:
    """The files of a bundle, and how to find one's way back.

    Attributes:
        files: content by name.
        units: the unit of each constraint of the library.
        origins: by name of the file.
    """

    files: Mapping[str, bytes] = field(repr=False)
    units: Mapping[tuple[str, str | None], Unit] = field(repr=False)
    origins: Mapping[str, Origin] = field(repr=False)

    def in_authors_words(self, message: str) -> str:
        """A message of OPA with the files, lines and packages that the policies' authors know."""

        def place(match: re.Match[str]) -> str:
            origin = self.origins.get(match["file"])
            return (
                f"{origin.module.path}:{origin.module.line + int(match['row']) - 1}" if origin else match[0]
            )

        return " ".join(_OWN_PACKAGE.sub("", _PLACE.sub(place, message)).split())

    def write(self, folder: Path) -> None:
        """Write the files, in place of those that an earlier bundle left there."""
        folder.mkdir(mode=0o700, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def build_bundle(library: Library) -> Bundle:
    """Write a library as a bundle. Whether it compiles is another question, see `check`."""
    writer = _Writer()
    for policy in library.policies:
        writer.add(policy, library.constraints_of(policy.id))
    return writer.bundle()


class _Writer:
    def __init__(self) -> None:
        self._files: dict[str, bytes] = {"main.rego": MAIN.encode()}
        self._versions: dict[str, int] = {}
        self._origins: dict[str, Origin] = {}
        self._units: dict[tuple[str, str | None], Unit] = {}
        self._parameters: dict[str, Mapping[str, Any]] = {}
        self._entries: dict[str, list[str]] = {}
        self._roots = {"jade/main", "jade_p", "jade/params", "jade/entries", "inventory"}

    def add(self, policy: Policy, constraints: Sequence[Constraint]) -> None:
        """Add a policy with its constraints; equal parameters share a unit."""
        modules = (policy.module, *(lib for lib in policy.libs if lib.package == policy.module.package))
        parsed = [parse(module.text) for module in (policy.module, *policy.libs)]
        mode = _mode(policy, parsed)
        roots = self._add_libraries(policy)
        reads_parameters = mode == "dynamic" or any(module.reads("input", "parameters") for module in parsed)
        reads_inventory = any(module.reads("data", "inventory") for module in parsed)
        reads_namespace = policy.shape != "object" and any(
            ref.root == "input" and _NAMESPACE[: len(ref.path)] == ref.path[: len(_NAMESPACE)]
            for module in parsed
            for ref in module.references
        )
        shared: dict[bytes, Unit] = {}
        for constraint in constraints:
            parameters = constraint.parameters if reads_parameters else {}
            identity = _json(parameters, orjson.OPT_SORT_KEYS)
            unit = shared.get(identity)
            if unit is None:
                short = in_pairs(policy.module.text) if mode == "plain" and len(modules) == 1 else None
                unit = shared[identity] = Unit(
                    f"u{len(self._parameters)}",
                    policy,
                    mode,
                    reads_inventory,
                    reads_namespace,
                    short is not None,
                )
                self._parameters[unit.key] = parameters
                self._entries[unit.key] = [name for name, _ in policy.entries]
                own = {policy.module.package: f"data.jade_p.{unit.key}"}
                moved_to = f"data.jade.params.{unit.key}" if mode == "plain" else None
                for index, module in enumerate(modules):
                    text = move(
                        parse(short or module.text),
                        ("jade_p", unit.key),
                        roots=roots | own,
                        parameters=moved_to,
                    )
                    self._add_file(f"{unit.key}_{index}.rego", text, module, policy)
            self._units[policy.id, constraint.name] = unit

    def bundle(self) -> Bundle:
        """All that was added."""
        data = {"jade": {"params": self._parameters, "entries": self._entries}, "inventory": {}}
        manifest = {
            "roots": sorted(self._roots),
            "rego_version": 1,
            "file_rego_versions": {f"/{name}": v for name, v in self._versions.items()},
        }
        files = self._files | {"data.json": _json(data), ".manifest": _json(manifest)}
        return Bundle(files, self._units, self._origins)

    def _add_libraries(self, policy: Policy) -> dict[tuple[str, ...], str]:
        """Load what a policy imports unless it is there already; give where its references have to go."""
        groups: dict[tuple[str, ...], list[RegoModule]] = {}
        for lib in policy.libs:
            if lib.package != policy.module.package:
                groups.setdefault(lib.package, []).append(lib)
        homes = _homes(policy.module, groups)
        roots: dict[tuple[str, ...], str] = {}
        for package, home in homes.items():  # those that live together are found by `import data.lib` too
            alone = len(home) == 1
            roots[package if alone else package[:1]] = dotted(("data", *home[: 1 if alone else 2]))
        for package, libs in groups.items():
            self._roots.add(homes[package][0])
            for index, lib in enumerate(libs):
                text = move(parse(lib.text), homes[package], roots=roots, parameters=None)
                name = hashlib.blake2b(_json(homes[package]), digest_size=8).hexdigest()
                self._add_file(f"lib-{name}_{index}.rego", text, lib, policy)
        return roots

    def _add_file(self, name: str, text: str, module: RegoModule, policy: Policy) -> None:
        self._files[name] = text.encode()
        self._versions[name] = module.version
        before = self._origins.get(name)
        self._origins[name] = Origin(module, (*(before.policy_ids if before else ()), policy.id))


def _mode(policy: Policy, modules: Sequence[Module]) -> Mode:
    """How a policy gets its input.

    A library is shared by policies with other parameters, so one that reads them must get them as input.
    """
    if policy.shape == "object":
        return "object"
    whole = any(module.reads_input_dynamically for module in modules)
    shared = any(module.reads("input", "parameters") for module in modules[1:])
    plain = policy.entries == (("violation", "set"),)
    return "plain" if plain and not whole and not shared else "dynamic"


def _homes(
    entry: RegoModule, groups: Mapping[tuple[str, ...], Sequence[RegoModule]]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Where each package of libraries is loaded: named after its text and that of all it imports.

    So the same library has one home for all policies, whatever else they import. Homes stand at the root, since OPA
    takes a step for each component of a reference whenever it follows one. Only where something is imported that holds
    several packages (`import data.lib`) do all libraries of a policy live together, under their own names.
    """
    modules = {package: [parse(lib.text) for lib in libs] for package, libs in groups.items()}
    imports = {package: _imports(parsed, groups) for package, parsed in modules.items()}
    entry_imports = _imports([parse(entry.text)], groups)
    together = any(needed is None for needed in (entry_imports, *imports.values()))
    homes: dict[tuple[str, ...], tuple[str, ...]] = {}
    for package in groups:
        closure = set(groups) if together else _closure(package, imports)
        content = [[each, [[lib.text, lib.version] for lib in groups[each]]] for each in sorted(closure)]
        named = "" if together else package  # those that import each other have one closure
        home = "jade_lib_" + hashlib.blake2b(_json([named, content]), digest_size=8).hexdigest()
        homes[package] = (home, *package) if together else (home,)
    return homes


def _imports(
    modules: Sequence[Module], groups: Mapping[tuple[str, ...], Sequence[RegoModule]]
) -> set[tuple[str, ...]] | None:
    """The packages that modules refer to; None when a reference stops above a package."""
    found = set()
    for ref in (ref for module in modules for ref in module.references if ref.root == "data" and ref.path):
        for package in groups:
            if ref.path == package[: len(ref.path)] and len(ref.path) < len(package):
                return None
            if ref.path[: len(package)] == package:
                found.add(package)
    return found


def _closure(
    package: tuple[str, ...], imports: Mapping[tuple[str, ...], set[tuple[str, ...]] | None]
) -> set[tuple[str, ...]]:
    found, waiting = {package}, [package]
    while waiting:
        new = (imports[waiting.pop()] or set()) - found
        found |= new
        waiting += new
    return found


def _json(value: Any, option: int = 0) -> bytes:
    return orjson.dumps(value, default=str, option=option | orjson.OPT_NON_STR_KEYS)
