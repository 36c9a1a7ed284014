"""A field that a text names, in the ways in which tools and authors write fields."""

import re
from collections.abc import Mapping
from typing import Any

from jade_policy.locate.places import possible
from jade_policy.pointers import get, join
from jade_policy.resources import containers, pod_pointer

_PATH = re.compile(r"(?<![\w.])/?[A-Za-z]\w*(?:\[[^\]]*\]|[./](?:[A-Za-z][\w-]*|\d+|\*))+")
_STEP = re.compile(r"\[([^\]]*)\]|([^./\[\]]+)")
_QUOTES = "\"'`"
_CONTAINER_FIELDS = frozenset(
    {"securityContext", "resources", "livenessProbe", "readinessProbe", "ports", "env"}
)
_ROOTS = frozenset({"spec", "metadata", "rules", "subjects", "roleRef", "data", "webhooks", "parameters"})


def stated_path(obj: Mapping[str, Any], text: str) -> str | None:
    """The JSON pointer of the field that a text names, if it or what it stands in exists.

    Understood are JSON pointers, dots, brackets (`containers[0]`, `containers[*]`, `[name=db]`, `labels["a/b"]`),
    and paths that begin at the pod's spec or at a container, as benchmarks write them.

    Args:
        obj: The resource.
        text: What the policy or the scanner says.
    """
    for match in _PATH.finditer(text):
        steps = _steps(match[0])
        begins = _begins(obj, steps, text)
        found = [pointer for begin in begins if (pointer := _walk(obj, begin, steps)) is not None]
        found.sort(
            key=lambda pointer: _value(obj, pointer) is None
        )  # what is there rather than what could be
        if found:
            return found[0]
    return None


def named_container(obj: Mapping[str, Any], text: str) -> str | None:
    """The pointer of the one container whose name stands in a text as a word, if there is one."""
    found = [
        at.pointer
        for at in containers(dict(obj))
        if isinstance(name := at.container.get("name"), str)
        and name
        and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-]*\w)", text)
    ]
    return found[0] if len(found) == 1 else None


def _steps(path: str) -> list[str]:
    return [
        (bracketed if bracketed or not plain else plain).strip(_QUOTES)
        for bracketed, plain in _STEP.findall(path.strip("/."))
    ]


def _begins(obj: Mapping[str, Any], steps: list[str], text: str) -> list[str]:
    """Where a path may begin: at the resource, at its pod template, at a container."""
    if steps[0] in obj or steps[0] in _ROOTS:
        template = pod_pointer(dict(obj))
        return ["", template] if template else [""]
    if steps[0] in _CONTAINER_FIELDS:
        named = named_container(obj, text)
        return [named] if named is not None else [at.pointer for at in containers(dict(obj))][:1]
    return []


def _walk(obj: Mapping[str, Any], begin: str, steps: list[str]) -> str | None:
    """Follow the steps; the last may be missing where the kind can have it, in a container also those above."""
    pointer = begin
    for number, step in enumerate(steps):
        value = _value(obj, pointer)
        if isinstance(value, list):
            index = _index(value, step)
            if index is None:
                return None
            pointer = join(pointer, index)
        elif isinstance(value, Mapping) and step in value:
            pointer = join(pointer, step)
        elif isinstance(value, Mapping):
            rest = steps[number:]
            inside = any(f"{pointer}/".startswith(f"{at.pointer}/") for at in containers(dict(obj)))
            pointer = join(pointer, *rest)
            return pointer if (inside or len(rest) == 1) and possible(obj, pointer) else None
        else:
            return None
    return pointer


def _index(members: list[Any], step: str) -> int | None:
    if step in {"*", "_", ""}:
        return 0 if members else None
    if step.isdecimal():
        return int(step) if int(step) < len(members) else None
    name = step.rpartition("=")[2].strip(_QUOTES)
    return next(
        (index for index, one in enumerate(members) if isinstance(one, Mapping) and one.get("name") == name),
        None,
    )


def _value(obj: Mapping[str, Any], pointer: str) -> Any:
    try:
        return get(obj, pointer)
    except LookupError:
        return None
