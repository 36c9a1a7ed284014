"""Small faults put into a policy on purpose: tests that are worth something notice each."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jade_policy.rego import SyntaxTree

Operator = Literal[
    "flipped-comparison",
    "dropped-condition",
    "removed-negation",
    "changed-constant",
    "dropped-container-list",
    "narrowed-match",
    "widened-match",
]

_FLIPPED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_COMPARISONS = frozenset({"equal", "neq", "lt", "lte", "gt", "gte"})
_BINDING = frozenset({"assign", "eq"})
# What these put together ends in a message or a pointer; a test of verdicts does not look at its words.
_WORDING = frozenset({"sprintf", "concat", "format_int"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one fault.

    Attributes:
        operator: what was done to it.
        line: where, from 1 within the module.
        before: the text that was there.
        after: the text that took its place.
        text: the module as a whole.
    """

    operator: Operator
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        """For instance `12: flipped-comparison: == -> !=`."""
        return (
            f"{self.line}: {self.operator}: {' '.join(self.before.split())} -> {' '.join(self.after.split())}"
        )


def mutants(text: str, tree: SyntaxTree) -> Iterator[Mutant]:
    """Put each fault into a module that it has a place for.

    Defaults of parameters are left alone (METADATA states them too, and the two are compared), and so is what only
    makes up a message.

    Args:
        text: the module.
        tree: its syntax tree, with locations.
    """
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    seen: set[tuple[int, int, str]] = set()
    for operator, location, after in _edits(tree):
        before = base64.b64decode(location["text"])
        start = starts[location["row"] - 1] + location["col"] - 1
        data = text.encode()
        if data[start : start + len(before)] != before:
            continue  # OPA gives no exact place for what it rewrote while parsing
        if (start, len(before), after) in seen:
            continue
        seen.add((start, len(before), after))
        mutated = data[:start] + after.encode() + data[start + len(before) :]
        yield Mutant(operator, location["row"], before.decode(), after, mutated.decode())


def without_container_list(library: str, name: str) -> str:
    """Our shared Rego with one list of containers forgotten.

    Raises:
        ValueError: the library keeps no such list.
    """
    lines = library.splitlines(keepends=True)
    kept = [line for line in lines if not line.strip().startswith(f'"{name}": ')]
    if len(kept) != len(lines) - 1:
        raise ValueError(f"{name} does not stand once in the library's table of container lists")
    return "".join(kept)


def _edits(tree: SyntaxTree) -> Iterator[tuple[Operator, Any, str]]:
    for rule in tree.get("rules", []):
        if not rule.get("default"):
            yield from _rule(rule)


def _rule(rule: Any) -> Iterator[tuple[Operator, Any, str]]:
    yield from _body(rule["body"])
    head = rule["head"]
    if "key" not in head and head["value"]["type"] != "boolean":
        yield from _term(head["value"])
    if "else" in rule:
        yield from _body(rule["else"]["body"])


def _body(body: Sequence[Any]) -> Iterator[tuple[Operator, Any, str]]:
    for expression in body:
        if expression.get("generated"):
            continue
        location, terms = expression["location"], expression["terms"]
        written = base64.b64decode(location["text"]).decode()
        if expression.get("negated"):
            yield "removed-negation", location, written.removeprefix("not").lstrip()
        if _is_condition(terms):
            yield "dropped-condition", location, "true"
        if isinstance(terms, list):
            yield from _call(terms)
        elif "domain" in terms:
            yield from _term(terms["domain"])
            yield from _body(terms["body"])
        elif "symbols" in terms:
            for symbol in terms["symbols"]:
                yield from _call(symbol["value"]) if symbol["type"] == "call" else ()
        else:
            yield from _term(terms)


def _is_condition(terms: Any) -> bool:
    """Whether an expression only decides; without one that binds a variable the rest would not compile."""
    if isinstance(terms, dict):
        return "symbols" not in terms
    return _name(terms[0]) not in _BINDING


def _call(terms: Sequence[Any]) -> Iterator[tuple[Operator, Any, str]]:
    operator, *arguments = terms
    name = _name(operator)
    if name in _WORDING:
        return
    if name in _COMPARISONS:
        written = base64.b64decode(operator["location"]["text"]).decode()
        if written in _FLIPPED:
            yield "flipped-comparison", operator["location"], _FLIPPED[written]
    for argument in arguments:
        yield from _term(argument)


def _term(node: Any) -> Iterator[tuple[Operator, Any, str]]:
    kind, value = node["type"], node.get("value")
    if kind in {"string", "number", "boolean"}:
        yield from _constant(node)
    elif kind == "call":
        yield from _call(value)
    elif kind in {"array", "set"}:
        for item in value:
            yield from _term(item)
    elif kind == "object":
        for _, item in value:
            yield from _term(item)
    elif kind in {"arraycomprehension", "setcomprehension", "objectcomprehension"}:
        yield from _body(value["body"])


def _constant(node: Any) -> Iterator[tuple[Operator, Any, str]]:
    location, value = node.get("location"), node["value"]
    if not location:
        return
    if node["type"] == "number":
        yield "changed-constant", location, str(value + 1)
    elif node["type"] == "boolean":
        yield "changed-constant", location, str(not value).lower()
    elif (written := base64.b64decode(location["text"]).decode())[:1] in {'"', "`"}:
        yield "changed-constant", location, json.dumps(value + "x") if written[0] == '"' else f"`x{value}`"


def _name(operator: Any) -> str:
    return ".".join(str(part["value"]) for part in operator["value"])
