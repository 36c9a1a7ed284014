"""A library written as one OPA bundle, in which no two policies can meet.

Each policy under each set of parameters becomes a unit with a package of its own, `data.jade.p.<key>`. Libraries
that several policies vendor with the same text are loaded once, so that a rule of theirs is evaluated once for all
policies of a query. `input.parameters` becomes `data.jade.params.<key>`, which spares a `with` for each policy.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson

from jade_policy.library import Library
from jade_policy.policies import Constraint, Policy, RegoModule
from jade_policy.rego import Module, dotted, move, parse

Mode = Literal["plain", "dynamic", "object"]

MAIN = """package jade.main

# For each document its answers by unit. Reviews carry in `input.jade` the units that apply to them.
answers := [answer |
	some document in input.documents
	answer := verdicts with input as document
]

answers_with_inventory := [answer |
	some document in input.documents
	answer := verdicts with input as document with data.inventory as input.inventory
]

verdicts := object.union_n([by_review, by_whole_input, by_object])

by_review[unit] := answer if {
	some unit in input.jade.plain
	answer := data.jade.p[unit].violation
}

# These use `input` as a whole, so it has to be the one that their author knows.
by_whole_input[unit] := answer if {
	some unit in input.jade.dynamic
	answer := {rule: found |
		some rule in data.jade.entries[unit]
		found := data.jade.p[unit][rule]
	} with input as {"review": input.review, "parameters": data.jade.params[unit]}
}

by_object[unit] := answer if {
	some unit in input.jade.object
	answer := {rule: found |
		some rule in data.jade.entries[unit]
		found := data.jade.p[unit][rule]
	} with input as input.review.object
}
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A policy with one set of parameters, as the engine knows it."""

    key: str
    policy: Policy
    mode: Mode


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

    def add(self, policy: Policy, constraints: Sequence[Constraint]) -> None:
        """Add a policy with its constraints; equal parameters share a unit."""
        own = parse(policy.module.text)
        same = [lib for lib in policy.libs if lib.package == policy.module.package]
        libs = [lib for lib in policy.libs if lib.package != policy.module.package]
        parsed = [own, *(parse(lib.text) for lib in policy.libs)]
        mode = _mode(policy, parsed)
        prefix = self._add_libraries(policy, libs)
        reads_parameters = any(module.reads("input", "parameters") for module in parsed) or mode == "dynamic"
        shared: dict[bytes, Unit] = {}
        for constraint in constraints:
            parameters = constraint.parameters if reads_parameters else {}
            identity = orjson.dumps(
                parameters, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
            )
            unit = shared.get(identity)
            if unit is None:
                unit = shared[identity] = Unit(f"u{len(self._parameters)}", policy, mode)
                self._parameters[unit.key] = parameters
                self._entries[unit.key] = [name for name, _ in policy.entries]
                for index, module in enumerate((policy.module, *same)):
                    self._add_module(
                        f"{unit.key}_{index}.rego", module, ("jade", "p", unit.key), prefix, unit.key, policy
                    )
            self._units[policy.id, constraint.name] = unit

    def bundle(self) -> Bundle:
        """All that was added."""
        jade = {"params": self._parameters, "entries": self._entries}
        data = {"jade": jade, "inventory": {}}
        manifest = {
            "rego_version": 1,
            "file_rego_versions": {f"/{name}": v for name, v in self._versions.items()},
        }
        options = orjson.OPT_NON_STR_KEYS
        files = self._files | {
            "data.json": orjson.dumps(data, default=str, option=options),
            ".manifest": orjson.dumps(manifest),
        }
        return Bundle(files, self._units, self._origins)

    def _add_libraries(self, policy: Policy, libs: Sequence[RegoModule]) -> dict[tuple[str, ...], str]:
        """Load a set of libraries unless it is there already; give where references to it have to go."""
        if not libs:
            return {}
        content = orjson.dumps([[lib.text, lib.version, lib.package] for lib in libs])
        digest = "d" + hashlib.blake2b(content, digest_size=8).hexdigest()
        moved = {
            lib.package[:1]: dotted(("data", "jade", "lib", digest, lib.package[0]))
            for lib in libs
        }  # fmt: skip
        for index, lib in enumerate(libs):
            name = f"{digest}_{index}.rego"
            self._add_module(name, lib, ("jade", "lib", digest, *lib.package), moved, None, policy)
        return moved

    def _add_module(
        self,
        name: str,
        module: RegoModule,
        package: tuple[str, ...],
        moved: Mapping[tuple[str, ...], str],
        key: str | None,
        policy: Policy,
    ) -> None:
        origin = self._origins.get(name)
        if origin is not None:
            self._origins[name] = Origin(origin.module, (*origin.policy_ids, policy.id))
            return
        roots = dict(moved)
        if key is not None:
            roots[module.package] = f"data.jade.p.{key}"
        parsed = parse(module.text)
        mode = self._mode_of(policy)
        parameters = f"data.jade.params.{key}" if key is not None and mode == "plain" else None
        self._files[name] = move(parsed, package, roots=roots, parameters=parameters).encode()
        self._versions[name] = module.version
        self._origins[name] = Origin(module, (policy.id,))

    def _mode_of(self, policy: Policy) -> Mode:
        return _mode(policy, [parse(policy.module.text), *(parse(lib.text) for lib in policy.libs)])


def _mode(policy: Policy, modules: Sequence[Module]) -> Mode:
    """How a policy gets its input.

    A library is shared by policies with other parameters, so one that reads parameters must get them as input.
    """
    if policy.shape == "object":
        return "object"
    whole = any(module.reads_input_dynamically for module in modules)
    shared = any(module.reads("input", "parameters") for module in modules[1:])
    plain = policy.entries == (("violation", "set"),)
    return "plain" if plain and not whole and not shared else "dynamic"
