"""Findings that somebody answers for: suppressed for a reason and up to a day, in jade.yaml or on the resource."""

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, NamedTuple

from jade_cli.scan.findings import Finding, Rule, Suppressed, Unevaluated
from jade_policy.manifests import Manifest
from jade_policy.pointers import escape
from jade_policy.redaction import redact_text
from jade_policy.resources import ResourceId, identity

PREFIX = "ignore.jade.dev/"
"""An annotation ``ignore.jade.dev/POLICY: reason; until=2027-01-31`` suppresses a policy on its resource. The policy is
the name part of the key, which may have 63 characters as a policy's id may."""

_VALUE = re.compile(r"(?P<reason>.*?)\s*(?:;\s*until\s*=\s*(?P<until>.*?)\s*)?", re.DOTALL)
_EXAMPLE = 'write "why it may stay; until=2027-01-31"'

State = Literal["active", "expired", "unneeded"]


class Suppression(NamedTuple):
    """What is suppressed, why, and up to which day.

    Attributes:
        rule: id of a policy, or of another scanner's rule.
        until: the last day.
        by: ``annotation`` or ``jade.yaml``.
        path: the file that says so.
        line: of the annotation; None for an entry of jade.yaml.
        on: the resource that is annotated; None for an entry of jade.yaml.
        resource: a pattern of resources (``Deployment shop/*``); None for all.
        paths: patterns of files; empty for all.
    """

    rule: str
    reason: str
    until: date
    by: Literal["annotation", "jade.yaml"]
    path: str
    line: int | None = None
    on: ResourceId | None = None
    resource: str | None = None
    paths: tuple[str, ...] = ()

    @property
    def shown(self) -> Suppressed:
        """What a suppressed finding says of it."""
        return Suppressed(self.by, self.reason, self.until)

    def covers(self, resource: ResourceId, file: str) -> bool:
        """Whether findings on ``resource`` in ``file`` are meant."""
        if self.on is not None:
            return self.on == resource and self.path == file
        if self.resource is not None and not fnmatchcase(str(resource), self.resource):
            return False
        return not self.paths or any(
            fnmatchcase(name, pattern) for pattern in self.paths for name in (file, self._below(file))
        )

    def _below(self, file: str) -> str:
        """The file as seen from the folder of jade.yaml."""
        return Path(os.path.relpath(file, Path(self.path).parent)).as_posix()


class Use(NamedTuple):
    """What became of a suppression: how many findings it holds back, or why it should go."""

    suppression: Suppression
    state: State
    findings: int
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As every structured output writes it."""
        one = self.suppression
        row: dict[str, Any] = {"rule": one.rule, "by": one.by, "reason": one.reason}
        row["until"] = one.until.isoformat()
        row["source"] = {"path": one.path} | ({} if one.line is None else {"line": one.line})
        if (where := one.resource or (str(one.on) if one.on else None)) is not None:
            row["resource"] = where
        if one.paths:
            row["paths"] = list(one.paths)
        row |= {"state": self.state, "findings": self.findings}
        if self.note:
            row["note"] = self.note
        return row

    def __str__(self) -> str:
        """`path:line: the suppression of RULE …`, as compilers write it."""
        one = self.suppression
        place = one.path if one.line is None else f"{one.path}:{one.line}"
        return f"{place}: the suppression of {one.rule} {self.note}"


def annotated(manifest: Manifest) -> tuple[list[Suppression], list[Unevaluated]]:
    """The suppressions that stand on a resource, and what is wrong with those that are none."""
    metadata = manifest.obj.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict):
        return [], []
    found: list[Suppression] = []
    wrong: list[Unevaluated] = []
    for key, value in annotations.items():
        if not (isinstance(key, str) and key.startswith(PREFIX)):
            continue
        line = manifest.line_of(f"/metadata/annotations/{escape(key)}")
        try:
            reason, until = parsed(str(value))
        except ValueError as error:
            wrong.append(Unevaluated(manifest.path, line, f"annotation {key} {error}"))
            continue
        rule = key.removeprefix(PREFIX)
        on = identity(manifest.obj)
        found.append(Suppression(rule, redact_text(reason), until, "annotation", manifest.path, line, on))
    return found, wrong


def parsed(value: str) -> tuple[str, date]:
    """Reason and last day of an annotation's value.

    Raises:
        ValueError: One of them is missing or wrong; says which.
    """
    match = _VALUE.fullmatch(value.strip())
    reason, until = (match["reason"], match["until"]) if match is not None else (value, None)
    if not reason:
        raise ValueError(f"gives no reason: {_EXAMPLE}")
    if not until:
        raise ValueError(f"does not say when it expires: {_EXAMPLE}")
    try:
        return reason, date.fromisoformat(until)
    except ValueError as error:
        raise ValueError(f"expires on {until!r}, which is no day: {_EXAMPLE}") from error


class Scanned(NamedTuple):
    """What must be known of a scan to tell a suppression that is no longer needed.

    Attributes:
        scanner: who looked: of the rules of others nothing can be said.
        resources: each that was looked at, with its file.
        dark: files that something is not known of.
        rules: what can be found, by id.
        alone: whether nobody else's findings were taken in, whose rules may be called anything.
    """

    scanner: str
    resources: Sequence[tuple[ResourceId, str]]
    dark: frozenset[str]
    rules: Mapping[str, Rule]
    alone: bool = True

    def unneeded(self, suppression: Suppression) -> Use | None:
        """Says that the suppression holds nothing back; None where that cannot be said."""
        ours = self.scanner == scanner_of(suppression.rule)
        if not ours or not (self.alone or suppression.rule in self.rules):
            return None
        files = {file for resource, file in self.resources if suppression.covers(resource, file)}
        if not files or files & self.dark:
            return None
        note = "is no longer needed: nothing is found there that it would hold back; remove it"
        if self.scanner == "jade" and suppression.rule not in self.rules:
            note = "names no policy of this library: correct the id, or remove it"
        return Use(suppression, "unneeded", 0, note)


class Applied(NamedTuple):
    """The findings that count, those that do not, and what became of each suppression."""

    counting: list[Finding]
    suppressed: list[Finding]
    uses: list[Use]


def apply(
    findings: Sequence[Finding], suppressions: Sequence[Suppression], scanned: Scanned, today: date
) -> Applied:
    """Take out what is suppressed; suppressions that ended before ``today`` do nothing."""
    counts: Counter[Suppression] = Counter()
    valid: dict[str, list[Suppression]] = {}
    for one in suppressions:
        if one.until >= today:
            valid.setdefault(one.rule, []).append(one)
    counting: list[Finding] = []
    held: list[Finding] = []
    for finding in findings:
        covering = [
            one
            for name in finding.names
            for one in valid.get(name, ())
            if one.covers(finding.resource, finding.source)
        ]
        if covering:
            counts.update(covering)
            held.append(finding._replace(suppressed=covering[0].shown))
        else:
            counting.append(finding)
    uses = [used(one, counts[one], scanned, today) for one in dict.fromkeys(suppressions)]
    return Applied(counting, held, [use for use in uses if use is not None])


def used(suppression: Suppression, findings: int, scanned: Scanned, today: date) -> Use | None:
    """What became of a suppression; None where it is about something that was not scanned."""
    if suppression.until < today:
        note = f"expired on {suppression.until}: mend what it was for, or give it a new reason and a new day"
        return Use(suppression, "expired", 0, note)
    return Use(suppression, "active", findings) if findings else scanned.unneeded(suppression)


def scanner_of(rule: str) -> str:
    """Which scanner has a rule of that name."""
    return "checkov" if rule.startswith("CKV") else "jade"
