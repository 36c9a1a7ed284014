"""Values that a policy may want: the constants of its source and its parameters."""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_policy.rego import SyntaxTree

MAX_LENGTH = 64  # a name, a mode, an image's prefix; longer texts are messages
MAX_CONSTANTS = 12

Scalar = str | int | float | bool


def constants_of(tree: SyntaxTree, parameters: Mapping[str, Any]) -> tuple[Scalar, ...]:
    """The scalars that a policy compares with: those of its parameters first, each once.

    Args:
        tree: The syntax tree of its entry module.
        parameters: Its constraint's.
    """
    found = dict.fromkeys([*_of_value(parameters), *_of_tree(tree.get("rules", []))])
    return tuple(one for one in found if _is_value(one))[:MAX_CONSTANTS]


def _is_value(value: Scalar) -> bool:
    if isinstance(value, bool):
        return False
    return not isinstance(value, str) or (
        0 < len(value) <= MAX_LENGTH and not any(c in value for c in " %\n")
    )


def _of_value(value: Any) -> Iterator[Scalar]:
    if isinstance(value, Mapping):
        for member in value.values():
            yield from _of_value(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _of_value(member)
    elif isinstance(value, Scalar):
        yield value


def _of_tree(node: Any) -> Iterator[Scalar]:
    """All strings and numbers but the keys of references, which name fields."""
    if isinstance(node, list):
        for member in node:
            yield from _of_tree(member)
    elif isinstance(node, Mapping):
        kind = node.get("type")
        if kind in {"string", "number"} and isinstance(node.get("value"), Scalar):
            yield node["value"]
        elif kind == "ref":
            yield from (
                found for part in node["value"] if part.get("type") == "call" for found in _of_tree(part)
            )
        else:
            for key, member in node.items():
                if key not in {"location", "ref", "name"}:
                    yield from _of_tree(member)
