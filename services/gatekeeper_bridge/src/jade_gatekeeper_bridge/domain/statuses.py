"""What the status of constraints and templates says, as ``kubectl get -o json`` gives it: an object, or a list of them.

Read: ``status.violations[]``, ``status.totalViolations``, ``status.byPod[].errors[]``, ``enforcementPointsStatus[]``.
Source: Gatekeeper 3.23 ``pkg/audit/manager.go``, ``apis/status/v1beta1``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jade_gatekeeper_bridge.domain import failures, violations
from jade_gatekeeper_bridge.domain.entries import Aside, Entry, Reject
from jade_gatekeeper_bridge.domain.reading import at, listed, named, text
from jade_gatekeeper_bridge.domain.templates import Template, Templates, policy_of, template

CONSTRAINTS = "constraints.gatekeeper.sh"
TEMPLATES = "templates.gatekeeper.sh"
NOT_LISTED = "violations that the status does not list"


class Told(NamedTuple):
    """An entry, and which object of a file it is from."""

    where: str
    entry: Entry


def objects(document: Any) -> Sequence[Any]:
    """The objects of a document.

    >>> objects({"kind": "List", "items": [{"kind": "K8sAllowedRepos"}]})
    [{'kind': 'K8sAllowedRepos'}]
    """
    if isinstance(document, list):
        return [inner for one in document for inner in objects(one)]
    if isinstance(document, dict) and text(document, "kind").endswith("List") and "items" in document:
        return listed(document, "items")
    return [document]


def known_templates(found: Sequence[Any]) -> dict[str, Template]:
    """The policies of the templates among ``found``, by the kind of their constraints."""
    return dict(template(obj) for obj in found if is_of(obj, TEMPLATES))


def read_object(index: int, obj: Any, templates: Templates, team: str | None = None) -> Iterator[Told]:
    """What one object says.

    Args:
        index: Its place among the objects, from 0.
        obj: The object.
        templates: The policies that are known.
        team: Whose findings these are.
    """
    where = f"[{index}] {text(obj, 'kind')}/{text(obj, 'metadata', 'name')}"
    if is_of(obj, TEMPLATES):
        for entry in failures.of_status(obj, template(obj)[1]):
            yield Told(where, entry)
    elif is_of(obj, CONSTRAINTS):
        for entry in of_constraint(obj, templates, team):
            yield Told(where, entry)
    else:
        seen = text(obj, "apiVersion") or named(obj)
        yield Told(where, Reject(f"not of {CONSTRAINTS} or {TEMPLATES}: its apiVersion is {seen[:100]}"))


def is_of(obj: Any, group: str) -> bool:
    """Whether an object is of an API group."""
    return text(obj, "apiVersion").partition("/")[0] == group


def of_constraint(obj: Mapping[str, Any], templates: Templates, team: str | None) -> Iterator[Entry]:
    """What a constraint's status lists, what it leaves out, and what went wrong with it."""
    entries = listed(obj, "status", "violations")
    for entry in entries:
        yield violations.finding(violations.listed_in(obj, entry), team)
    total = at(obj, "status", "totalViolations")
    if isinstance(total, int) and not isinstance(total, bool) and total > len(entries):
        yield Aside(NOT_LISTED, total - len(entries))
    policy = policy_of(text(obj, "kind"), templates)
    yield from failures.of_status(obj, policy, text(obj, "metadata", "name"))
