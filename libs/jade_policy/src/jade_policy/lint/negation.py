"""Negations whose argument may be undefined, which makes the whole rule undefined.

`not startswith(x.y, "a")` looks true where `x.y` is missing. But OPA evaluates the argument of a call before the
negation: where it is undefined, so is the body. Only `not x.y` and `not x.y == 1` mean what they say.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jade_policy.policies import Policy, RegoModule
from jade_policy.reads.interpreter import Interpreter, Scope
from jade_policy.rego import SyntaxTree

_BODIES = frozenset({"arraycomprehension", "setcomprehension", "objectcomprehension"})


def undefined_references(
    policy: Policy, trees: Mapping[RegoModule, SyntaxTree]
) -> Iterator[tuple[RegoModule, int, str]]:
    """The module, the row in it (from 1) and what is wrong, of each such negation that a verdict depends on."""
    modules = (policy.module, *policy.libs)
    found: dict[tuple[RegoModule, int, str], None] = {}

    def observe(scope: Scope, expression: Any, around: Sequence[Any]) -> None:
        guards = {
            prefix for reference in _references(list(around), nested=True) for prefix in _prefixes(reference)
        }
        for reference in _suspects(expression["terms"]):
            if written(reference) in guards or scope.certain(reference):
                continue
            module = next(m for m in modules if ("data", *m.package) == scope.package)
            message = (
                f"{written(reference)} may be undefined, and then the rule is, not the negation true: "
                f"bind it first, with object.get and a default"
            )
            found.setdefault((module, int(expression["location"]["row"]), message))

    interpreter = Interpreter((trees[module] for module in modules), observe)
    for entry, _ in policy.entries:
        interpreter.conditions(("data", *policy.module.package, entry))
    yield from found


def _prefixes(reference: Any) -> Iterator[str]:
    """A reference that is defined proves that all above it is."""
    for length in range(1, len(reference["value"]) + 1):
        yield written({"value": reference["value"][:length]})


def written(reference: Any) -> str:
    """A reference as its author wrote it, with `_` for what is not constant."""
    root, *keys = reference["value"]
    return str(root.get("value")) + "".join(
        f".{key['value']}"
        if key["type"] == "string"
        else f"[{key['value']}]"
        if key["type"] == "var"
        else "[_]"
        for key in keys
    )


def _suspects(terms: Any) -> Iterator[Any]:
    """The references that are evaluated before a negation."""
    if isinstance(terms, dict):
        if terms.get("type") == "ref":
            for key in terms["value"][1:]:
                yield from _references(key)
        return
    operator = ".".join(str(part["value"]) for part in terms[0]["value"])
    for argument in terms[1:]:
        if operator == "equal" and argument["type"] == "ref":
            for key in argument["value"][1:]:
                yield from _references(key)
        else:
            yield from _references(argument)


def _references(node: Any, *, nested: bool = False) -> Iterator[Any]:
    """The references in a node; those in the bodies of comprehensions only where they are `nested`."""
    if isinstance(node, list):
        for each in node:
            yield from _references(each, nested=nested)
    elif isinstance(node, dict) and (nested or node.get("type") not in _BODIES):
        if node.get("type") == "ref":
            yield node
            yield from _references(node["value"][1:], nested=nested)
        elif node.get("type") == "var":
            yield {
                "value": [node],
                "type": "ref",
            }  # a rule of the same package may be named without its package
        elif node.get("type") == "call":
            yield from _references(node["value"][1:], nested=nested)
        else:
            for key in ("value", "terms", "symbols"):
                if isinstance(node.get(key), list | dict):
                    yield from _references(node[key], nested=nested)
