"""Whether the schemas of events still keep what the last release promised.

Senders and readers of the last release go on working beside this one: a field that is removed, becomes required,
changes its type, or takes less than it took breaks one of them.
``python -m jade_common.compatibility check|cut VERSION`` says what breaks, or keeps the schemas of a release under
``docs/events/released``.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]

RELEASED = "released"
SUFFIX = ".schema.json"
VERSION = re.compile(r"\d+\.\d+\.\d+").fullmatch

UPPER = ("maxLength", "maxItems", "maximum", "exclusiveMaximum")
LOWER = ("minLength", "minItems", "minimum", "exclusiveMinimum")


def breaks(old: Schema, new: Schema) -> list[str]:
    """What a sender or a reader of ``old`` cannot rely on in ``new``, each with its field.

    >>> old = {"type": "object", "properties": {"tool": {"type": "string"}}}
    >>> breaks(old, {"type": "object", "properties": {"tool": {"type": "integer"}}})
    ['tool: its type was string, it is integer']
    """
    return list(_node(old, new, "", (old, new), frozenset()))


Compared = frozenset[tuple[int, int]]
"""Pairs of nodes that are being compared: a model may hold itself."""


def _node(
    old: Schema, new: Schema, path: str, roots: tuple[Schema, Schema], inside: Compared
) -> Iterator[str]:
    before, after = _by_type(old, roots[0]), _by_type(new, roots[1])
    where = path or "the event"
    if before.keys() != after.keys():
        yield f"{where}: its type was {_listed(before)}, it is {_listed(after)}"
    for kind in before.keys() & after.keys():
        pair = id(before[kind]), id(after[kind])
        if pair in inside:
            continue
        yield from _values(before[kind], after[kind], where)
        yield from _limits(before[kind], after[kind], where)
        yield from _members(before[kind], after[kind], path, roots, inside | {pair})


def _by_type(node: Schema, root: Schema) -> dict[str, Schema]:
    """The alternatives of a node by their JSON type; ``any`` for one that takes everything."""
    node = _resolved(node, root)
    found: dict[str, Schema] = {}
    for one in node.get("anyOf") or node.get("oneOf") or [node]:
        inner = _resolved(one, root)
        if inner is not node and ("anyOf" in inner or "oneOf" in inner):
            found |= _by_type(inner, root)
            continue
        kinds = inner.get("type", "any")
        found |= dict.fromkeys([kinds] if isinstance(kinds, str) else kinds, inner)
    return found


def _resolved(node: Schema, root: Schema) -> Schema:
    """The node itself, or the one that it refers to."""
    while "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _values(old: Schema, new: Schema, where: str) -> Iterator[str]:
    before, after = _enum(old), _enum(new)
    if after is None:
        return
    if before is None:
        yield f"{where}: it took any value, it takes only {_listed(after)}"
    elif lost := [one for one in before if one not in after]:
        yield f"{where}: it no longer takes {_listed(lost)}"


def _enum(node: Schema) -> list[Any] | None:
    return [node["const"]] if "const" in node else node.get("enum")


def _limits(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name in (*UPPER, *LOWER):
        if name not in new:
            continue
        tighter = (
            new[name] < old[name] if name in UPPER and name in old else new[name] > old.get(name, new[name])
        )
        if name not in old or tighter:
            yield f"{where}: {name} was {old.get(name, 'not set')}, it is {new[name]}"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"{where}: its pattern was {old.get('pattern', 'not set')}, it is {new['pattern']}"


def _members(
    old: Schema, new: Schema, path: str, roots: tuple[Schema, Schema], inside: Compared
) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required, now = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() | after.keys()):
        field = f"{path}.{name}" if path else name
        if name not in after:
            yield f"{field}: it was removed"
            continue
        if name in now - required:
            yield f"{field}: it became required"
        if name in required - now:
            yield f"{field}: it is no longer required"
        if name in before:
            yield from _node(before[name], after[name], field, roots, inside)
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{path or 'the event'}: unknown fields are no longer taken"
    for key, sign in (("items", "[]"), ("additionalProperties", ".*")):
        if isinstance(old.get(key), Mapping) and isinstance(new.get(key), Mapping):
            yield from _node(old[key], new[key], f"{path}{sign}", roots, inside)


def _listed(found: Any) -> str:
    return ", ".join(map(str, found))


def last_release(events: Path) -> Path | None:
    """The folder with the schemas of the last release; ``None`` before the first."""
    found = [one for one in (events / RELEASED).glob("*") if one.is_dir() and VERSION(one.name)]
    return max(found, key=lambda one: tuple(map(int, one.name.split("."))), default=None)


def problems(events: Path) -> list[str]:
    """What breaks the last release, each with the event's file."""
    release = last_release(events)
    if release is None:
        return []
    found: list[str] = []
    for old in sorted(release.glob(f"*{SUFFIX}")):
        new = events / old.name
        if not new.is_file():
            found.append(f"{old.name}: the event was removed")
            continue
        schemas = [json.loads(path.read_text("utf-8")) for path in (old, new)]
        found += [f"{old.name}: {one}" for one in breaks(*schemas)]
    return found


def cut(events: Path, version: str) -> Path:
    """Keep the schemas as those of a release.

    Raises:
        ValueError: It is no version, or not a new one.
    """
    if not VERSION(version):
        raise ValueError(f"{version!r} is no version: MAJOR.MINOR.PATCH")
    folder = events / RELEASED / version
    if folder.exists():
        raise ValueError(f"{folder} is there already: a release does not change")
    folder.mkdir(parents=True)
    for path in events.glob(f"*{SUFFIX}"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def main(action: str, version: str | None, events: Path) -> int:
    """Say what breaks the last release; with ``cut``, keep a new one where nothing does."""
    found = problems(events)
    for one in found:
        sys.stderr.write(f"{one}. Make it a new version of the event (CONTRIBUTING.md, Events)\n")
    if found or action == "check":
        return 1 if found else 0
    try:
        sys.stdout.write(f"{cut(events, version or '')}\n")
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m jade_common.compatibility", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("action", choices=["check", "cut"])
    parser.add_argument("version", nargs="?", help="of the release, for cut")
    parser.add_argument("--events", type=Path, default=Path("docs/events"), help="folder of the schemas")
    arguments = parser.parse_args()
    raise SystemExit(main(arguments.action, arguments.version, arguments.events))
