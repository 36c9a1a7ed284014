"""What Kyverno's command line writes beside policy reports: the text of ``apply``, the rows of ``test -o json``.

``kyverno apply`` without ``--policy-report`` writes ``policy NAME -> resource NAMESPACE/KIND/NAME failed:`` and below
it ``1 - RULE MESSAGE``. ``kyverno test -o json`` writes rows with ``POLICY``, ``RULE``, ``RESOURCE``, ``RESULT``,
``REASON``, ``Message``: a row that fails says that a policy does not do what its test expects. Source: Kyverno 1.19
``commands/apply/command.go``, ``commands/test/output.go``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import cleaned, text
from jade_ingest.domain.fieldpaths import hinted
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.rules import aliases, kyverno_rule
from jade_policy.resources import ResourceId

NAME = "kyverno"

COLUMNS = {"POLICY", "RULE", "RESOURCE", "RESULT"}
_FAILED = re.compile(r"policy (\S+) -> resource (\S*)/(\S*)/(\S+) failed(?: as audit warning)?:")
_RULE = re.compile(r"\d+ - (\S+) ?(.*)")
_COUNTS = re.compile(r"pass: (\d+), fail: (\d+), warn: (\d+), error: (\d+), skip: (\d+)")


def recognises(content: Content) -> bool:
    """Whether it is the text of ``apply`` or the rows of ``test``."""
    if content.form in {"text", "documents"}:
        return bool(_FAILED.search(content.head) or _COUNTS.search(content.head))
    rows = content.sketch
    return isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict) and set(rows[0]) >= COLUMNS


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """What failed."""
    if content.says_nothing:
        return
    if not recognises(content):
        raise InvalidEventError(
            f"not the output of Kyverno's apply or test: it is {content.seen}. Its policy reports are the format "
            "policyreport"
        )
    if content.form in {"text", "documents"}:
        yield from of_text(content.text(), documents)
        return
    for (index,), row in content.each("*"):
        result = text(row, "RESULT").lower()
        if result == "fail" and text(row, "POLICY"):
            yield of_row(row, documents)
        elif result in {"pass", "skip"}:
            yield Aside("passed" if result == "pass" else "skipped")
        else:
            yield Reject(
                f"[{index}] {text(row, 'POLICY')}".rstrip(),
                f"its RESULT is {result!r}; not fail, pass or skip",
            )


def of_text(output: str, documents: Documents) -> Iterator[Entry]:
    """What ``kyverno apply`` says of each resource; a message may go on over lines."""
    subject: tuple[str, ResourceId] | None = None
    rule, message = "", ""
    for line in [*(cleaned(one) for one in output.splitlines()), "end:"]:
        header, numbered = _FAILED.match(line), _RULE.match(line)
        if subject is not None and rule and (header or numbered or not line or line == "end:"):
            yield found(subject[0], rule, message, subject[1], documents)
            rule = ""
        if header:
            policy, namespace, kind, name = header.groups()
            subject = policy, ResourceId("", kind, namespace, name)
        elif numbered and subject is not None:
            rule, message = numbered[1], numbered[2]
        elif not line:
            subject = None if not rule else subject
        elif rule:
            message = f"{message}\n{line}"
    counts = _COUNTS.search(output)
    if counts is not None:
        yield Aside("passed", int(counts[1][:12]))
        yield Aside("skipped", int(counts[5][:12]))
        if int(counts[4]):
            yield Reject(
                "error", "rules that Kyverno could not evaluate; its output says which", int(counts[4][:12])
            )


def of_row(row: Mapping[str, Any], documents: Documents) -> ScanFinding:
    """The finding of one row: its resource is ``VERSION/KIND/NAMESPACE/NAME``, from the right."""
    parts = text(row, "RESOURCE").split("/")
    name, namespace, kind = [*reversed(parts), "", "", ""][:3]
    version = "/".join(parts[:-3])
    message = ": ".join(
        one for one in (text(row, "REASON"), text(row, "Message") or text(row, "MESSAGE")) if one
    )
    who = ResourceId(version, kind, namespace, name)
    return found(text(row, "POLICY"), text(row, "RULE"), message, who, documents)


def found(policy: str, rule: str, message: str, who: ResourceId, documents: Documents) -> ScanFinding:
    """The finding of one rule on one resource."""
    same = documents.named(who.kind, who.namespace, who.name, api_version=who.api_version)
    manifest = same[0] if len(same) == 1 else None
    raw = f"{policy}/{rule}" if rule else policy
    canonical = f"{policy}/{kyverno_rule(rule)}" if rule else policy
    return finding(
        tool=NAME,
        rule=canonical,
        aliases=aliases(canonical, raw),
        title=raw,
        message=message,
        manifest=manifest,
        named=who,
        pointer=None if manifest is None else hinted(manifest.obj, message),
    )
