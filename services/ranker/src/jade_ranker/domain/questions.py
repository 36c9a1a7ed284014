"""A line of ``jade rank``: what is asked, parsed once at the edge."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from jade_policy.limits import MAX_DEPTH
from jade_policy.redaction import redact
from jade_policy.resources import shape_problem, wrapped
from jade_policy.verdicts import Review

MAX_TEXT = 8_000
"""Characters that are read of a title or a message; the longest of real reports has 305."""

MAX_NAME = 1_024
"""Characters that are read of a tool's name or a rule's id: as `scan.finding` has them."""

LONGEST = 100
"""Characters of a word. What is longer is data, and whatever looks for words in it tries each of its ends: 64 kB of
letters took minutes."""

DATA = re.compile(rf"[\w-]{{{LONGEST + 1},}}")

GIVE_EACH = "give each of its items by itself"
INSTEAD = {"AdmissionReview": "give it as `review`"}


class QuestionError(ValueError):
    """The line is no question; the text says why."""


class Finding(NamedTuple):
    """The words of a scanner's finding."""

    tool: str
    rule_id: str
    title: str = ""
    message: str = ""

    def text(self) -> str:
        """All its words."""
        return f"{self.rule_id} {self.title} {self.message}"


class Question(NamedTuple):
    """What policies matter for this resource, this finding, or both?"""

    review: Review | None
    finding: Finding | None


def question(line: Mapping[str, Any]) -> Question:
    """The question of a line.

    Raises:
        QuestionError: A field has the wrong type, or neither a resource nor a finding is there.
    """
    inventory = optional(line, "inventory", dict)
    resource = optional(line, "resource", dict)
    admission = optional(line, "review", dict)
    finding = optional(line, "finding", dict)
    if resource is not None and admission is not None:
        raise QuestionError("give `resource` or `review`, not both")
    review = None
    if resource is not None:
        review = Review(resource, inventory=inventory)
    elif admission is not None:
        review = review_of(admission, inventory)
    if review is None and finding is None:
        raise QuestionError("give a `resource`, a `review` or a `finding`")
    return Question(review, None if finding is None else finding_of(finding))


def review_of(admission: Mapping[str, Any], inventory: Mapping[str, Any] | None) -> Review:
    """The review of an AdmissionReview request, or of a whole AdmissionReview."""
    request = optional(admission, "request", dict) or admission
    obj, old = optional(request, "object", dict), optional(request, "oldObject", dict)
    if obj is None and old is None:
        raise QuestionError("`review` has neither object nor oldObject")
    operation = optional(request, "operation", str) or ("DELETE" if obj is None else "CREATE")
    return Review(
        obj,
        operation=operation,
        old_object=old,
        user_info=optional(request, "userInfo", dict),
        inventory=inventory,
    )


def finding_of(found: Mapping[str, Any]) -> Finding:
    """The words of a finding."""
    tool, rule_id, title, message = (
        optional(found, key, str) or "" for key in ("tool", "rule_id", "title", "message")
    )
    return read(tool, rule_id, title, message)


def read(tool: str, rule_id: str, title: str, message: str) -> Finding:
    """The words of a finding as far as they are read: whoever writes a report must not decide how long that takes.

    >>> read("any", "R7", "x" * 9_000, "privileged " * 9_000).title
    ' '
    """
    return Finding(tool[:MAX_NAME], rule_id[:MAX_NAME], worded(title), worded(message))


def worded(text: str) -> str:
    """A text without what is no words."""
    if len(text) <= LONGEST:
        return text
    start = text[:MAX_TEXT]
    # Taken apart at spaces first, which is three times as fast.
    return DATA.sub(" ", start) if max(map(len, start.split()), default=0) > LONGEST else start


def prepared(review: Review) -> Review:
    """The review as policies may see it: checked, and without secrets.

    Raises:
        QuestionError: An object is nested too deeply, or a field has a type that Kubernetes does not allow.
    """
    obj = None if review.object is None else redact(checked(review.object, "resource"))
    old = None if review.old_object is None else redact(checked(review.old_object, "oldObject"))
    return review._replace(object=obj, old_object=old)


def checked(obj: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """The object, if policies can read it.

    Raises:
        QuestionError: It is nested too deeply, a field has a type that Kubernetes does not allow, or it only wraps
            other objects.
    """
    if deeper(obj, MAX_DEPTH):
        raise QuestionError(f"{where} is nested more than {MAX_DEPTH} levels deep")
    if problem := shape_problem(obj):
        raise QuestionError(f"{where}: {problem}")
    if wrapped(dict(obj)) is not None:  # no policy is for it, which would look as if nothing were wrong
        raise QuestionError(f"{where} is of kind {obj['kind']}: {INSTEAD.get(obj['kind'], GIVE_EACH)}")
    return obj


def deeper(value: Any, limit: int) -> bool:
    """Whether ``value`` is nested more than ``limit`` levels; does not recurse."""
    level = [value]
    for _ in range(limit + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list) and inner
        ]
        if not level:
            return False
    return True


def optional(line: Mapping[str, Any], key: str, wanted: type[dict[str, Any]] | type[str]) -> Any:
    """The value under ``key``; ``None`` where it is missing or null.

    Raises:
        QuestionError: It has another type.
    """
    value = line.get(key)
    if value is not None and not isinstance(value, wanted):
        kind = "a text" if wanted is str else "an object"
        raise QuestionError(f"`{key}` must be {kind}, it is {type(value).__name__}")
    return value
