"""One spelling for a rule that a tool spells in several ways."""

import re

_TRIVY = re.compile(r"(?:AVD-)?(KSV|KCV|DS)-?(\d{1,5})", re.IGNORECASE)
_AUTOGEN = re.compile(r"autogen-(?:cronjob-)?")


def trivy_rule(raw: str) -> str:
    """Trivy's id as it has been since 0.60; others as they are.

    >>> trivy_rule("KSV014"), trivy_rule("AVD-KSV-0014"), trivy_rule("KSV-0014"), trivy_rule("KSV01010")
    ('KSV-0014', 'KSV-0014', 'KSV-0014', 'KSV-01010')
    """
    match = _TRIVY.fullmatch(raw)
    return f"{match[1].upper()}-{match[2]:0>4}" if match else raw


def kyverno_rule(raw: str) -> str:
    """The rule that a policy's author wrote; Kyverno derives others from it, for workloads and CronJobs.

    >>> kyverno_rule("autogen-require-limits"), kyverno_rule("autogen-cronjob-require-limits")
    ('require-limits', 'require-limits')
    """
    return _AUTOGEN.sub("", raw, count=1) if raw.startswith("autogen-") else raw


def aliases(canonical: str, *spellings: str) -> tuple[str, ...]:
    """The spellings that differ, each once, in their order."""
    return tuple(dict.fromkeys(one for one in spellings if one and one != canonical))
