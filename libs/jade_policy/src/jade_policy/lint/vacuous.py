"""Tests that cannot fail, whatever the policy says."""

from collections.abc import Iterator, Sequence
from typing import Any

from jade_policy.reads.interpreter import imports_of, variables_of
from jade_policy.rego import SyntaxTree


def vacuous_tests(tree: SyntaxTree, tested: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The row (from 1) and what is wrong, of each rule `test_*` that does not ask the package under test."""
    names = {name for name, path in imports_of(tree).items() if path[: len(tested)] == tuple(tested)}
    rules = tree.get("rules", [])
    reaching = _reaching(rules, names, tuple(tested))
    for rule in rules:
        name = str(rule["head"].get("name", ""))
        row = int(rule["location"]["row"])
        if not name.startswith("test_"):
            continue
        if not _asks(rule, names | reaching, tuple(tested)):
            yield row, f"{name} does not ask {'.'.join(tested)}, so that it passes whatever the policy says"
        elif empty := _loops_over_nothing(rule):
            yield row, f"{name} goes over {empty}, so that what it asserts is never looked at"


def _reaching(rules: Sequence[Any], names: set[str], tested: tuple[str, ...]) -> set[str]:
    """Rules and functions of the tests that ask the package, directly or through each other."""
    found: set[str] = set()
    while True:
        more = {
            str(rule["head"].get("name", "")) for rule in rules if _asks(rule, names | found, tested)
        } - found
        if not more:
            return found
        found |= more


def _asks(rule: Any, names: set[str], tested: tuple[str, ...]) -> bool:
    if variables_of([rule["body"], rule["head"].get("value")]) & names:
        return True
    return any(path[: len(tested)] == tested for path in _data_paths(rule["body"]))


def _data_paths(node: Any) -> Iterator[tuple[str, ...]]:
    if isinstance(node, list):
        for each in node:
            yield from _data_paths(each)
    elif isinstance(node, dict):
        if node.get("type") == "ref":
            yield tuple(str(part.get("value")) for part in node["value"])
        for value in node.values():
            yield from _data_paths(value)


def _loops_over_nothing(rule: Any) -> str:
    for expression in rule["body"]:
        terms = expression["terms"]
        if isinstance(terms, dict) and "domain" in terms:
            domain = terms["domain"]
            if domain["type"] in {"array", "set", "object"} and not domain.get("value"):
                return "an empty collection"
    return ""
