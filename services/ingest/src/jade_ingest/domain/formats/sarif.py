"""SARIF 2.1.0 of any tool.

Read: ``runs[].tool.driver`` (``name``, ``version``, ``rules[]``), ``runs[].originalUriBaseIds``, and of ``results[]``
``ruleId``, ``ruleIndex``, ``level``, ``kind``, ``message.text``, ``suppressions``, ``fixes``, and of the first of
``locations[]`` ``physicalLocation``, ``logicalLocations``. SARIF knows no resource: it is told by the location's
names where a tool gives them (kube-linter), else by the message and the line, see ``sightings``. Source: OASIS
``sarif-schema-2.1.0.json``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding, Source, SuggestedFix
from jade_ingest.domain.building import api_version, finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import MAX_TEXT, at, cleaned, line_number, listed, mapping, text
from jade_ingest.domain.fieldpaths import container_at, hinted
from jade_ingest.domain.formats import Entry, kube_linter, kube_score, trivy
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.rules import aliases, trivy_rule
from jade_ingest.domain.sarif_places import file_of, lines_of
from jade_ingest.domain.severities import severity_of, severity_of_score
from jade_ingest.domain.sightings import Sightings
from jade_policy.resources import ResourceId

NAME = "sarif"
VERSION = "2.1.0"

ASIDES = {"pass": "passed", "notApplicable": "skipped"}
"""Of ``kind``; the others tell of something that a person should see."""

RESULTS = "runs.*.results"

FIELDS = {module.NAME: module.FIELDS for module in (kube_linter, kube_score, trivy)}
"""The fields that the rules of known tools look at."""


def recognises(content: Content) -> bool:
    """Whether it is a SARIF log of any version."""
    log = content.sketch
    if content.form != "json" or not isinstance(log, dict) or "runs" not in log:
        return False
    runs = listed(log, "runs")
    return (
        "sarif" in text(log, "$schema").lower()
        or "version" in log
        or any("tool" in mapping(run) for run in runs)
    )


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The results of all runs; gone over twice, since they tell of each other's resources."""
    if not recognises(content):
        raise InvalidEventError(
            f"not a SARIF log: expected an object with version and runs; it is {content.seen}"
        )
    version = at(content.sketch, "version")
    if version != VERSION:
        raise InvalidEventError(
            f"SARIF's version is {version!r}; known is {VERSION}: have the tool write that one"
        )
    runs = [Run(run, documents) for run in listed(content.outline(RESULTS), "runs")]
    if documents.files:
        for (number, _), result in content.each(f"{RESULTS}.*"):
            runs[number].learn(result)
    for (number, index), result in content.each(f"{RESULTS}.*"):
        yield runs[number].read(f"runs[{number}].results[{index}]", result)


class Run:
    """One run of a tool."""

    def __init__(self, run: Any, documents: Documents) -> None:
        """Take what stands beside its results."""
        driver = mapping(run, "tool", "driver")
        self._tool = text(driver, "name", limit=200).lower().replace(" ", "-") or NAME
        self._version = text(driver, "semanticVersion") or text(driver, "version")
        extensions = [mapping(one) for one in listed(run, "tool", "extensions")]
        self._rules = listed(driver, "rules")
        self._by_id = {
            text(rule, "id"): mapping(rule)
            for component in (*extensions, driver)
            for rule in listed(component, "rules")
        }
        self._bases = mapping(run, "originalUriBaseIds")
        self._documents = documents
        self._sightings = Sightings(documents, drifting=self._tool == trivy.NAME)

    def learn(self, result: Any) -> None:
        """Take in where a result stands."""
        location = self._location(result)
        if not mapping(result) or named_in(location) is not None:
            return
        line, end_line = lines_of(location)
        self._sightings.learn(file_of(location, self._bases), line, end_line, message_of(result))

    def read(self, where: str, result: Any) -> Entry:
        """What one result says."""
        rule = self._rule(result)
        raw = text(result, "ruleId") or text(result, "rule", "id") or text(rule, "id")
        if not raw:
            return Reject(where, "not a result: neither ruleId nor ruleIndex names a rule")
        kind = text(result, "kind")
        if kind in ASIDES:
            return Aside(ASIDES[kind])
        if any(text(one, "status") in {"accepted", ""} for one in listed(result, "suppressions")):
            return Aside("suppressed")
        return self._finding(raw, rule, result)

    def _finding(self, raw: str, rule: Mapping[str, Any], result: Mapping[str, Any]) -> ScanFinding:
        location, message = self._location(result), message_of(result)
        path = file_of(location, self._bases)
        line, end_line = lines_of(location)
        who = named_in(location)
        container = None
        if who is not None:
            # The tool names the resource; kube-linter's line is always 1.
            same = self._documents.named(who.kind, who.namespace, who.name, path=path)
            manifest = self._documents.nth(same, (raw, message, path, str(who)))
            line = end_line = None
        else:
            manifest, line, end_line = self._sightings.place(path, line, end_line, message)
        canonical = trivy_rule(raw)
        pointer = None
        if manifest is not None:
            container = None if who is not None else container_at(manifest, line)
            pointer = hinted(manifest.obj, message, FIELDS.get(self._tool, {}).get(canonical), container)
        level = text(result, "level") or text(rule, "defaultConfiguration", "level") or "warning"
        score = text(rule, "properties", "security-severity") or text(
            result, "properties", "security-severity"
        )
        return finding(
            tool=self._tool,
            rule=canonical,
            aliases=aliases(canonical, raw),
            title=text(rule, "shortDescription", "text")
            or text(rule, "name")
            or text(rule, "fullDescription", "text"),
            message=message,
            severity=score or level,
            normalised=severity_of_score(score) or severity_of(level),
            manifest=manifest,
            named=who,
            path=path,
            line=line,
            end_line=end_line,
            pointer=pointer,
            remediation=text(rule, "help", "text"),
            url=text(rule, "helpUri"),
            fixes=list(self._fixes(result)),
            version=self._version,
        )

    def _rule(self, result: Any) -> Mapping[str, Any]:
        index = at(result, "ruleIndex")
        index = at(result, "rule", "index") if index is None else index
        found = self._by_id.get(text(result, "ruleId") or text(result, "rule", "id"))
        if found is None and isinstance(index, int) and 0 <= index < len(self._rules):
            found = mapping(self._rules[index])
        return found or {}

    @staticmethod
    def _location(result: Any) -> Mapping[str, Any]:
        locations = listed(result, "locations")
        return mapping(locations[0]) if locations else {}

    def _fixes(self, result: Mapping[str, Any]) -> Iterator[SuggestedFix]:
        for fix in listed(result, "fixes"):
            for change in listed(fix, "artifactChanges"):
                path = file_of({"physicalLocation": change}, self._bases)
                for replacement in listed(change, "replacements"):
                    region = mapping(replacement, "deletedRegion")
                    yield SuggestedFix(
                        action="replace",
                        source=Source(
                            path=path,
                            line=line_number(region, "startLine"),
                            end_line=line_number(region, "endLine"),
                        ),
                        start_column=line_number(region, "startColumn"),
                        end_column=line_number(region, "endColumn"),
                        text=raw_text(at(replacement, "insertedContent", "text")),
                    )


def message_of(result: Any) -> str:
    """What a result says."""
    return text(result, "message", "text") or text(result, "message", "markdown")


def raw_text(value: Any) -> str | None:
    """The text of a replacement, its white space as it is; ``None`` where there is none, or one that is no fix."""
    return (
        value
        if isinstance(value, str) and len(value) <= MAX_TEXT and cleaned(value) == value.strip()
        else None
    )


def named_in(location: Mapping[str, Any]) -> ResourceId | None:
    """The resource that a location names, in kube-linter's way."""
    names = {text(one, "kind"): text(one, "name") for one in listed(location, "logicalLocations")}
    if not names.get("GVK/Kind"):
        return None
    return ResourceId(
        api_version(names.get("GVK/Group", ""), names.get("GVK/Version", "")),
        names["GVK/Kind"],
        names.get("Object Namespace", ""),
        names.get("Object Name", ""),
    )
