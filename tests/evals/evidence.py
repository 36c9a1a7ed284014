"""What fixtures and reports of other tools say of which policy is about which of their rules.

Four kinds of evidence. The first three read no word of a rule or of a policy:

* flips: policies that are violated on a fixture on which the rule fails, and passed on its nearest passing one;
* co-violation: how far rule and policy say the same of the documents of a real report;
* fields: whether, on a document that both find fault with, they name the same field;
* words: how far the rule's id and title are in the words of the policy's name and description.

Rules that people wrote for the reports of conftest and Kyverno are left out: nobody else's rule is called so.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eval_coverage import violations
from eval_path import exact
from findings import Reported, of_report
from labelled import NAMES, labelled_cases, verdicts_of
from measures import Counts
from scanner_rules import S4, S8, Report, read_reports

from jade_common.tools import find
from jade_policy.library import Library, own_library
from jade_policy.opa import Engine
from jade_policy.pointers import split
from jade_policy.verdicts import Verdict
from jade_ranker.domain.bm25 import Bm25
from jade_ranker.domain.descriptions import descriptions_of
from jade_ranker.domain.terms import terms

FILES: Mapping[str, Sequence[str]] = {
    "checkov/object-quiet-compact.json": S4,
    "kube-linter/default.json": S8,
    "kube-linter/all-checks.json": S4,
    "kube-score/kube-score.json": S4,
    "polaris/audit.json": S8,
    "kubescape/scan-v2.json": S4,
    "trivy/config.json": S4,
    "gator/test.json": S4,
}
"""The reports whose rules are their tool's own, with the files of ../shared/manifests that they are about."""


@dataclass
class Evidence:
    """All that is known of one rule.

    Attributes:
        pairs: the policies that flip, one set for each failing fixture that has a twin.
        counts: by policy, what both say of the documents of the report that shows the most of the rule.
        named: documents that the rule fails and names a field of.
        same_field: by policy, over these documents the sum of how far its fields are the rule's.
        words: by policy, which share of the rule's words it has, 0 to 1.
    """

    pairs: list[frozenset[str]] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)
    named: int = 0
    same_field: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)

    @property
    def policies(self) -> set[str]:
        """Those of which anything is known."""
        return {*self.counts, *(policy for pair in self.pairs for policy in pair)}

    @property
    def flips(self) -> Counter[str]:
        """In how many pairs each policy flips."""
        return Counter(policy for pair in self.pairs for policy in pair)


def gathered() -> dict[tuple[str, str], Evidence]:
    """The evidence of ../shared, by tool (as ingest calls it) and rule.

    Raises:
        FileNotFoundError: ../shared is not here.
    """
    found: dict[tuple[str, str], Evidence] = defaultdict(Evidence)
    titles: dict[tuple[str, str], str] = {}
    library = own_library()
    for case in labelled_cases():
        rule = found[case.tool, case.rule_id]
        titles.setdefault((case.tool, case.rule_id), case.title)
        if case.twin is not None:
            rule.pairs.append(case.gold)
    with Engine(library, opa=find("opa").path) as engine:
        for report in read_reports():
            if report.name in FILES:
                findings = list(of_report(report.name, FILES[report.name]))
                for one in findings:
                    titles.setdefault((one.finding.tool, one.finding.rule_id), one.finding.title)
                _take(report, findings, engine, found)
    _read(found, titles, library)
    return dict(found)


def _read(
    found: Mapping[tuple[str, str], Evidence], titles: Mapping[tuple[str, str], str], library: Library
) -> None:
    """Compare the words of rules with those of policies, as the ranker reads them."""
    texts = descriptions_of(library, {})
    index = Bm25([terms(f"{one.name} {one.description}") for one in texts])
    for (tool, rule), evidence in found.items():
        said = terms(f"{rule} {titles.get((tool, rule), '')}")
        possible = index.best_possible(said)
        named = zip(library.policies, index.scores(said).tolist(), strict=True)
        evidence.words = {policy.id: score / possible for policy, score in named if score > 0}


def _take(
    report: Report, findings: Sequence[Reported], engine: Engine, found: dict[tuple[str, str], Evidence]
) -> None:
    documents = report.documents
    bad, verdicts = violations(engine, documents), verdicts_of(engine, documents)
    fields = _fields(report, findings)
    for outcome in report.outcomes.values():
        judged, failed = outcome.judged(documents), set(outcome.failed)
        known = found[NAMES.get(outcome.tool, outcome.tool), outcome.rule]
        if not judged & failed or sum(next(iter(known.counts.values()), ())) >= len(judged):
            continue
        known.counts = {policy: Counts.of(judged, failed, broken) for policy, broken in bad.items()}
        named = {number: paths for number, paths in fields[outcome.rule].items() if paths}
        known.named, known.same_field = len(named), _same_fields(named, verdicts)


def _fields(report: Report, findings: Sequence[Reported]) -> dict[str, dict[int, set[str]]]:
    """By rule and document, the fields that the findings name, more than a container."""
    at = {
        (manifest.path.rpartition("/")[2], manifest.line): number
        for number, manifest in enumerate(report.documents.manifests)
    }
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in findings:
        if one.manifest is not None:
            number = at[one.manifest.path.rpartition("/")[2], one.manifest.line]
            found[one.finding.rule_id][number] |= {path for path in one.fields if exact(path)}
    return found


def _same_fields(
    named: Mapping[int, Collection[str]], verdicts: Sequence[Sequence[Verdict]]
) -> dict[str, float]:
    same: dict[str, float] = defaultdict(float)
    for number, paths in sorted(named.items()):
        for policy_id, own in _violated_fields(verdicts[number]):
            same[policy_id] += overlap(paths, own)
    return {policy: total for policy, total in same.items() if total}


def _violated_fields(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, set[str]]]:
    for verdict in verdicts:
        if verdict.verdict == "violated":
            yield verdict.policy_id, {one.path for one in verdict.violations if one.path is not None}


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """How far two sets of fields are the same, 0 to 1: the harmonic mean of how near each is to the other.

    >>> overlap(["/spec/replicas"], ["/spec/replicas"]), overlap(["/spec/replicas"], ["/spec/selector"])
    (1.0, 0.0)
    >>> round(overlap(["/a/limits/cpu", "/a/limits/memory"], ["/a/limits/cpu"]), 2)
    0.67
    """
    if not one or not other:
        return 0.0
    # Sorted: the order of a set differs from run to run, and with it the last digit of a sum.
    there = sum(max(_near(path, own) for own in other) for path in sorted(one)) / len(one)
    back = sum(max(_near(path, own) for own in one) for path in sorted(other)) / len(other)
    return 2 * there * back / (there + back) if there + back else 0.0


def _near(one: str, other: str) -> float:
    """1 for the same field, a half for its parent, a quarter for the parent of that; 0 for fields apart."""
    short, long = sorted((split(one), split(other)), key=len)
    return 0.5 ** (len(long) - len(short)) if list(long[: len(short)]) == list(short) else 0.0
