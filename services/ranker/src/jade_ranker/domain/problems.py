"""The identity of a problem: the same whoever sees it, however often, in whatever order.

It is the resource, the policy that says the same, and the policy's field. A field that is not there is one problem
whoever asks for it: setting it is the one change that settles all. What is the namespace's or the cluster's is one
problem however many resources a tool reports it on. Where no policy says the same, the rule's own words stand in.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jade_common.identity import derived_id
from jade_policy.pointers import get
from jade_policy.resources import ResourceId
from jade_ranker.domain.meaning import Fields, Meant
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.words import words

UNSETTLED = frozenset(words("signature"))
"""Words of checks that no manifest settles: an image's signature lies in its registry, the keys in the cluster."""

NO_NAMESPACE = "default"
"""Where the API server puts what names none."""


class Subject(NamedTuple):
    """What identity needs to know of a resource.

    Attributes:
        resource: its name for people; None where there is none.
        namespace: as the manifest has it, "" for none.
        fields: what it violates, by row.
        missing: those of the fields that are not there.
    """

    resource: str | None
    namespace: str
    fields: Fields
    missing: frozenset[str]


class Identity(NamedTuple):
    """A problem's id, and what it is made of.

    Attributes:
        subject: the resource, or the namespace or cluster where the problem is theirs.
        policy: the policy of ours that says the same, if one does.
        path: the field; "" where none is known.
    """

    problem_id: str
    subject: str | None
    policy: str | None
    path: str


NOBODY = Subject(None, "", {}, frozenset())
"""A finding without a resource."""


def subject_of(resource: ResourceId, obj: Mapping[str, Any], fields: Fields) -> Subject:
    """What identity needs to know of ``obj``."""
    paths = {path for found in fields.values() for path in found}
    missing = frozenset(path for path in paths if not exists(obj, path))
    return Subject(str(resource), resource.namespace, fields, missing)


def exists(obj: Mapping[str, Any], path: str) -> bool:
    """Whether there is a value at a pointer; ``null`` is none."""
    try:
        return get(obj, path) is not None
    except (LookupError, ValueError):
        return False


def identity_of(
    finding_id: str, finding: Finding | None, subject: Subject, path: str | None, meant: Meant | None
) -> Identity:
    """The problem that a finding is about.

    Args:
        finding_id: ``ce-id`` of the finding.
        finding: Its words; ``None`` where only a resource was given.
        subject: What it is about.
        path: The field that it names.
        meant: The policy that says the same.
    """
    if subject.resource is None:  # nothing tells one problem from another
        return Identity(derived_id("problem", finding_id), None, None, path or "")
    if meant is not None and meant.namespace_wide:
        whole = f"Namespace {subject.namespace or NO_NAMESPACE}"
        return Identity(derived_id("problem", whole, "policy", meant.policy, ""), whole, meant.policy, "")
    if meant is not None:
        kind, what = ("missing", "") if meant.path in subject.missing else ("policy", meant.policy)
        return Identity(
            derived_id("problem", subject.resource, kind, what, meant.path),
            subject.resource,
            meant.policy,
            meant.path,
        )
    rule = [] if finding is None else rule_words(finding)
    if not UNSETTLED.isdisjoint(rule):
        return Identity(derived_id("problem", "cluster", "rule", " ".join(rule), ""), "cluster", None, "")
    parts = ("problem", subject.resource, "rule", " ".join(rule), path or "")
    return Identity(derived_id(*parts), subject.resource, None, path or "")


def of_violation(
    resource: ResourceId, obj: Mapping[str, Any], policy: str, path: str, *, namespace_wide: bool
) -> Identity:
    """The problem that a policy itself names: the same as that of a finding which means this policy there.

    Args:
        resource: What is violated.
        obj: The same, as an object.
        policy: Id of the policy.
        path: Pointer to the field; "" where none is known.
        namespace_wide: Whether the problem is the namespace's.
    """
    missing = frozenset({path}) if path and not exists(obj, path) else frozenset()
    subject = Subject(str(resource), resource.namespace, {}, missing)
    return identity_of("", None, subject, path, Meant(policy, "" if namespace_wide else path, namespace_wide))


def rule_words(finding: Finding) -> list[str]:
    """The words of a rule, sorted: another order, case or form of them is the same rule.

    >>> rule_words(Finding("x", "Y-1", "Liveness Probe Should be Configured"))
    ['livenes', 'prob']
    """
    return list(_said(finding.title or f"{finding.rule_id} {finding.message}")) or [
        finding.title or finding.rule_id
    ]


@lru_cache(maxsize=5_000)  # titles that come again with every resource
def _said(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(words(text))))
