"""Hiding secrets before an object or a text leaves the process that read it."""

from collections.abc import Callable
from typing import Any

from jade_policy.limits import MAX_DEPTH
from jade_policy.secret_names import is_password_name, is_secret_name
from jade_policy.secret_texts import (
    REDACTED,
    hidden,
    is_harmless_value,
    is_random,
    redact_forms,
    redact_text,
)

__all__ = ["REDACTED", "redact", "redact_text"]

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_DEEPEST = 2 * MAX_DEPTH  # a wrapper (list, review, inventory) may enclose a document of full depth
_SECRET_FIELDS = ("data", "stringData")
# Fields that hold the name of a Secret, or something else altogether (`pass` routes a request in nginx).
_HARMLESS_FIELDS = frozenset({
    "certSecret", "existingSecret", "imagePullSecret", "pass", "pin", "pullSecret", "secret", "tlsSecret",
})  # fmt: skip


def redact(obj: Any) -> Any:
    """Give an object with its secrets replaced by "REDACTED"; the same object where there are none.

    Nothing is changed in place: containers are copied on the way to a secret only. Hidden are values of
    Secrets, values under secret-looking names (variables, parameters, fields, keys of a ConfigMap), flags of
    commands, the last-applied annotation, and wherever they stand private keys, tokens of known services and
    passwords in URLs. Names, references to secrets, labels and selectors stay as they are, and so does what says
    whose a token is (``xoxb-REDACTED``): policies that look for secrets find it.

    >>> redact({"kind": "Secret", "data": {"key": "aHVudGVyMg=="}})
    {'kind': 'Secret', 'data': {'key': 'REDACTED'}}
    >>> redact({"env": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "HOST", "value": "db"}]})
    {'env': [{'name': 'DB_PASSWORD', 'value': 'REDACTED'}, {'name': 'HOST', 'value': 'db'}]}
    """
    return _value(obj, 0)


def _value(value: Any, depth: int) -> Any:
    kind = value.__class__
    if kind is dict:
        return _mapping(value, depth + 1) if depth < _DEEPEST else REDACTED
    if kind is list:
        return _list(value, depth + 1) if depth < _DEEPEST else REDACTED
    return redact_forms(value) if kind is str else value


def _mapping(mapping: dict[str, Any], depth: int) -> dict[str, Any]:
    changed = mapping
    is_secret = mapping.get("kind") == "Secret"
    for key, value in mapping.items():
        kind = value.__class__
        if is_secret and key in _SECRET_FIELDS:
            new = _all_hidden(value)
        elif kind is dict or kind is list:
            new = _SPECIAL.get(key, _value)(value, depth)
        elif kind is str:
            new = _variable(mapping.get("name"), value) if key == "value" else _field(key, value)
        elif kind is not bool and value is not None and is_password_name(key):
            new = REDACTED
        else:
            continue
        if new is not value:
            if changed is mapping:
                changed = dict(mapping)
            changed[key] = new
    return changed


def _list(items: list[Any], depth: int) -> list[Any]:
    changed = items
    for index, item in enumerate(items):
        new = _value(item, depth)
        if new is not item:
            if changed is items:
                changed = list(items)
            changed[index] = new
    return changed


def _field(key: str, text: str) -> str:
    if is_secret_name(key) and key not in _HARMLESS_FIELDS and not is_harmless_value(key, text):
        return hidden(text)
    return redact_forms(text)


def _annotations(value: Any, depth: int) -> Any:
    """Hide by key as well, but keys such as `auth-secret` name a Secret."""

    def hide(key: str, text: str) -> str:
        if key == _LAST_APPLIED:
            return REDACTED
        return redact_text(text) if key.endswith("secret") else _named(key, text)

    return _each_text(value, hide) if value.__class__ is dict else _value(value, depth)


def _texts(value: Any, depth: int) -> Any:
    """Go through the `data` of a ConfigMap: files, and single values under telling keys."""

    def hide(key: str, text: str) -> str:
        return redact_text(text) if "\n" in text else _named(key, text)

    return _each_text(_mapping(value, depth), hide) if value.__class__ is dict else _value(value, depth)


def _arguments(value: Any, depth: int) -> Any:
    """Hide `--password=x`, `--password x` (two arguments) and what a script passed to a shell holds."""
    if value.__class__ is not list:
        return _value(value, depth)
    changed, flag = value, ""
    for index, item in enumerate(value):
        if item.__class__ is not str:
            new = _value(item, depth)
        elif flag and not item.startswith("-"):
            new = item if is_harmless_value(flag, item) else REDACTED
        else:
            new = redact_text(item)
        is_flag = item.__class__ is str and item.startswith("-") and "=" not in item
        flag = item if is_flag and is_secret_name(item) else ""
        if new is not item:
            if changed is value:
                changed = list(value)
            changed[index] = new
    return changed


def _variable(name: Any, text: str) -> str:
    """Judge the value of a variable or parameter by its name, then by itself."""
    if name.__class__ is str:
        return _named(name, text)
    return REDACTED if is_random(text) else redact_text(text)


def _named(name: str, text: str) -> str:
    if is_secret_name(name):
        return text if is_harmless_value(name, text) else hidden(text)
    return REDACTED if is_random(text) else redact_text(text)


def _each_text(mapping: dict[str, Any], hide: Callable[[str, str], str]) -> dict[str, Any]:
    changed = mapping
    for key, text in mapping.items():
        if text.__class__ is str:
            new = hide(key, text)
            if new is not text:
                if changed is mapping:
                    changed = dict(mapping)
                changed[key] = new
    return changed


def _all_hidden(value: Any) -> Any:
    if value.__class__ is dict:
        return {key: None if member is None else REDACTED for key, member in value.items()}
    return None if value is None else REDACTED


def _untouched(value: Any, _depth: int) -> Any:
    return value


_SPECIAL: dict[str, Callable[[Any, int], Any]] = {
    "annotations": _annotations,
    "args": _arguments,
    "command": _arguments,
    "data": _texts,
    "labels": _untouched,
    "matchLabels": _untouched,
    "nodeSelector": _untouched,
}
