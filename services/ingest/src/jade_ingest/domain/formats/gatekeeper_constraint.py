"""The status of Gatekeeper's constraints, as ``kubectl get constraints -o json|yaml`` gives it.

Read: ``kind``, ``metadata.name``, ``status.violations[]`` (``group``, ``version``, ``kind``, ``namespace``, ``name``,
``message``), ``status.totalViolations``. The status lists at most ``--constraint-violations-limit`` violations (20 by
default), whichever came first; how many are left out is one reject. Source: Gatekeeper 3.23 ``pkg/audit/manager.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_ingest.domain.building import api_version
from jade_ingest.domain.content import Broken, Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, listed, mapping, text
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.gatekeeper import violation
from jade_ingest.domain.kubernetes import objects_are, version_known
from jade_ingest.domain.rejects import Reject
from jade_policy.resources import ResourceId

NAME = "gatekeeper-constraint"
GROUP = "constraints.gatekeeper.sh"
VERSIONS = {"v1beta1", "v1alpha1"}


def recognises(content: Content) -> bool:
    """Whether all its objects are constraints with a status; without one they are manifests."""
    return objects_are(content, is_constraint)


def is_constraint(obj: Mapping[str, Any]) -> bool:
    """Whether an object is a constraint that Gatekeeper has audited."""
    return text(obj, "apiVersion").partition("/")[0] == GROUP and "status" in obj


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The violations of all constraints."""
    if not recognises(content):
        raise InvalidEventError(
            f"not the status of constraints: expected objects of {GROUP} with a status; it is {content.seen}"
        )
    for where, obj in content.objects():
        if isinstance(obj, Broken) or not isinstance(obj, dict) or not is_constraint(obj):
            yield Reject(
                where, str(obj) if isinstance(obj, Broken) else f"not a constraint of {GROUP} with a status"
            )
            continue
        version_known(obj, GROUP, VERSIONS)
        yield from of_constraint(where, obj, documents)


def of_constraint(where: str, obj: Mapping[str, Any], documents: Documents) -> Iterator[Entry]:
    """What one constraint's status lists, and what it leaves out."""
    constraint = text(obj, "kind"), text(obj, "metadata", "name")
    where = f"{where} {'/'.join(constraint)}"
    entries = listed(obj, "status", "violations")
    for index, entry in enumerate(entries):
        who = ResourceId(
            api_version(text(entry, "group"), text(entry, "version")),
            text(entry, "kind"),
            text(entry, "namespace"),
            text(entry, "name"),
        )
        if not constraint[0] or not who.kind:
            yield Reject(f"{where} violations[{index}]", "not a violation: kind is missing")
            continue
        message, details = text(entry, "message"), mapping(entry, "details")
        yield violation(constraint=constraint, who=who, message=message, details=details, documents=documents)
    total = at(obj, "status", "totalViolations")
    if isinstance(total, int) and not isinstance(total, bool) and total > len(entries):
        yield Reject(
            f"{where} status.violations",
            f"{total - len(entries)} of {total} violations are not listed: raise Gatekeeper's "
            "--constraint-violations-limit (at most 500), or read its audit log or export",
            total - len(entries),
        )
