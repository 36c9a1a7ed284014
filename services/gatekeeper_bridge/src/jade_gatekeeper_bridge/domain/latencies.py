"""The latencies in a line of statistics (``--log-stats-admission``, ``--log-stats-audit``).

Read: ``execution_stats[]{scope, statsFor, stats[]{name, value, source}}``. Rego tells a time for each template, with
the number of its constraints; CEL one for each constraint. Source: Gatekeeper 3.23 ``pkg/instrumentation``,
``pkg/drivers/k8scel/driver.go``, frameworks ``drivers/rego/driver.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from jade_common.events import LatencyObserved, ReviewShape
from jade_common.identity import derived_id
from jade_gatekeeper_bridge.domain.entries import Aside, Entry, Made, Reject
from jade_gatekeeper_bridge.domain.reading import MAX_SHORT, api_version, at, cleaned, listed, short, text
from jade_gatekeeper_bridge.domain.templates import Templates, policy_of

EVENTS: Mapping[str, Literal["admission", "audit"]] = {
    "review_response_stats": "admission",
    "audit_stats": "audit",
    "audit_cache_stats": "audit",
}
TIMES = ("templateRunTimeNS", "runTimeNS")
NANOSECONDS = 1_000_000
"""In a millisecond."""

LONGEST = 3_600_000.0
"""Milliseconds; a webhook answers within 30 s, an audit's review within minutes: more is no time."""


def latencies(record: Mapping[str, Any], line: bytes, templates: Templates) -> Iterator[Entry]:
    """The latencies of one line; each id follows from the line, so that reading it twice gives the same.

    Args:
        record: The line.
        line: Its bytes, which hold the moment.
        templates: The policies that are known.
    """
    process = EVENTS[text(record, "event_type")]
    entries = listed(record, "execution_stats")
    if not entries:
        yield Reject("statistics without execution_stats")
    for index, entry in enumerate(entries):
        subject, scope = text(entry, "statsFor"), text(entry, "scope")
        stats = {text(stat, "name"): stat for stat in listed(entry, "stats")}
        time = next((stats[name] for name in TIMES if name in stats), None)
        if time is None:
            yield Aside("statistics without a time")
            continue
        nanoseconds = at(time, "value")
        if not subject or isinstance(nanoseconds, bool) or not isinstance(nanoseconds, int | float):
            yield Reject(
                f"execution_stats[{index}]: statsFor or the value of {text(time, 'name')} is missing"
            )
            continue
        milliseconds = nanoseconds / NANOSECONDS
        if not 0 <= milliseconds <= LONGEST:
            yield Reject(f"execution_stats[{index}]: {nanoseconds:g} ns is no time of a review")
            continue
        kind, _, name = subject.partition("/") if scope == "constraint" else (subject, "", "")
        policy = policy_of(kind, templates)
        observed = LatencyObserved(
            policy_id=policy.policy_id,
            digest=policy.digest,
            constraint=cleaned(name, MAX_SHORT) or None,
            milliseconds=milliseconds,
            shape=shape(record, stats, constraint=bool(name)),
            process=process,
            engine=short(time, "source", "value"),
        )
        yield Made(observed, derived_id(observed.subject.value, line, str(index)), lasting=False)


def shape(record: Mapping[str, Any], stats: Mapping[str, Any], *, constraint: bool) -> ReviewShape | None:
    """What was reviewed: the kind, which the audit's lines do not tell, and how many constraints."""
    count = 1 if constraint else at(stats.get("constraintCount"), "value")
    found = ReviewShape(
        api_version=cleaned(
            api_version(text(record, "resource_group"), text(record, "resource_api_version")), MAX_SHORT
        )
        or None,
        kind=short(record, "resource_kind"),
        constraints=count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None,
    )
    return found if found.model_dump(exclude_none=True) else None
