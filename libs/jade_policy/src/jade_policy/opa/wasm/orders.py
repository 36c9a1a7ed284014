"""Orders that OPA's interpreter keeps and WebAssembly does not: of sets and objects, wherever an array is made of them.

The interpreter goes through a set by value and through an object by key; compiled, both come in the order of a hash
table. That shows in an array comprehension. So `some x in xs` in one becomes `some x in data.jade_order.values(xs)`,
unless `xs` is certainly an array.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from jade_policy.opa.wasm.edits import Edit
from jade_policy.rego import Token

PACKAGE: Final = "jade_order"
MODULE: Final = """package jade_order

values(some_values) := some_values if is_array(some_values)
values(some_values) := sort(some_values) if is_set(some_values)
values(some_values) := [some_values[key] | some key in sort(object.keys(some_values))] if is_object(some_values)

pairs(some_values) := [[key, value] | some key, value in some_values] if is_array(some_values)
pairs(some_values) := [[value, value] | some value in sort(some_values)] if is_set(some_values)
pairs(some_values) := [[key, some_values[key]] | some key in sort(object.keys(some_values))] if is_object(some_values)
"""

_INFIX: Final = frozenset("|&+-*/%=<>!:.,")


class _Scope(NamedTuple):
    """A bracket that is open: where it opens and closes, and what it is."""

    opening: int
    closing: int
    kind: str  # "array" or "other" for a comprehension, else ""


def edits_of_orders(text: str, tokens: Sequence[Token]) -> list[Edit] | None:
    """What is to change in a module.

    Returns:
        None where it cannot be told from the text through what an array comprehension goes.
    """
    edits: list[Edit] = []
    rules = _Rules(tokens)
    for index, scope in _in_array_comprehensions(tokens):
        token = tokens[index]
        if token.text == "some" and token.kind == "name":
            found = _of_some(text, tokens, index, scope)
            if found is None:
                return None
            edits += found
        elif (token.text == "walk" and tokens[index + 1].text == "(") or (
            token.text == "[" and _follows(tokens, index) and not _known(tokens, index, rules)
        ):
            return None
    return edits


def _in_array_comprehensions(tokens: Sequence[Token]) -> Iterator[tuple[int, _Scope]]:
    """The tokens whose nearest comprehension is one of an array, each with its comprehension."""
    open_scopes: list[_Scope] = []
    for index, token in enumerate(tokens):
        while open_scopes and open_scopes[-1].closing <= index:
            open_scopes.pop()
        scope = next((scope for scope in reversed(open_scopes) if scope.kind), None)
        if scope is not None and scope.kind == "array":
            yield index, scope
        if token.kind == "operator" and token.text in "([{":
            open_scopes.append(_scope(tokens, index))


def _scope(tokens: Sequence[Token], opening: int) -> _Scope:
    depth = tokens[opening].depth
    closing = next((n for n in range(opening + 1, len(tokens)) if tokens[n].depth == depth), len(tokens))
    divided = any(tokens[n].depth == depth + 1 and tokens[n].text == "|" for n in range(opening, closing))
    if not divided or tokens[opening].text == "(" or _follows(tokens, opening):
        return _Scope(opening, closing, "")
    return _Scope(opening, closing, "array" if tokens[opening].text == "[" else "other")


def _of_some(text: str, tokens: Sequence[Token], index: int, scope: _Scope) -> list[Edit] | None:
    """`some x in xs` or `some key, x in xs`."""
    depth = tokens[index].depth
    inside = next(
        (n for n in range(index, scope.closing) if tokens[n].text == "in" and tokens[n].depth == depth), None
    )
    if inside is None:
        return None  # `some x`, with the place where it is bound somewhere else
    last = _end(tokens, inside + 1, scope.closing, depth)
    if last is None:
        return None
    first = tokens[inside + 1]
    written = text[first.start : tokens[last].end]
    comprehension = text[tokens[scope.opening].start : tokens[min(scope.closing, len(tokens) - 1)].end]
    literal = first.text == "[" and tokens[last].text == "]" and tokens[last].depth == first.depth
    closes = literal and not any(tokens[n].depth == depth for n in range(inside + 2, last))
    if closes or f"is_array({written})" in comprehension:
        return []
    after = (tokens[last].end, tokens[last].end, ")")
    comma = next(
        (n for n in range(index, inside) if tokens[n].text == "," and tokens[n].depth == depth), None
    )
    if comma is None:
        return [(first.start, first.start, f"data.{PACKAGE}.values("), after]
    return [
        (tokens[index + 1].start, tokens[index + 1].start, "["),
        (tokens[inside - 1].end, tokens[inside - 1].end, "]"),
        (first.start, first.start, f"data.{PACKAGE}.pairs("),
        after,
    ]


def _end(tokens: Sequence[Token], first: int, closing: int, depth: int) -> int | None:
    """The last token of an expression; None where that is not sure."""
    for index in range(first + 1, closing + 1):
        token, before = tokens[index], tokens[index - 1]
        if index == closing or (token.depth == depth and token.text == ";"):
            return index - 1
        if token.depth == depth and token.line > before.line and before.text not in ("(", "[", "{"):
            unsure = token.text[0] in _INFIX or before.text[-1] in _INFIX
            closes = token.text in (")", "]", "}")
            if not closes:
                return None if unsure else index - 1
    return None


def _follows(tokens: Sequence[Token], index: int) -> bool:
    """Whether a bracket looks something up in what stands before it."""
    before = tokens[index - 1]
    return before.end == tokens[index].start and (before.kind == "name" or before.text in (")", "]", "}"))


def _known(tokens: Sequence[Token], index: int, rules: "_Rules") -> bool:
    """Whether all that stands between brackets is bound elsewhere in the rule."""
    depth = tokens[index].depth
    names = []
    for n in range(index + 1, len(tokens)):
        if tokens[n].depth == depth:
            break
        if tokens[n].kind == "name" and tokens[n - 1].text != ".":
            names.append(tokens[n].text)
    return all(name in ("input", "data") or name in rules.bound_at(index) for name in names)


class _Rules:
    """Where the rules of a module begin, and the names that each gives a value to; each rule is read once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._begins = [n for n in range(len(tokens)) if _begins_rule(tokens, n)]
        self._heads = {tokens[n].text for n in self._begins}
        self._bound: dict[int, set[str]] = {}

    def bound_at(self, index: int) -> set[str]:
        """The names that the rule around a token binds, and those of the module's rules."""
        number = bisect_right(self._begins, index) - 1
        found = self._bound.get(number)
        if found is None:
            ends = [*self._begins[number + 1 : number + 2], len(self._tokens)][0]
            found = self._bound[number] = self._heads | _bound(self._tokens, self._begins[number], ends)
        return found


def _bound(tokens: Sequence[Token], begins: int, ends: int) -> set[str]:
    """The names that a rule gives a value to."""
    found: set[str] = set()
    for n in range(begins, ends - 1):
        if tokens[n].kind == "name" and tokens[n + 1].text == ":=":
            found.add(tokens[n].text)
        elif tokens[n].text in ("some", "every"):
            found |= _until_in(tokens, n)
    if tokens[begins + 1].text == "(":  # the parameters of a function
        depth = tokens[begins].depth
        for n in range(begins + 2, ends):
            if tokens[n].depth == depth:
                break
            if tokens[n].kind == "name":
                found.add(tokens[n].text)
    return found


def _until_in(tokens: Sequence[Token], index: int) -> set[str]:
    names: set[str] = set()
    for token in tokens[index + 1 :]:
        if token.text == "in":
            return names
        if token.line != tokens[index].line:
            break
        if token.kind == "name":
            names.add(token.text)
    return set()


def _begins_rule(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    return token.depth == 0 and token.kind == "name" and (index == 0 or token.line > tokens[index - 1].line)
