"""Rego read token by token: what a module declares and refers to, and how it moves to another package.

Only names are touched; no line is added or removed, so that the engine's line numbers stay the author's.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import yaml

from jade_policy.errors import RegoError
from jade_policy.policies import EntryKind

ENTRY_RULE = re.compile(r"(?:violation|deny|warn)(?:_\w+)?")  # conftest also takes deny_some_name
MAX_TEMPLATE_DEPTH = 16  # template strings within template strings; nobody writes three

SyntaxTree = Mapping[str, Any]
"""A module as OPA's parser gives it: `package`, `imports` and `rules`; see `jade_policy.opa.syntax`."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f\v\ufeff]+)|(?P<newline>\n)|(?P<comment>\#[^\n]*)
    |(?P<string>`[^`]*`|"(?:[^"\\\n]|\\.)*")|(?P<template>\$["`])
    |(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)|(?P<operator>:=|==|!=|<=|>=|.)""",
    re.VERBOSE,
)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_OPEN, _CLOSE, _QUOTES = frozenset("([{"), frozenset(")]}"), frozenset('"`')
_NEVER_BEFORE_A_V0_BODY = frozenset({"if", "contains", "in", "not", "some", "every"})

_KINDS = frozenset({"comment", "string", "name", "number", "operator"})


class Token(NamedTuple):
    """A lexical element: its place in the text, the line from 1, and how many brackets are open around it."""

    kind: str | None
    text: str
    start: int
    end: int
    line: int
    depth: int


class Reference(NamedTuple):
    """A reference to `data` or `input`: the constant path after the root, and the tokens that it spans.

    Attributes:
        ends: for each component of the path, the offset at which it ends in the text.
        open: whether something not constant follows the path, such as `[x]`.
    """

    root: str
    path: tuple[str, ...]
    start: int
    root_end: int
    ends: tuple[int, ...]
    open: bool
    imported: bool
    aliased: bool


@dataclass(frozen=True)
class Module:
    """What can be said of a module without compiling it.

    Attributes:
        package: components of its package; `package_span` is where they stand in the text.
        version: 1, or 0 when a rule body stands without `if`; the compiler has the last word.
        entries: rules named violation, deny or warn, in order of appearance.
        references: every reference to `data` and `input`.
    """

    text: str
    package: tuple[str, ...]
    package_span: tuple[int, int]
    version: Literal[0, 1]
    entries: tuple[tuple[str, EntryKind], ...]
    references: tuple[Reference, ...] = field(repr=False)
    _comments: tuple[Token, ...] = field(repr=False)
    _package_line: int = field(repr=False)

    @cached_property
    def metadata(self) -> Mapping[str, Any]:
        """The METADATA block of the package, else the first one, empty when there is none."""
        return _metadata(self._comments, self._package_line)

    def reads(self, root: str, *path: str) -> bool:
        """Whether some reference begins with this path."""
        return any(ref.root == root and ref.path[: len(path)] == path for ref in self.references)

    @property
    def reads_input_dynamically(self) -> bool:
        """Whether `input` is used as a whole, so that its parts cannot be told apart by name."""
        return any(ref.root == "input" and not ref.path for ref in self.references)


@lru_cache(maxsize=4096)  # a library is vendored by many policies, and each is looked at several times
def parse(text: str) -> Module:
    """Read a module.

    Raises:
        RegoError: it has no package, or the text cannot be split into tokens.
    """
    tokens = list(_Lexer(text).tokens())
    code = [token for token in tokens if token.kind != "comment"]
    if not code or code[0].text != "package":
        raise RegoError("a module of Rego begins with `package`", code[0].line if code else 1)
    package, span = _package(code)
    return Module(
        text=text,
        package=package,
        package_span=span,
        version=0 if _has_v0_body(code) else 1,
        entries=_entries(code),
        references=tuple(_references(code)),
        _comments=tuple(token for token in tokens if token.kind == "comment"),
        _package_line=code[0].line,
    )


@lru_cache(maxsize=4096)
def code(text: str) -> tuple[Token, ...]:
    """The tokens of a module without its comments; a template string is one token, after those in its braces.

    Raises:
        RegoError: the text cannot be split into tokens.
    """
    return tuple(token for token in _Lexer(text).tokens() if token.kind != "comment")


@lru_cache(maxsize=4096)
def literals(text: str) -> tuple[str, ...]:
    r"""What a module says in quotes, template strings with their placeholders included, each once and in order.

    Raises:
        RegoError: the text cannot be split into tokens.

    >>> literals('package p\nmsg := $"{x} runs as root" if x == "Pod"')
    ('{x} runs as root', 'Pod')
    """
    found: dict[str, None] = {}
    for token in _Lexer(text).tokens():
        if token.kind == "string":
            written = text[token.start : token.end]
            found[written[2:-1] if written.startswith("$") else _unquoted(written)] = None
    return tuple(found)


def move(
    module: Module, package: Sequence[str], *, roots: Mapping[tuple[str, ...], str], parameters: str | None
) -> str:
    """The same module in another package.

    Args:
        module: what to move.
        package: its new package.
        roots: for each prefix of a path under `data` that moves, the reference that takes the prefix's place;
            the longest prefix wins.
        parameters: the reference that takes the place of `input.parameters`; None leaves it as it is.
    """
    edits = [(*module.package_span, dotted(package))]
    for ref in module.references:
        target, length = None, 0
        if ref.root == "data":
            length = next((n for n in range(len(ref.path), 0, -1) if ref.path[:n] in roots), 0)
            target = roots[ref.path[:length]] if length else None
        elif parameters is not None and ref.path[:1] == ("parameters",):
            target, length = parameters, 1
        if target is None:
            continue
        if ref.imported and not ref.aliased and length == len(ref.path):
            target += f" as {ref.path[-1]}"  # the last component was its name in the module
        edits.append((ref.start, ref.ends[length - 1], target))
    parts, position = [], 0
    for start, end, replacement in sorted(edits):
        parts += [module.text[position:start], replacement]
        position = end
    return "".join([*parts, module.text[position:]])


def dotted(path: Sequence[str]) -> str:
    """A path as Rego writes it.

    >>> dotted(["jade", "my-policy"])
    'jade["my-policy"]'
    """
    head, *rest = path
    return head + "".join(
        f".{part}" if _IDENTIFIER.fullmatch(part) else f"[{json.dumps(part)}]" for part in rest
    )


class _Lexer:
    """Splits text into tokens; what stands in braces inside a template string is code."""

    def __init__(self, text: str) -> None:
        self._text, self._position, self._line, self._depth = text, 0, 1, 0

    def tokens(self, nested: int = 0) -> Iterator[Token]:
        """Read code to its end, or to the brace that closes it where it is `nested` in a template string."""
        floor = self._depth
        while match := _TOKEN.match(self._text, self._position):
            kind, token = match.lastgroup, match.group()
            if kind == "template":
                yield from self._template(nested)
                continue
            if token in _QUOTES:
                raise RegoError("a string does not end", self._line)
            self._depth -= token in _CLOSE
            if nested and self._depth < floor:
                self._position = match.end()
                return
            if kind in _KINDS:
                yield Token(kind, token, match.start(), match.end(), self._line, max(self._depth, 0))
            self._depth += token in _OPEN
            self._line += token.count("\n")
            self._position = match.end()

    def _template(self, nested: int) -> Iterator[Token]:
        start, line, depth, quote = self._position, self._line, self._depth, self._text[self._position + 1]
        if nested == MAX_TEMPLATE_DEPTH:
            raise RegoError(f"template strings are nested deeper than {MAX_TEMPLATE_DEPTH}", line)
        self._position += 2
        while self._position < len(self._text):
            char = self._text[self._position]
            self._position += 2 if char == "\\" else 1
            self._line += char == "\n"
            if char == quote:
                yield Token("string", '""', start, self._position, line, depth)
                return
            if char == "{":
                self._depth += 1
                yield from self.tokens(nested + 1)
        raise RegoError("a template string does not end", line)


def _package(code: Sequence[Token]) -> tuple[tuple[str, ...], tuple[int, int]]:
    if len(code) == 1 or code[1].kind != "name":
        raise RegoError("`package` is followed by no name", code[0].line)
    path, ends, _ = _path(code, 2)
    return (code[1].text, *path), (code[1].start, ends[-1] if ends else code[1].end)


def _path(code: Sequence[Token], index: int) -> tuple[tuple[str, ...], tuple[int, ...], int]:
    """The constant components that follow a root, where each ends, and the index of the token after them."""
    path: list[str] = []
    ends: list[int] = []
    while index < len(code) and code[index].start == code[index - 1].end:
        texts = [token.text for token in code[index : index + 3]]
        if texts[0] == "." and len(texts) > 1 and code[index + 1].kind == "name":
            path.append(texts[1])
            index += 2
        elif texts[0] == "[" and texts[2:] == ["]"] and code[index + 1].kind == "string":
            path.append(_unquoted(texts[1]))
            index += 3
        else:
            break
        ends.append(code[index - 1].end)
    return tuple(path), tuple(ends), index


def _unquoted(literal: str) -> str:
    if literal.startswith("`"):
        return literal[1:-1]
    try:
        return str(json.loads(literal))
    except ValueError:
        return literal


def _references(code: Sequence[Token]) -> Iterator[Reference]:
    for index, token in enumerate(code):
        if token.kind != "name" or token.text not in {"data", "input"}:
            continue
        previous = code[index - 1]
        if previous.text == "." and previous.end == token.start:
            continue  # a field of something else
        path, ends, after = _path(code, index + 1)
        follower = code[after] if after < len(code) else None
        yield Reference(
            root=token.text,
            path=path,
            start=token.start,
            root_end=token.end,
            ends=ends,
            open=follower is not None and follower.text == "[" and follower.start == code[after - 1].end,
            imported=previous.text == "import",
            aliased=follower is not None and follower.text == "as",
        )


def _has_v0_body(code: Sequence[Token]) -> bool:
    """Whether a rule body opens without `if`, which version 1 does not allow."""
    return any(
        token.text == "{"
        and token.depth == 0
        and (
            (before.kind == "name" and before.text not in _NEVER_BEFORE_A_V0_BODY)
            or before.kind in {"string", "number"}
            or before.text in _CLOSE
        )
        for before, token in pairwise(code)
    )


def _entries(code: Sequence[Token]) -> tuple[tuple[str, EntryKind], ...]:
    found: dict[str, EntryKind] = {}
    for index, token in enumerate(code):
        begins = index == 0 or code[index - 1].line < token.line or code[index - 1].text == "default"
        if token.depth or token.kind != "name" or not begins or not ENTRY_RULE.fullmatch(token.text):
            continue
        follower = code[index + 1].text if index + 1 < len(code) else ""
        found.setdefault(token.text, "set" if follower in {"[", "contains"} else "value")
    return tuple(found.items())


def _metadata(comments: Sequence[Token], package_line: int) -> Mapping[str, Any]:
    """The METADATA block that describes the package, else the first of the module."""
    blocks: list[tuple[int, list[str]]] = []  # the line on which each ends, and its lines
    for token in comments:
        body = token.text[1:].rstrip()
        if body.strip() == "METADATA":
            blocks.append((token.line, []))
        elif blocks and token.line == blocks[-1][0] + 1:
            blocks[-1] = (token.line, [*blocks[-1][1], body])
    first: Mapping[str, Any] = {}
    for end, lines in blocks:
        try:
            content = yaml.load("\n".join(lines), Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError, RecursionError):
            continue  # the compiler says so, with the line
        if not isinstance(content, Mapping):
            continue
        if end == package_line - 1 or content.get("scope") in {"package", "subpackages"}:
            return content
        first = first or content
    return first
