"""Policy reports: PolicyReport and ClusterPolicyReport, and OpenReports' Report and ClusterReport.

Read, of one, a list of them, or YAML documents: ``scope``, ``source``, ``results[]`` with ``source``, ``policy``,
``rule``, ``result``, ``severity``, ``message``, ``resources`` (the scope where a result has none), ``properties``.
What Kyverno writes with ``apply --policy-report`` is one. Source: wg-policy-prototypes ``v1alpha2``, openreports
``v1alpha1``, Kyverno 1.19 ``commands/apply/print.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Broken, Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import listed, mapping, text
from jade_ingest.domain.fieldpaths import hinted
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.kubernetes import objects_are
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.rules import aliases, kyverno_rule, trivy_rule
from jade_policy.resources import ResourceId

NAME = "policyreport"

KNOWN = {"wgpolicyk8s.io/v1alpha2", "openreports.io/v1alpha1"}
GROUPS = {"wgpolicyk8s.io", "openreports.io", "reports.x-k8s.io"}
KINDS = {"PolicyReport", "ClusterPolicyReport", "Report", "ClusterReport"}

ASIDES = {"pass": "passed", "skip": "skipped"}
FAILED = {"fail", "warn"}
UNKNOWN = "the policy could not be evaluated"


def recognises(content: Content) -> bool:
    """Whether all its objects are policy reports, of any version."""
    return objects_are(content, is_report)


def is_report(obj: Mapping[str, Any]) -> bool:
    """Whether an object is a policy report."""
    return (
        text(obj, "apiVersion").partition("/")[0] in GROUPS
        and text(obj, "kind").removesuffix("List") in KINDS
    )


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The results that failed or warned."""
    if not recognises(content):
        raise InvalidEventError(
            f"not policy reports: expected objects of {', '.join(sorted(KNOWN))}; it is {content.seen}"
        )
    if content.form == "json" and isinstance(content.sketch, dict) and "results" in content.sketch:
        # One report may be as large as a cluster: its results come one by one.
        report = content.outline("results")
        check_version(report)
        for (index,), result in content.each("results.*"):
            yield from read_result(f"results[{index}]", result, report, documents)
        return
    last: Any = None
    for where, report in content.objects():
        if isinstance(report, Broken) or not isinstance(report, dict) or not is_report(report):
            yield Reject(where, str(report) if isinstance(report, Broken) else "not a policy report")
            continue
        check_version(report)
        last = report
        place = f"{where} {text(report, 'metadata', 'name')}".rstrip()
        for index, result in enumerate(listed(report, "results")):
            yield from read_result(f"{place} results[{index}]", result, report, documents)
    if content.form == "documents" and is_cut_off(last, content.text()):
        yield Reject("the last report", "cut off: it ends in the middle of a line, and has no summary")


def is_cut_off(last: Any, written: str) -> bool:
    """Whether the end of YAML is missing, which the beginning of YAML mostly does not show.

    Args:
        last: The last report in it.
        written: The YAML.
    """
    return bool(listed(last, "results")) and "summary" not in last and not written.endswith("\n")


def check_version(report: Mapping[str, Any]) -> None:
    """Refuse a version that is not known.

    Raises:
        InvalidEventError: It is none of ``KNOWN``.
    """
    version = text(report, "apiVersion")
    if version not in KNOWN:
        raise InvalidEventError(
            f"apiVersion of {text(report, 'kind')} is {version!r}; known are {', '.join(sorted(KNOWN))}: "
            "a newer Jade may read it"
        )


def read_result(where: str, result: Any, report: Mapping[str, Any], documents: Documents) -> Iterator[Entry]:
    """What one result says: a finding for each of its resources."""
    outcome, policy = text(result, "result"), text(result, "policy")
    where = f"{where} {policy}".rstrip()
    if outcome in ASIDES:
        yield Aside(ASIDES[outcome])
    elif outcome == "error":
        yield Reject(where, f"{UNKNOWN}: {text(result, 'message') or 'no reason is given'}")
    elif outcome not in FAILED:
        yield Reject(where, f"its result is {outcome!r}; known are error, fail, pass, skip and warn")
    elif not policy:
        yield Reject(where, "not a result: policy is missing")
    else:
        resources = listed(result, "resources") or listed(result, "subjects") or [mapping(report, "scope")]
        for resource in resources:
            yield found(result, resource, report, documents)


def found(
    result: Mapping[str, Any], resource: Any, report: Mapping[str, Any], documents: Documents
) -> ScanFinding:
    """The finding of one result about one resource."""
    who = ResourceId(
        text(resource, "apiVersion"),
        text(resource, "kind"),
        text(resource, "namespace"),
        text(resource, "name"),
    )
    same = documents.named(who.kind, who.namespace, who.name, api_version=who.api_version)
    manifest = same[0] if len(same) == 1 else None
    policy, rule, message = text(result, "policy"), text(result, "rule"), text(result, "message")
    raw = f"{policy}/{rule}" if rule and rule != policy else policy
    name = kyverno_rule(rule)
    canonical = f"{policy}/{name}" if name and name != policy else trivy_rule(policy)
    return finding(
        tool=(text(result, "source") or text(report, "source") or NAME).lower(),
        rule=canonical,
        aliases=aliases(canonical, raw),
        title=raw,
        message=message,
        severity=text(result, "severity"),
        manifest=manifest,
        named=who,
        pointer=None if manifest is None else hinted(manifest.obj, message),
        url=text(result, "properties", "url"),
        remediation=text(result, "properties", "remediation"),
    )
