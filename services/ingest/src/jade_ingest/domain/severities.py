"""The words that tools have for how bad something is, brought to five."""

from typing import Any, cast, get_args

from jade_common.events import Severity

KNOWN = frozenset(get_args(Severity))

WORDS: dict[str, Severity] = {
    "danger": "high",  # Polaris
    "error": "high",  # SARIF's level
    "important": "high",
    "severe": "high",
    "moderate": "medium",
    "warn": "medium",
    "warning": "medium",
    "minor": "low",
    "note": "low",
    "negligible": "info",
    "none": "info",
    "ignore": "info",  # Polaris
    "informational": "info",
    "information": "info",
}
"""Beside the five themselves. ``unknown`` is left out: it says nothing."""

SCORES: tuple[tuple[float, Severity], ...] = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))
"""CVSS's qualitative scale, which SARIF's ``security-severity`` and Kubescape's ``scoreFactor`` follow."""


def severity_of(word: str) -> Severity | None:
    """The severity that a word means.

    >>> severity_of("CRITICAL"), severity_of("danger"), severity_of("UNKNOWN")
    ('critical', 'high', None)
    """
    lowered = word.strip().lower()
    return cast("Severity", lowered) if lowered in KNOWN else WORDS.get(lowered)


def severity_of_score(score: Any) -> Severity | None:
    """The severity of a score from 0 to 10, given as a number or a text.

    >>> severity_of_score("5.5"), severity_of_score(9), severity_of_score(0)
    ('medium', 'critical', 'info')
    """
    try:
        number = float(score)
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(score, bool) or not 0 <= number <= 10:  # noqa: PLR2004  # the scale
        return None
    return next((severity for least, severity in SCORES if number >= least), "info")
