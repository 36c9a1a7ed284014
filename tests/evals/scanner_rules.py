"""What real scanners' rules said of each document of ../shared/manifests, passes included."""

import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jade_policy.manifests import Manifest, read_manifests
from jade_policy.resources import identity, pod_spec

SHARED = Path(__file__).resolve().parents[3] / "shared"
S4 = (
    "BuoyantIO__emojivoto",
    "argoproj__argocd-example-apps",
    "dockersamples__example-voting-app",
    "flannel-io__flannel",
)
S8 = (
    *S4,
    "ContainerSolutions__kubernetes-examples",
    "kubernetes-csi__csi-driver-host-path",
    "kubernetes__examples",
    "microservices-demo__microservices-demo",
)
"""The files that the reports were made of, see the README of ../shared/reports."""

_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass
class Documents:
    """The documents that a scanner was given, and how to find the one that a finding means."""

    manifests: list[Manifest]
    by_file: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for number, manifest in enumerate(self.manifests):
            self.by_file[Path(manifest.path).stem].append(number)
            one = identity(manifest.obj)
            self.by_name[one.kind, one.namespace or "", one.name].append(number)
            if not manifest.obj.get("metadata", {}).get("name"):
                # Scanners do not put `generateName` in its place.
                self.by_name[one.kind, one.namespace or "", ""].append(number)

    def at(self, path: str, line: int) -> int | None:
        """The document that covers a line (from 1) of a file."""
        numbers = self.by_file.get(Path(path).stem, [])
        place = bisect_right([self.manifests[number].line for number in numbers], line) - 1
        return numbers[max(place, 0)] if numbers else None

    def named(self, kind: str, namespace: str | None, name: str, path: str = "") -> list[int]:
        """The documents of that name, in order; scanners write `default` where a manifest says nothing."""
        asked = namespace or ""
        found = self.by_name.get((kind, asked, name), [])
        if not found and asked in {"", "default"}:
            found = self.by_name.get((kind, "default" if not asked else "", name), [])
        return [n for n in found if not path or Path(self.manifests[n].path).stem == Path(path).stem]


@dataclass
class Outcome:
    """What one rule of one report said.

    Attributes:
        failed: findings by document.
        passed: the documents that the report says are in order.
        says_passes: whether the report names what is in order too, rule by rule.
        unplaced: findings whose document could not be told.
    """

    tool: str
    rule: str
    title: str
    failed: Counter[int] = field(default_factory=Counter)
    passed: set[int] = field(default_factory=set)
    says_passes: bool = False
    unplaced: int = 0

    @property
    def findings(self) -> int:
        """How many findings the report holds of this rule."""
        return self.failed.total() + self.unplaced

    def judged(self, documents: Documents) -> set[int]:
        """The documents that the rule judged.

        A report without passes says nothing of what it found in order: there, a rule judged every document of the
        kinds that it found fault with, where one workload stands for all kinds of workloads.
        """
        if self.says_passes:
            return self.passed | set(self.failed)
        # Rules that somebody wrote for conftest name the kinds that they are for, one by one.
        family = _kind if self.tool == "conftest" else _family
        kinds = {family(documents.manifests[number]) for number in self.failed}
        return {n for n, manifest in enumerate(documents.manifests) if family(manifest) in kinds}


@dataclass
class Report:
    """A report with the documents that it is about."""

    name: str
    documents: Documents
    outcomes: dict[str, Outcome]


def _kind(manifest: Manifest) -> str:
    return str(manifest.obj.get("kind"))


def _family(manifest: Manifest) -> str:
    return "workload" if pod_spec(manifest.obj) is not None else _kind(manifest)


class _Reader:
    """Collects the outcomes of one report."""

    def __init__(self, tool: str, documents: Documents) -> None:
        self.tool, self.documents = tool, documents
        self.outcomes: dict[str, Outcome] = {}

    def add(self, rule: str, title: str, number: int | None, *, failed: bool) -> None:
        outcome = self.outcomes.setdefault(rule, Outcome(self.tool, rule, title))
        if number is None:
            outcome.unplaced += failed
        elif failed:
            outcome.failed[number] += 1
            outcome.passed.discard(number)
        elif number not in outcome.failed:
            outcome.passed.add(number)


def read_reports() -> Iterator[Report]:
    """Read one report of each tool that judges Kubernetes manifests."""
    four, eight = _documents(S4), _documents(S8)
    unique = Documents(_unique_workloads(eight))
    for name, documents, read in (
        ("checkov/object-quiet-compact.json", four, _checkov),
        ("kube-linter/default.json", eight, _kube_linter),
        ("kube-linter/all-checks.json", four, _kube_linter),
        ("kube-score/kube-score.json", four, _kube_score),
        ("polaris/audit.json", eight, _polaris),
        ("kubescape/scan-v2.json", four, _kubescape),
        ("trivy/config.json", four, _trivy),
        ("gator/test.json", four, _gator),
        ("conftest/conftest.json", eight, _conftest),
        ("kyverno/policyreport.json", unique, _kyverno),
    ):
        reader = _Reader(name.partition("/")[0], documents)
        read(reader, json.loads((SHARED / "reports" / name).read_bytes()))
        for outcome in reader.outcomes.values():
            outcome.says_passes = any(other.passed for other in reader.outcomes.values())
        yield Report(name, documents, reader.outcomes)


def _documents(names: Iterable[str]) -> Documents:
    manifests: list[Manifest] = []
    for name in names:
        path = SHARED / "manifests" / f"{name}.yaml"
        manifests += [m for m in read_manifests(path.read_bytes(), str(path)) if isinstance(m, Manifest)]
    return Documents(manifests)


def _unique_workloads(documents: Documents) -> list[Manifest]:
    """The first workload of each kind and name, in the order of the files' names."""
    found: dict[tuple[str, str], Manifest] = {}
    for manifest in sorted(documents.manifests, key=lambda m: (m.path, m.index)):
        if pod_spec(manifest.obj) is not None:
            one = identity(manifest.obj)
            found.setdefault((one.kind, one.name), manifest)
    return list(found.values())


def _checkov(reader: _Reader, report: Any) -> None:
    for results in report if isinstance(report, list) else [report]:
        if results["check_type"] != "kubernetes":
            continue
        for key in ("failed_checks", "passed_checks"):
            for check in results["results"].get(key) or []:
                number = reader.documents.at(check["file_path"], check["file_line_range"][0])
                reader.add(check["check_id"], check["check_name"], number, failed=key == "failed_checks")


def _kube_linter(reader: _Reader, report: Any) -> None:
    titles = {check["name"]: check["description"] for check in report["Checks"]}
    seen: Counter[str] = Counter()
    for entry in report["Reports"]:
        obj = entry["Object"]["K8sObject"]
        numbers = reader.documents.named(
            obj["GroupVersionKind"]["Kind"],
            obj["Namespace"],
            obj["Name"],
            entry["Object"]["Metadata"]["FilePath"],
        )
        title = titles.get(entry["Check"], entry["Diagnostic"]["Message"])
        # Documents of one name are told apart by nothing: each says the same, so a repeat is the next one's.
        key = json.dumps(entry, sort_keys=True)
        number = numbers[min(seen[key], len(numbers) - 1)] if numbers else None
        seen[key] += 1
        reader.add(entry["Check"], title, number, failed=True)


def _kube_score(reader: _Reader, report: Any) -> None:
    for entry in report:
        # The row is that of the separator before the document.
        number = reader.documents.at(entry["file_name"], entry["file_row"] + 1)
        for check in entry["checks"]:
            if not check["skipped"]:
                failed = check["grade"] < 10
                title = check["check"]["comment"]
                # A failing check holds a comment for each thing that it found.
                for _ in (check["comments"] or [None]) if failed else [None]:
                    reader.add(check["check"]["id"], title, number, failed=failed)


def _polaris(reader: _Reader, report: Any) -> None:
    seen: Counter[tuple[str, str, str]] = Counter()
    for entry in report["Results"]:
        key = (entry["Kind"], entry["Namespace"], entry["Name"])
        numbers = reader.documents.named(*key)
        # The report names no file: documents of one name are told apart by their order.
        number = numbers[min(seen[key], len(numbers) - 1)] if numbers else None
        seen[key] += 1
        pod = entry.get("PodResult") or {}
        parts = [entry, pod, *(pod.get("ContainerResults") or [])]
        for result in (result for part in parts for result in (part.get("Results") or {}).values()):
            reader.add(result["ID"], result["Message"], number, failed=not result["Success"])


def _kubescape(reader: _Reader, report: Any) -> None:
    places: dict[str, int | None] = {}
    for resource in report["resources"]:
        # What follows the colon counts the file's documents, not its lines.
        path, _, index = str(resource["object"].get("sourcePath", "")).rpartition(":")
        one = identity(resource["object"])
        numbers = reader.documents.named(one.kind, one.namespace, one.name, path)
        at = reader.documents.by_file.get(Path(path).stem, [])[int(index or 0) :][:1]
        number = next(iter([n for n in numbers if n in at] or numbers), None)
        places[resource["resourceID"]] = number
    for result in report["results"]:
        number = places.get(result["resourceID"])
        for control in result.get("controls") or []:
            status = control["status"]["status"]
            if status in {"failed", "passed"}:
                reader.add(control["controlID"], control["name"], number, failed=status == "failed")


def _trivy(reader: _Reader, report: Any) -> None:
    """Place findings by the resource that their message names, and those without a name by their neighbours.

    Trivy counts the lines of some files short, by more with each document, so that a finding's line alone may
    lie in an earlier one. Findings that name their resource say which document its lines really belong to.
    """
    for result in report["Results"]:
        found = result.get("Misconfigurations") or []
        numbers = [_named_in(reader.documents, result["Target"], entry) for entry in found]
        owners: dict[int, int] = {}
        for entry, number in zip(found, numbers, strict=True):
            if number is not None:
                cause = entry["CauseMetadata"]
                owners |= dict.fromkeys(range(cause["StartLine"], cause["EndLine"] + 1), number)
        for entry, named in zip(found, numbers, strict=True):
            line = entry["CauseMetadata"].get("StartLine", 0)
            number = named
            if number is None and line:
                number = owners.get(line, reader.documents.at(result["Target"], line))
            reader.add(entry["ID"], entry["Title"], number, failed=entry["Status"] == "FAIL")


def _named_in(documents: Documents, path: str, entry: Any) -> int | None:
    """The document whose kind and name stand in a message; of several, the nearest to its line."""
    words = set(_WORDS.findall(entry["Message"]))
    lowered = {word.lower() for word in words}
    line = entry["CauseMetadata"].get("StartLine", 0)
    named = [
        number
        for number in documents.by_file.get(Path(path).stem, [])
        if (one := identity(documents.manifests[number].obj)).name in words and one.kind.lower() in lowered
    ]
    return (
        min(named, key=lambda number: abs(documents.manifests[number].line - line))
        if named and line
        else None
    )


def _gator(reader: _Reader, report: Any) -> None:
    seen: dict[str, list[int]] = {}
    for violation in report:
        obj = violation["violatingObject"]
        one = identity(obj)
        key = json.dumps(obj, sort_keys=True)
        if key not in seen:
            seen[key] = [
                number
                for number in reader.documents.named(one.kind, one.namespace, one.name)
                if reader.documents.manifests[number].obj.get("spec") == obj.get("spec")
            ] or reader.documents.named(one.kind, one.namespace, one.name)
        kind = violation["constraint"]["kind"]
        reader.add(kind, kind, next(iter(seen[key]), None), failed=True)


def _conftest(reader: _Reader, report: Any) -> None:
    for entry in report:
        for found in [*entry.get("failures", []), *entry.get("warnings", [])]:
            kind, _, rest = found["msg"].partition(" of ")[2].partition("/")
            numbers = [
                number
                for number in reader.documents.by_file[Path(entry["filename"]).stem]
                if (one := identity(reader.documents.manifests[number].obj)).kind == kind
                and one.name == rest.split()[0]
            ]
            title = " ".join(rest.split()[1:])
            reader.add(title.replace(" ", "-"), title, next(iter(numbers), None), failed=True)


def _kyverno(reader: _Reader, report: Any) -> None:
    for result in report["results"]:
        for resource in result["resources"]:
            numbers = reader.documents.named(
                resource["kind"], resource.get("namespace"), resource["name"]
            ) or [
                number
                for (kind, _, name), found in reader.documents.by_name.items()
                if (kind, name) == (resource["kind"], resource["name"])
                for number in found
            ]
            rule = result["rule"].removeprefix("autogen-").removeprefix("cronjob-")
            number = next(iter(numbers), None)
            reader.add(rule, rule, number, failed=result["result"] == "fail")
