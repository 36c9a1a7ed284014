"""A policy said in CEL as well: its own variables and validations, and the shared variables that they refer to.

Gatekeeper and the API server report a wrong expression only when they evaluate it, as a denial of everything. What
can be known from the names alone is found here: a variable that is nowhere defined, defined twice, or of no use.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from jade_policy.generate.errors import SourceError

# Gatekeeper defines these for every template; a ValidatingAdmissionPolicy must bring them along.
PRELUDE = {
    "anyObject": 'has(request.operation) && request.operation == "DELETE" && object == null ? oldObject : object',
    "params": "!has(params.spec) ? null : !has(params.spec.parameters) ? null: params.spec.parameters",
}

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_RESERVED_PREFIX = "gatekeeper_internal_"
# Text in quotes refers to nothing; raw strings (r"…") know no escapes, but none of ours ends in a backslash.
_QUOTED = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\])*"|' + r"'''(?:\\.|[^\\])*?'''|'(?:\\.|[^'\\])*'", re.DOTALL
)
_REFERENCE = re.compile(r"\bvariables\s*\.\s*\??\s*(\w+)")
_BARE_PARAMS = re.compile(r"(?<![\w.])params\b")
_TYPE = r"(?:bool|bytes|double|int|list|map|null_type|string|uint)"
_LIST_OF_TYPES = re.compile(rf"\[\s*{_TYPE}\s*,\s*{_TYPE}\b")


@dataclass(frozen=True)
class Variable:
    """A named expression; later ones may refer to it."""

    name: str
    expression: str

    def as_json(self) -> dict[str, str]:
        """Give it as templates and ValidatingAdmissionPolicies hold it."""
        return {"name": self.name, "expression": self.expression}


@dataclass(frozen=True)
class Validation:
    """An expression that holds where there is no violation, and the text, or the expression, that says so."""

    expression: str
    message: str
    message_expression: str

    def as_json(self) -> dict[str, str]:
        """Give it as templates and ValidatingAdmissionPolicies hold it."""
        body = {"expression": self.expression}
        if self.message:
            body["message"] = self.message
        if self.message_expression:
            body["messageExpression"] = self.message_expression
        return body


@dataclass(frozen=True)
class Cel:
    """All that one policy carries; `variables` in an order in which each refers to earlier ones alone."""

    variables: tuple[Variable, ...]
    validations: tuple[Validation, ...]


def read_shared(path: Path) -> tuple[Variable, ...]:
    """Read the variables that every policy may refer to; none where the file does not exist.

    Raises:
        SourceError: it is not well formed, or a variable refers to one that is not defined before it.
    """
    if not path.is_file():
        return ()
    variables = _variables(_document(path, ("variables",)), path)
    _check_order(variables, path)
    return variables


def read_cel(path: Path, shared: Sequence[Variable]) -> Cel | None:
    """Read `policy.cel.yaml`; None where the policy has none.

    Raises:
        SourceError: it is not well formed, or a variable is undefined, unused, or defined twice.
    """
    if not path.is_file():
        return None
    document = _document(path, ("variables", "validations"))
    own = _variables(document, path)
    validations = _validations(document, path)
    taken = {variable.name for variable in shared}
    for variable in own:
        if variable.name in taken:
            raise SourceError(
                f"{path}: variable {variable.name} is one of lib/variables.cel.yaml already; "
                "use that one, or choose another name"
            )
    available = {variable.name: variable for variable in (*shared, *own)}
    used: set[str] = set()
    waiting = [
        text for validation in validations for text in (validation.expression, validation.message_expression)
    ]
    while waiting:
        text = waiting.pop()
        _refuse_traps(text, path)
        for name in references(text):
            if name in used or name in PRELUDE:
                continue
            if name not in available:
                raise SourceError(
                    f"{path}: variables.{name} is defined neither here nor in lib/variables.cel.yaml"
                )
            used.add(name)
            waiting.append(available[name].expression)
    unused = [variable.name for variable in own if variable.name not in used]
    if unused:
        raise SourceError(f"{path}: no validation needs the variables {unused}; remove them")
    variables = tuple(variable for name, variable in available.items() if name in used)
    _check_order(variables, path)
    return Cel(variables, validations)


def references(expression: str) -> list[str]:
    """Give the names behind `variables.` in an expression, in order.

    >>> references('variables.judged.size() == 0 && variables.?params.x != "variables.y"')
    ['judged', 'params']
    """
    return _REFERENCE.findall(_QUOTED.sub('""', expression))


def _refuse_traps(expression: str, path: Path) -> None:
    code = _QUOTED.sub('""', expression)
    if _BARE_PARAMS.search(code):
        raise SourceError(
            f"{path}: `params` is the whole constraint, and only to variables; use variables.params"
        )
    if _LIST_OF_TYPES.search(code):
        raise SourceError(
            f"{path}: the types in a list differ, so it does not compile: {expression!r}; "
            "write `type(x) == int || type(x) == double`"
        )


def _check_order(variables: Iterable[Variable], path: Path) -> None:
    known = set(PRELUDE)
    for variable in variables:
        for name in references(variable.expression):
            if name not in known:
                raise SourceError(
                    f"{path}: variable {variable.name} refers to {name}, which is not defined before it"
                )
        known.add(variable.name)


def _document(path: Path, fields: Sequence[str]) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise SourceError(f"{path}: not well-formed YAML: {error}") from error
    if not isinstance(document, dict) or not set(document) <= set(fields):
        raise SourceError(f"{path}: must be an object with the fields {list(fields)} and no others")
    return document


def _variables(document: Mapping[str, Any], path: Path) -> tuple[Variable, ...]:
    found: dict[str, Variable] = {}
    for entry in _entries(document, "variables", ("name", "expression", "description"), path):
        name = entry.get("name", "")
        if not _NAME.fullmatch(name) or name in PRELUDE or name.startswith(_RESERVED_PREFIX):
            raise SourceError(
                f"{path}: variable name {name!r} must match {_NAME.pattern} and be none of {list(PRELUDE)}"
            )
        if name in found:
            raise SourceError(f"{path}: variable {name} is defined twice")
        if not entry.get("expression"):
            raise SourceError(f"{path}: variable {name} lacks its `expression`")
        found[name] = Variable(name, entry["expression"])
    return tuple(found.values())


def _validations(document: Mapping[str, Any], path: Path) -> tuple[Validation, ...]:
    found = []
    for entry in _entries(document, "validations", ("expression", "message", "messageExpression"), path):
        message, message_expression = entry.get("message", ""), entry.get("messageExpression", "")
        if not entry.get("expression") or bool(message) == bool(message_expression):
            raise SourceError(
                f"{path}: each validation needs an `expression`, and either a `message` or a `messageExpression`"
            )
        found.append(Validation(entry["expression"], message, message_expression))
    if not found:
        raise SourceError(f"{path}: `validations` is empty, so nothing would ever be denied")
    return tuple(found)


def _entries(
    document: Mapping[str, Any], field: str, keys: Sequence[str], path: Path
) -> list[dict[str, str]]:
    entries = document.get(field) or []
    if not isinstance(entries, list):
        raise SourceError(f"{path}: `{field}` must be a list")
    for entry in entries:
        if (
            not isinstance(entry, dict)
            or not set(entry) <= set(keys)
            or not all(isinstance(value, str) for value in entry.values())
        ):
            raise SourceError(
                f"{path}: each entry of `{field}` is an object of text with the fields {list(keys)}"
            )
    return [{key: value.strip() for key, value in entry.items()} for entry in entries]
