"""OPA's answers read as violations: what a policy says, where, and whether it can be understood."""

from collections.abc import Iterator
from typing import Any, Final

from jade_policy.opa.bundle import Unit
from jade_policy.verdicts import Violation

MAX_MESSAGE_CHARACTERS = 4096  # a policy may quote the whole resource in its message
NOTHING: Final[list[Any]] = []
"""What a unit in mode `plain` answers that finds nothing: two of three answers. No other mode answers by a list."""


class AnswerError(ValueError):
    """An answer that says neither yes nor no."""


def read_answer(unit: Unit, answer: Any, pod_pointer: str) -> tuple[tuple[Violation, ...], bool]:
    """Read what one unit answered.

    Args:
        unit: who answered.
        answer: a list for a unit in mode `plain`, else the values of its entry rules by name.
        pod_pointer: where in the resource the Pod stands that was judged, such as `/spec/template`.

    Returns:
        The violations, and whether they come from rules named `warn` only.

    Raises:
        AnswerError: a rule is undefined that cannot be, or what it says is no message.
    """
    if unit.in_pairs and isinstance(answer, list):
        return tuple(_of_pair(path, message, pod_pointer) for path, message in answer), False
    values = {"violation": answer} if unit.mode == "plain" else answer
    if not isinstance(values, dict):
        raise AnswerError("the policy gave no answer")
    found: list[Violation] = []
    warnings = 0
    for name, kind in unit.policy.entries:
        if name not in values:
            if kind == "set":
                raise AnswerError(f"the rule {name} is undefined")
            continue  # a rule with a single value is undefined where its body does not hold
        violations = [_violation(entry, name, pod_pointer) for entry in _entries(values[name], name, kind)]
        warnings += len(violations) if name.startswith("warn") else 0
        found += violations
    return tuple(found), bool(found) and warnings == len(found)


def _entries(value: Any, name: str, kind: str) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif kind == "set":
        raise AnswerError(f"the rule {name} is a {type(value).__name__}; it must be a set of messages")
    elif value is True:
        yield {"msg": f"{name} is true"}
    elif value is not False:
        yield value


def _violation(entry: Any, name: str, pod_pointer: str) -> Violation:
    if isinstance(entry, str):
        return Violation(entry[:MAX_MESSAGE_CHARACTERS])
    message = entry.get("msg") if isinstance(entry, dict) else None
    details = entry.get("details") if isinstance(entry, dict) else None
    path = details.get("path") if isinstance(details, dict) else None
    return _of_pair(path, message, pod_pointer, name)


def _of_pair(path: Any, message: Any, pod_pointer: str, name: str = "violation") -> Violation:
    if not isinstance(message, str):
        raise AnswerError(f"the rule {name} answered without a msg that is a string")
    return Violation(message[:MAX_MESSAGE_CHARACTERS], _pointer(path, pod_pointer))


def _pointer(path: Any, pod_pointer: str) -> str | None:
    if not isinstance(path, str) or (path and not path.startswith("/")):
        return None
    return pod_pointer + path
