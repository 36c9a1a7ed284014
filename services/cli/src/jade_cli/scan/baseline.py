"""The findings of an earlier scan, so that the new ones can be told from them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from jade_cli.failures import Failure
from jade_cli.scan.findings import Finding
from jade_cli.scan.fingerprints import SARIF_KEY
from jade_cli.scan.report import SCHEMA

ADVICE = "a baseline is what `jade scan PATH -o json=FILE` or `-o sarif=FILE` wrote"


def read_baseline(file: Path) -> frozenset[str]:
    """The fingerprints of a report.

    What was suppressed then is left out: once its suppression expires, it is new.

    Raises:
        Failure: The file cannot be read, or is no report of Jade.
    """
    try:
        content = orjson.loads(file.read_bytes())
    except OSError as error:
        raise Failure(f"the baseline {file} cannot be read: {error.strerror}; {ADVICE}") from error
    except ValueError as error:
        raise Failure(f"the baseline {file} is no JSON: {error}; {ADVICE}") from error
    if not isinstance(content, Mapping):
        raise Failure(f"the baseline {file} is no report of Jade; {ADVICE}")
    try:
        if "runs" in content:
            return frozenset(of_sarif(content["runs"]))
        if content.get("schema") == SCHEMA:
            return frozenset(str(one) for finding in content["findings"] for one in fingerprints(finding))
    except (AttributeError, KeyError, TypeError) as error:
        raise Failure(f"the baseline {file} has findings without a fingerprint of Jade; {ADVICE}") from error
    seen = f"has the schema {content['schema']!r}" if "schema" in content else "is no report of Jade"
    raise Failure(f"the baseline {file} {seen}; {ADVICE}, and this version reads {SCHEMA}")


def of_sarif(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The fingerprints in a SARIF log."""
    for run in runs:
        for result in run["results"]:
            if not result.get("suppressions") and result.get("baselineState") != "absent":
                yield str(result["partialFingerprints"][SARIF_KEY])
                yield from map(str, (result.get("properties") or {}).get("fingerprints", ()))


def fingerprints(finding: Mapping[str, Any]) -> Sequence[Any]:
    """Those of a finding in Jade's JSON: of a problem that several saw, of all findings of it."""
    return [finding["fingerprint"], *finding.get("fingerprints", ())]


def compared(findings: Sequence[Finding], known: frozenset[str]) -> list[Finding]:
    """The findings, each with whether the baseline lacks it."""
    return [finding._replace(new=known.isdisjoint(finding.fingerprints)) for finding in findings]
