"""Functions of OPA that answer otherwise compiled than interpreted, each with what is called in its place.

That is a function that guards it, and leaves the question to the interpreter where both differ; where the text shows
that they do not, the call stays as it is.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import orjson

from jade_policy.opa.wasm.edits import Edit
from jade_policy.opa.wasm.formats import FUNCTIONS
from jade_policy.opa.wasm.native import GUARDED, SAME
from jade_policy.rego import Token

ELSEWHERE: Final = frozenset({"sprintf"})  # see `formats`
_GUARDS_OF_OPERANDS: Final = {"+": "whole", "-": "term", "*": "whole", "/": "whole", "%": "whole"}
_CALCULATING: Final = frozenset({
    "bits.and", "bits.lsh", "bits.negate", "bits.or", "bits.rsh", "bits.xor", "minus", "mul", "numbers.range", "plus",
    "product", "rem", "sum",
})  # fmt: skip
_INSTEAD: Final = {**GUARDED, **FUNCTIONS}
MAX_TOKENS_ABOVE = 60  # in which the same rule may have calculated something
MAX_PATTERN_CHARACTERS = 500  # of a regular expression; C++ nests deeper than Go
_UNLIKE_IN_PATTERNS: Final = (r"\C", r"\p", r"\P", "(?<")


class Call(NamedTuple):
    """A call in a module: its function, and where its name and its arguments stand among the tokens."""

    name: str
    first: int
    last: int
    arguments: tuple[tuple[int, int], ...]


def edits_of_calls(tokens: Sequence[Token]) -> list[Edit] | None:
    """What is to change in a module's calls, divisions and other operations.

    Returns:
        None where it calls what is not answered here.
    """
    edits = []
    for call in calls(tokens):
        if call.name in _INSTEAD:
            if not _answers_alike(tokens, call):
                edits.append((tokens[call.first].start, tokens[call.last].end, _INSTEAD[call.name]))
        elif (call.name not in SAME and call.name not in ELSEWHERE) or _may_replace_nothing(tokens, call):
            return None
    for index, token in enumerate(tokens):
        if token.kind == "operator" and token.text in _GUARDS_OF_OPERANDS:
            found = _operation(tokens, index)
            if found is None and token.text == "/":
                return None
            edits += found or ()
    return edits


def calculates(tokens: Sequence[Token]) -> bool:
    """Whether a module may calculate with fractions that a document holds: by what no guard stands before."""
    return any(call.name in _CALCULATING for call in calls(tokens)) or any(
        _operation(tokens, index) is None
        for index, token in enumerate(tokens)
        if token.kind == "operator" and token.text in _GUARDS_OF_OPERANDS
    )


def calls(tokens: Sequence[Token]) -> Iterator[Call]:
    """The calls of OPA's own functions, and of a module's own that are named like one."""
    for index, token in enumerate(tokens[:-1]):
        if token.kind == "name" and tokens[index + 1].text == "(":
            first = index
            while first > 1 and tokens[first - 1].text == "." and tokens[first - 2].kind == "name":
                first -= 2
            name = "".join(part.text for part in tokens[first : index + 1])
            if name in _builtins():
                yield Call(name, first, index, tuple(_arguments(tokens, index + 1)))


def _arguments(tokens: Sequence[Token], opening: int) -> Iterator[tuple[int, int]]:
    """The first and the last token of each argument."""
    depth, begins = tokens[opening].depth, opening + 1
    for index in range(opening + 1, len(tokens)):
        closes = tokens[index].depth == depth
        if closes or (tokens[index].depth == depth + 1 and tokens[index].text == ","):
            if index > begins:
                yield begins, index - 1
            begins = index + 1
        if closes:
            return


def _answers_alike(tokens: Sequence[Token], call: Call) -> bool:
    """Whether the arguments that are written out keep a function to what it answers alike."""
    written = [
        _text(tokens[first]) if first == last and tokens[first].kind == "string" else None
        for first, last in call.arguments
    ]
    match call.name:
        case "concat":  # of an array or its comprehension
            first, last = call.arguments[-1]
            depth = tokens[first].depth
            closes = next((n for n in range(first + 1, len(tokens)) if tokens[n].depth <= depth), None)
            return tokens[first].text == "[" and closes == last
        case "regex.match" | "re_match":
            return written[0] is not None and _is_regular(written[0])
        case "regex.find_all_string_submatch_n":
            number = tokens[call.arguments[-1][0]]
            return written[0] is not None and _is_regular(written[0]) and number.kind == "number"
        case "replace" | "indexof":
            return bool(written[1])
    return False


def _may_replace_nothing(tokens: Sequence[Token], call: Call) -> bool:
    """Whether "" may be replaced, between any two bytes; only an object that is written out says that it is not."""
    if call.name != "strings.replace_n":
        return False
    first, last = call.arguments[0]
    return tokens[first].text != "{" or any(tokens[n].text in {'""', "``"} for n in range(first, last))


def _is_regular(pattern: str) -> bool:
    """Whether Go and C++ read a regular expression in the same way."""
    return (
        len(pattern) <= MAX_PATTERN_CHARACTERS
        and all(" " <= letter <= "~" or letter in "\t\n\r" for letter in pattern)
        and not any(each in pattern for each in _UNLIKE_IN_PATTERNS)
    )


def _text(token: Token) -> str | None:
    if token.text.startswith("`"):
        return token.text[1:-1]
    try:
        return str(json.loads(token.text))
    except ValueError:
        return None


def _operation(tokens: Sequence[Token], index: int) -> list[Edit] | None:
    """`a * b` of names and numbers alone, with guards; None for what is more than that."""
    if index + 2 >= len(tokens):
        return None
    before, left, operator, right, after = tokens[index - 2 : index + 3]
    if (
        right.kind == "number"
        and operator.text == "-"
        and left.kind == "operator"
        and left.text not in {")", "]"}
    ):
        return []  # a negative number
    simple = all(side.kind in {"name", "number"} for side in (left, right))
    alone = before.text in {":=", "=", "(", "{", "=="} or before.line < left.line
    ends = after.line > right.line or after.text in {")", "}", "if", ";"}
    if not (simple and alone and ends):
        return None
    guard = f"data.jade_format.{_GUARDS_OF_OPERANDS[operator.text]}("
    edits = []
    for side in (left, right):
        if side.kind == "name" and not _is_result(tokens, index, side.text):
            edits += [(side.start, side.start, guard), (side.end, side.end, ")")]
    if operator.text == "/":
        edits += [
            (left.start, left.start, "data.jade_format.quotient("),
            (operator.start, operator.end, ","),
            (right.end, right.end, ")"),
        ]
    return edits


def _is_result(tokens: Sequence[Token], index: int, name: str) -> bool:
    """Whether a name stands for the result of an operation with guards, a few lines above: that is whole."""
    for n in range(index, max(index - MAX_TOKENS_ABOVE, 1), -1):
        if tokens[n].text == name and tokens[n + 1].text == ":=" and n < index - 2:
            operator = tokens[n + 3]
            return operator.text in {"+", "*", "%"} and bool(_operation(tokens, n + 3) is not None)
        if tokens[n].text == "}" and tokens[n].depth == 0:
            break  # another rule's
    return False


@cache
def _builtins() -> frozenset[str]:
    """The names of all functions that OPA has, those among them that operators stand for."""
    known = orjson.loads((files("jade_policy.opa") / "capabilities.json").read_bytes())
    return frozenset(builtin["name"] for builtin in known["builtins"])
