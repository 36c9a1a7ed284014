"""The names on the bus: the only place where a subject, a stream or a bucket is spelled."""

from enum import StrEnum


class Subject(StrEnum):
    """Subjects of events, two tokens each: ``noun.past-participle`` or ``noun.noun``."""

    SCAN_REPORT = "scan.report"
    SCAN_FINDING = "scan.finding"
    FINDING_RANKED = "finding.ranked"
    POLICY_FAILED = "policy.failed"
    LATENCY_OBSERVED = "latency.observed"


class Ask(StrEnum):
    """Subjects of core request/reply: answered at once, never behind a backlog."""

    RANK = "rank.ask"


class Stream(StrEnum):
    """JetStream streams, declared from ``infra/nats/topology.toml``."""

    IN = "JADE_IN"
    OUT = "JADE_OUT"
    DECISIONS = "JADE_DECISIONS"
    DEAD = "JADE_DEAD"
    ADVISORIES = "JADE_ADVISORIES"


PAYLOADS = "JADE_PAYLOADS"
"""Bucket of the object store that holds payloads too large for a message."""


def dead_letter(subject: str) -> str:
    """Subject on which the dead letters of ``subject`` lie.

    >>> dead_letter("scan.finding")
    'dead.scan.finding'
    """
    return f"dead.{subject}"


def event_type(subject: str) -> str:
    """CloudEvents type of the events on ``subject``.

    >>> event_type("scan.finding")
    'dev.jade.scan.finding.v1'
    """
    return f"dev.jade.{subject}.v1"
