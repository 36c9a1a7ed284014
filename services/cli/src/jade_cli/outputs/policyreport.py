"""PolicyReport `wgpolicyk8s.io/v1alpha2`: a report for each namespace, a cluster report for the rest.

What its namespace cannot hold goes to the cluster report: resources that name none, and what could not be read.
Source: the CRDs of the Kubernetes policy working group.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import yaml

from jade_cli.scan.findings import Finding, Unevaluated
from jade_cli.scan.report import Report
from jade_cli.scan.suppressions import Use
from jade_cli.terminal import Paint, printable
from jade_policy.resources import ResourceId

RESULTS = 1_000
"""Results of one object: etcd refuses more than 1.5 MiB, and a result has 600 bytes."""

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_MESSAGE = 1_024
"""Characters of a message: policies may quote anything."""


class Api(NamedTuple):
    """What the two kinds of report differ in."""

    version: str
    kind: str
    cluster_kind: str
    top: Mapping[str, str]


API = Api("wgpolicyk8s.io/v1alpha2", "PolicyReport", "ClusterPolicyReport", top={})


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as a stream of YAML documents, ready for `kubectl apply`."""
    return render_as(API, report)


def render_as(api: Api, report: Report) -> str:
    """The documents; always at least the cluster report, so that a clean scan replaces an earlier one."""
    results: dict[str, list[dict[str, Any]]] = {"": [error_of(one) for one in report.unread]}
    results[""] += [warning_of(use) for use in report.stale]
    for finding in (*report.findings, *report.suppressed):
        namespace = finding.resource.namespace
        place = namespace if _NAMESPACE.fullmatch(namespace) else ""
        results.setdefault(place, []).append(result_of(finding))
    documents = [
        one for namespace in sorted(results) for one in documents_of(api, namespace, results[namespace])
    ]
    return yaml.dump_all(
        documents, Dumper=Writer, sort_keys=False, allow_unicode=True, width=120, explicit_start=True
    )


class Writer(yaml.CSafeDumper):
    """Writes what occurs twice twice: anchors are for machines."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Never an alias."""
        return True


def documents_of(api: Api, namespace: str, results: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The objects of one namespace, of the cluster for ""; several where one would be too large."""
    for number, start in zip(count(1), range(0, max(1, len(results)), RESULTS), strict=False):
        part = results[start : start + RESULTS]
        metadata = {"name": "jade-scan" if number == 1 else f"jade-scan-{number}"}
        if namespace:
            metadata["namespace"] = namespace
        found = [one["result"] for one in part]
        yield {
            "apiVersion": api.version,
            "kind": api.kind if namespace else api.cluster_kind,
            "metadata": metadata | {"labels": {"app.kubernetes.io/managed-by": "jade"}},
            **api.top,
            "summary": {word: found.count(word) for word in ("fail", "warn", "error", "skip")},
            "results": part,
        }


def result_of(finding: Finding) -> dict[str, Any]:
    """One finding: `fail`, or `skip` with the reason where it is suppressed."""
    row: dict[str, Any] = {"source": "jade", "policy": printable(finding.name)}
    if finding.constraint is not None:
        row["rule"] = finding.constraint
    row["result"] = "fail" if finding.suppressed is None else "skip"
    row["severity"] = finding.severity
    row["scored"] = True
    row["message"] = shortened(finding.message)
    row["resources"] = [reference(finding.resource)]
    properties = {
        "fingerprint": finding.fingerprint,
        "file": printable(finding.source),
        "line": str(finding.line),
    }
    if finding.path is not None:
        properties["path"] = printable(finding.path)
    if (problem := finding.problem) is not None:
        properties |= {"problemId": problem.problem_id, "count": str(problem.count)}
        properties |= {"seenBy": printable(",".join(problem.seen_by))}
        properties |= {"aliases": printable(",".join(problem.aliases))}
    if finding.new is not None:
        properties["new"] = str(finding.new).lower()
    if (why := finding.suppressed) is not None:
        properties |= {"suppressed": printable(why.reason), "suppressedUntil": why.until.isoformat()}
    return {**row, "properties": properties}


def error_of(one: Unevaluated) -> dict[str, Any]:
    """What could not be read or evaluated."""
    properties = {"file": printable(one.path)} | ({} if one.line is None else {"line": str(one.line)})
    return {
        "source": "jade",
        "policy": "jade-unread",
        "result": "error",
        "message": shortened(one.reason),
        "properties": properties,
    }


def warning_of(use: Use) -> dict[str, Any]:
    """A suppression that should go."""
    one = use.suppression
    properties = {"file": printable(one.path)} | ({} if one.line is None else {"line": str(one.line)})
    return {
        "source": "jade",
        "policy": "jade-suppressions",
        "result": "warn",
        "message": shortened(str(use)),
        "properties": properties,
    }


def reference(resource: ResourceId) -> dict[str, str]:
    """The resource as an ObjectReference; what the manifest does not say is left out."""
    row = {
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "namespace": resource.namespace,
        "name": resource.name,
    }
    return {key: printable(value) for key, value in row.items() if value}


def shortened(message: str) -> str:
    """The message, printable and of a length that an object can hold."""
    text = printable(message)
    return text if len(text) <= _MESSAGE else f"{text[: _MESSAGE - 1]}…"
